"""``plainbill showback``: who owes what, and what a unit costs, from what is stored."""

from __future__ import annotations

import argparse
import json

from plainbill.app import formats
from plainbill.app.cost_record import CostRecord
from plainbill.app.problems import ParameterError
from plainbill.app.record import Edition
from plainbill.app.showback import Showbacks
from plainbill.app.showback_csv import showback_csv, units_csv
from plainbill.app.showback_params import RemoveRuleParams, RuleParams, SaveRuleParams, ShowbackParams
from plainbill.app.views.cost_rules import rule_words
from plainbill.app.views.showback_shapes import ShowbackView, UnitsView
from plainbill.app.wire import encode
from plainbill.cli.codes import FAILED, INCOMPLETE, OK
from plainbill.cli.output import print_csv, print_json, print_table, say
from plainbill.cli.questions import add_options, given, needed, open_record, refused, say_gaps

_NUMBERS = ("Own", "Shared", "Charged", "Part")
_UNIT_NUMBERS = ("Cost", "Units", "Each")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the parameters of ``/api/showback``."""
    add_options(parser, ShowbackParams)
    parser.add_argument(
        "--unit-costs", action="store_true", help="print what a unit costs by day or month instead"
    )
    rules = parser.add_mutually_exclusive_group()
    rules.add_argument("--rules", action="store_true", help="list the saved rules for shared costs")
    rules.add_argument("--save-as", metavar="NAME", help="save the rule that the other options say")
    rules.add_argument("--remove-rule", metavar="NAME", help="remove the saved rule of this name")
    parser.add_argument(
        "--usual", action="store_true", help="with --save-as: use it wherever no other rule is asked for"
    )
    parser.add_argument("--who", metavar="X", help="who does it; needed with --save-as and --remove-rule")


def run(args: argparse.Namespace) -> int:
    """Print who owes what, or save or remove a rule for shared costs; 3 where some of it is not known.

    1 where no rule of the name is there to be removed.
    """
    record, edition = open_record()
    showbacks = Showbacks(CostRecord(record))
    if args.save_as is not None:
        return _save(showbacks, edition, args)
    if args.remove_rule is not None:
        return _remove(showbacks, args)
    view = _view(showbacks, edition, given(args, ShowbackParams))
    if args.rules:
        return _show_rules(view, is_json=args.json)
    if args.json:
        print_json(json.loads(encode(view)))
    elif args.csv:
        print_csv(units_csv(view) if args.unit_costs else showback_csv(view))
    elif args.unit_costs:
        _show_units(view)
    else:
        _show(view)
    say(*view.notes)
    say_gaps(view.gaps)
    return INCOMPLETE if view.gaps or view.total is None or view.missing_days else OK


def _view(showbacks: Showbacks, edition: Edition, params: ShowbackParams) -> ShowbackView:
    try:
        return showbacks.view(edition, *showbacks.query(edition, params))
    except ParameterError as error:
        raise refused(error) from None


def _save(showbacks: Showbacks, edition: Edition, args: argparse.Namespace) -> int:
    words = {name: getattr(args, name) for name in RuleParams.model_fields}
    named = {**words, "name": args.save_as, "usual": args.usual, "who": needed(args, "who", "who does it")}
    params = given(argparse.Namespace(**named), SaveRuleParams)
    try:
        rule = showbacks.save_rule(edition, params)
    except ParameterError as error:
        raise refused(error) from None
    say(f"{params.name}: {rule_words(rule)}" + (" It is the usual rule." if params.usual else ""))
    return OK


def _remove(showbacks: Showbacks, args: argparse.Namespace) -> int:
    who = needed(args, "who", "who does it")
    params = given(argparse.Namespace(name=args.remove_rule, who=who), RemoveRuleParams)
    if not showbacks.remove_rule(params):
        say(f"plainbill: there is no saved rule {params.name!r}")
        return FAILED
    say(f"{params.name}: removed")
    return OK


def _show_rules(view: ShowbackView, *, is_json: bool) -> int:
    if is_json:
        print_json(json.loads(encode(view.saved_rules)))
    elif view.saved_rules:
        rows = [(one.name, "usual" if one.is_usual else "", one.words, one.who) for one in view.saved_rules]
        print_table(("Rule", "", "Says", "Saved by"), rows)
    else:
        say("No rule is saved; --save-as does it, or the dashboard's page of showback.")
    return OK


def _show(view: ShowbackView) -> None:
    say(f"{formats.days(view.period)}, {view.metric.replace('_', ' ')} cost by {view.by.replace('_', ' ')}")
    rows = [
        (
            row.name,
            row.part,
            formats.money(row.direct, view.currency),
            formats.signed_money(row.share, view.currency),
            formats.money(row.charged, view.currency),
            formats.share(row.share_of_total),
        )
        for row in view.rows
    ]
    total = formats.money(view.total, view.currency)
    say(f"{f'saved rule {view.saved}: ' if view.saved else ''}{view.rule_words}")
    print_table(("Owner", "Is", *_NUMBERS), rows, right=_NUMBERS, total=("Total", "", total, "", total, ""))
    if view.shared_total:
        shared = formats.money(view.shared_total, view.currency)
        say(f"{shared} is shared, spread: {view.rule_used or 'no'}" + (f" ({view.why})" if view.why else ""))
    if view.reconciliation.difference is not None:
        off = formats.signed_money(view.reconciliation.difference, view.currency)
        say(
            "the same as AWS's own total"
            if not view.reconciliation.difference
            else f"AWS's own total is {off} off"
        )
    if view.missing_days:
        say(f"{formats.plural(len(view.missing_days), 'day')} not read")


def _show_units(view: ShowbackView) -> None:
    units = view.units
    if units is None:
        say("No numbers of units are stored: `plainbill units --import FILE --name NAME --kind flow|level`")
        return
    print_table(("From", *_UNIT_NUMBERS), list(_unit_rows(view, units)), right=_UNIT_NUMBERS)
    say(*units.notes)


def _unit_rows(view: ShowbackView, units: UnitsView) -> list[tuple[str, ...]]:
    named = [(str(row.start), row) for row in units.rows]
    named += [(f"{units.name}, whole period", units.whole), *((one.name, one.whole) for one in units.owners)]
    return [
        (
            name,
            formats.money(row.cost, view.currency) if row.counted else "not counted",
            "no number" if row.units is None else formats.units(row.units),
            formats.each(row.unit_cost, view.currency),
        )
        for name, row in named
    ]
