"""Everything that is written into the journal has a sentence for people."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import regulars
from regulars.apps.contact.operations.consents import VERBS as VERBS_OF_CONSENT
from regulars.apps.intake.rules import Aim
from regulars.apps.orders.kinds import COSTS, PRODUCTS, SUBSCRIPTIONS
from regulars.interfaces.console.signing_in.adapter import _CHANGES
from regulars.interfaces.console.verbs import VERBS, told

SRC = Path(regulars.__file__).parent
WRITERS = {"record": 1, "Line": 0, "note": 1}
"""Who writes a verb down, and which of its arguments that is."""
EXPANDED: Mapping[str, tuple[str, ...]] = {
    "put {kind.plural}": tuple(f"put {kind.plural}" for kind in (COSTS, PRODUCTS, SUBSCRIPTIONS)),
    "asked for the {aim}": tuple(f"asked for the {aim}" for aim in Aim),
}
"""Verbs that are put together, and all that they may become."""
HANDED_ON = {
    ("signing_in/adapter.py", "note"): (),
    ("signing_in/adapter.py", "send_notification_mail"): tuple(
        verb for verb, _ in _CHANGES.values()
    ),
    ("operations/consents.py", "_tell"): tuple(VERBS_OF_CONSENT.values()),
}
"""Functions that write a verb which they are given: every verb that may be."""


class Found(ast.NodeVisitor):
    """The verbs that a file writes, those behind names and choices too."""

    def __init__(self, path: Path, tree: ast.Module) -> None:
        self.path, self.verbs, self.inside = path, set[str](), ""
        self.constants = dict(_constants(tree))
        self.visit(tree)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Know which function it is."""
        before, self.inside = self.inside, node.name
        self.generic_visit(node)
        self.inside = before

    def visit_Call(self, node: ast.Call) -> None:
        """Keep the verb that is written."""
        self.generic_visit(node)
        match node.func:
            case ast.Name(id="note") if self.path.parent.name != "signing_in":
                return  # another function of that name
            case ast.Name(id=writer) if writer in WRITERS:
                self.verbs |= set(self.read(node.args[WRITERS[writer]]))

    def read(self, node: ast.expr) -> Iterator[str]:
        """Every verb that an argument may be."""
        match node:
            case ast.Constant(value=str() as verb):
                yield verb
            case ast.IfExp(body=one, orelse=other):
                yield from self.read(one)
                yield from self.read(other)
            case ast.JoinedStr():
                yield from EXPANDED[ast.unparse(node)[2:-1]]
            case ast.Name(id=name) if name in self.constants:
                yield self.constants[name]
            case _:
                where = (f"{self.path.parent.name}/{self.path.name}", self.inside)
                assert where in HANDED_ON, f"{where} writes {ast.unparse(node)}: which verbs?"
                yield from HANDED_ON[where]


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if not isinstance(node, ast.Assign):
            continue
        target, value = node.targets[0], node.value
        names = target.elts if isinstance(target, ast.Tuple) else [target]
        values = value.elts if isinstance(value, ast.Tuple) else [value]
        for name, it in zip(names, values, strict=False):
            if isinstance(name, ast.Name) and isinstance(it, ast.Constant):
                yield name.id, str(it.value)


def verbs_of(folder: str) -> set[str]:
    """The verbs that are written anywhere below a folder."""
    found: set[str] = set()
    for path in (SRC / folder).rglob("*.py"):
        if "apps/intake/reading" in path.as_posix():  # its Line is a line of a file
            continue
        found |= Found(path, ast.parse(path.read_text(encoding="utf-8"))).verbs
    return found


def test_every_verb_that_is_written_has_a_sentence_and_no_other_has() -> None:
    written = verbs_of("apps") | verbs_of("interfaces") | verbs_of("project")
    assert written == set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_a_sentence_is_no_verb_of_the_program(verb: str) -> None:
    assert re.match(r"[A-Z]", told(verb).text)
    assert str(told(verb)) != verb


def test_a_verb_of_another_version_stands_as_it_is() -> None:
    assert str(told("sang")) == "sang"
