"""``plainbill checks``: every waste check there is, those of other packages included."""

from __future__ import annotations

import argparse
import json

from plainbill.analyzer.registry import registered
from plainbill.app.finding_formats import action_name, effort_name
from plainbill.app.views.checks import checks_view
from plainbill.app.wire import encode
from plainbill.cli.codes import OK
from plainbill.cli.output import print_json, print_table
from plainbill.cli.ruling import ruled_checks, say_policy

_COLUMNS = ("Check", "Title", "Action", "Effort", "Metrics")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the form of the answer."""
    parser.add_argument("--json", action="store_true", help="print what the dashboard's /api/checks gives")


def run(args: argparse.Namespace) -> int:
    """Print the checks with the thresholds in force; they are known without any data."""
    ruled = ruled_checks()
    view = checks_view(ruled.checks, None, registered().refused)
    say_policy(ruled)
    if args.json:
        print_json(json.loads(encode(view.checks)))
        return OK
    rows = [
        (one.id, one.title, action_name(one.action), effort_name(one.effort), str(len(one.metrics)))
        for one in view.checks
    ]
    print_table(_COLUMNS, rows, right=_COLUMNS[4:])
    return OK
