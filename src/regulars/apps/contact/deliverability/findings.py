"""What was found of a domain: how grave it is, what it means, and what to do."""

from dataclasses import dataclass
from enum import StrEnum

from regulars.kernel.wording import Message


class Severity(StrEnum):
    """How grave a finding is."""

    GOOD = "good"
    NOTE = "note"
    WARNING = "warning"
    PROBLEM = "problem"


class About(StrEnum):
    """What a finding is about."""

    DOMAIN = "domain"
    SPF = "SPF"
    DKIM = "DKIM"
    DMARC = "DMARC"
    ALIGNMENT = "alignment"
    ONE_CLICK = "one click"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was found of a domain.

    Attributes:
        about: What it is about.
        severity: How grave it is.
        what: What was found, and what it means.
        todo: What to do; None where there is nothing.
        record: The record as it stands in the name system; empty where there is none.
    """

    about: About
    severity: Severity
    what: Message
    todo: Message | None = None
    record: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What was found of a domain, and the gravest of it.

    Attributes:
        domain: The domain.
        findings: In the order in which a server looks.
    """

    domain: str
    findings: tuple[Finding, ...]

    @property
    def severity(self) -> Severity:
        """The gravest finding's."""
        order = list(Severity)
        return max((it.severity for it in self.findings), key=order.index, default=Severity.GOOD)
