"""``plainbill decide``: snooze, dismiss or open a finding, or say that it is done."""

from __future__ import annotations

import argparse
from typing import get_args

from plainbill.app.decisions import DecisionParams, decide_finding
from plainbill.app.finding_formats import state_name
from plainbill.app.problems import ParameterError
from plainbill.cli.codes import FAILED, OK
from plainbill.cli.output import say
from plainbill.cli.questions import given, open_record, refused

_OPTIONS = ("until", "note", "who")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the finding, what it becomes, and the words that go with it."""
    fields = DecisionParams.model_fields
    states = get_args(fields["state"].annotation)
    parser.add_argument("finding", help="the id of the finding, as `plainbill findings --json` prints it")
    parser.add_argument("state", choices=states, help=(fields["state"].description or "").replace("`", ""))
    for name in _OPTIONS:
        text = (fields[name].description or "").replace("`", "")
        parser.add_argument(f"--{name}", metavar="X", required=fields[name].is_required(), help=text)


def run(args: argparse.Namespace) -> int:
    """Remember the decision; 1 where there is no such finding or it is gone."""
    params = given(args, DecisionParams)
    record, edition = open_record()
    try:
        after = decide_finding(record, edition, args.finding, params)
    except ParameterError as error:
        raise refused(error) from None
    if after is None:
        say(f"plainbill: there is no finding {args.finding}, neither in what was read last nor in the record")
        return FAILED
    until = "" if after.until is None else f" until {after.until:%Y-%m-%d}"
    say(f"{after.check_id} {after.resource_id}: {state_name(after.state.value)}{until}")
    return OK
