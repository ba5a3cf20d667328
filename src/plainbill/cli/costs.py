"""``plainbill costs``: costs by service, from what is stored."""

from __future__ import annotations

import argparse
import json

from plainbill.app import formats
from plainbill.app.csv import costs_csv
from plainbill.app.params import CostParams
from plainbill.app.problems import ParameterError
from plainbill.app.views.shapes import CostByServiceView
from plainbill.app.wire import encode
from plainbill.cli.codes import INCOMPLETE, OK
from plainbill.cli.output import print_csv, print_json, print_table, say
from plainbill.cli.questions import add_options, given, open_record, refused, say_gaps

_NUMBERS = ("Cost", "Share", "Before", "Change")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the parameters of ``/api/cost-by-service``."""
    add_options(parser, CostParams)


def run(args: argparse.Namespace) -> int:
    """Print the costs; 3 where some of them are not known."""
    view = _view(given(args, CostParams))
    if args.json:
        print_json(json.loads(encode(view)))
    elif args.csv:
        print_csv(costs_csv(view))
    else:
        _show(view)
    say_gaps(view.gaps)
    return INCOMPLETE if view.gaps or view.total is None else OK


def _view(params: CostParams) -> CostByServiceView:
    record, edition = open_record()
    try:
        return record.costs(edition, record.cost_query(edition, params)).view
    except ParameterError as error:
        raise refused(error) from None


def _show(view: CostByServiceView) -> None:
    metric = view.metric.replace("_", " ")
    say(f"{formats.days(view.period)}, {metric} cost{f', account {view.account}' if view.account else ''}")
    rows = [
        (
            row.service,
            formats.money(row.cost, view.currency),
            formats.share(row.share),
            formats.money(row.previous_cost, view.currency),
            formats.signed_money(row.change, view.currency),
        )
        for row in view.services
    ]
    total = (
        "Total",
        formats.money(view.total, view.currency),
        "",
        formats.money(view.previous_total, view.currency),
        formats.signed_money(view.change, view.currency),
    )
    print_table(("Service", *_NUMBERS), rows, right=_NUMBERS, total=total)
    say(*_remarks(view))


def _remarks(view: CostByServiceView) -> list[str]:
    """Say how far the numbers can be trusted."""
    remarks = []
    if view.difference is not None:
        total = formats.money(view.control_total, view.currency)
        off = formats.signed_money(view.difference, view.currency)
        remarks.append(f"AWS's own total is {total}: " + (f"{off} off" if view.difference else "the same"))
    elif view.control_note:
        remarks.append(view.control_note)
    if view.compared is not None and view.previous_total is not None:
        remarks.append(f"before: {formats.days(view.compared)}")
    if view.estimated_days:
        remarks.append(f"{formats.plural(view.estimated_days, 'day')} may still change")
    if view.missing_days:
        remarks.append(f"{formats.plural(len(view.missing_days), 'day')} not read yet")
    return remarks
