"""``plainbill units``: what costs are divided by, from CSV files that people keep and from CloudWatch."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from pathlib import Path

from plainbill.analyzer.unit_csv import LARGEST, UnitFileError, read_units
from plainbill.app.policies import NAME_PATTERN
from plainbill.app.wire import encode
from plainbill.cli.codes import FAILED, OK
from plainbill.cli.output import print_json, print_table, say
from plainbill.errors import ConfigError, PlainbillError
from plainbill.model.period import minute, utc_now
from plainbill.model.units import UnitKind, UnitMetric, UnitSeries, UnitStatistic
from plainbill.settings import load_settings
from plainbill.storage import Home, State

_COLUMNS = ("Units", "Kind", "By", "Numbers", "From", "To", "Source", "Stored")
_LONGEST_NAME = 60
_NAME = r"[\x21-\x7e][\x20-\x7e]{0,254}"
_OF_METRIC = {
    "namespace": (re.compile(_NAME), "a namespace, such as AWS/ApplicationELB"),
    "metric": (re.compile(_NAME), "the name of a metric, such as RequestCount"),
    "account": (re.compile(r"\d{12}"), "the 12 digits of the account that has the metric"),
    "region": (re.compile(r"[a-z]{2}(-[a-z]+)+-\d"), "the Region that has the metric, such as eu-west-1"),
}
_DIMENSION = re.compile(rf"({_NAME}?)=([\x20-\x7e]{{1,1024}})")
_MOST_DIMENSIONS = 30
_STATISTICS = (
    "Sum (what was added up, such as RequestCount) or SampleCount (how often it was reported); an average, "
    "maximum or percentile is of the samples, not of what they count, and those of days do not add up"
)
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
    choice.add_argument(
        "--metric",
        metavar="METRIC",
        help="let refreshes read a number a day from this metric of CloudWatch; $0.00001 each time",
    )
    choice.add_argument("--remove", metavar="NAME", help="forget all numbers of a name")
    parser.add_argument("--name", metavar="NAME", help="what the numbers are called, such as customers")
    parser.add_argument("--kind", choices=[kind.value for kind in UnitKind], help=_KINDS)
    of_metric = parser.add_argument_group("with --metric")
    of_metric.add_argument("--namespace", metavar="X", help=_OF_METRIC["namespace"][1])
    of_metric.add_argument(
        "--dimension",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a dimension of the metric; once for each that it has",
    )
    of_metric.add_argument("--statistic", metavar="X", help=_STATISTICS)
    of_metric.add_argument("--account", metavar="X", help=_OF_METRIC["account"][1])
    of_metric.add_argument("--region", metavar="X", help=_OF_METRIC["region"][1])
    parser.add_argument("--json", action="store_true", help="print the list as JSON")


def run(args: argparse.Namespace) -> int:
    """List, import, name a metric or remove; 1 where nothing has the name, 2 where a word is missing."""
    state = State(Home(load_settings().home).state_db)
    try:
        if args.file is not None:
            return _import(state, args)
        if args.metric is not None:
            return _name_metric(state, args)
        if args.remove is not None:
            return _remove(state, args.remove)
        return _list(state, is_json=args.json)
    finally:
        state.close()


def _import(state: State, args: argparse.Namespace) -> int:
    name = _name(args)
    if args.kind is None:
        raise ConfigError("--kind", None, _KINDS)
    file = Path(args.file)
    try:
        grain, values = read_units(_content(file))
    except UnitFileError as error:
        raise PlainbillError(f"{file}, {error}. Nothing was imported") from None
    series = UnitSeries(
        name=name,
        kind=UnitKind(args.kind),
        grain=grain,
        source=file.name,
        saved_at=utc_now(),
        values=values,
    )
    done = state.save_units(series)
    say(f"{series.name}: {done.added} new, {done.replaced} changed, {done.stored} stored")
    return OK


def _name(args: argparse.Namespace) -> str:
    if args.name is None or not re.fullmatch(NAME_PATTERN, args.name) or len(args.name) > _LONGEST_NAME:
        raise ConfigError("--name", args.name, f"a name of 1 to {_LONGEST_NAME} letters without slashes")
    return str(args.name.strip())


def _name_metric(state: State, args: argparse.Namespace) -> int:
    name = _name(args)
    if args.kind is not None and args.kind != UnitKind.FLOW:
        raise ConfigError("--kind", args.kind, "flow: the numbers of a metric's days add up")
    for word, (pattern, allowed) in _OF_METRIC.items():
        given = getattr(args, word)
        if given is None or not pattern.fullmatch(given):
            raise ConfigError(f"--{word}", given, allowed)
    if args.statistic not in list(UnitStatistic):
        raise ConfigError("--statistic", args.statistic, _STATISTICS)
    metric = UnitMetric(
        name=name,
        namespace=args.namespace,
        metric=args.metric,
        dimensions=_dimensions(args.dimension),
        statistic=UnitStatistic(args.statistic),
        account_id=args.account,
        region=args.region,
        saved_at=utc_now(),
    )
    state.name_unit_metric(metric)
    say(f"{name}: {metric.title}, the {metric.statistic} of each day; the next refresh reads it")
    return OK


def _dimensions(words: Sequence[str]) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for word in words:
        pair = _DIMENSION.fullmatch(word)
        if pair is None or pair[1] in found or len(words) > _MOST_DIMENSIONS:
            allowed = f"up to {_MOST_DIMENSIONS} of NAME=VALUE, each name once"
            raise ConfigError("--dimension", word, allowed)
        found[pair[1]] = pair[2]
    return tuple(sorted(found.items()))


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
    days = [str(start) for start, _ in series.values]
    imported = minute(series.saved_at)
    span = (str(len(days)), min(days, default="not read yet"), max(days, default=""))
    return (series.name, series.kind.value, series.grain.value, *span, series.source, imported)
