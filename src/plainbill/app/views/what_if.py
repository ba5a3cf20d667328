"""What one check would say with other thresholds, as the page and the JSON show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import Field, replace
from decimal import Decimal
from typing import Any

from plainbill.analyzer.engine import Finding, Report
from plainbill.analyzer.registry import Check
from plainbill.analyzer.what_if import Moved, Value, WhatIf, allowed_of, variant_of, what_if
from plainbill.app.place_query import service_of
from plainbill.app.views.checks import setting_of
from plainbill.app.views.finding_shapes import FindingRowView
from plainbill.app.views.findings import finding_row
from plainbill.app.views.judged import Judged
from plainbill.app.views.standing import Standing
from plainbill.app.views.what_if_shapes import ChangedView, MovedView, OutcomeView, SettingView, WhatIfView
from plainbill.model.findings import Ok
from plainbill.model.money import Money


def what_if_view(standing: Standing, check: Check, settings: Mapping[str, Value]) -> WhatIfView:
    """Judge by one check anew; raises ``SettingError`` where it refuses the thresholds together.

    Findings that people set aside are among them: the question is about the rule.
    """
    judged = standing.judged
    variant = variant_of(check, settings)
    plain = WhatIfView(
        taken_at=None if judged is None else judged.context.now,
        check_id=check.id,
        title=check.title,
        service=service_of(check.id),
        default_rule=check.rule_text,
        rule=variant.rule_text,
        settings=setting_views(check, variant),
        before=None,
        after=None,
        gone=[],
        came=[],
        changed=[],
    )
    if judged is None:
        return plain
    said = what_if(judged.report, judged.context, check, settings)
    then = replace(standing, judged=replace(judged, report=said.after))
    return replace(
        plain,
        before=_outcome(said.before, check.id, judged),
        after=_outcome(said.after, check.id, judged),
        gone=_moved(said.gone, standing),
        came=_moved(said.came, then),
        changed=_changed(said, standing, then),
    )


def setting_views(check: Check, variant: Check) -> list[SettingView]:
    """Return the thresholds that can be set, with their values in a variant."""
    shown = ((one, _setting(one, check, variant)) for one in check.thresholds())
    return [view for _, view in shown if view is not None]


def _setting(threshold: Field[Any], check: Check, variant: Check) -> SettingView | None:
    allowed = allowed_of(threshold)
    if allowed is None:
        return None
    return SettingView(
        name=threshold.name,
        help=str(threshold.metadata["help"]),
        kind=allowed.kind.__name__,
        default=setting_of(getattr(check, threshold.name)),
        value=setting_of(getattr(variant, threshold.name)),
        allowed=allowed.text,
        lowest=allowed.lowest,
        highest=allowed.highest,
    )


def _outcome(report: Report, check_id: str, judged: Judged) -> OutcomeView:
    tallies = [tally for (name, _, _), tally in report.tallies.items() if name == check_id]
    own = [finding for finding in report.findings if finding.check.id == check_id]
    counted = (report.counted.get(finding.finding_id) for finding in own)
    return OutcomeView(
        findings=len(own),
        ok=sum(tally.ok for tally in tallies),
        could_not_judge=sum(tally.unknown for tally in tallies),
        could_not_check=sum(tally.gap is not None for tally in tallies) + len(judged.not_entered),
        unknown_price=sum(finding.waste.monthly_saving is None for finding in own),
        monthly_saving=_sums(money for money in counted if money is not None),
        all_checks_monthly_saving=_sums(report.monthly_saving.values()),
    )


def _sums(amounts: Iterable[Money]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for money in amounts:
        sums[money.currency] = sums.get(money.currency, Decimal(0)) + money.amount
    return sums


def _moved(some: Sequence[Moved], standing: Standing) -> list[MovedView]:
    return [
        MovedView(
            finding=_row(one.finding, standing),
            instead="ok" if isinstance(one.instead, Ok) else "could_not_judge",
            reason=one.instead.reason,
        )
        for one in some
    ]


def _changed(said: WhatIf, now: Standing, then: Standing) -> list[ChangedView]:
    return [ChangedView(before=_row(was, now), after=_row(would, then)) for was, would in said.changed]


def _row(finding: Finding, standing: Standing) -> FindingRowView:
    assert standing.judged is not None  # noqa: S101  asked only of what was judged
    return finding_row(finding, standing.judged, standing)
