"""What is asked only of accounts that are billed for it: all of them where the bill is not known."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.company import DAY, PRODUCTION, RESEARCH, collected
from factories import NOW, TODAY, cost_record
from pipeline.desk import Desk
from plainbill.analyzer.registry import all_checks
from plainbill.data_fetcher.cost_explorer import CostReading
from plainbill.model.cost import CostTable
from plainbill.model.period import Period
from plainbill.model.resources.reserved_nodes import RESERVED_NODES, ReservedDatabase
from plainbill.pipeline.on_the_bill import accounts_by_service
from plainbill.storage import SnapshotStore

RDS = "Amazon Relational Database Service"
OPERATION = "DescribeReservedDBInstances"


def reading(*days_ago: int, account: str = PRODUCTION) -> CostReading:
    records = tuple(cost_record(TODAY - days * DAY, RDS, "1", account) for days in days_ago)
    period = Period.of_days(TODAY - 60 * DAY, TODAY + DAY)
    return CostReading(period=period, records=records, account_names={}, missing_days=frozenset())


def test_without_a_bill_of_these_weeks_nothing_is_left_out(tmp_path: Path) -> None:
    assert accounts_by_service({}, None, TODAY) is None
    old = SnapshotStore(tmp_path).write(collected())
    assert accounts_by_service({}, old, TODAY + timedelta(days=90)) is None


def test_costs_of_long_ago_are_no_use_of_today() -> None:
    found = accounts_by_service({CostTable.SERVICE: reading(50)}, None, TODAY)
    assert found is not None
    assert RDS not in found


def test_the_fee_of_a_month_counts_whichever_refresh_read_it(tmp_path: Path) -> None:
    fresh = accounts_by_service({CostTable.SERVICE: reading(34, account=RESEARCH)}, None, TODAY)
    assert fresh == {RDS: frozenset({RESEARCH})}
    last = SnapshotStore(tmp_path).write(collected())
    both = accounts_by_service({CostTable.SERVICE: reading(1, account=RESEARCH)}, last, TODAY)
    assert both is not None
    assert both[RDS] == frozenset({RESEARCH})
    assert len(both) > 1


@pytest.mark.parametrize("is_billed", [True, False])
def test_a_refresh_asks_where_the_bill_has_the_service_and_reads_what_is_reserved(
    desk: Desk, is_billed: bool
) -> None:
    desk.ask_no_details()
    if not is_billed:
        desk.answer_a_dollar_a_day(PRODUCTION)
    run = desk.refresh(NOW, all_checks()[:1])
    assert (desk.proxy.count(OPERATION) > 0) is is_billed
    assert not [gap for gap in run.gaps if gap.source == ReservedDatabase.source]
    found = [one for kind in RESERVED_NODES for one in desk.snapshot.resources(kind) or ()]
    assert {one.service for one in found} == (
        {"RDS", "ElastiCache", "OpenSearch", "Redshift"} if is_billed else set()
    )


def test_a_refused_one_is_a_gap_with_its_permission(desk: Desk) -> None:
    desk.ask_no_details()
    desk.proxy.refuse(OPERATION, "AccessDenied", status=403)
    run = desk.refresh(NOW, all_checks()[:1])
    (one, *_) = [gap for gap in run.gaps if gap.source == ReservedDatabase.source]
    assert (one.kind, one.action) == ("AccessDenied", "rds:DescribeReservedDBInstances")
