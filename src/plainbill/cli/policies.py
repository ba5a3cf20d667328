"""``plainbill policies``: thresholds under a name, and by which of them findings are judged."""

from __future__ import annotations

import argparse
import json

from plainbill.app.policies import UsePolicyParams, use_policy
from plainbill.app.wire import encode
from plainbill.cli.codes import FAILED, OK
from plainbill.cli.output import print_json, print_table, say
from plainbill.cli.questions import given, needed, open_record

_COLUMNS = ("Policy", "Check", "Threshold", "Here", "Usually")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is done; without anything they are listed."""
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--use", dest="name", metavar="NAME", help="judge by this policy from now on")
    choice.add_argument("--usual", action="store_true", help="judge by the usual thresholds from now on")
    parser.add_argument("--who", metavar="X", help="who decides; needed with --use and --usual")
    parser.add_argument("--json", action="store_true", help="print what the dashboard's /api/policies gives")


def run(args: argparse.Namespace) -> int:
    """List the policies, or put one in force; 1 where there is none of that name."""
    record, _ = open_record()
    if args.name is not None or args.usual:
        needed(args, "who", "who decides")
        if not use_policy(record, given(args, UsePolicyParams)):
            say(f"plainbill: there is no policy {args.name!r}")
            return FAILED
    view = record.policies()
    if args.json:
        print_json(json.loads(encode(view)))
        return OK
    rows = [
        (policy.name, check.check_id, one.name, one.value, "" if one.usual is None else str(one.usual))
        for policy in view.policies
        for check in policy.checks
        for one in check.thresholds
    ]
    print_table(_COLUMNS, rows, right=_COLUMNS[3:])
    say(f"judged by {view.in_force!r}" if view.in_force else "judged by the usual thresholds")
    return OK
