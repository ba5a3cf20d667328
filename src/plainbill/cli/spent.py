"""``plainbill spent``: what asking AWS cost, from what is stored."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator

from plainbill.app import formats
from plainbill.app.views.shapes import MeteredView, StatusView
from plainbill.app.wire import encode
from plainbill.cli.codes import OK
from plainbill.cli.output import dollars, print_json, print_table, say
from plainbill.cli.questions import open_record

_SHOWN = (
    "calls",
    "cost_low",
    "cost_high",
    "operations",
    "month_cost_low",
    "month_cost_high",
    "month_cap",
    "next_cost_high",
    "requests_today",
    "requests_a_day",
    "metered",
)
"""The fields of ``/api/status`` that are about money."""
_COUNTED = ("Days", "Requests", "Counted", "Cost", "Billed", "Billed cost", "Difference")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the form of the answer."""
    parser.add_argument("--json", action="store_true", help="print what /api/status says of it, as JSON")


def run(args: argparse.Namespace) -> int:
    """Print what the last refresh cost and what was billed; asks AWS for nothing."""
    record, edition = open_record()
    view = record.status(edition)
    if args.json:
        whole = json.loads(encode(view))
        print_json({name: whole[name] for name in _SHOWN})
    else:
        _show(view)
    return OK


def _show(view: StatusView) -> None:
    rows = [
        (f"{one.service}:{one.operation}", str(one.calls), dollars(one.low, one.high))
        for one in view.operations
    ]
    total = ("The last refresh", str(view.calls), dollars(view.cost_low, view.cost_high))
    print_table(("Operation", "Calls", "Cost"), rows, right=("Calls", "Cost"), total=total)
    say(*_remarks(view))
    if view.metered:
        print_table(
            _COUNTED, list(map(_row, view.metered)), right=("Counted", "Cost", "Billed", "Billed cost")
        )


def _remarks(view: StatusView) -> Iterator[str]:
    yield f"Since the 1st of the month {dollars(view.month_cost_low, view.month_cost_high)}"
    if view.month_cap is not None:
        yield f"PLAINBILL_MONTHLY_API_DOLLARS allows ${view.month_cap}"
    if view.next_cost_high is not None:
        yield f"The next refresh is expected to cost up to ${view.next_cost_high:.4f}"
    asked = formats.plural(view.requests_today, "time")
    yield f"Cost Explorer was asked {asked} today, of {view.requests_a_day} that are allowed"


def _row(one: MeteredView) -> tuple[str, ...]:
    counted = f"{one.counted_low:.0f}" + (
        f" to {one.counted_high:.0f}" if one.counted_high != one.counted_low else ""
    )
    return (
        formats.days(one.days),
        f"{one.requests} ({one.usage_type})",
        counted,
        dollars(one.cost_low, one.cost_high),
        "not known" if one.billed is None else f"{one.billed:.0f}",
        "not known" if one.billed_cost is None else f"{one.billed_cost:.4f} {one.currency}",
        one.note,
    )
