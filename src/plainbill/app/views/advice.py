"""AWS's advice beside our findings, page by page: what we do not share, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from math import ceil

from plainbill.analyzer.comparison import Stance
from plainbill.analyzer.second_opinion import Opinion
from plainbill.app.finding_params import AdviceParams
from plainbill.app.views.advice_shapes import AdviceRowView, AdviceSourceView, AdviceView
from plainbill.app.views.gaps import NOTHING_READ, gap_view
from plainbill.app.views.judged import Judged
from plainbill.model.findings import Waste
from plainbill.model.resources.aws_advice import SPEAKERS
from plainbill.model.resources.recommendation import AwsRecommendation

_STANCES: Mapping[str, frozenset[Stance]] = {
    "not_shared": frozenset({Stance.ONLY_THEIRS, Stance.DISAGREE}),
    "agree": frozenset({Stance.AGREE}),
    "disagree": frozenset({Stance.DISAGREE}),
    "only_theirs": frozenset({Stance.ONLY_THEIRS}),
    "only_ours": frozenset({Stance.ONLY_OURS}),
    "all": frozenset(Stance),
}
"""The stances by the parameter that asks for them."""


def advice_view(judged: Judged | None, params: AdviceParams) -> AdviceView:
    """Return one page of the comparison; before anything was read it is empty, and says so."""
    said = None if judged is None else judged.second_opinions
    opinions = [] if said is None else said.opinions
    matching = [one for one in opinions if one.stance in _STANCES[params.stance]]
    pages = max(1, ceil(len(matching) / params.size))
    page = min(params.page, pages)
    shown = matching[(page - 1) * params.size : page * params.size]
    return AdviceView(
        taken_at=None if judged is None else judged.context.now,
        stance=params.stance,
        page=page,
        pages=pages,
        size=params.size,
        matching=len(matching),
        opinions=[] if judged is None else [_row(one, judged) for one in shown],
        counts={stance.value: sum(one.stance is stance for one in opinions) for stance in Stance},
        their_saving={
            stance.value: _sums(one for one in opinions if one.stance is stance) for stance in Stance
        },
        unasked=0 if said is None else len(said.unasked),
        sources=[] if judged is None else [_source(kind, judged) for kind in SPEAKERS],
        gaps=[NOTHING_READ] if said is None else [gap_view(gap) for gap in said.gaps],
    )


def _row(one: Opinion, judged: Judged) -> AdviceRowView:
    place = one.resource or one.advice
    ours, theirs = one.ours, one.their_saving
    is_waste = ours is not None and isinstance(ours.verdict, Waste)
    return AdviceRowView(
        stance=one.stance.value,
        because=one.because.value,
        why=one.why,
        sources=list(one.speakers),
        arn=one.arn,
        resource_id=_id_of(one),
        name=one.resource.name or None if one.resource else None,
        account_id=None if place is None else place.account_id,
        account_name=None if place is None else judged.names.get(place.account_id),
        region=None if place is None else place.region,
        action=None if one.advice is None else one.advice.action_type,
        their_saving=None if theirs is None else theirs.amount,
        their_currency=None if theirs is None else theirs.currency,
        our_title=None if ours is None else ours.title,
        our_action=ours.action.value if ours is not None and is_waste else None,
        our_saving=None if one.our_saving is None else one.our_saving.amount,
        our_currency=None if one.our_saving is None else one.our_saving.currency,
        finding_id=None if ours is None else ours.finding_id,
    )


def _id_of(one: Opinion) -> str | None:
    if one.resource is not None:
        return one.resource.resource_id
    return None if one.advice is None else one.advice.subject_id


def _sums(opinions: Iterable[Opinion]) -> Mapping[str, Decimal]:
    """Add what AWS estimates, by currency; of several on one thing the largest."""
    best: dict[tuple[str, str], Decimal] = {}
    for one in opinions:
        saving = one.their_saving
        if saving is not None and one.advice is not None:
            key = (saving.currency, one.arn or one.advice.arn)
            best[key] = max(best.get(key, Decimal(0)), saving.amount)
    sums: dict[str, Decimal] = {}
    for (currency, _), amount in best.items():
        sums[currency] = sums.get(currency, Decimal(0)) + amount
    return sums


def _source(kind: type[AwsRecommendation], judged: Judged) -> AdviceSourceView:
    inventory = judged.context.inventory
    found = inventory.resources.get(kind)
    accounts = {account for _, account, _ in judged.report.tallies}
    missed = [gap for gap in inventory.gaps if gap.source == kind.source]
    if found is None:
        state = "not asked"
    elif not missed:
        state = "read"
    else:
        state = "not read" if _nowhere(accounts, [gap.account_id for gap in missed], found) else "partly read"
    return AdviceSourceView(name=SPEAKERS[kind], state=state, recommendations=len(found or ()))


def _nowhere(accounts: set[str], missed: Sequence[str | None], found: Sequence[object]) -> bool:
    return not found and (None in missed or accounts <= set(missed))
