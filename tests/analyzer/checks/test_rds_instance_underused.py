"""Databases that are larger than needed: CPU says it could be smaller, memory decides."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from databases_factories import database, member
from factories import NOW, context, days_of, flat_days
from plainbill.analyzer.checks.rds_instance_underused import CPU, MEMORY, RdsInstanceUnderused
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Series
from plainbill.model.resources.rds import RdsInstance

GIB = 1024**3
LARGE = database(db_class="db.m5.xlarge")  # 4 vCPUs, 16 GiB
QUIET, ROOMY = flat_days(12.5), flat_days(11.0 * GIB)
SIZES = member(1, db_class="db.t3.large", cluster_id=None)  # 8 GiB; db.t3.medium has 4


def judge(one: RdsInstance, cpu: Series | None = QUIET, memory: Series | None = ROOMY) -> Verdict:
    measured = {CPU: cpu, MEMORY: memory}
    series = {(one.arn, metric): values for metric, values in measured.items() if values is not None}
    return RdsInstanceUnderused().evaluate(one, context(one, series=series))


@pytest.mark.parametrize(
    ("one", "cpu", "memory"),
    [
        pytest.param(LARGE, flat_days(40.0), ROOMY, id="CPU at the limit every day"),
        pytest.param(LARGE, days_of(*[5.0] * 40, 71.0, *[5.0] * 22), ROOMY, id="one minute of one day"),
        pytest.param(LARGE, QUIET, flat_days(9.5 * GIB), id="6.5 GiB used, 6.4 allowed of 8"),
        pytest.param(LARGE, QUIET, days_of(*[11.0 * GIB] * 50, GIB, *[11.0 * GIB] * 12), id="one low day"),
        pytest.param(database(db_class="db.m5.large"), QUIET, ROOMY, id="the smallest RDS sells"),
        pytest.param(database(db_class="db.t3.micro"), QUIET, flat_days(GIB / 2), id="EC2 has a t3.nano"),
        pytest.param(database(db_class="db.serverless"), QUIET, ROOMY, id="serverless"),
        pytest.param(database(db_class="db.m5.xlarge", status="stopped"), QUIET, ROOMY, id="stopped"),
    ],
)
def test_what_is_used_or_cannot_be_smaller_is_left_alone(
    one: RdsInstance, cpu: Series, memory: Series
) -> None:
    assert isinstance(judge(one, cpu, memory), Ok)


@pytest.mark.parametrize(
    ("one", "cpu"),
    [
        pytest.param(LARGE, None, id="CPU not read"),
        pytest.param(LARGE, flat_days(1.0, days=27), id="27 days stored"),
        pytest.param(LARGE, days_of(*[1.0] * 55, *[None] * 8), id="20 of 28 days"),
        pytest.param(
            database(db_class="db.m5.xlarge", created_at=NOW - timedelta(days=27)), QUIET, id="young"
        ),
        pytest.param(database(db_class="db.z9.large"), QUIET, id="a class nobody knows"),
    ],
)
def test_too_little_evidence_is_no_verdict(one: RdsInstance, cpu: Series | None) -> None:
    assert isinstance(judge(one, cpu), Unknown)


@pytest.mark.parametrize(
    "memory",
    [
        pytest.param(None, id="not read"),
        pytest.param(flat_days(None), id="no datapoint"),
        pytest.param(days_of(*[11.0 * GIB] * 43, *[None] * 20), id="8 of 28 days"),
        pytest.param(flat_days(20.0 * GIB), id="more free than there should be"),
    ],
)
def test_without_memory_it_is_a_hint_to_review(memory: Series | None) -> None:
    verdict = judge(LARGE, memory=memory)
    assert isinstance(verdict, Waste)
    assert verdict.confidence is Confidence.REVIEW
    assert "memory was not measured" in verdict.reason


def test_the_smaller_class_is_named_and_the_difference_is_the_saving() -> None:
    verdict = judge(SIZES, memory=flat_days(5.5 * GIB))
    assert isinstance(verdict, Waste)
    assert verdict.confidence is Confidence.MEDIUM
    assert verdict.monthly_saving is not None
    assert verdict.monthly_saving.amount == Decimal("59.86")  # 730 h x ($0.164 - $0.082)
    assert verdict.reason == (
        "CPU never passed 12.5 % in 28 days (allowed for a smaller class: 40 %), and at most 2.5 GiB of "
        "memory were in use: db.t3.medium would do instead of db.t3.large."
    )


def test_a_price_that_is_not_held_is_not_guessed() -> None:
    verdict = judge(LARGE)
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving is None


@pytest.mark.parametrize(
    "guarded", [database(db_class="db.m5.xlarge", replica_of="orders"), member(1, db_class="db.r5.xlarge")]
)
def test_one_that_may_have_to_take_over_is_only_to_be_reviewed(guarded: RdsInstance) -> None:
    verdict = judge(guarded, memory=flat_days(30.0 * GIB))
    assert isinstance(verdict, Waste)
    assert verdict.confidence is Confidence.REVIEW


def test_metrics_are_read_only_where_there_is_a_smaller_class() -> None:
    assert RdsInstanceUnderused().measures(LARGE)
    assert not RdsInstanceUnderused().measures(database(db_class="db.m5.large"))
    assert not RdsInstanceUnderused().measures(database(db_class="db.m5.xlarge", status="stopped"))
