"""What our meter counted, held against what AWS billed for the same kind of requests in the same days.

Usage types: CloudWatch's user guide ("billing and costs": ``CW:GMD-Metrics``, ``CW:Requests``), AWS's price
list (``USE1-APIRequest``) and S3's user guide ("usage types": ``Requests-Tier1`` and ``Requests-Tier2``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from plainbill.model.billing import UsageRecord, UsageSpan
from plainbill.model.period import Period
from plainbill.model.run import OperationCost
from plainbill.model.spending import METRIC_ASKED
from plainbill.prices.billing_regions import region_and_name

_METRICS = "CW:GMD-Metrics"  # what is billed is metrics, and the meter has dollars


class Verdict(StrEnum):
    """What the difference of meter and bill means."""

    UNKNOWN = "unknown"  # the bill has no line of it
    EQUAL = "equal"  # within the two readings of the price list
    OTHERS = "others"  # AWS billed more: others ask too
    LESS = "less"  # AWS billed less than we counted


@dataclass(frozen=True, slots=True)
class Kind:
    """Requests that are billed as one usage type; ``covers`` says whether an operation is among them."""

    name: str
    usage_type: str
    covers: Callable[[OperationCost], bool]


def _is_list(one: OperationCost) -> bool:
    return one.operation.startswith("List")


def _is_metrics(one: OperationCost) -> bool:
    return one.operation == "GetMetricData"


KINDS = (
    Kind("Cost Explorer requests", "APIRequest", lambda one: one.service == "ce"),
    Kind("metrics of GetMetricData", _METRICS, lambda one: one.service == "cloudwatch" and _is_metrics(one)),
    Kind(
        "other CloudWatch requests",
        "CW:Requests",
        lambda one: one.service == "cloudwatch" and not _is_metrics(one),
    ),
    Kind("S3 requests of tier 1", "Requests-Tier1", lambda one: one.service == "s3" and _is_list(one)),
    Kind("S3 requests of tier 2", "Requests-Tier2", lambda one: one.service == "s3" and not _is_list(one)),
)
"""All that Plainbill asks for money."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metered:
    """One kind of requests in some closed days: ours by two readings of the price list, AWS's by its bill.

    ``billed`` is of the whole organization, in the usage type's own unit, and so is ``counted``; both None
    where the bill has no such line.
    """

    kind: Kind
    days: Period
    calls: int
    counted: tuple[Decimal, Decimal]
    cost: tuple[Decimal, Decimal]
    billed: Decimal | None
    billed_cost: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """What AWS billed beyond what we counted, below zero where it billed less; None where unknown."""
        if self.billed is None:
            return None
        low, high = self.counted
        return self.billed - min(max(self.billed, low), high)

    @property
    def verdict(self) -> Verdict:
        """What the difference means."""
        if (difference := self.difference) is None:
            return Verdict.UNKNOWN
        return Verdict.EQUAL if not difference else Verdict.OTHERS if difference > 0 else Verdict.LESS


def metered(
    span: UsageSpan | None, counted: Callable[[Period], Sequence[OperationCost]]
) -> Iterator[Metered]:
    """Yield each kind for each run of days that the bill has, newest first; what neither has is left out.

    ``counted`` says what our runs asked in some days. All of the days are over: the bill ends before the day
    it was read on.
    """
    by_days: dict[Period, list[UsageRecord]] = {}
    for record in span.records if span else ():
        by_days.setdefault(Period.of_days(record.start, record.end), []).append(record)
    for days, records in sorted(by_days.items(), key=lambda item: item[0], reverse=True):
        ours = counted(days)
        for kind in KINDS:
            one = _metered(kind, days, records, [each for each in ours if kind.covers(each)])
            if one.calls:
                yield one


def _metered(
    kind: Kind, days: Period, records: Sequence[UsageRecord], ours: Sequence[OperationCost]
) -> Metered:
    lines = [one for one in records if region_and_name(one.usage_type)[1] == kind.usage_type]
    cost = sum((one.low for one in ours), Decimal(0)), sum((one.high for one in ours), Decimal(0))
    calls = sum(one.calls for one in ours)
    is_by_metric = kind.usage_type == _METRICS
    return Metered(
        kind=kind,
        days=days,
        calls=calls,
        counted=(cost[0] / METRIC_ASKED, cost[1] / METRIC_ASKED)
        if is_by_metric
        else (Decimal(calls), Decimal(calls)),
        cost=cost,
        billed=sum((one.quantity for one in lines), Decimal(0)) if lines else None,
        billed_cost=sum((one.cost for one in lines), Decimal(0)) if lines else None,
    )
