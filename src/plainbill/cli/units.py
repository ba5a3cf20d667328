"""``plainbill units``: what costs are divided by, from CSV files that people keep."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

from plainbill.analyzer.unit_csv import LARGEST, UnitFileError, read_units
from plainbill.app.policies import NAME_PATTERN
from plainbill.app.wire import encode
from plainbill.cli.codes import FAILED, OK
from plainbill.cli.output import print_json, print_table, say
from plainbill.errors import ConfigError, PlainbillError
from plainbill.model.period import utc_now
from plainbill.model.units import UnitKind, UnitSeries
from plainbill.settings import load_settings
from plainbill.storage import Home, State

_COLUMNS = ("Units", "Kind", "By", "Numbers", "From", "To", "File", "Imported")
_LONGEST_NAME = 60
_KINDS = "flow: numbers of days add up (requests); level: they are as many as are there (customers)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is done; without anything they are listed."""
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument(
        "--import",
        dest="file",
        metavar="FILE",
        help="add the numbers of a CSV: date,value (YYYY-MM-DD) or month,value (YYYY-MM), and owner if there "
        "are several; days that are stored already get the new number",
    )
    choice.add_argument("--remove", metavar="NAME", help="forget all numbers of a name")
    parser.add_argument("--name", metavar="NAME", help="what the numbers are called, such as customers")
    parser.add_argument("--kind", choices=[kind.value for kind in UnitKind], help=_KINDS)
    parser.add_argument("--json", action="store_true", help="print the list as JSON")


def run(args: argparse.Namespace) -> int:
    """List, import or remove; 1 where there is nothing of the name, 2 where a word is missing."""
    state = State(Home(load_settings().home).state_db)
    try:
        if args.file is not None:
            return _import(state, args)
        if args.remove is not None:
            return _remove(state, args.remove)
        return _list(state, is_json=args.json)
    finally:
        state.close()


def _import(state: State, args: argparse.Namespace) -> int:
    if args.name is None or not re.fullmatch(NAME_PATTERN, args.name) or len(args.name) > _LONGEST_NAME:
        raise ConfigError("--name", args.name, f"a name of 1 to {_LONGEST_NAME} letters without slashes")
    if args.kind is None:
        raise ConfigError("--kind", None, _KINDS)
    file = Path(args.file)
    try:
        grain, values = read_units(_content(file))
    except UnitFileError as error:
        raise PlainbillError(f"{file}, {error}. Nothing was imported") from None
    series = UnitSeries(
        name=args.name.strip(),
        kind=UnitKind(args.kind),
        grain=grain,
        source=file.name,
        saved_at=utc_now(),
        values=values,
    )
    done = state.save_units(series)
    say(f"{series.name}: {done.added} new, {done.replaced} changed, {done.stored} stored")
    return OK


def _content(file: Path) -> bytes:
    """Return the bytes of a file, and one more than allowed of one that is too large."""
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except OSError as error:
        raise PlainbillError(f"{file} cannot be read: {error.strerror or error}") from None


def _remove(state: State, name: str) -> int:
    if state.remove_units(name):
        say(f"{name}: forgotten")
        return OK
    say(f"plainbill: there are no units {name!r}")
    return FAILED


def _list(state: State, *, is_json: bool) -> int:
    facts = [_facts(one) for one in state.units()]
    if is_json:
        print_json(
            [json.loads(encode(dict(zip(map(str.lower, _COLUMNS), one, strict=True)))) for one in facts]
        )
    elif facts:
        print_table(_COLUMNS, facts, right=("Numbers",))
    else:
        say("No units are stored: `plainbill units --import customers.csv --name customers --kind level`")
    return OK


def _facts(series: UnitSeries) -> tuple[str, ...]:
    days = [start for start, _ in series.values]
    imported = f"{series.saved_at:%Y-%m-%d %H:%M} UTC"
    span = (str(len(days)), str(min(days)), str(max(days)))
    return (series.name, series.kind.value, series.grain.value, *span, series.source, imported)
