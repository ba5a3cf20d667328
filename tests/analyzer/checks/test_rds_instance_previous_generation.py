"""Classes of a previous generation, and those that only look like one."""

from __future__ import annotations

import pytest

from databases_factories import database, member
from factories import context
from plainbill.analyzer.checks.rds_instance_previous_generation import RdsInstancePreviousGeneration
from plainbill.model.findings import Confidence, Ok, Verdict, Waste
from plainbill.model.resources.rds import RdsInstance


def judge(one: RdsInstance) -> Verdict:
    return RdsInstancePreviousGeneration().evaluate(one, context(one))


@pytest.mark.parametrize(
    "db_class", ["db.m5.large", "db.t3.micro", "db.r6g.large", "db.serverless", "db.t4g.micro"]
)
def test_current_classes_are_left_alone(db_class: str) -> None:
    assert isinstance(judge(database(db_class=db_class)), Ok)


def test_a_stopped_one_has_no_hours_to_save() -> None:
    assert isinstance(judge(database(db_class="db.m4.large", status="stopped")), Ok)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("db.t2.medium", "db.t3.medium"),
        ("db.m4.xlarge", "db.m5.xlarge"),
        ("db.m3.large", "db.m5.large"),
        ("db.r4.large", "db.r5.large"),
        ("db.r3.8xlarge", "db.r5.8xlarge"),
    ],
)
def test_the_successor_is_named(old: str, new: str) -> None:
    verdict = judge(database(db_class=old))
    assert isinstance(verdict, Waste)
    assert verdict.reason == f"{old} is of a previous generation; {new} takes its place."


@pytest.mark.parametrize("db_class", ["db.m1.small", "db.t1.micro", "db.r4.large"])
def test_without_both_prices_it_is_a_hint_and_no_saving(db_class: str) -> None:
    verdict = judge(member(db_class=db_class))
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving is None
    assert verdict.confidence is Confidence.REVIEW
