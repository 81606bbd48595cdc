"""The reference of the API as a page of the documentation."""

from collections.abc import Iterator, Sequence

from regulars.interfaces.api.reference.guide import as_markdown
from regulars.interfaces.api.reference.outline import Operation, Row, Schema, Shown, outline


def reference_page(description: Schema, mark: str) -> str:
    """The whole page.

    Args:
        description: The OpenAPI description.
        mark: A comment that says who wrote the page.
    """
    chapters = outline(description)
    contents = [
        f"- {chapter.name}: "
        + ", ".join(f"[{it.summary}](#{_anchor(it)})" for it in chapter.operations)
        for chapter in chapters
    ]
    lines = [
        line
        for chapter in chapters
        for line in (
            *(f"## {chapter.name.capitalize()}", "", chapter.told, ""),
            *(it for operation in chapter.operations for it in _operation(operation)),
        )
    ]
    start = ["# API reference", "", mark, ""]
    return "\n".join([*start, as_markdown(), "", "## Operations", "", *contents, "", *lines])


def _anchor(operation: Operation) -> str:
    return "".join(
        letter for letter in operation.summary.lower().replace(" ", "-") if letter not in ",."
    )


def _operation(it: Operation) -> Iterator[str]:
    yield from (f"### {it.summary}", "")
    yield from (f"`{it.method} {it.path}` — needs `{it.right}`.", "")
    for paragraph in it.paragraphs:
        yield from (paragraph, "")
    yield from _table("parameter", it.parameters)
    heading = "field of the body, or of each row" if it.takes_list else "field of the body"
    yield from _table(heading, it.fields)
    for example in it.examples:
        yield from _example(example)
    yield from (f"Answers {', '.join(it.statuses)}.", "")


def _table(heading: str, rows: Sequence[Row]) -> Iterator[str]:
    if not rows:
        return
    yield from (f"| {heading} | what it is | |", "| --- | --- | --- |")
    for row in rows:
        told = [row.told, f"Default: `{row.default}`." if row.default else ""]
        name = f"`{row.name}`" + (" *" if row.required else "")
        cells = (name, row.kind, " ".join(part for part in told if part))
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    yield ""


def _example(example: Shown) -> Iterator[str]:
    yield from (f"{example.title}:", "", "```sh", example.request, "```", "")
    if example.status is not None:
        yield from (f"is answered {example.status}:", "", "```json", example.answer, "```", "")
