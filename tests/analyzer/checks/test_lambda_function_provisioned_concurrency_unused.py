"""Warm functions that are called are left alone; silence counts only where it was surely measured."""

from __future__ import annotations

from decimal import Decimal

import pytest

from apps_factories import days_ago, warm_function
from factories import context, days_of, flat_days
from plainbill.analyzer.checks.lambda_function_provisioned_concurrency_unused import (
    LambdaFunctionProvisionedConcurrencyUnused,
)
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Series
from plainbill.model.resources.lambda_concurrency import LambdaProvisionedConcurrency

CHECK = LambdaFunctionProvisionedConcurrencyUnused()
(USED,) = CHECK.metrics
EACH = Decimal("10.9500876")  # 1 GiB x 2,628,000 s x $0.0000041667


def judge(warm: LambdaProvisionedConcurrency, used: Series | None, other: Series | None = None) -> Verdict:
    neighbour = warm_function(function_name="search")
    measured = {(warm.arn, USED): used, (neighbour.arn, USED): other}
    series = {key: values for key, values in measured.items() if values is not None}
    return CHECK.evaluate(warm, context(warm, neighbour, series=series))


@pytest.mark.parametrize(
    "used",
    [
        pytest.param(flat_days(0.5), id="half in use, a share and not a percentage"),
        pytest.param(days_of(*[None] * 13, 0.9), id="one busy day, the last"),
        pytest.param(days_of(0.9, *[None] * 13), id="one busy day, the first"),
    ],
)
def test_what_is_used_is_left_alone(used: Series) -> None:
    assert isinstance(judge(warm_function(), used), Ok)


def test_a_busy_day_before_the_window_does_not_count() -> None:
    assert isinstance(judge(warm_function(), days_of(0.9, *[0.1] * 14)), Waste)


@pytest.mark.parametrize(
    ("warm", "used", "other"),
    [
        pytest.param(warm_function(), None, flat_days(0.9), id="not read"),
        pytest.param(warm_function(), flat_days(None, 13), flat_days(0.9), id="too few days read"),
        pytest.param(warm_function(), flat_days(None), None, id="silent, and no other function measured"),
        pytest.param(warm_function(), flat_days(None), flat_days(None), id="silent as all others"),
        pytest.param(warm_function(changed_at=days_ago(13)), flat_days(0.1), None, id="changed lately"),
        pytest.param(warm_function(status="IN_PROGRESS"), flat_days(0.1), None, id="not ready"),
    ],
)
def test_too_little_evidence_is_unknown(
    warm: LambdaProvisionedConcurrency, used: Series | None, other: Series | None
) -> None:
    assert isinstance(judge(warm, used, other), Unknown)


def test_without_a_call_all_of_it_is_saved() -> None:
    found = judge(warm_function(), flat_days(None), other=flat_days(0.9))
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.HIGH
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount == 10 * EACH
    assert found.reason.startswith("no call in 14 days")


def test_little_used_is_lowered_to_the_highest_use_and_a_third_more() -> None:
    found = judge(warm_function(), flat_days(0.2))  # 2 of 10, and so 3 are kept
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.REVIEW
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount == 7 * EACH
    assert "20.0 % in use at the busiest moment in 14 days (threshold 50 %)" in found.reason


def test_a_single_environment_that_is_used_cannot_be_fewer() -> None:
    assert isinstance(judge(warm_function(requested=1), flat_days(0.2)), Ok)


@pytest.mark.parametrize(
    "unknown", [{"memory_mib": None}, {"architecture": "riscv"}, {"region": "sa-east-1"}]
)
def test_a_price_that_is_not_known_is_none(unknown: dict[str, object]) -> None:
    found = judge(warm_function(**unknown), flat_days(0.1))
    assert isinstance(found, Waste)
    assert found.monthly_saving is None
