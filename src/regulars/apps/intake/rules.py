"""What can be imported, how a run goes on, and how its source is to be read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from enum import StrEnum

from regulars.kernel.wording import Message

LEASE = timedelta(minutes=2)
"""A worker that has not been heard of for so long is taken for dead."""
ATTEMPTS = 5
"""A run that has been taken up so often without getting any further is given up."""
LARGEST_ROW = 5 * 1024 * 1024
"""The bytes that one row of JSON lines may have."""
BATCH = 5000
"""So many things are written in one transaction."""


class Kind(StrEnum):
    """What a source holds."""

    ORDERS = "orders"
    CUSTOMERS = "customers"
    PRODUCTS = "products"
    REFUNDS = "refunds"
    SUBSCRIPTIONS = "subscriptions"
    COSTS = "costs"
    ADDRESSES = "addresses"
    CONSENTS = "consents"


class State(StrEnum):
    """How far a run is."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"


class Aim(StrEnum):
    """What is wanted of a run: a look, a trial, the import itself, or its end."""

    PREVIEW = "preview"
    TRIAL = "trial"
    IMPORT = "import"
    UNDO = "undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How a source is to be read: the options of the library, as text that can be kept.

    Attributes:
        columns: Canonical column to its heading in the source.
        timezone: The zone of the firm's days.
        times_in: The zone of times written without one.
        currency: The currency of amounts that name none.
        date_order: ``dmy``, ``mdy`` or ``ymd``.
        decimal: The decimal sign.
        vat: The percentage of VAT that the amounts include.
        encoding: Of a text that is not Unicode.
        table: Of a database, or the sheet of a workbook.
        ids_of: Whose customer ids they are.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    timezone: str = "UTC"
    times_in: str | None = None
    currency: str | None = None
    date_order: str | None = None
    decimal: str | None = None
    vat: str | None = None
    encoding: str | None = None
    table: str | None = None
    ids_of: str = "api"

    def kept(self) -> dict[str, object]:
        """What is not the default, as JSON.

        >>> How(currency="EUR").kept()
        {'currency': 'EUR'}
        """
        plain = asdict(How())
        return {name: value for name, value in asdict(self).items() if value != plain[name]}


@dataclass(frozen=True, slots=True)
class Named:
    """A source by its address.

    Attributes:
        address: A path, a URL whose password is a variable, or an upload.
        name: What people see of it.
        digest: Of the file; empty where it is none.
        size: Of the file, in bytes.
    """

    address: str
    name: str
    digest: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A table of a database that is to be read again and again.

    Attributes:
        name: What people call it.
        kind: What it holds.
        url: The database, with ``?table=``; its password is a variable in it.
        how: How it is to be read.
        minutes: How often.
    """

    name: str
    kind: Kind
    url: str
    how: How = field(default_factory=How)
    minutes: int = 60


UPLOADED = "upload:"
"""How the address of an upload begins; its digest follows."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: the field (empty: the whole row), a sentence, the value."""

    field: str
    message: Message
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """Rows by their places: the things they tell, or what is wrong with them."""

    good: Mapping[int, object]
    bad: Mapping[int, Sequence[Fault]]


@dataclass(frozen=True, slots=True)
class Bodies:
    """How rows in the API's words are understood; the API itself provides it.

    Attributes:
        parse: The object of a line of JSON; raises ValueError with the reason.
        check: Things (``OrderData``, ``CustomerData``, …) or faults, for each row.
    """

    parse: Callable[[bytes], object]
    check: Callable[[Sequence[object]], Checked]
