"""Commitments as they are shown: what there is, how it is used, when it ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypedDict

from plainbill.analyzer.commitment_sums import CommitmentSum, by_month, commitment_sum, coverage
from plainbill.analyzer.wording import sentence
from plainbill.app.formats import money, percent, plural
from plainbill.app.views.commitments_shapes import (
    CommitmentsView,
    CommitmentView,
    ExpiryMonthView,
    ExpiryView,
    KindView,
    OfferView,
    UseDayView,
    UseView,
)
from plainbill.app.views.cost_answers import Answers
from plainbill.app.views.gaps import NOT_READ_YET, NOTHING_READ, gap_view
from plainbill.model.cost_answers import (
    COMMITMENT_FAMILY,
    EC2,
    CommitmentDay,
    CommitmentUse,
    Committed,
    CoverageDay,
    Question,
    Topic,
)
from plainbill.model.inventory import ASKED_LATER, Gap
from plainbill.model.period import month_start
from plainbill.model.resources import Resource
from plainbill.model.resources.commitments import ReservedInstance, SavingsPlan
from plainbill.model.resources.reserved_nodes import RESERVED_NODES, ReservedNodes
from plainbill.prices import HOURS_PER_MONTH
from plainbill.storage import Snapshot

PLAN, RESERVED, NODES = "savings plan", "reserved instances", "reserved nodes"
USE_DAYS = 30
MONTHS_AHEAD = 12
_DAYS_SHOWN = 90
_MONTH = 2_628_000  # seconds, a twelfth of 365 days
_DAY = timedelta(days=1)


def commitments_view(
    snapshot: Snapshot | None, today: date, offers: Sequence[OfferView], offers_reason: str | None
) -> CommitmentsView:
    """Return the page's figures; ``offers`` are AWS's with our check of each."""
    if snapshot is None:
        return CommitmentsView(
            taken_at=None,
            currency="USD",
            sentence=sentence(NOT_READ_YET),
            commitments=[],
            use_days=USE_DAYS,
            kinds=[],
            calendar=[],
            offers=[],
            offers_reason=None,
            gaps=[NOTHING_READ],
        )
    answers = Answers(snapshot)
    rows = [*_plans(snapshot, answers), *_reservations(snapshot, answers), *_reserved_nodes(snapshot)]
    kinds = [
        _kind(PLAN, answers, Topic(Question.PLANS_USED), Topic(Question.PLANS_COVERAGE), rows),
        _kind(
            RESERVED,
            answers,
            Topic(Question.RESERVED_USED, EC2),
            Topic(Question.RESERVED_COVERAGE, EC2),
            rows,
        ),
    ]
    gaps = [gap for gap in snapshot.manifest.gaps if _is_about(gap)]
    return CommitmentsView(
        taken_at=snapshot.manifest.taken_at,
        currency=snapshot.manifest.currency,
        sentence=_sentence(rows, kinds, gaps, today, snapshot.manifest.currency),
        commitments=rows,
        use_days=USE_DAYS,
        kinds=kinds,
        calendar=_calendar(rows, today),
        offers=offers,
        offers_reason=offers_reason,
        gaps=[gap_view(gap) for gap in gaps],
    )


def _is_about(gap: Gap) -> bool:
    kinds: tuple[type[Resource], ...] = (SavingsPlan, ReservedInstance, *RESERVED_NODES)
    sources = {*(kind.source for kind in kinds), "accounts", "ec2_regions"}
    family = gap.source.partition(".")[0]
    return family == COMMITMENT_FAMILY or gap.source in sources or gap.kind == ASKED_LATER


def _used(answers: Answers, topic: Topic) -> Mapping[str, CommitmentUse]:
    return {one.commitment_id: one for one in answers.rows(topic, CommitmentUse)}


def _plans(snapshot: Snapshot, answers: Answers) -> list[CommitmentView]:
    used = _used(answers, Topic(Question.PLANS_EACH))
    return [
        CommitmentView(
            commitment_id=plan.plan_id,
            kind=PLAN,
            title=f"{plan.plan_type} Savings Plan",
            account_id=plan.account_id,
            account_name=snapshot.manifest.accounts.get(plan.account_id),
            region=plan.covered_region,
            scope=" ".join(filter(None, [plan.family, plan.covered_region])) or "all that its type covers",
            state=plan.state,
            payment=plan.payment,
            term_months=_months(plan.term_seconds),
            start=_day(plan.start_at),
            end=_day(plan.end_at),
            hourly=Decimal(plan.commitment),
            currency=plan.currency,
            **_figures(used.get(plan.plan_arn)),
        )
        for plan in snapshot.resources(SavingsPlan) or ()
    ]


def _reservations(snapshot: Snapshot, answers: Answers) -> list[CommitmentView]:
    used = _used(answers, Topic(Question.RESERVED_EACH, EC2))
    return [
        _reserved(
            one,
            snapshot,
            kind=RESERVED,
            title=f"{one.count} × {one.instance_type}, {one.platform}, {one.offering_class}",
            scope=one.availability_zone or one.region,
            use=used.get(one.reservation_id),
        )
        for one in snapshot.resources(ReservedInstance) or ()
    ]


def _reserved_nodes(snapshot: Snapshot) -> list[CommitmentView]:
    """Return what is reserved of managed databases and the like; how much of it is used is not asked for."""
    return [
        _reserved(
            one,
            snapshot,
            kind=NODES,
            title=f"{one.count} × {one.node_type}, {_product(one)}",
            scope=one.region,
            use=None,
        )
        for kind in RESERVED_NODES
        for one in snapshot.resources(kind) or ()
    ]


def _reserved(
    one: ReservedInstance | ReservedNodes,
    snapshot: Snapshot,
    *,
    kind: str,
    title: str,
    scope: str,
    use: CommitmentUse | None,
) -> CommitmentView:
    return CommitmentView(
        commitment_id=one.reservation_id,
        kind=kind,
        title=title,
        account_id=one.account_id,
        account_name=snapshot.manifest.accounts.get(one.account_id),
        region=one.region,
        scope=scope,
        state=one.state,
        payment=one.payment,
        term_months=_months(one.term_seconds),
        start=_day(one.start_at),
        end=_day(one.end_at),
        hourly=_hourly(one),
        currency=one.currency or snapshot.manifest.currency,
        **_figures(use),
    )


def _product(one: ReservedNodes) -> str:
    zones = "" if one.is_multi_az is None else " Multi-AZ" if one.is_multi_az else " Single-AZ"
    return f"{one.service}{f' {one.product}' if one.product else ''}{zones}"


def _hourly(one: ReservedInstance | ReservedNodes) -> Decimal | None:
    """Return what all of them cost an hour, the upfront payment spread over the term."""
    if one.hourly is None or one.upfront is None or not one.term_seconds:
        return None
    return (Decimal(one.hourly) + Decimal(one.upfront) * 3600 / one.term_seconds) * one.count


class _Figures(TypedDict):
    """What a commitment came to; None where that is not known."""

    committed: Decimal | None
    used: Decimal | None
    unused: Decimal | None
    on_demand: Decimal | None
    saved: Decimal | None
    utilization: float | None


def _figures(use: Committed | None) -> _Figures:
    return _Figures(
        committed=use.committed if use else None,
        used=use.used if use else None,
        unused=use.unused if use else None,
        on_demand=use.on_demand if use else None,
        saved=use.saved if use else None,
        utilization=use.utilization if use else None,
    )


def _kind(
    kind: str, answers: Answers, use: Topic, covered: Topic, rows: Iterable[CommitmentView]
) -> KindView:
    answer, cover = answers.of(use), answers.of(covered)
    days, of_cover = answers.rows(use, CommitmentDay), answers.rows(covered, CoverageDay)
    recent = commitment_sum(one for one in days if one.day >= days[-1].day - (USE_DAYS - 1) * _DAY)
    last = of_cover[-1].day - (USE_DAYS - 1) * _DAY if of_cover else None
    return KindView(
        kind=kind,
        is_there=any(row.kind == kind for row in rows) or bool(days),
        asked_at=answer.asked_at if answer else None,
        recent=_use(recent) if recent else None,
        coverage=coverage(one for one in of_cover if last is not None and one.day >= last),
        months=[_use(one) for one in by_month(days)],
        days=[
            UseDayView(date=one.day, committed=one.committed, used=one.used, unused=one.unused)
            for one in days[-_DAYS_SHOWN:]
        ],
        reason=None if answer else answers.why_not(use),
        coverage_reason=None if cover else answers.why_not(covered),
    )


def _use(one: CommitmentSum) -> UseView:
    return UseView(
        start=one.start,
        last=one.last,
        days=one.days,
        committed=one.committed,
        used=one.used,
        unused=one.unused,
        difference=one.difference,
        utilization=one.utilization,
        on_demand=one.on_demand,
        saved=one.saved,
    )


def _calendar(rows: Iterable[CommitmentView], today: date) -> list[ExpiryMonthView]:
    """Return the next twelve months, the present one first, each with what ends in it."""
    months = [month_start(today, ahead) for ahead in range(MONTHS_AHEAD + 1)]
    ends = sorted((row for row in rows if row.end and row.end >= today), key=lambda row: str(row.end))
    return [
        ExpiryMonthView(
            month=month,
            ending=[
                _expiry(row, row.end, today) for row in ends if row.end and month_start(row.end) == month
            ],
        )
        for month in months
    ]


def _expiry(row: CommitmentView, end: date, today: date) -> ExpiryView:
    commitment = None if row.hourly is None else row.hourly * HOURS_PER_MONTH
    on_demand = None if row.on_demand is None else row.on_demand * HOURS_PER_MONTH / _hours(row)
    return ExpiryView(
        commitment_id=row.commitment_id,
        title=row.title,
        end=end,
        days_left=(end - today).days,
        monthly_commitment=commitment,
        monthly_on_demand=on_demand,
        monthly_more=None if commitment is None or on_demand is None else on_demand - commitment,
    )


def _hours(row: CommitmentView) -> Decimal:
    """Return of how many hours the use is: a commitment that is younger than the look-back has fewer."""
    return row.committed / row.hourly if row.committed and row.hourly else Decimal(USE_DAYS * 24)


def _sentence(
    rows: Sequence[CommitmentView], kinds: Sequence[KindView], gaps: Sequence[Gap], today: date, currency: str
) -> str:
    unread = any(gap.kind != ASKED_LATER and not gap.source.startswith(COMMITMENT_FAMILY) for gap in gaps)
    if not rows:
        if unread or any(one.is_there for one in kinds):
            return (
                "Whether there are Savings Plans or reservations is not known: see below what was not read."
            )
        return "No account that was read has a Savings Plan or Reserved Instances: all use is paid on demand."
    priced = [row.hourly for row in rows if row.hourly is not None]
    hourly = f"{money(sum(priced, Decimal(0)), currency)} an hour"
    more = "At least " if unread or len(priced) < len(rows) else ""
    soon = sum(1 for row in rows if row.end and row.end <= today + 365 * _DAY)
    ends = f"{plural(soon, 'commitment ends', 'commitments end')} within twelve months."
    return " ".join(
        filter(None, [f"{more}{hourly} is committed.", _waste(kinds, currency), _nodes(rows), ends])
    )


def _nodes(rows: Iterable[CommitmentView]) -> str:
    is_there = any(row.kind == NODES for row in rows)
    return "How much of the reserved nodes is used is not asked for." if is_there else ""


def _waste(kinds: Sequence[KindView], currency: str) -> str:
    said = []
    for one in kinds:
        if one.recent and one.recent.utilization is not None:
            said.append(
                f"Of the {one.kind}{'s' if one.kind == PLAN else ''} {percent(one.recent.utilization * 100)} "
                f"was used in {plural(one.recent.days, 'day')}: {money(one.recent.unused, currency)} were "
                "paid for nothing."
            )
        elif one.is_there:
            said.append(f"How much of the {one.kind} is used is not known.")
    return " ".join(said)


def _months(seconds: int | None) -> int | None:
    return None if seconds is None else round(seconds / _MONTH)


def _day(instant: datetime | None) -> date | None:
    return None if instant is None else instant.date()
