"""Provisioned capacity without use: silence is zero only where others prove that it would be broken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

import pytest

from databases_factories import index, table
from factories import NOW, context, days_of, flat_days, gap
from plainbill.analyzer.checks.dynamodb_table_provisioned_unused import DynamoDbTableProvisionedUnused
from plainbill.analyzer.dynamodb_use import PROVISIONED, READS, WRITES
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.inventory import Gap
from plainbill.model.metrics import Metric, Series
from plainbill.model.resources import Resource
from plainbill.model.resources.dynamodb import DynamoDbIndex, DynamoDbTable

NOTHING = flat_days(None)
UNUSED = {READS: NOTHING, WRITES: NOTHING, PROVISIONED: flat_days(100)}
INDEXED = table(indexes=("by-day",))
OTHER = table(table_name="orders")


def judge(
    one: DynamoDbTable,
    *others: Resource,
    series: Mapping[Metric, Series | None] | None = None,
    elsewhere: Mapping[tuple[str, Metric], Series] | None = None,
    gaps: tuple[Gap, ...] = (),
) -> Verdict:
    own = {metric: values for metric, values in {**UNUSED, **(series or {})}.items() if values is not None}
    measured = {(one.arn, metric): values for metric, values in own.items()} | dict(elsewhere or {})
    here = context(one, *others, series=measured, gaps=gaps, asked=[DynamoDbTable, DynamoDbIndex])
    return DynamoDbTableProvisionedUnused().evaluate(one, here)


@pytest.mark.parametrize(
    "left_alone",
    [
        pytest.param(table(is_on_demand=True, read_units=0, write_units=0), id="billed by request"),
        pytest.param(table(read_units=0, write_units=0), id="without capacity"),
    ],
)
def test_what_has_no_capacity_of_its_own_is_left_alone(left_alone: DynamoDbTable) -> None:
    assert isinstance(judge(left_alone), Ok)


@pytest.mark.parametrize("metric", [READS, WRITES])
def test_half_a_unit_on_one_day_is_use(metric: Metric) -> None:
    once = days_of(*[None] * 50, 0.5, *[None] * 12)
    assert isinstance(judge(table(), series={metric: once}), Ok)


def test_an_index_that_is_read_is_use_of_its_table() -> None:
    assert isinstance(judge(INDEXED, index(), elsewhere={(index().arn, READS): flat_days(7)}), Ok)


@pytest.mark.parametrize("metric", [READS, WRITES])
def test_consumption_that_was_not_read_is_not_zero(metric: Metric) -> None:
    assert isinstance(judge(table(), series={metric: None}), Unknown)
    assert isinstance(judge(table(), series={metric: flat_days(None, days=13)}), Unknown)


def test_an_index_that_was_not_read_leaves_its_table_undecided() -> None:
    assert isinstance(judge(INDEXED, index()), Unknown)
    assert isinstance(judge(INDEXED), Unknown)
    quiet = {(index().arn, READS): NOTHING}
    denied = gap(source="dynamodb_indexes")
    assert isinstance(judge(INDEXED, index(), elsewhere=quiet, gaps=(denied,)), Unknown)


def test_silence_is_no_zero_where_nothing_shows_that_anything_is_published() -> None:
    assert isinstance(judge(table(), series={PROVISIONED: NOTHING}), Unknown)
    assert isinstance(judge(table(), OTHER, series={PROVISIONED: None}), Unknown)


def test_silence_is_zero_where_another_table_or_an_older_day_has_spoken() -> None:
    busy = {(OTHER.arn, READS): flat_days(12)}
    assert isinstance(judge(table(), OTHER, series={PROVISIONED: None}, elsewhere=busy), Waste)
    long_ago = days_of(5, *[None] * 62)
    assert isinstance(judge(table(), series={PROVISIONED: None, WRITES: long_ago}), Waste)


def test_a_young_table_is_unknown() -> None:
    assert isinstance(judge(table(created_at=NOW - timedelta(days=13))), Unknown)


def test_the_capacity_of_table_and_indexes_is_the_saving() -> None:
    verdict = judge(INDEXED, index(), elsewhere={(index().arn, READS): NOTHING})
    assert isinstance(verdict, Waste)
    assert verdict.confidence is Confidence.HIGH
    assert verdict.monthly_saving is not None
    # 730 h x (120 x $0.00013 + 60 x $0.00065)
    assert verdict.monthly_saving.amount == Decimal("39.858")
    assert {arn: part.amount for arn, part in verdict.parts.items()} == {
        INDEXED.arn: Decimal("33.215"),  # 730 h x (100 x $0.00013 + 50 x $0.00065)
        index().arn: Decimal("6.643"),  # so that a finding on the index is not counted again
    }
    assert verdict.reason == (
        "0 of 120 provisioned read and 60 write units were consumed in 14 days, by the table and its index."
    )


@pytest.mark.parametrize(
    "unpriced",
    [
        pytest.param(table(table_class="STANDARD_INFREQUENT_ACCESS"), id="another class"),
        pytest.param(table(replica_regions=("eu-west-1",)), id="replicated"),
        pytest.param(table(region="eu-west-1"), id="a Region without prices"),
    ],
)
def test_what_is_priced_otherwise_has_no_saving_here(unpriced: DynamoDbTable) -> None:
    verdict = judge(unpriced)
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving is None


def test_one_that_may_stand_by_is_less_sure() -> None:
    verdict = judge(table(replica_regions=("eu-west-1",)))
    assert isinstance(verdict, Waste)
    assert verdict.confidence is Confidence.MEDIUM


def test_metrics_are_read_only_where_capacity_is_provisioned() -> None:
    assert DynamoDbTableProvisionedUnused().measures(table())
    assert not DynamoDbTableProvisionedUnused().measures(table(is_on_demand=True))
