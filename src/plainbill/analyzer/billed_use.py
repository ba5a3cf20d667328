"""Proof from the bill alone: the hours of a kind of thing were billed, and no use of any."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from plainbill.analyzer.waste_check import Context
from plainbill.model.billing import UsageRecord, UsageSpan
from plainbill.model.findings import Confidence, Measurement, Unknown, Waste
from plainbill.model.metrics import Metric
from plainbill.model.money import Money
from plainbill.model.period import Period, midnight
from plainbill.model.resources import Resource
from plainbill.prices.billing_regions import region_and_name

MOST_DAYS_OLD = 4
"""Days between the end of the bill's period and the reading, above which the bill says nothing of today."""
_NEARLY_ALL = Decimal("0.98")
"""The share of a resource's hours that must have reached the bill: then its use has had the time to, too."""


@dataclass(frozen=True, slots=True)
class Metered:
    """A kind of thing that is billed by the hour and by use; usage types are without the Region's code.

    ``hours`` is the usage type of its hours, ``use`` that of its use, None where the name is another
    product's as well. ``any_use`` matches both and whatever might be use under another name: it can only
    acquit. ``things`` are what they are called in a sentence.
    """

    hours: str
    use: str | None
    any_use: str
    things: str


NAT_GATEWAYS = Metered("NatGateway-Hours", "NatGateway-Bytes", r"NatGateway-(?!Hours$).*", "NAT gateways")
INTERFACE_ENDPOINTS = Metered(
    "VpcEndpoint-Hours", "VpcEndpoint-Bytes", r"VpcEndpoint-.*Bytes", "interface endpoints"
)
GATEWAY_LB_ENDPOINTS = Metered(
    "VpcEndpoint-GWLBE-Hours",
    "VpcEndpoint-GWLBE-Bytes",
    r"VpcEndpoint-.*Bytes",
    "Gateway Load Balancer endpoints",
)
LOAD_BALANCERS = Metered("LoadBalancerUsage", "LCUUsage", r".*LCU.*", "load balancers")
CLASSIC_LOAD_BALANCERS = Metered("LoadBalancerUsage", None, r"DataProcessing-Bytes", "load balancers")
"""CloudWatch Logs bills its bytes under the same name: with logs, nothing is proven."""
_RECORDS_PUT = r"PutRequestPayloadUnits|.*Incoming.*"
SHARDS = Metered("Storage-ShardHour", "PutRequestPayloadUnits", _RECORDS_PUT, "shards")
STREAMS = Metered("OnDemand-StreamHour", "OnDemand-BilledIncomingBytes", _RECORDS_PUT, "streams on demand")
"""The rule is Flexera's of NAT gateways (hours and no bytes in 30 days), for what is billed the same way."""


@dataclass(frozen=True, slots=True)
class BilledHours:
    """What the bill has of a kind of thing in one account and Region, in all of ``period``."""

    metered: Metered
    period: Period
    usage_types: tuple[str, ...]
    hours: Decimal
    cost: Money
    used: Decimal
    """Of the kind itself."""
    anything_used: Decimal

    @property
    def dates(self) -> str:
        """The period as people say it: from the first to the last day."""
        return f"{self.period.first_day} to {self.period.end_day - timedelta(days=1)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HourlyThing:
    """One resource that is billed by the hour and by use.

    ``since`` is when it was made, ``metrics`` are those of its use, ``count`` is how many hours of its kind
    it is billed each hour (zones, shards), ``days`` is how long a check looks back.
    """

    resource: Resource
    metered: Metered
    since: datetime | None
    days: int
    metrics: tuple[Metric, ...]
    count: int = 1


def with_the_bill(
    waste: Waste, missing: str | None, thing: HourlyThing, context: Context, facts: int = 0
) -> Waste | Unknown:
    """Return a verdict that rests on CloudWatch, after a look at the bill.

    ``missing`` is why CloudWatch does not decide, None where it does. Where it does not, the bill alone may
    prove the waste; the last ``facts`` pieces of evidence, which need no measuring, then stay. Where it
    does, the bill may contradict.
    """
    if missing is None:
        return _weighed(waste, thing, context)
    proof = unused_on_the_bill(thing, context)
    return Unknown(missing) if proof is None else _by_the_bill(waste, proof, facts)


