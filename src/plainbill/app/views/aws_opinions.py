"""What AWS says of the bill, beside what Plainbill says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from plainbill.analyzer.anomaly import Anomaly
from plainbill.analyzer.wording import sentence
from plainbill.app.views.aws_opinions_shapes import (
    AwsAnomaliesView,
    AwsAnomalyView,
    AwsComparisonView,
    AwsForecastView,
    AwsMonthView,
    CostDriverView,
)
from plainbill.app.views.cost_answers import Answers
from plainbill.app.views.gaps import NOT_READ_YET
from plainbill.app.views.shapes import DaysView
from plainbill.app.views.stored_costs import known_days
from plainbill.model.cost import CostMetric, CostTable
from plainbill.model.cost_answers import AwsAnomaly, CostDriver, ForecastMonth, Question, Topic
from plainbill.model.period import Period, month_start
from plainbill.storage import Snapshot

_METRIC = CostMetric.UNBLENDED
_NOTHING = sentence(NOT_READ_YET)
_DAY = timedelta(days=1)


def aws_forecast(snapshot: Snapshot | None) -> AwsForecastView:
    """Return AWS's forecast, of the present month with what was billed before AWS was asked."""
    topic = Topic(Question.FORECAST)
    if snapshot is None:
        return AwsForecastView(asked_at=None, months=[], reason=_NOTHING)
    answers = Answers(snapshot)
    if (answer := answers.of(topic)) is None:
        return AwsForecastView(asked_at=None, months=[], reason=answers.why_not(topic))
    found = [_month(snapshot, one) for one in answer.rows if isinstance(one, ForecastMonth)]
    months = [one for one in found if one is not None]
    why = None if months else "AWS gave no month whose first days are known."
    return AwsForecastView(asked_at=answer.asked_at, months=months, reason=why)


def _month(snapshot: Snapshot, one: ForecastMonth) -> AwsMonthView | None:
    first = month_start(one.start)
    so_far = Decimal(0)
    if first < one.start:
        sums = _sums(snapshot, Period.of_days(first, one.start))
        if sums is None:
            return None
        so_far = sum(sums.values(), Decimal(0))
    return AwsMonthView(
        start=first,
        end=one.end,
        expected=so_far + one.expected,
        low=None if one.low is None else so_far + one.low,
        high=None if one.high is None else so_far + one.high,
    )


def _sums(snapshot: Snapshot, period: Period) -> dict[str | None, Decimal] | None:
    """Return what each service cost in a period; None where a day of it is not known."""
    if len(known_days(snapshot, CostTable.SERVICE, period)) < period.days:
        return None
    sums: dict[str | None, Decimal] = {}
    for (service, _), cost in snapshot.cost_sums(CostTable.SERVICE, period, _METRIC).items():
        sums[service] = sums.get(service, Decimal(0)) + cost
    return sums


def aws_anomalies(snapshot: Snapshot | None, ours: Sequence[Anomaly]) -> AwsAnomaliesView:
    """Return AWS's anomalies, each with the one of ours that it is, if any."""
    topic = Topic(Question.ANOMALIES)
    if snapshot is None:
        return AwsAnomaliesView(asked_at=None, anomalies=[], reason=_NOTHING)
    answers = Answers(snapshot)
    if (answer := answers.of(topic)) is None:
        return AwsAnomaliesView(asked_at=None, anomalies=[], reason=answers.why_not(topic))
    found = [one for one in answer.rows if isinstance(one, AwsAnomaly)]
    names = snapshot.manifest.accounts
    shown = []
    for one in sorted(found, key=lambda each: (each.start, each.impact), reverse=True):
        cause = one.causes[0] if one.causes else None
        account = cause.account_id if cause else None
        shown.append(
            AwsAnomalyView(
                aws_id=one.anomaly_id,
                start=one.start,
                end=one.end,
                name=(cause.service if cause else None) or one.name or "not named",
                account_id=account,
                account_name=names.get(account) if account else None,
                usage_type=cause.usage_type if cause else None,
                impact=one.impact,
                actual=one.actual,
                expected=one.expected,
                anomaly_id=same_as(one, ours),
            )
        )
    return AwsAnomaliesView(asked_at=answer.asked_at, anomalies=shown, reason=None)


def same_as(theirs: AwsAnomaly, ours: Iterable[Anomaly]) -> str | None:
    """Return which of ours is the same: days that overlap, of the same service or account, both dearer.

    AWS may begin or end a day apart. Of several it is the one of the largest impact.
    """
    names = {theirs.name, *(one.service for one in theirs.causes), *(one.account_id for one in theirs.causes)}
    end = theirs.end or date.max
    same = [
        one
        for one in ours
        if one.name in names - {None}
        and one.start <= end
        and one.end >= theirs.start
        and (one.impact > 0) == (theirs.impact > 0)
    ]
    return max(same, key=lambda one: (abs(one.impact), one.id)).id if same else None


def aws_comparison(snapshot: Snapshot | None) -> AwsComparisonView:
    """Return AWS's reasons, each beside what the service changed by in the stored costs."""
    topic = Topic(Question.COMPARISON)
    nothing = AwsComparisonView(asked_at=None, before=None, after=None, drivers=[], reason=_NOTHING)
    if snapshot is None:
        return nothing
    answers = Answers(snapshot)
    if (answer := answers.of(topic)) is None:
        return AwsComparisonView(
            asked_at=None, before=None, after=None, drivers=[], reason=answers.why_not(topic)
        )
    middle = month_start(answer.end - _DAY)
    before, after = (
        _sums(snapshot, Period.of_days(*span)) for span in ((answer.start, middle), (middle, answer.end))
    )
    return AwsComparisonView(
        asked_at=answer.asked_at,
        before=DaysView(start=answer.start, end=middle),
        after=DaysView(start=middle, end=answer.end),
        drivers=[
            CostDriverView(
                service=one.service,
                usage_type=one.usage_type,
                kind=one.kind,
                name=one.name,
                before=one.before,
                after=one.after,
                change=one.change,
                service_change=_change(before, after, one.service),
            )
            for one in answer.rows
            if isinstance(one, CostDriver)
        ],
        reason=None,
    )


def _change(
    before: dict[str | None, Decimal] | None, after: dict[str | None, Decimal] | None, service: str | None
) -> Decimal | None:
    if before is None or after is None or service is None or service not in {**before, **after}:
        return None
    return after.get(service, Decimal(0)) - before.get(service, Decimal(0))
