"""Extended support: billed from a day that AWS names for each version, and dearer in the third year."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from databases_factories import database, member
from factories import NOW, context
from plainbill.analyzer.checks.rds_instance_extended_support import RdsInstanceExtendedSupport
from plainbill.model.findings import Ok, Unknown, Verdict, Waste
from plainbill.model.resources.rds import RdsInstance

DISABLED = "open-source-rds-extended-support-disabled"


def on(version: str, engine: str = "mysql") -> RdsInstance:
    return database(engine=engine, engine_version=version)


def judge(one: RdsInstance, now: datetime = NOW) -> Verdict:
    return RdsInstanceExtendedSupport().evaluate(one, context(one, now=now))


@pytest.mark.parametrize(
    "supported",
    [
        pytest.param(on("8.4.5"), id="MySQL 8.4"),
        pytest.param(on("17.6", "postgres"), id="PostgreSQL 17"),
        pytest.param(on("14.20", "postgres"), id="PostgreSQL 14, until February 2027"),
        pytest.param(on("8.0.mysql_aurora.3.10.0", "aurora-mysql"), id="Aurora MySQL 3, which is 8.0"),
        pytest.param(on("10.6.19", "mariadb"), id="MariaDB, for which there is none"),
        pytest.param(on("19.0.0.0", "oracle-se2"), id="Oracle"),
        pytest.param(database(engine_version="8.0.40", lifecycle_support=DISABLED), id="switched off"),
        pytest.param(database(engine_version="8.0.40", status="stopped"), id="stopped"),
    ],
)
def test_what_pays_no_surcharge_is_left_alone(supported: RdsInstance) -> None:
    assert isinstance(judge(supported), Ok)


@pytest.mark.parametrize(
    ("version", "engine"), [("5.6.51", "mysql"), ("9.6.24", "postgres"), ("42.1", "postgres")]
)
def test_a_version_that_is_not_in_the_table_is_unknown(version: str, engine: str) -> None:
    assert isinstance(judge(on(version, engine)), Unknown)


@pytest.mark.parametrize(
    ("day", "is_billed"),
    [("2026-07-31", False), ("2026-08-01", True)],
)
def test_it_begins_on_the_day_that_aws_names(day: str, is_billed: bool) -> None:
    noon = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)
    assert isinstance(judge(on("8.0.40"), noon), Waste) is is_billed


def test_a_month_that_was_not_charged_is_not_waste() -> None:
    assert isinstance(judge(on("11.22", "postgres"), datetime(2024, 3, 15, tzinfo=UTC)), Ok)


def test_the_surcharge_is_by_vcpu_and_hour() -> None:
    verdict = judge(on("8.0.40"))
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving is not None
    assert verdict.monthly_cost is not None
    assert verdict.monthly_saving.amount == Decimal("146.00")  # 2 vCPUs x 730 h x $0.10
    assert verdict.monthly_cost.amount == Decimal("270.83")  # and 730 h x $0.171
    assert verdict.reason == (
        "Standard support of mysql 8.0 ended on 2026-07-31; extended support is billed since 2026-08-01, "
        "now at the rate of the first two years."
    )


def test_the_standby_pays_too_and_members_of_a_cluster_pay_for_themselves() -> None:
    both = judge(database(engine_version="8.0.40", multi_az=True))
    alone = judge(
        member(engine="aurora-postgresql", engine_version="13.20", db_class="db.t3.large", multi_az=True)
    )
    assert isinstance(both, Waste)
    assert isinstance(alone, Waste)
    assert both.monthly_saving is not None
    assert alone.monthly_saving is not None
    assert both.monthly_saving.amount == Decimal("292.00")
    assert alone.monthly_saving.amount == Decimal("146.00")


@pytest.mark.parametrize(
    "unpriced",
    [
        pytest.param(on("5.7.44"), id="the third year of MySQL 5.7"),
        pytest.param(on("11.22", "postgres"), id="the third year of PostgreSQL 11"),
        pytest.param(database(engine_version="8.0.40", region="eu-west-1"), id="a Region without prices"),
        pytest.param(database(engine_version="8.0.40", db_class="db.z9.large"), id="vCPUs not known"),
        pytest.param(
            member(engine="aurora-postgresql", engine_version="13.20", db_class="db.serverless"),
            id="serverless",
        ),
    ],
)
def test_a_rate_that_is_not_held_is_not_guessed(unpriced: RdsInstance) -> None:
    verdict = judge(unpriced)
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving is None