def unused_on_the_bill(thing: HourlyThing, context: Context) -> BilledHours | None:
    """Return the bill's proof that nothing of a kind was used where a resource is; None where there is none.

    There is no proof where the bill was not read, is old, or is of fewer days than are looked back on; of a
    resource that was not there all the time; where fewer hours were billed than its own; where any use of
    the kind was billed in the account and Region; nor where CloudWatch measured use of this one, however
    little of it was read.
    """
    billed = _billed(thing, context)
    if billed is None or billed.anything_used or not thing.count or not _was_there(thing, billed):
        return None
    if billed.period.days < thing.days or billed.hours < _NEARLY_ALL * thing.count * billed.period.hours:
        return None
    return None if any(_was_seen(thing.resource, metric, context) for metric in thing.metrics) else billed


def _by_the_bill(waste: Waste, proof: BilledHours, facts: int) -> Waste:
    """Return a verdict with the bill as its evidence."""
    return replace(
        waste,
        reason=f"The bill of {proof.dates} has {proof.hours:,.0f} hours of {proof.metered.things} in this "
        "account and Region, and no use of any.",
        evidence=(
            Measurement(f"billed {', '.join(proof.usage_types)}", float(proof.hours), "hours"),
            Measurement("billed for them", f"{proof.cost.amount:,.2f} {proof.cost.currency}"),
            Measurement("billed use of any", 0, threshold=0),
            Measurement("days of the bill", proof.dates),
            *(waste.evidence[-facts:] if facts else ()),
        ),
        doubts=(*waste.doubts, "What happened after the bill's last day is not in it."),
    )


def _weighed(waste: Waste, thing: HourlyThing, context: Context) -> Waste | Unknown:
    """Return a verdict that CloudWatch proves, unless the bill contradicts.

    It does where it has use of the kind, and hours of this one resource only. What is billed was there; so
    within the look-back nothing is said, and where the bill goes further back than that, it is a doubt.
    """
    billed = _billed(thing, context)
    others = context.inventory.beside(thing.resource, type(thing.resource))
    if billed is None or billed.used <= 0 or others is None or len(others) != 1:
        return waste
    own = thing.count * billed.period.hours
    if not _was_there(thing, billed) or not _NEARLY_ALL * own <= billed.hours <= own:
        return waste
    says = f"the bill of {billed.dates} has use of {thing.metered.things}, and this is the only one here"
    if context.now - timedelta(days=thing.days) <= billed.period.start:
        return Unknown(f"CloudWatch measured nothing, but {says}")
    return replace(
        waste,
        confidence=Confidence.REVIEW,
        doubts=(*waste.doubts, f"{says[0].upper()}{says[1:]}: before the look-back, or not measured."),
    )


def _was_there(thing: HourlyThing, billed: BilledHours) -> bool:
    return thing.since is not None and thing.since < billed.period.start


def _billed(thing: HourlyThing, context: Context) -> BilledHours | None:
    """Return what the bill has of a kind around a resource; None where it was not read, or long ago."""
    span = context.billed.by_account if context.billed else None
    if span is None or context.now - midnight(span.period.end_day) > timedelta(days=MOST_DAYS_OLD):
        return None
    resource, metered = thing.resource, thing.metered
    place = (resource.account_id, resource.region)
    here = context.once(("billed usage by place",), lambda: _by_place(span)).get(place, ())
    hours = [record for name, record in here if name == metered.hours]
    return BilledHours(
        metered=metered,
        period=span.period,
        usage_types=tuple(sorted({record.usage_type for record in hours})),
        hours=sum((record.quantity for record in hours), Decimal(0)),
        cost=Money(sum((record.cost for record in hours), Decimal(0)), span.currency),
        used=sum((record.quantity for name, record in here if name == metered.use), Decimal(0)),
        anything_used=sum(
            (abs(record.quantity) for name, record in here if re.fullmatch(metered.any_use, name)),
            Decimal(0),
        ),
    )


def _was_seen(resource: Resource, metric: Metric, context: Context) -> bool:
    """Say whether CloudWatch measured anything above zero in whatever was read of a metric."""
    series = context.series.get((resource.arn, metric.key))
    return series is not None and any(value > 0 for value in series.known)


def _by_place(span: UsageSpan) -> dict[tuple[str, str | None], list[tuple[str, UsageRecord]]]:
    places: dict[tuple[str, str | None], list[tuple[str, UsageRecord]]] = {}
    for record in span.records:
        region, name = region_and_name(record.usage_type)
        places.setdefault((record.key, region), []).append((name, record))
    return places
