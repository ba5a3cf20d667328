"""``plainbill report``: the month in a few tables, or as Markdown for a chat, from what is stored."""

from __future__ import annotations

import argparse
import json
import sys

from plainbill.analyzer.wording import sentence
from plainbill.app.cost_record import CostRecord
from plainbill.app.formats import month
from plainbill.app.outlook import Outlook
from plainbill.app.problems import ParameterError
from plainbill.app.report import ReportParams, Reports
from plainbill.app.report_markdown import report_markdown
from plainbill.app.showback import Showbacks
from plainbill.app.views.gaps import NOT_READ_YET
from plainbill.app.views.report_shapes import ReportView
from plainbill.app.wire import encode
from plainbill.cli.codes import INCOMPLETE, OK
from plainbill.cli.output import print_json, print_table
from plainbill.cli.questions import given, open_record, refused
from plainbill.cli.text import printable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the month and the form."""
    parser.add_argument(
        "--month", metavar="YYYY-MM", help="the calendar month (UTC); without it the last that is over"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--markdown", action="store_true", help="print Markdown, for a message or a ticket")
    form.add_argument("--json", action="store_true", help="print the same parts as JSON")


def run(args: argparse.Namespace) -> int:
    """Print the report; 3 where something of it could not be read."""
    view = _view(given(args, ReportParams))
    if args.markdown:
        sys.stdout.write(report_markdown(view).decode("utf-8"))
    elif args.json:
        print_json(json.loads(encode(view)))
    else:
        _show(view)
    return INCOMPLETE if view.incomplete else OK


def _view(params: ReportParams) -> ReportView:
    record, edition = open_record()
    costs = CostRecord(record)
    try:
        return Reports(costs, Outlook(record), Showbacks(costs)).view(edition, params)
    except ParameterError as error:
        raise refused(error) from None


def _show(view: ReportView) -> None:
    print(f"AWS costs, {month(view.month)}{'' if view.is_whole else ' (not over yet)'}")
    print(printable(view.summary or sentence(NOT_READ_YET)))
    for figure in view.figures:
        print(printable(f"{figure.label}: {figure.value}{f' ({figure.note})' if figure.note else ''}"))
    for part in view.parts:
        print(f"\n{printable(part.title)}")
        for said in part.said:
            print(printable(said))
        if part.table is not None:
            print_table(part.table.head, part.table.rows, right=part.table.numbers)
