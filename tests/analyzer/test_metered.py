"""The meter beside the bill: what is ours, what is others', and what nobody can tell."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from billing_factories import BILL, FIRST_OF_MONTH, in_october, span, usage
from plainbill.analyzer.metered import Metered, metered
from plainbill.model.billing import UsageRecord
from plainbill.model.period import Period
from plainbill.model.run import OperationCost

NOVEMBER = Period.of_days(FIRST_OF_MONTH, BILL.end_day)
OCTOBER = Period.of_days(BILL.first_day, FIRST_OF_MONTH)


def asked(service: str, operation: str, calls: int, low: str, high: str | None = None) -> OperationCost:
    return OperationCost(
        service=service, operation=operation, calls=calls, low=Decimal(low), high=Decimal(high or low)
    )


COSTS = asked("ce", "GetCostAndUsage", 115, "1.15")


def compared(records: Sequence[UsageRecord], *ours: OperationCost) -> list[Metered]:
    return list(metered(span(*records), lambda days: ours if days == NOVEMBER else ()))


def test_what_was_not_asked_is_not_compared_and_an_unread_bill_tells_nothing() -> None:
    assert compared([usage("USE1-APIRequest", "GetCostAndUsage", "40", "0.40")]) == []
    assert list(metered(None, lambda _: (COSTS,))) == []


def test_a_bill_without_such_a_line_is_unknown_and_not_zero() -> None:
    (one,) = compared([usage("BoxUsage:t3.micro", "RunInstances", "9", "1")], COSTS)
    assert (one.billed, one.billed_cost, one.difference, one.verdict) == (None, None, None, "unknown")
    assert (one.calls, one.cost) == (115, (Decimal("1.15"), Decimal("1.15")))


@pytest.mark.parametrize(
    ("billed", "difference", "verdict"), [("115", 0, "equal"), ("140", 25, "others"), ("101", -14, "less")]
)
def test_more_is_others_and_less_is_told(billed: str, difference: int, verdict: str) -> None:
    (one,) = compared([usage("USE1-APIRequest", "GetCostAndUsage", billed, "1.15")], COSTS)
    assert (one.difference, one.verdict.value) == (Decimal(difference), verdict)


@pytest.mark.parametrize(
    ("billed", "difference"), [("300", 0), ("400", 0), ("350", 0), ("299", -1), ("401", 1)]
)
def test_metrics_have_two_readings_and_whatever_is_between_them_is_as_counted(
    billed: str, difference: int
) -> None:
    metrics = asked("cloudwatch", "GetMetricData", 4, "0.003", "0.004")
    (one,) = compared([usage("EUW1-CW:GMD-Metrics", "GetMetricData", billed, "0.004")], metrics)
    assert [*one.counted, one.difference] == [300, 400, difference]


def test_requests_are_summed_over_regions_and_operations_each_kind_by_itself() -> None:
    bill = [
        usage("CW:Requests", "ListMetrics", "30", "0"),
        usage("EUW1-CW:Requests", "GetMetricStatistics", "12", "0"),
        usage("Requests-Tier1", "ListAllMyBuckets", "3", "0.000015"),
        usage("Requests-Tier2", "ReadBucketLifecycle", "50", "0.00002"),
    ]
    ours = [
        asked("cloudwatch", "ListMetrics", 30, "0", "0.0003"),
        asked("cloudwatch", "GetMetricStatistics", 12, "0", "0.00012"),
        asked("s3", "ListBuckets", 3, "0.000015"),
        asked("s3", "GetBucketLifecycleConfiguration", 50, "0.00002"),
    ]
    found = {one.kind.usage_type: (one.calls, one.verdict) for one in compared(bill, *ours)}
    assert found == {
        "CW:Requests": (42, "equal"),
        "Requests-Tier1": (3, "equal"),
        "Requests-Tier2": (50, "equal"),
    }


def test_each_run_of_days_is_held_against_its_own_count_newest_first() -> None:
    line = usage("USE1-APIRequest", "GetCostAndUsage", "115", "1.15")
    both = span(line, in_october(line))
    found = list(metered(both, lambda _: (COSTS,)))
    assert [one.days for one in found] == [NOVEMBER, OCTOBER]
