"""``plainbill budgets``: what a month may cost, and how it goes, from what is stored."""

from __future__ import annotations

import argparse
import json

from plainbill.app.budgets import Budgets
from plainbill.app.cost_record import CostRecord
from plainbill.app.views.budgets import BudgetView
from plainbill.app.wire import encode
from plainbill.cli.codes import INCOMPLETE, OK
from plainbill.cli.output import print_json, print_table
from plainbill.cli.questions import open_record
from plainbill.cli.text import printable
from plainbill.model.money import plain

_COLUMNS = ("Budget", "State", "A month", "Spent", "% spent", "Day", "Month end", "% of it")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the form of the answer."""
    parser.add_argument("--json", action="store_true", help="print what the dashboard's /api/budgets gives")


def run(args: argparse.Namespace) -> int:
    """Print how the month goes against each budget; 3 where that is not known of one."""
    record, edition = open_record()
    view = Budgets(CostRecord(record)).view(edition)
    if args.json:
        print_json(json.loads(encode(view)))
    elif view.budgets:
        print_table(_COLUMNS, map(_row, view.budgets), right=_COLUMNS[2:])
    else:
        print("No budget is set; the dashboard's page of budgets sets them.")
    for reason in view.aws_missing:
        print(printable(f"AWS Budgets: {reason}"))
    return INCOMPLETE if view.aws_missing or any(one.state == "unknown" for one in view.budgets) else OK


def _row(one: BudgetView) -> tuple[str, ...]:
    pace = one.pace
    if pace is None:
        return (one.name, f"unknown: {one.why_unknown}", plain(one.amount), *[""] * 5)
    day, figures = f"{pace.days_gone}/{pace.days}", (pace.spent_percent, pace.expected, pace.expected_percent)
    share, expected, of_it = ("?" if figure is None else plain(figure) for figure in figures)
    return (one.name, one.state, plain(one.amount), plain(pace.spent), share, day, expected, of_it)
