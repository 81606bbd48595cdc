"""Lists: columns, sorting, filters and pages on the server, and the whole as a download."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any, Final, Literal

from django.http import Http404, HttpResponse, QueryDict, StreamingHttpResponse

from regulars.interfaces.console.cells import Cell
from regulars.interfaces.console.forms import Form
from regulars.interfaces.console.pages import StaffRequest, show
from regulars.kernel.errors import OptionError
from regulars.kernel.wording import Message, say, say_count

SIZES: Final = (25, 50, 100)
"""How many rows a page may have."""
COUNTED: Final = 10_000
"""Rows are counted up to here; longer lists are said to have more."""
_SAVED_AT_ONCE: Final = 1000
_EXCEL_READS_UTF8_BY: Final = "\ufeff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column[Row]:
    """A column of a list.

    Attributes:
        key: Its name in addresses and in the download.
        heading: Its name on the page.
        cell: What stands there.
        sort: Whether the list may be sorted by it.
        down: Whether it is sorted downwards first, as dates and amounts are.
        end: Whether it stands on the right, as numbers do.
        saved: Its columns in a download, where they are not just its key.
        hidden: Whether it stands in a download alone.
    """

    key: str
    heading: Message
    cell: Callable[[Row], Cell | None]
    sort: bool = False
    down: bool = False
    end: bool = False
    saved: tuple[str, ...] = ()
    hidden: bool = False

    def saved_cell(self, row: Row) -> tuple[str, ...]:
        """What a download writes for a row."""
        cell = self.cell(row)
        return ("",) * len(self.saved or (self.key,)) if cell is None else cell.saved()


@dataclass(frozen=True, slots=True, kw_only=True)
class Empty:
    """What stands where there is nothing yet: why, and what to do next."""

    title: Message
    text: Message
    action: Message | None = None
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table[Row]:
    """A kind of list.

    Attributes:
        id: The element's name, by which its part of the page is asked for.
        caption: What is listed.
        columns: Its columns; the first names the row.
        sort: How it is sorted unless asked otherwise: a key, with ``-`` downwards.
        empty: What stands where there is nothing.
        saved: Whether it can be downloaded.
    """

    id: str
    caption: Message
    columns: tuple[Column[Row], ...]
    empty: Empty
    sort: str = ""
    saved: bool = True

    @property
    def shown(self) -> list[Column[Row]]:
        """The columns on the page."""
        return [column for column in self.columns if not column.hidden]

    @property
    def sorts(self) -> tuple[str, ...]:
        """Every order that may be asked for."""
        keys = [column.key for column in self.columns if column.sort]
        return tuple(text for key in keys for text in (key, f"-{key}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an address asks of a list.

    Attributes:
        sort: A key, with ``-`` downwards.
        size: How many rows.
        size_given: Whether the address says so.
        after: The place behind which the page begins.
        before: The place before which the page ends.
        download: Whether all of it is wanted as a file.
    """

    sort: str
    size: int
    size_given: bool
    after: str
    before: str
    download: bool

    @property
    def key(self) -> str:
        """What it is sorted by."""
        return self.sort.removeprefix("-")

    @property
    def down(self) -> bool:
        """Whether it is sorted downwards."""
        return self.sort.startswith("-")


