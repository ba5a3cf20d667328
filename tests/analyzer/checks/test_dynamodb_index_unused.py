"""Indexes nobody reads, told apart from those of which nothing is known."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from databases_factories import index, table
from factories import NOW, context, days_of, flat_days, gap
from plainbill.analyzer.checks.dynamodb_index_unused import DynamoDbIndexUnused
from plainbill.analyzer.dynamodb_use import READS
from plainbill.model.findings import Ok, Unknown, Verdict, Waste
from plainbill.model.inventory import Gap
from plainbill.model.metrics import Series
from plainbill.model.resources.dynamodb import DynamoDbIndex, DynamoDbTable

NOTHING, BUSY = flat_days(None), flat_days(40)
TABLE = table(indexes=("by-day",))


def judge(
    one: DynamoDbIndex,
    reads: Series | None = NOTHING,
    of_table: Series = BUSY,
    gaps: tuple[Gap, ...] = (),
) -> Verdict:
    series = {(TABLE.arn, READS): of_table} | ({} if reads is None else {(one.arn, READS): reads})
    here = context(one, TABLE, series=series, gaps=gaps, asked=[DynamoDbTable])
    return DynamoDbIndexUnused().evaluate(one, here)


@pytest.mark.parametrize("reads", [flat_days(3), days_of(*[None] * 4, 0.5, *[None] * 58)])
def test_one_read_in_two_months_is_use(reads: Series) -> None:
    assert isinstance(judge(index(), reads), Ok)


def test_too_little_is_known_to_say_anything() -> None:
    assert isinstance(judge(index(), None), Unknown)
    assert isinstance(judge(index(), flat_days(None, days=59)), Unknown)
    assert isinstance(judge(index(), of_table=NOTHING), Unknown)
    assert isinstance(judge(index(status="CREATING")), Unknown)
    assert isinstance(judge(index(table_created_at=NOW - timedelta(days=59))), Unknown)
    assert isinstance(judge(index(), gaps=(gap(source="dynamodb_tables"),)), Unknown)
    assert isinstance(judge(index(table_name="gone")), Unknown)


def test_its_capacity_is_the_saving() -> None:
    verdict = judge(index())
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving is not None
    assert verdict.monthly_saving.amount == Decimal("6.643")  # 730 h x (20 x $0.00013 + 10 x $0.00065)
    assert verdict.reason == "0 read units were consumed of it in 60 days."


def test_what_it_costs_on_demand_is_not_known() -> None:
    verdict = judge(index(is_on_demand=True, read_units=0, write_units=0))
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving is None
