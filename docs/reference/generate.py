"""Writes the reference from what it describes: the docstrings and the commands.

``make reference`` runs it; a test fails when what is committed differs from what it would write.
"""

import inspect
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import is_dataclass
from datetime import UTC, datetime
from enum import Enum
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, get_args, get_origin
from unittest.mock import patch

import time_machine
from typer.models import ArgumentInfo, ParameterInfo

import regulars
from regulars.apps.contact.texts.words import ALONE, FILTERS, MIDDLES, TAGS, WORDS
from regulars.interfaces.cli.app import COMMANDS
from regulars.interfaces.cli.asking import ComparisonOptions
from regulars.interfaces.cli.exits import Exit
from regulars.interfaces.cli.output import OutputOptions
from regulars.interfaces.cli.reading import ReadingOptions
from regulars.project.opening import open_installation

HERE = Path(__file__).parent
ANSWERS = HERE.parents[1] / "src/regulars/interfaces/api/reference/answers.json"
MARK = "<!-- Written by generate.py; change the docstrings instead. -->"
SECTIONS = ("Args", "Attributes", "Returns", "Raises", "Yields")


def python_page() -> str:
    """Everything that ``import regulars`` offers, in the order of the alphabet."""
    public = {name: getattr(regulars, name) for name in dir(regulars)}
    functions = {name: it for name, it in public.items() if inspect.isfunction(it)}
    types = {name: it for name, it in public.items() if name not in functions}
    return "\n".join(
        [
            "# Python reference",
            "",
            MARK,
            "",
            "Every question takes orders — a path, a database URL, a pandas, Polars, Arrow or",
            "Ibis table, or what `read_orders` gave — and returns a frozen answer, or",
            "`NotEnoughEvidence`.",
            "",
            "## Functions",
            "",
            *(line for name, it in functions.items() for line in _function(name, it)),
            "## Types",
            "",
            *(line for name, it in types.items() for line in _type(name, it)),
        ]
    )


def command_page() -> str:
    """Every command with its arguments and options; those that many share stand once."""
    start = [
        "# Command line reference",
        "",
        MARK,
        "",
        "`regulars COMMAND --help` says the same; exit codes have [their page](exit-codes.md).",
        "",
    ]
    lines = [
        line
        for heading, functions in COMMANDS.items()
        for line in (
            f"## {heading}",
            "",
            *(it for command in functions for it in _command(command)),
        )
    ]
    return "\n".join([*start, *lines, "## Options that commands share", "", *_shared_options()])


def exit_page() -> str:
    """What the exit codes say."""
    told = inspect.getsource(Exit)
    reasons = dict(re.findall(r'= (\d+)\n    """(.*?)"""', told, re.DOTALL))
    rows = [f"| {code.value} | {reasons[str(code.value)]} |" for code in Exit]
    return "\n".join(
        ["# Exit codes", "", MARK, "", "| code | what it says |", "| --: | --- |", *rows, ""]
    )


def permissions_page() -> str:
    """Which role may do what, and what each operation of the API needs."""
    from regulars.apps.accounts.rules import GRANTS, Permission, Role  # noqa: PLC0415 - the platform
    from regulars.interfaces.api.table import needs  # noqa: PLC0415 - needs Django set up
    from regulars.interfaces.console.table import needs as doors  # noqa: PLC0415 - the same

    rights = [
        f"| `{right}` | {' | '.join('yes' if right in GRANTS[role] else '' for role in Role)} |"
        for right in Permission
    ]
    operations = [f"| `{method} /api/v1/{path}` | `{right}` |" for method, path, right in needs()]
    pages = [f"| `/{path}` | {who} |" for path, who in dict(doors()).items()]
    return "\n".join(
        [
            "# Permissions",
            "",
            MARK,
            "",
            "A key has one role, and perhaps scopes: some of its rights. Without a key only",
            "`/healthz`, `/readyz` and the description of the API itself answer.",
            "",
            f"| right | {' | '.join(Role)} |",
            f"| --- |{' --- |' * len(Role)}",
            *rights,
            "",
            "| operation | right that it needs |",
            "| --- | --- |",
            *operations,
            "",
            "| page of the console | who may open it |",
            "| --- | --- |",
            *pages,
            "",
        ]
    )


