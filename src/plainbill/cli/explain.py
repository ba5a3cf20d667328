"""``plainbill explain``: one waste check in full: why, by which rule, from what, and what it may read."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator

from plainbill.analyzer.registry import Check
from plainbill.app.finding_formats import action_name, effort_name, setting, step_name
from plainbill.app.views.checks import check_view
from plainbill.app.views.finding_shapes import CheckView, ThresholdView
from plainbill.app.wire import encode
from plainbill.cli.codes import OK
from plainbill.cli.output import print_json
from plainbill.cli.ruling import ruled_checks, say_policy
from plainbill.cli.text import printable
from plainbill.data_fetcher.check_reads import reads_of
from plainbill.errors import ConfigError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the check and the form of the answer."""
    parser.add_argument("check", metavar="id", help="the id of a check, as `plainbill checks` lists it")
    parser.add_argument("--json", action="store_true", help="print it for programs")


def run(args: argparse.Namespace) -> int:
    """Print the check; raises ``ConfigError`` for an id that is not there."""
    ruled = ruled_checks()
    check = next((each for each in ruled.checks if each.id == args.check), None)
    if check is None:
        raise ConfigError("the check", args.check, ", ".join(each.id for each in ruled.checks))
    say_policy(ruled)
    permissions = permissions_of(check)
    view = check_view(check)
    if args.json:
        print_json({**json.loads(encode(view)), "permissions": permissions})
        return OK
    for line in _lines(view, permissions):
        print(printable(line))
    return OK


def permissions_of(check: Check) -> list[str]:
    """Return the IAM actions that the check's findings rest on, sorted."""
    return sorted({read.iam_action for read in reads_of(check.kinds(), has_metrics=bool(check.metrics))})


def _lines(view: CheckView, permissions: Iterable[str]) -> Iterator[str]:
    yield f"{view.id}: {view.title}"
    yield ""
    yield from view.explanation.splitlines()
    yield ""
    yield f"Rule: {view.rule}"
    if view.source:
        yield f"Source of the rule: {view.source}"
    yield f"Action: {action_name(view.action)}, {effort_name(view.effort)} effort"
    yield f"Looks at: {', '.join((view.resource, *view.needs))}"
    if view.thresholds:
        yield "Thresholds:"
        yield from map(_threshold, view.thresholds)
    if view.metrics:
        yield "Metrics:"
        yield from (
            f"  {one.namespace} {one.name}, {one.statistic}, {step_name(one.step_hours)}"
            for one in view.metrics
        )
    yield "Permissions:"
    yield from (f"  {permission}" for permission in permissions)


def _threshold(one: ThresholdView) -> str:
    usual = "" if one.value == one.default else f" (usually {setting(one.default)})"
    return f"  {one.name} = {setting(one.value)}{usual}: {one.help}"
