"""What one check would say with other thresholds, as the page and the JSON show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import Field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, overload

from plainbill.analyzer.engine import Finding, Report
from plainbill.analyzer.registry import Check
from plainbill.analyzer.what_if import Moved, Value, allowed_of, variant_of, what_if
from plainbill.app.place_query import service_of
from plainbill.app.views.finding_shapes import FindingRowView
from plainbill.app.views.findings import finding_row
from plainbill.app.views.judged import Judged
from plainbill.app.views.setting import setting_of
from plainbill.app.views.standing import Standing
from plainbill.app.views.what_if_shapes import ChangedView, MovedView, OutcomeView, SettingView, WhatIfView
from plainbill.model.money import Money


def what_if_view(standing: Standing, check: Check, settings: Mapping[str, Value]) -> WhatIfView:
    """Judge by one check anew; raises ``SettingError`` where it refuses the thresholds together.

    Findings that people set aside are among them: the question is about the rule. Rows are made as they are
    looked at: a page shows few of them, ``whole`` makes all.
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
    said = what_if(judged.report, judged.context, check, settings, judged.claims)
    then = replace(standing, judged=replace(judged, report=said.after))
    return replace(
        plain,
        before=_outcome(said.before, check.id, judged),
        after=_outcome(said.after, check.id, judged),
        gone=[_LateMovedView(one, standing) for one in said.gone],
        came=[_LateMovedView(one, then) for one in said.came],
        changed=_LateChanges(said.changed, standing, then),
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
        usual=setting_of(threshold.default),
        value=setting_of(getattr(variant, threshold.name)),
        allowed=allowed.text,
        lowest=allowed.lowest,
        highest=allowed.highest,
    )


def _outcome(report: Report, check_id: str, judged: Judged) -> OutcomeView:
    tallies = [tally for (name, _, _), tally in report.tallies.items() if name == check_id]
    own = report.of_check(check_id)
    counted = (report.counted_of(finding) for finding in own)
    return OutcomeView(
        findings=len(own),
        ok=sum(tally.ok for tally in tallies),
        could_not_judge=sum(tally.unknown for tally in tallies),
        could_not_check=sum(tally.gap is not None for tally in tallies) + len(judged.not_entered),
        unknown_price=sum(finding.saving is None for finding in own),
        monthly_saving=_sums(money for money in counted if money is not None),
        all_checks_monthly_saving=_sums(report.monthly_saving.values()),
    )


def _sums(amounts: Iterable[Money]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for money in amounts:
        sums[money.currency] = sums.get(money.currency, Decimal(0)) + money.amount
    return sums


def whole(view: WhatIfView) -> WhatIfView:
    """Return the view with every row made: what is sent as JSON."""
    moved = [[MovedView(finding=one.finding, instead=one.instead, reason=one.reason) for one in some]
             for some in (view.gone, view.came)]  # fmt: skip
    return replace(view, gone=moved[0], came=moved[1], changed=list(view.changed))


class _LateMovedView(MovedView):
    """A row that is made when somebody looks at more than whether its resource could be judged."""

    def __init__(self, moved: Moved, standing: Standing) -> None:
        self.__dict__.update(_moved=moved, _standing=standing)  # it is frozen

    @cached_property
    def finding(self) -> FindingRowView:
        return _row(self._moved.finding, self._standing)

    @property
    def instead(self) -> str:
        return "could_not_judge" if self._moved.is_unknown else "ok"

    @property
    def reason(self) -> str:
        return self._moved.instead.reason

    _moved: Moved
    _standing: Standing


class _LateChanges(Sequence[ChangedView]):
    """Rows that are made when somebody looks at them."""

    def __init__(self, pairs: Sequence[tuple[Finding, Finding]], now: Standing, then: Standing) -> None:
        self._pairs, self._now, self._then = pairs, now, then

    @overload
    def __getitem__(self, place: int) -> ChangedView: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[ChangedView]: ...
    def __getitem__(self, place: int | slice) -> ChangedView | Sequence[ChangedView]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        was, would = self._pairs[place]
        return ChangedView(before=_row(was, self._now), after=_row(would, self._then))

    def __len__(self) -> int:
        return len(self._pairs)


def _row(finding: Finding, standing: Standing) -> FindingRowView:
    assert standing.judged is not None  # noqa: S101  asked only of what was judged
    return finding_row(finding, standing.judged, standing)
