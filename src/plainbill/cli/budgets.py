"""``plainbill budgets``: what a month may cost, and how it goes, from what is stored."""

from __future__ import annotations

import argparse
import json

from plainbill.app.budgets import Budgets, RemoveBudgetParams, SaveBudgetParams
from plainbill.app.cost_record import CostRecord
from plainbill.app.formats import money
from plainbill.app.problems import ParameterError
from plainbill.app.record import Edition
from plainbill.app.views.budgets import BudgetView
from plainbill.app.wire import encode
from plainbill.cli.codes import FAILED, INCOMPLETE, OK
from plainbill.cli.output import print_json, print_table, say
from plainbill.cli.questions import given, needed, open_record, refused
from plainbill.cli.text import printable
from plainbill.model.money import plain

_COLUMNS = ("Budget", "State", "A month", "Spent", "% spent", "Day", "Month end", "% at the end")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is set or removed; without anything they are listed."""
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--set", dest="name", metavar="NAME", help="set the budget of this name")
    choice.add_argument("--remove", metavar="NAME", help="remove the budget of this name")
    for name, field in SaveBudgetParams.model_fields.items():
        if name != "name":
            option = f"--{name.replace('_', '-')}"
            parser.add_argument(option, metavar="X", help=_help(name, field.description or ""))
    parser.add_argument("--json", action="store_true", help="print what the dashboard's /api/budgets gives")


def run(args: argparse.Namespace) -> int:
    """Set or remove a budget, or print how the month goes against each; 3 where that is not known of one.

    1 where none of the name is there to be removed.
    """
    record, edition = open_record()
    budgets = Budgets(CostRecord(record))
    if args.name is not None:
        return _set(budgets, edition, args)
    if args.remove is not None:
        return _remove(budgets, args)
    view = budgets.view(edition)
    if args.json:
        print_json(json.loads(encode(view)))
    elif view.budgets:
        print_table(_COLUMNS, map(_row, view.budgets), right=_COLUMNS[2:])
    else:
        print("No budget is set; --set does it, or the dashboard's page of budgets.")
    for reason in view.aws_missing:
        print(printable(f"AWS Budgets: {reason}"))
    return INCOMPLETE if view.aws_missing or any(one.state == "unknown" for one in view.budgets) else OK


def _help(name: str, description: str) -> str:
    needed = {"amount": " Needed with --set.", "who": " Needed with --set and --remove."}
    return description + needed.get(name, "")


def _set(budgets: Budgets, edition: Edition, args: argparse.Namespace) -> int:
    needed(args, "amount", "what a month may cost")
    needed(args, "who", "who sets it")
    params = given(args, SaveBudgetParams)
    try:
        budgets.save(edition, params)
    except ParameterError as error:
        raise refused(error) from None
    say(f"{params.name}: {plain(params.amount)} a month")
    return OK


def _remove(budgets: Budgets, args: argparse.Namespace) -> int:
    who = needed(args, "who", "who does it")
    params = given(argparse.Namespace(name=args.remove, who=who), RemoveBudgetParams)
    if not budgets.remove(params):
        say(f"plainbill: there is no budget {params.name!r}")
        return FAILED
    say(f"{params.name}: removed")
    return OK


def _row(one: BudgetView) -> tuple[str, ...]:
    pace, amount = one.pace, money(one.amount, one.currency)
    if pace is None:
        return (one.name, f"unknown: {one.why_unknown}", amount, *[""] * 5)
    spent, expected = money(pace.spent, one.currency), money(pace.expected, one.currency)
    share, of_it = (
        "?" if part is None else str(part) for part in (pace.spent_percent, pace.expected_percent)
    )
    return (one.name, one.state, amount, spent, share, f"{pace.days_gone}/{pace.days}", expected, of_it)
