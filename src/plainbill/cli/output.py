"""How a command's answer reaches standard output, and its remarks standard error."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from plainbill.cli.text import printable
from plainbill.model.money import plain

_WIDE = 10_000  # columns of a table that goes into a file or a pipe: nothing is cut


def print_json(value: Any) -> None:
    """Print JSON for programs, in ASCII: no terminal finds anything in it to obey."""
    print(json.dumps(value, indent=2, ensure_ascii=True))


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
    table = Table(box=SIMPLE_HEAD, show_footer=total is not None, pad_edge=False)
    numbers = frozenset(right)
    for index, column in enumerate(columns):
        is_number = column in numbers
        table.add_column(
            column,
            footer=Text(printable(total[index])) if total else "",
            justify="right" if is_number else "left",
            no_wrap=is_number,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _WIDE
    Console(width=width, highlight=False, emoji=False, markup=False).print(table)


def dollars(low: Decimal, high: Decimal) -> str:
    """Write what calls cost, from the lower to the higher reading of AWS's price list."""
    return f"${plain(low)}" if low == high else f"${plain(low)} to ${plain(high)}"


def say(*lines: str) -> None:
    """Say something to the person at the terminal."""
    for line in lines:
        print(printable(line), file=sys.stderr, flush=True)
