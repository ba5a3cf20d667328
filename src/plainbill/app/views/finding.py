"""One finding with all that proves it: facts, measurements, money, alternatives, and what would end it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from plainbill.analyzer.engine import Finding
from plainbill.analyzer.remedies import remedy_of
from plainbill.analyzer.second_opinion import Opinion
from plainbill.app.views.charts import charts_of
from plainbill.app.views.checks import check_view
from plainbill.app.views.finding_shapes import (
    EventView,
    FactView,
    FindingView,
    PartView,
    PriceView,
    RealisableView,
    RemedyView,
    SecondOpinionView,
)
from plainbill.app.views.findings import finding_row, remembered_row
from plainbill.app.views.judged import Judged
from plainbill.app.views.standing import Standing
from plainbill.model.lifecycle import FindingRecord
from plainbill.model.period import minute
from plainbill.model.resources import Resource
from plainbill.prices import Rate
from plainbill.prices.items import Item
from plainbill.prices.ladder import told
from plainbill.storage.state import FindingEvent

_SHOWN_ELSEWHERE = frozenset({"account_id", "region", "tags"})
_WRITTEN = {
    **{word: word.upper() for word in ("ami", "arn", "cpu", "dns", "ebs", "id", "iops", "ip", "kms", "vpc")},
    "ids": "IDs",
    "ips": "IPs",
    "vcpu": "vCPU",
}
_UNITS = {"gib": "GiB", "mib": "MiB", "bytes": "bytes", "days": "days", "hours": "hours", "percent": "%"}


def finding_view(standing: Standing, finding_id: str, events: Iterable[FindingEvent]) -> FindingView | None:
    """Return a finding by its id; None where neither this reading nor the record has it."""
    judged, record = standing.judged, standing.records.get(finding_id)
    if judged is None:
        return None
    finding, history = judged.by_id.get(finding_id), [_event(one) for one in events]
    if finding is not None:
        return _found(finding, judged, standing, history)
    return None if record is None else _remembered(record, judged, standing, history)


def _found(finding: Finding, judged: Judged, standing: Standing, history: Sequence[EventView]) -> FindingView:
    waste, remedy = finding.waste, remedy_of(finding.resource, finding.action)
    known = waste.monthly_cost is not None and waste.monthly_saving is not None
    return FindingView(
        taken_at=judged.context.now,
        is_found=True,
        finding=finding_row(finding, judged, standing),
        check=replace(check_view(finding.check), precision=standing.precision.get(finding.check.id)),
        facts=list(facts_of(finding.resource)),
        tags=dict(finding.resource.tags),
        charts=charts_of(finding, judged.context),
        parts=list(_parts(finding, standing)),
        remaining=(waste.monthly_cost - waste.monthly_saving).amount if known else None,  # type: ignore[operator]  # both are known
        alternatives=[finding_row(other, judged, standing) for other in _alternatives(finding, judged)],
        remedy=None
        if remedy is None
        else RemedyView(commands=remedy.commands, undo=remedy.undo, notes=remedy.notes),
        price_source=told(rate for _, _, rate in finding.rates),
        prices=[_price(*one) for one in finding.rates],
        history=history,
        realisable=_realisable(finding, standing),
        second_opinions=[_opinion(one) for one in judged.opinions.get(finding.resource.arn, ())],
    )


def _realisable(finding: Finding, standing: Standing) -> RealisableView | None:
    judged = standing.judged
    if judged is None:
        return None
    found = judged.realisable.findings[finding.finding_id]
    return RealisableView(
        monthly_saving=None if found.realisable is None else found.realisable.amount,
        reason=found.reason,
        is_lower_bound=found.is_lower_bound,
    )


def _price(region: str, item: Item, rate: Rate) -> PriceView:
    return PriceView(
        item=f"{item.service} {item.name}",
        region=region,
        price=rate.price.amount,
        currency=rate.price.currency,
        unit=item.unit.value,
        as_of=rate.as_of,
        origin=rate.origin.value,
        source=rate.source,
    )


def _opinion(one: Opinion) -> SecondOpinionView:
    return SecondOpinionView(
        stance=one.stance.value,
        why=one.why,
        action=None if one.advice is None or one.advice.action is None else one.advice.action.value,
        monthly_saving=None if one.their_saving is None else one.their_saving.amount,
        sources=list(one.speakers),
    )


def _remembered(
    record: FindingRecord, judged: Judged, standing: Standing, history: Sequence[EventView]
) -> FindingView:
    """Return what is left of a finding that this reading did not find."""
    check = next((check_view(check) for check in judged.checks if check.id == record.check_id), None)
    precision = standing.precision.get(record.check_id)
    return FindingView(
        taken_at=judged.context.now,
        is_found=False,
        finding=remembered_row(record, judged),
        check=None if check is None else replace(check, precision=precision),
        facts=[],
        tags={},
        charts=[],
        parts=[],
        remaining=None,
        alternatives=[],
        remedy=None,
        price_source=told(()),
        prices=[],
        history=history,
        realisable=None,
        second_opinions=[],
    )


def _event(event: FindingEvent) -> EventView:
    return EventView(at=event.at, state=event.state.value, until=event.until, note=event.note, who=event.who)


def facts_of(resource: Resource) -> Iterator[FactView]:
    """Yield what AWS says of a resource, field by field, in words."""
    for one in fields(resource):
        if one.name not in _SHOWN_ELSEWHERE:
            value, (label, unit) = getattr(resource, one.name), _label(one.name)
            yield FactView(label=label, value=None if value is None else _said(value, unit))


def _label(name: str) -> tuple[str, str]:
    """``size_gib`` becomes ``Size`` in ``GiB``."""
    words, _, last = name.rpartition("_")
    unit = _UNITS.get(last, "") if words else ""
    text = (words if unit else name).removeprefix("is_")
    said = " ".join(_WRITTEN.get(word, word) for word in text.split("_"))
    return said[:1].upper() + said[1:], unit


def _said(value: Any, unit: str) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return minute(value)
        case int() | float():
            return f"{value:,g} {unit}".strip() if isinstance(value, float) else f"{value:,} {unit}".strip()
        case Mapping():
            return ", ".join(f"{key}: {one}" for key, one in value.items()) or "none"
        case tuple() | list():
            return ", ".join(map(str, value)) or "none"
        case _:
            return f"{value} {unit}".strip()


def _parts(finding: Finding, standing: Standing) -> Iterator[PartView]:
    winners = {} if standing.listed is None else standing.listed.counted_in
    for arn, part in sorted(finding.parts.items()):
        winner = winners.get(arn)
        yield PartView(
            arn=arn,
            monthly_saving=part.amount,
            counted_in=None if winner is None else winner.finding_id,
            counted_title=None if winner is None else winner.check.title,
        )


def _alternatives(finding: Finding, judged: Judged) -> list[Finding]:
    """Return the other findings that are about a same thing, the largest saving first."""
    found = {
        other.finding_id: other
        for arn in (finding.resource.arn, *finding.parts)
        for other in judged.touching.get(arn, ())
        if other.finding_id != finding.finding_id
    }
    return [other for other in judged.report.findings if other.finding_id in found]
