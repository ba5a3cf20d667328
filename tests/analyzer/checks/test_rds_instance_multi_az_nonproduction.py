"""A standby outside production: a tag is the only evidence, so it is never more than a hint."""

from __future__ import annotations

from decimal import Decimal

import pytest

from databases_factories import database, member
from factories import context
from plainbill.analyzer.checks.rds_instance_multi_az_nonproduction import RdsInstanceMultiAzNonproduction
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.rds import RdsInstance

DEV = {"environment": "dev"}


def judge(one: RdsInstance) -> Verdict:
    return RdsInstanceMultiAzNonproduction().evaluate(one, context(one))


@pytest.mark.parametrize(
    "left_alone",
    [
        pytest.param(database(tags=DEV), id="in one zone"),
        pytest.param(member(tags=DEV, multi_az=True), id="a member of a cluster"),
        pytest.param(database(tags=DEV, multi_az=True, status="stopped"), id="stopped"),
        pytest.param(database(tags={"environment": "production"}, multi_az=True), id="production"),
        pytest.param(database(tags={"env": "dev-critical"}, multi_az=True), id="a word that is not known"),
        pytest.param(database(tags={"env": "dev", "stage": "prod"}, multi_az=True), id="tags that disagree"),
    ],
)
def test_what_has_no_standby_or_may_be_production_is_left_alone(left_alone: RdsInstance) -> None:
    assert isinstance(judge(left_alone), Ok)


@pytest.mark.parametrize("tags", [{}, {"team": "dev"}, {"Name": "dev"}])
def test_without_a_tag_of_the_environment_nothing_is_known(tags: dict[str, str]) -> None:
    assert isinstance(judge(database(tags=tags, multi_az=True)), Unknown)


@pytest.mark.parametrize(
    "tags", [DEV, {"Environment": " Staging "}, {"ENV": "Non-Production"}, {"stage": "qa", "env": "test"}]
)
def test_a_standby_outside_production_is_to_be_reviewed(tags: dict[str, str]) -> None:
    verdict = judge(database(tags=tags, multi_az=True))
    assert isinstance(verdict, Waste)
    assert verdict.confidence is Confidence.REVIEW
    assert verdict.monthly_saving is None  # db.m5.large in two zones has no price in the table


def test_one_copy_of_the_instance_and_its_storage_is_saved() -> None:
    verdict = judge(database(db_class="db.t3.large", tags=DEV, multi_az=True))
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving is not None
    # 730 h x ($0.272 - $0.136) + 100 GiB x ($0.23 - $0.115)
    assert verdict.monthly_saving.amount == Decimal("110.78")


def test_hostile_values_do_not_reach_the_reason() -> None:
    verdict = judge(database(tags={"env": "<script>alert(1)</script>"}, multi_az=True))
    assert isinstance(verdict, Ok)
    assert "script" not in verdict.reason