def texts_page() -> str:
    """Every word, filter and tag that a message may use."""
    lines = [
        "# Texts",
        "",
        MARK,
        "",
        "What may stand in a message ([how to write one](../how-to/write-a-message.md)). A sender",
        "adds words of its own, such as `order.number`; of `customer`, `firm` and `links` there",
        "are these, and any other is refused when the text is saved.",
        "",
        "## Words",
        "",
        "| word | what it is |",
        "| --- | --- |",
        *(f"| `{{{{ {word} }}}}` | {meaning} |" for word, meaning in WORDS.items()),
        "",
        "## Filters",
        "",
        "| filter | what it makes of a value |",
        "| --- | --- |",
        *(f"| `{name}` | {meaning} |" for name, meaning in FILTERS.items()),
        "",
        "## Tags",
        "",
        "| tag | closed by |",
        "| --- | --- |",
        *(f"| `{{% {name} … %}}` | `{{% {end} %}}` |" for name, end in TAGS.items()),
        *(
            f"| `{{% {name} %}}` | stands inside {', '.join(sorted(within))} |"
            for name, within in MIDDLES.items()
        ),
        *(f"| `{{% {name} … %}}` | stands alone |" for name in sorted(ALONE)),
        "",
    ]
    return "\n".join(lines)


def openapi() -> str:
    """The description of the API for programs (OpenAPI 3.1)."""
    from regulars.interfaces.api.entry import api  # noqa: PLC0415 - needs Django set up

    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def api_answers() -> str:
    """What an empty platform answers to the examples of the API, at a moment of its own."""
    from regulars.interfaces.api.replay import replay  # noqa: PLC0415 - needs Django

    numbers = count(1)
    with (
        time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=UTC), tick=False),
        patch("secrets.token_urlsafe", lambda _: f"this-is-secret-number-{next(numbers)}"),
        patch(
            "regulars.apps.journal.webhooks.operations.secret_of",
            lambda _: f"this is secret number {next(numbers)}".encode().ljust(32),
        ),
    ):
        return replay()


def api_page() -> str:
    """Every operation of the API, with examples that were really run."""
    from regulars.interfaces.api.entry import api  # noqa: PLC0415 - needs Django set up
    from regulars.interfaces.api.reference.markdown import reference_page  # noqa: PLC0415 - it too

    mark = "<!-- Written by generate.py; change the operations or reference/examples.py. -->"
    return reference_page(api.get_openapi_schema(path_prefix="/api/v1/"), mark)


def _function(name: str, function: Callable[..., object]) -> Iterator[str]:
    yield from (f"### {name}", "", "```python", _signature(name, function), "```", "")
    yield from _docstring(function)


def _type(name: str, it: type) -> Iterator[str]:
    yield from (f"### {name}", "")
    yield from _docstring(it)
    if issubclass(it, Enum):
        yield from ("Values: " + ", ".join(f"`{member.value}`" for member in it) + ".", "")
    for member in _members(it):
        told = inspect.getdoc(getattr(it, member)) or ""
        yield f"- `{name}.{member}` — {_inline(told.split('\n\n')[0])}"
    yield ""


def _members(it: type) -> list[str]:
    """Public methods and properties of its own, in the order of the source."""
    fields = set(getattr(it, "__dataclass_fields__", ())) if is_dataclass(it) else set()
    return [
        name
        for name, member in vars(it).items()
        if not name.startswith("_")
        and name not in fields
        and (inspect.isfunction(member) or isinstance(member, property))
    ]


def _signature(name: str, function: Callable[..., object]) -> str:
    parameters = inspect.signature(function).parameters.values()
    flat = f"{name}({', '.join(map(_parameter, _marked(parameters)))})"
    if len(flat) <= 88:  # noqa: PLR2004 - what a page is wide
        return flat
    lines = "".join(f"    {_parameter(it)},\n" for it in _marked(parameters))
    return f"{name}(\n{lines})"


def _marked(parameters: object) -> Iterator[inspect.Parameter | str]:
    starred = False
    for it in parameters:  # type: ignore[attr-defined]
        if it.kind is it.KEYWORD_ONLY and not starred:
            starred = True
            yield "*"
        yield it


def _parameter(it: inspect.Parameter | str) -> str:
    if isinstance(it, str):
        return it
    if it.kind is it.VAR_KEYWORD:
        return f"**{it.name}"
    if it.default is it.empty:
        return it.name
    default = it.default
    shown = (
        default.__name__
        if inspect.isfunction(default)
        else repr(getattr(default, "value", default))
    )
    return f"{it.name}={shown}"