def read_asked(query: QueryDict, table: Table[Any]) -> Asked:
    """What an address asks; what it cannot ask is left aside, and the page shows what holds."""
    sort, rows = query.get("sort", ""), query.get("rows", "")
    given = rows in {str(size) for size in SIZES}
    return Asked(
        sort=sort if sort in table.sorts else table.sort,
        size=int(rows) if given else SIZES[0],
        size_given=given,
        after=query.get("after", ""),
        before=query.get("before", ""),
        download=query.get("as") == "csv",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing[Row]:
    """A page of a list, as ``console/table.html.jinja`` draws it; :func:`listing` makes it.

    Attributes:
        table: What kind of list.
        asked: What the address asks.
        query: The address's own words.
        path: The address without them.
        rows: The rows of this page.
        count: How many rows fit in all; None where nobody has counted.
        counted_all: Whether the count stopped early and there are more.
        after: The place where the next page begins; empty on the last.
        before: The place where the previous page ends; empty on the first.
        form: The filters.
    """

    table: Table[Row]
    asked: Asked
    query: QueryDict = field(repr=False)
    path: str
    rows: Sequence[Row]
    count: int | None = None
    counted_all: bool = True
    after: str = ""
    before: str = ""
    form: Form | None = None

    @property
    def counted(self) -> Message:
        """How many rows there are."""
        if self.count is None:
            return say_count("{n} row on this page", "{n} rows on this page", n=len(self.rows))
        if not self.counted_all:
            return say("More than {n} rows", n=self.count)
        return say_count("{n} row", "{n} rows", n=self.count)

    @property
    def filtered(self) -> bool:
        """Whether the address leaves rows out."""
        return self.form is not None and any(self.query.get(name) for name in self.form.fields)

    @property
    def bare(self) -> str:
        """The list without filters."""
        return self.path

    @property
    def download(self) -> str:
        """The whole result as a file."""
        return self._address(**{"as": "csv"})

    @property
    def first(self) -> str:
        """The first page, where this is another."""
        return self._address() if self.asked.after or self.asked.before else ""

    @property
    def previous(self) -> str:
        """The page before this one."""
        return self._address(before=self.before) if self.before else ""

    @property
    def next(self) -> str:
        """The page behind this one."""
        return self._address(after=self.after) if self.after else ""

    @property
    def sizes(self) -> list[tuple[int, str]]:
        """How many rows a page may have, and where it has them."""
        return [(size, self._address(rows=str(size))) for size in SIZES]

    @property
    def sorts(self) -> list[tuple[str, Message]]:
        """Every order, for where there is no row of headings: on a phone."""
        return [
            it
            for column in self.table.columns
            if column.sort
            for it in (
                (column.key, say("{column}, upwards", column=column.heading)),
                (f"-{column.key}", say("{column}, downwards", column=column.heading)),
            )
        ]

    def direction(self, column: Column[Row]) -> Literal["ascending", "descending", "none"]:
        """How the list is sorted by a column."""
        if self.asked.key != column.key:
            return "none"
        return "descending" if self.asked.down else "ascending"

    def sorted_by(self, column: Column[Row]) -> str:
        """The list sorted by a column; the other way round where it is already."""
        down = column.down if self.asked.key != column.key else not self.asked.down
        return self._address(sort=f"{'-' if down else ''}{column.key}")

    def _address(self, **changes: str) -> str:
        told = self.query.copy()
        for name in ("after", "before", "as"):
            told.pop(name, None)
        for name, text in changes.items():
            told[name] = text
        words = told.urlencode()
        return f"{self.path}?{words}" if words else self.path


def turned(sort: str) -> str:
    """An order from its other end.

    >>> turned("name"), turned("-name")
    ('-name', 'name')
    """
    return sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source[Row]:
    """Where the rows of a list come from.

    Attributes:
        fetch: Gives at most so many rows of an order behind a place: ``(sort, after, limit)``.
        place: The place of a row in an order: ``(row, sort)``.
    """

    fetch: Callable[[str, str, int], Sequence[Row]]
    place: Callable[[Row, str], str]

    def page(self, asked: Asked) -> tuple[Sequence[Row], str, str]:
        """The rows asked for, with the places where the page before and the page behind lie.

        Raises:
            Http404: The address names no place of this list.
        """
        back = bool(asked.before)
        sort = turned(asked.sort) if back else asked.sort
        try:
            found = self.fetch(sort, asked.before or asked.after, asked.size + 1)
        except OptionError as error:
            raise Http404(str(error)) from error
        rows, more = found[: asked.size], len(found) > asked.size
        if back:
            rows = rows[::-1]
        if not rows:
            return rows, "", ""
        first, last = self.place(rows[0], asked.sort), self.place(rows[-1], asked.sort)
        before = first if (more if back else asked.after) else ""
        after = last if (back or more) else ""
        return rows, before, after

    def batches(self, sort: str) -> Iterator[Sequence[Row]]:
        """All rows, some at a time."""
        after = ""
        while rows := self.fetch(sort, after, _SAVED_AT_ONCE):
            yield rows
            if len(rows) < _SAVED_AT_ONCE:
                return
            after = self.place(rows[-1], sort)


def show_list(
    request: StaffRequest, template: str, listing: Listing[Any], **context: object
) -> HttpResponse:
    """The page of a list, or for a script that asks for the list alone, its part of it."""
    wanted = request.htmx.target == listing.table.id
    answer = show(
        request,
        "console/rows.html.jinja" if wanted else template,
        {"listing": listing, **context},
    )
    answer["Vary"] = "HX-Request, HX-Target"
    return answer


def listing[Row](
    request: StaffRequest,
    table: Table[Row],
    source: Source[Row],
    *,
    form: Form | None = None,
    count: Callable[[int], int] | None = None,
) -> Listing[Row]:
    """The page of a list that an address asks for.

    Args:
        request: Who asks for what.
        table: What kind of list.
        source: Its rows.
        form: The filters.
        count: How many rows fit in all, counted up to a number.
    """
    asked = read_asked(request.GET, table)
    rows, before, after = source.page(asked)
    counted = None if count is None else count(COUNTED + 1)
    return Listing(
        table=table,
        asked=asked,
        query=request.GET,
        path=request.path,
        rows=rows,
        count=None if counted is None else min(counted, COUNTED),
        counted_all=counted is None or counted <= COUNTED,
        after=after,
        before=before,
        form=form,
    )


def save_list[Row](
    request: StaffRequest, table: Table[Row], source: Source[Row]
) -> StreamingHttpResponse:
    """A list as a CSV file, written while it is read, so that it may be of any length.

    Args:
        request: Who asks for it, in which order.
        table: What kind of list.
        source: Its rows.
    """
    lines = _lines(table, source.batches(read_asked(request.GET, table).sort))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{table.id}.csv"'
    return answer


def _lines[Row](table: Table[Row], batches: Iterable[Sequence[Row]]) -> Iterator[str]:
    heads = [key for column in table.columns for key in column.saved or (column.key,)]
    yield _EXCEL_READS_UTF8_BY + _as_csv([heads])
    for rows in batches:
        yield _as_csv(
            [cell for column in table.columns for cell in column.saved_cell(row)] for row in rows
        )


def _as_csv(rows: Iterable[Sequence[str]]) -> str:
    written = StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()
