"""How a command's answer reaches standard output, and its remarks standard error."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from plainbill.cli.text import printable
from plainbill.model.money import plain

_WIDE = 10_000  # columns of a table that goes into a file or a pipe: nothing is cut
_NARROWEST = 8  # characters of a column of text; with less, its words become towers of letters
_BETWEEN = 3  # characters that each column takes for the space around it


def print_json(value: Any) -> None:
    """Print JSON for programs, in ASCII: no terminal finds anything in it to obey."""
    print(json.dumps(value, indent=2, ensure_ascii=True))


def print_event(name: str, **facts: Any) -> None:
    """Print one event as a line of JSON, at once: whoever follows is not kept waiting."""
    print(json.dumps({"event": name, **facts}), flush=True)


def print_csv(table: bytes) -> None:
    """Print a CSV file: byte for byte into a file or pipe, without control characters on a terminal."""
    if sys.stdout.isatty():
        for line in table.decode("utf-8").splitlines():
            print(printable(line))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(table)
        sys.stdout.buffer.flush()


def print_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    right: Iterable[str] = (),
    total: Sequence[str] | None = None,
) -> None:
    """Print a table; ``right`` names the columns that are numbers, ``total`` is the last row, set apart.

    Cells are plain text: what looks like markup or a control code in them is neither.
    """
    texts = [[printable(cell) for cell in row] for row in (*rows, *([total] if total else []))]
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _WIDE
    numbers = frozenset(right)
    if width < _least_width(columns, texts, numbers):
        _print_entries(columns, texts, numbers)
        return
    entries, last = (texts[:-1], texts[-1]) if total else (texts, [""] * len(columns))
    table = Table(box=SIMPLE_HEAD, show_footer=total is not None, pad_edge=False)
    for column, footer in zip(columns, last, strict=True):
        is_number = column in numbers
        table.add_column(
            column,
            footer=Text(footer),
            justify="right" if is_number else "left",
            no_wrap=is_number,
            overflow="fold",
        )
    for entry in entries:
        table.add_row(*map(Text, entry))
    Console(width=width, highlight=False, emoji=False, markup=False).print(table)


def _least_width(columns: Sequence[str], rows: Sequence[Sequence[str]], numbers: frozenset[str]) -> int:
    """Return how wide a terminal must be for a table whose numbers are whole."""
    longest = (max(map(cell_len, cells)) for cells in zip(columns, *rows, strict=True))
    return sum(
        _BETWEEN + (width if column in numbers else min(width, _NARROWEST))
        for column, width in zip(columns, longest, strict=True)
    )


def _print_entries(columns: Sequence[str], rows: Sequence[Sequence[str]], numbers: frozenset[str]) -> None:
    """Print two lines a row, for a narrow terminal: its texts, then its numbers by name."""
    for row in rows:
        named = list(zip(columns, row, strict=True))
        print("  ".join(cell for column, cell in named if cell and column not in numbers))
        print("   ", "  ".join(f"{column} {cell}" for column, cell in named if cell and column in numbers))


def dollars(low: Decimal, high: Decimal) -> str:
    """Write what calls cost, from the lower to the higher reading of AWS's price list."""
    return f"${plain(low)}" if low == high else f"${plain(low)} to ${plain(high)}"


def say(*lines: str) -> None:
    """Say something to the person at the terminal."""
    for line in lines:
        print(printable(line), file=sys.stderr, flush=True)
