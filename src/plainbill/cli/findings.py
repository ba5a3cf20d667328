"""``plainbill findings``: everything that costs more than it must, from what is stored."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from plainbill.app import formats
from plainbill.app.csv import findings_csv
from plainbill.app.finding_formats import action_name
from plainbill.app.finding_params import FindingParams
from plainbill.app.markdown import saved
from plainbill.app.problems import ParameterError
from plainbill.app.views.finding_shapes import FindingRowView, FindingsView
from plainbill.app.views.findings import findings_view
from plainbill.app.wire import encode
from plainbill.cli.codes import INCOMPLETE, OK
from plainbill.cli.output import print_csv, print_json, print_table, say
from plainbill.cli.questions import add_options, given, open_record, refused, say_gaps
from plainbill.cli.ruling import say_policy

_COLUMNS = (
    "Finding", "Resource", "Name", "Account", "Region", "Action", "Sure", "State", "Saves a month", "Counted",
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the parameters of ``/api/findings.csv``: all findings are printed, not a page of them."""
    add_options(parser, FindingParams)


def run(args: argparse.Namespace) -> int:
    """Print the findings; 3 where something could not, or not wholly, be looked at."""
    view = _view(given(args, FindingParams))
    if args.json:
        print_json(json.loads(encode(view)))
    elif args.csv:
        print_csv(findings_csv(view.findings))
    else:
        _show(view.findings, view)
    say_gaps(view.gaps)
    return INCOMPLETE if view.gaps or view.could_not_check.could_not_check else OK


def _view(params: FindingParams) -> FindingsView:
    record, edition = open_record()
    try:
        query = record.finding_query(edition, params)
    except ParameterError as error:
        raise refused(error) from None
    say_policy(edition.ruled)
    rows = record.findings(edition)
    return findings_view(record.standing(edition), rows, query, page=1, size=max(1, len(rows)))


def _show(rows: Sequence[FindingRowView], view: FindingsView) -> None:
    cells = [
        (
            row.title,
            row.resource_id,
            "" if row.name in (None, row.resource_id) else str(row.name),
            row.account_name or row.account_id,
            row.region,
            action_name(row.action),
            row.confidence or formats.UNKNOWN,
            row.state,
            formats.money(row.monthly_saving, row.currency or "USD"),
            formats.money(row.counted_saving, row.currency or "USD"),
        )
        for row in rows
    ]
    unread = view.could_not_check
    if view.taken_at is None:
        return  # nothing seen is not "nothing there": the gaps say why
    print_table(_COLUMNS, cells, right=_COLUMNS[8:])
    say(saved(view.totals))
    if unread.could_not_check:
        say(
            f"{unread.could_not_check} of {formats.plural(unread.checks, 'check')} in accounts and Regions "
            "could not, or not wholly, be made"
        )
    if unread.could_not_judge:
        say(f"{formats.plural(unread.could_not_judge, 'resource')} could not be judged")
