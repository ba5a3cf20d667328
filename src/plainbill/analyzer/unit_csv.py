"""Numbers of customers, requests ... from a CSV that people give: read strictly, refused by the line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from plainbill.errors import PlainbillError
from plainbill.model.units import Grain, Values

LARGEST = 5_000_000
"""Bytes of a file."""
MOST_LINES = 100_000
_DAY, _MONTH = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII), re.compile(r"\d{4}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"\d{1,15}(\.\d{1,6})?", re.ASCII)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f]")
_FIRST, _LAST = date(2006, 1, 1), date(2100, 1, 1)  # AWS billed nothing before
_LONGEST_OWNER, _LONGEST_ECHO = 256, 60
_COLUMNS = "date,value or month,value, and owner if there are several"
Cells = Mapping[str, str]


class UnitFileError(PlainbillError):
    """A file of units cannot be used: names the line, what it holds and what it may hold."""

    def __init__(self, line: int, what: str) -> None:
        self.line = line
        super().__init__(f"line {line}: {what}")


def read_units(content: bytes) -> tuple[Grain, Values]:
    """Return what the numbers are of, and the numbers; raises ``UnitFileError`` for the first wrong line.

    UTF-8 with or without a byte order mark; commas or semicolons between columns, whichever the headings
    have. Nothing is guessed: a number has digits and a point, a day is ``YYYY-MM-DD``, a month ``YYYY-MM``.
    """
    if len(content) > LARGEST:
        raise UnitFileError(1, f"the file has more than {LARGEST:,} bytes")
    rows = _rows(_text(content))
    line, heads = next(rows, (1, []))
    columns, grain = _columns(line, heads)
    values: dict[tuple[date, str | None], Decimal] = {}
    lines: dict[tuple[date, str | None], int] = {}
    for line, row in rows:
        cells = _cells(line, row, columns)
        at = (_start(line, cells[grain_column(grain)], grain), _owner(line, cells.get("owner", "")))
        if at in lines:
            raise UnitFileError(line, f"{_shown(row)} is of the same {grain} and owner as line {lines[at]}")
        values[at], lines[at] = _number(line, cells["value"]), line
    if not values:
        raise UnitFileError(line, "there is no number below the headings")
    return grain, values


def grain_column(grain: Grain) -> str:
    """Return the heading of what a number is of."""
    return "date" if grain is Grain.DAY else "month"


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnitFileError(line, "this is not UTF-8: save the file as CSV UTF-8") from None


def _rows(text: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the rows that are not empty with the number of the line that each begins on."""
    heads = text.partition("\n")[0]
    delimiter = ";" if ";" in heads and "," not in heads else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins, count = 1, 0
    try:
        for row in reader:
            if row and any(cell.strip() for cell in row):
                count += 1
                if count > MOST_LINES:
                    raise UnitFileError(begins, f"the file has more than {MOST_LINES:,} lines")
                yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        raise UnitFileError(begins, f"this is not CSV ({error})") from None


def _columns(line: int, heads: Sequence[str]) -> tuple[Sequence[str], Grain]:
    names = [head.strip().lower() for head in heads]
    grains = [grain for grain in Grain if grain_column(grain) in names]
    wanted = {"value", *map(grain_column, grains)}
    if len(grains) != 1 or not wanted <= set(names) <= wanted | {"owner"} or len(set(names)) < len(names):
        raise UnitFileError(line, f"the headings are {_shown(heads)}; allowed: {_COLUMNS}")
    return names, grains[0]


def _cells(line: int, row: Sequence[str], columns: Sequence[str]) -> Cells:
    if len(row) != len(columns):
        raise UnitFileError(line, f"{_shown(row)} has {len(row)} columns, the headings have {len(columns)}")
    return dict(zip(columns, (cell.strip() for cell in row), strict=True))


def _start(line: int, text: str, grain: Grain) -> date:
    form, like = (_DAY, "YYYY-MM-DD") if grain is Grain.DAY else (_MONTH, "YYYY-MM")
    try:
        day = (
            date.fromisoformat(text if grain is Grain.DAY else f"{text}-01") if form.fullmatch(text) else None
        )
    except ValueError:  # no such day in the calendar
        day = None
    if day is None or not _FIRST <= day < _LAST:
        what = f"the {grain} is {_shown([text])}; allowed: {like}, from {_FIRST} to {_LAST}"
        raise UnitFileError(line, what)
    return day


def _owner(line: int, text: str) -> str | None:
    if len(text) > _LONGEST_OWNER or _UNSEEN.search(text):
        raise UnitFileError(
            line, f"the owner is {_shown([text])}; allowed: one line of {_LONGEST_OWNER} letters"
        )
    return text or None


def _number(line: int, text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        allowed = "digits with a point, zero or more, such as 1250 or 0.5"
        raise UnitFileError(line, f"the value is {_shown([text])}; allowed: {allowed}")
    return Decimal(text)


def _shown(cells: Sequence[str]) -> str:
    text = ",".join(cells)
    return repr(text if len(text) <= _LONGEST_ECHO else text[:_LONGEST_ECHO] + "…")
