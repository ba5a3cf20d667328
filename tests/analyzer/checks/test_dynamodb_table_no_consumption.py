"""Tables nobody uses: billed for their data; an empty one on demand costs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

import pytest

from databases_factories import index, table
from factories import NOW, context, days_of, flat_days
from plainbill.analyzer.checks.dynamodb_table_no_consumption import DynamoDbTableNoConsumption
from plainbill.analyzer.dynamodb_use import PROVISIONED, READS, WRITES
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric, Series
from plainbill.model.resources import Resource
from plainbill.model.resources.dynamodb import DynamoDbIndex, DynamoDbTable

NOTHING = flat_days(None)
ON_DEMAND = table(is_on_demand=True, read_units=0, write_units=0)
OTHER = table(table_name="orders")
OTHERS_USE = {(OTHER.arn, READS): flat_days(12)}


def judge(
    one: DynamoDbTable,
    *others: Resource,
    series: Mapping[Metric, Series] | None = None,
    elsewhere: Mapping[tuple[str, Metric], Series] | None = None,
) -> Verdict:
    own = {READS: NOTHING, WRITES: NOTHING, **(series or {})}
    measured = {(one.arn, metric): values for metric, values in own.items()} | dict(
        OTHERS_USE if elsewhere is None else elsewhere
    )
    here = context(one, OTHER, *others, series=measured, asked=[DynamoDbTable, DynamoDbIndex])
    return DynamoDbTableNoConsumption().evaluate(one, here)


def test_an_empty_table_on_demand_costs_nothing() -> None:
    assert isinstance(judge(table(is_on_demand=True, read_units=0, write_units=0, size_bytes=0)), Ok)


@pytest.mark.parametrize("metric", [READS, WRITES])
def test_a_unit_two_months_ago_is_use(metric: Metric) -> None:
    assert isinstance(judge(ON_DEMAND, series={metric: days_of(*[None] * 3, 1.0, *[None] * 59)}), Ok)


def test_silence_of_every_table_is_no_zero() -> None:
    assert isinstance(judge(ON_DEMAND, elsewhere={}), Unknown)


def test_a_young_table_and_too_few_days_are_unknown() -> None:
    assert isinstance(judge(table(created_at=NOW - timedelta(days=59))), Unknown)
    assert isinstance(judge(ON_DEMAND, series={READS: flat_days(None, days=59)}), Unknown)


def test_stored_data_is_the_saving() -> None:
    verdict = judge(ON_DEMAND)
    assert isinstance(verdict, Waste)
    assert verdict.confidence is Confidence.MEDIUM
    assert verdict.monthly_saving is not None
    assert verdict.monthly_saving.amount == Decimal("2.50")  # 10 GiB x $0.25
    assert verdict.reason == "0 units were consumed in 60 days, by the table; 10.0 GiB are stored."


def test_provisioned_capacity_and_the_copies_in_indexes_end_too() -> None:
    quiet = OTHERS_USE | {(index().arn, READS): NOTHING}
    verdict = judge(
        table(indexes=("by-day",)), index(), series={PROVISIONED: flat_days(100)}, elsewhere=quiet
    )
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving is not None
    # 11 GiB x $0.25 + 730 h x (120 x $0.00013 + 60 x $0.00065)
    assert verdict.monthly_saving.amount == Decimal("42.608")
    assert verdict.parts[index().arn].amount == Decimal("6.893")


def test_a_size_that_aws_does_not_tell_is_not_zero() -> None:
    verdict = judge(table(is_on_demand=True, size_bytes=None))
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving is None
    assert "an unknown amount is stored" in verdict.reason


def test_protection_and_replicas_speak_for_it() -> None:
    verdict = judge(table(is_protected=True, replica_regions=("eu-west-1",)))
    assert isinstance(verdict, Waste)
    assert verdict.confidence is Confidence.REVIEW
    assert any("protected" in doubt for doubt in verdict.doubts)


def test_metrics_are_read_only_where_the_table_costs_something() -> None:
    assert DynamoDbTableNoConsumption().measures(ON_DEMAND)
    assert not DynamoDbTableNoConsumption().measures(table(is_on_demand=True, size_bytes=0))
