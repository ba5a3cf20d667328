"""``plainbill idle``: running EC2 instances that look idle, from what is stored."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from plainbill.app import formats
from plainbill.app.csv import idle_csv
from plainbill.app.params import IdleTableParams
from plainbill.app.problems import ParameterError
from plainbill.app.views.idle_presets import SUMMARIES
from plainbill.app.views.shapes import IdleInstancesView, IdleInstanceView
from plainbill.app.views.table import matching_rows
from plainbill.app.wire import encode
from plainbill.cli.codes import INCOMPLETE, OK
from plainbill.cli.output import print_csv, print_json, print_table, say
from plainbill.cli.questions import add_options, given, open_record, refused, say_gaps

_COLUMNS = ("Instance", "Name", "Account", "Region", "Type", "CPU mean", "CPU max", "Network/day", "A month")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the parameters of ``/api/idle-instances`` and of its table."""
    add_options(parser, IdleTableParams)


def run(args: argparse.Namespace) -> int:
    """Print the idle instances; 3 where some instances could not be read."""
    params = given(args, IdleTableParams)
    view = _view(params)
    rows = matching_rows(view.instances, params.q, params.sort)
    if args.json:
        print_json({**json.loads(encode(view)), "instances": json.loads(encode(rows))})
    elif args.csv:
        print_csv(idle_csv(rows, view))
    else:
        _show(rows, view)
    say_gaps(view.gaps)
    return INCOMPLETE if view.gaps else OK


def _view(params: IdleTableParams) -> IdleInstancesView:
    record, edition = open_record()
    try:
        return record.idle(edition, record.idle_query(edition, params))
    except ParameterError as error:
        raise refused(error) from None


def _show(rows: Sequence[IdleInstanceView], view: IdleInstancesView) -> None:
    rule, counts = view.criteria, view.counts
    if rule.cpu_average is None or rule.cpu_maximum is None:
        meaning = SUMMARIES[rule.name].removesuffix(".")
    else:
        meaning = f"CPU under {rule.cpu_average:g} % on average and under {rule.cpu_maximum:g} % at the most"
    say(f"idle is: {meaning}, for {formats.plural(rule.days, 'day')}")
    cells = [
        (
            row.instance_id,
            row.name or "",
            row.account_name or row.account_id,
            row.region,
            row.instance_type,
            f"{formats.percent_below(row.cpu_average, rule.cpu_average)}",
            f"{formats.percent_below(row.cpu_maximum, rule.cpu_maximum)}",
            formats.byte_size(row.network_bytes_per_day),
            formats.money(row.monthly_cost, view.currency),
        )
        for row in rows
    ]
    print_table(_COLUMNS, cells, right=_COLUMNS[5:])
    if view.gaps and not counts.running:
        return  # nothing seen is not "nothing there": the gaps say why
    say(
        f"{counts.running} running = {counts.idle} idle + {counts.not_idle} at work + "
        f"{counts.could_not_tell} could not tell",
        f"the idle ones cost {formats.money(view.monthly_cost_total, view.currency)} a month "
        f"({view.price_source}"
        + (f"; {view.unknown_price} of unknown price left out)" if view.unknown_price else ")"),
    )
