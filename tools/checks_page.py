"""``docs/checks.md``: every waste check as the code has it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from plainbill.analyzer.registry import Check, all_checks
from plainbill.app.finding_formats import action_name, effort_name, service_name, setting, step_name
from plainbill.app.views.checks import check_view, checks_view
from plainbill.app.views.finding_shapes import CheckView
from plainbill.data_fetcher.check_reads import reads_of

HEAD = """\
# Checks

Generated from `src/plainbill/analyzer/checks/` by `make docs`; change them there.

Each check looks at one kind of resource and gives one of three answers: waste, in order, or "could not
judge". Savings are at list price for a month of 730 hours; of several findings on one billed thing only the
largest is counted. What could not be read is never "in order". To write one:
[adding a check](adding-a-check.md).
"""


def checks_page() -> str:
    """Return the page."""
    shown = checks_view(all_checks(), None).checks
    checks = {check.id: check for check in all_checks()}
    parts = [HEAD]
    for service, several in groupby(shown, key=lambda view: view.service):
        parts.append(f"## {service_name(service)}\n")
        parts.extend("\n".join(_entry(checks[view.id])) for view in several)
    return "\n".join(parts)


def _entry(check: Check) -> Iterator[str]:
    view = check_view(check)
    yield f"### {_cell(view.title)}\n"
    yield f"`{view.id}`\n"
    yield f"{view.explanation}\n"
    yield f"- Rule: {view.rule}"
    yield f"- Action: {action_name(view.action)}, {effort_name(view.effort)} effort"
    if view.source:
        yield f"- Source of the rule: {view.source}"
    if view.metrics:
        yield f"- Metrics: {', '.join(_metrics(view))}"
    reads = reads_of(check.kinds(), has_metrics=bool(check.metrics))
    actions = sorted({f"`{read.iam_action}`" for read in reads})
    yield f"- Permissions: {', '.join(actions)}"
    yield ""
    if view.thresholds:
        yield "| threshold | set to | meaning |"
        yield "|---|---|---|"
        for one in view.thresholds:
            yield f"| `{one.name}` | {_cell(setting(one.default))} | {_cell(one.help)} |"
        yield ""


def _metrics(view: CheckView) -> Iterator[str]:
    for one in view.metrics:
        yield f"`{one.namespace}` {one.name} ({one.statistic}, {step_name(one.step_hours)})"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