def _docstring(it: object) -> Iterator[str]:
    """A docstring in Google style as Markdown; its examples are run where they stand."""
    for paragraph in (inspect.getdoc(it) or "").split("\n\n"):
        heading, _, rest = paragraph.partition(":\n")
        if heading in SECTIONS:
            yield from (f"**{heading}**", "", *_entries(rest), "")
        elif paragraph.lstrip().startswith(">>>"):
            yield from ("```python", inspect.cleandoc(paragraph), "```", "")
        else:
            yield from (_inline(paragraph), "")


def _entries(section: str) -> Iterator[str]:
    """The entries of a section, one item each; a section without names is one paragraph."""
    text = inspect.cleandoc(section)
    for entry in re.split(r"\n(?! )", text):
        joined = " ".join(line.strip() for line in entry.splitlines())
        name, colon, told = joined.partition(": ")
        named = colon and re.fullmatch(r"\*{0,2}[\w., ]+", name)
        yield f"- `{name}` — {_inline(told)}" if named else f"- {_inline(joined)}"


def _inline(text: str) -> str:
    text = re.sub(r":\w+:`~?([^`]+)`", lambda role: f"`{role[1].rpartition('.')[2]}`", text)
    return " ".join(text.replace("``", "`").split())


def _command(function: Callable[..., None]) -> Iterator[str]:
    yield from (
        f"### regulars {function.__name__.replace('_', '-')}",
        "",
        inspect.getdoc(function) or "",
        "",
    )
    panels: dict[str | None, list[inspect.Parameter]] = {}
    for option in inspect.signature(function).parameters.values():
        panels.setdefault(_info(option).rich_help_panel, []).append(option)
    yield from _table(panels.pop(None, []))
    links = [f"[{panel}](#{_anchor(panel)})" for panel in panels if panel]
    if links:
        yield from (f"Shared: {', '.join(links)}.", "")


def _shared_options() -> Iterator[str]:
    for group in (ReadingOptions, ComparisonOptions, OutputOptions):
        options = [*inspect.signature(group).parameters.values()]
        yield from (f"### {_info(options[0]).rich_help_panel}", "", *_table(options))


def _table(options: list[inspect.Parameter]) -> Iterator[str]:
    yield from ("| option | default | what it does |", "| --- | --- | --- |")
    yield from map(_option, options)
    yield ""


def _anchor(heading: str) -> str:
    return heading.lower().replace(" ", "-")


def _info(option: inspect.Parameter) -> ParameterInfo:
    return next(it for it in get_args(option.annotation) if isinstance(it, ParameterInfo))


def _option(option: inspect.Parameter) -> str:
    info = _info(option)
    cells = (f"`{_how(option, info)}`", _default(option, info), info.help or "")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _how(option: inspect.Parameter, info: ParameterInfo) -> str:
    if isinstance(info, ArgumentInfo):
        return str(info.metavar)
    name = info.default if isinstance(info.default, str) else f"--{option.name.replace('_', '-')}"
    return f"{name} {info.metavar or _values(option)}".strip()


def _values(option: inspect.Parameter) -> str:
    """What an option without a placeholder of its own takes."""
    wanted = get_args(option.annotation)[0]
    kinds = [kind for kind in get_args(wanted) or (wanted,) if kind is not type(None)]
    if wanted is bool:
        return ""
    if isinstance(kinds[0], type) and issubclass(kinds[0], Enum):
        return "|".join(str(member.value) for member in kinds[0])
    if get_origin(kinds[0]) is Literal or isinstance(kinds[0], str):
        return "|".join(get_args(kinds[0]) or map(str, kinds))
    return {int: "N", float: "X", Path: "FILE"}.get(kinds[0], "TEXT")


def _default(option: inspect.Parameter, info: ParameterInfo) -> str:
    if isinstance(info.show_default, str):
        return info.show_default
    if option.default is inspect.Parameter.empty:
        return "required"
    default = getattr(option.default, "value", option.default)
    return "" if default is None or default is False else f"`{default}`"


def main() -> None:
    """Write the pages."""
    with TemporaryDirectory() as data:
        open_installation(Path(data))
        from django.core.management import call_command  # noqa: PLC0415 - it is set up now

        call_command("migrate", verbosity=0)
        ANSWERS.write_text(api_answers(), encoding="utf-8")
    for name, text in PAGES.items():
        (HERE / name).write_text(text(), encoding="utf-8")


PAGES: dict[str, Callable[[], str]] = {
    "python.md": python_page,
    "cli.md": command_page,
    "exit-codes.md": exit_page,
    "permissions.md": permissions_page,
    "texts.md": texts_page,
    "openapi.json": openapi,
    "api.md": api_page,
}

if __name__ == "__main__":
    main()
