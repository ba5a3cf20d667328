"""Idle volumes: nothing is idle that was not measured, does anything at all, or is booted from."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ebs_factories import RUNNING, attached, days_ago, measured, without
from factories import context, instance, volume
from plainbill.analyzer.checks.ebs_volume_idle import EbsVolumeIdle
from plainbill.analyzer.ebs_volumes import IDLE_TIME, READ_OPS, WRITE_OPS
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.money import Money
from plainbill.model.resources.ebs import EbsVolume


def judge(one: EbsVolume, **days: Any) -> Verdict:
    return EbsVolumeIdle().evaluate(one, context(one, RUNNING, series=measured(one, **days)))


def but(value: float | None, *at: int) -> list[float | None]:
    """Days of zeros but for some, counted from today back."""
    return [value if day in at else 0.0 for day in range(63, 0, -1)]


@pytest.mark.parametrize(
    ("one", "days"),
    [
        pytest.param(volume(), {}, id="attached to nothing"),
        pytest.param(attached(is_root=True), {}, id="root volume"),
        pytest.param(attached(), {"read": but(1.0, 1)}, id="one read on the last day"),
        pytest.param(attached(), {"written": but(1.0, 32)}, id="one write on the first day"),
        pytest.param(attached(), {"read": 0.5, "written": 0.5}, id="reads and writes together"),
        pytest.param(
            attached(),
            {"read": [None] * 62 + [900.0], "written": [None] * 62 + [0.0], "idle": None},
            id="busy on the one day that was measured",
        ),
    ],
)
def test_a_volume_that_is_used_or_booted_from_is_left_alone(one: EbsVolume, days: dict[str, Any]) -> None:
    assert isinstance(judge(one, **days), Ok)


def test_a_stopped_instance_measures_nothing_and_its_volume_is_not_idle() -> None:
    one, stopped = attached(), instance(state="stopped", stopped_at=days_ago(97))
    known = context(one, stopped, series=measured(one, None, None, None))
    assert isinstance(EbsVolumeIdle().evaluate(one, known), Ok)


@pytest.mark.parametrize(
    "days",
    [
        pytest.param({"read": None, "written": None, "idle": None}, id="nothing was measured"),
        pytest.param({"read": None, "idle": None}, id="no reads were published, nor idle time"),
        pytest.param(
            {"read": but(None, *range(1, 8)), "idle": but(None, *range(1, 8))}, id="measured on 25 of 32 days"
        ),
        pytest.param({"read": [0.0] * 31, "written": [0.0] * 31, "idle": [1.0] * 31}, id="a day too few"),
        pytest.param({"idle": float("nan"), "read": None}, id="what is no number is no measurement"),
    ],
)
def test_what_was_not_measured_is_unknown_not_idle(days: dict[str, Any]) -> None:
    assert isinstance(judge(attached(), **days), Unknown)


@pytest.mark.parametrize("metric", [READ_OPS, WRITE_OPS, IDLE_TIME])
def test_a_metric_that_was_not_read_is_unknown_not_zero(metric: Any) -> None:
    one = attached()
    known = context(one, RUNNING, series=without(measured(one), metric))
    assert isinstance(EbsVolumeIdle().evaluate(one, known), Unknown)


def test_a_month_without_a_read_or_write_is_waste() -> None:
    verdict = judge(attached(size_gib=200), read=but(5000.0, 33, 40))
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving == verdict.monthly_cost == Money(Decimal(16))
    assert verdict.confidence is Confidence.HIGH
    assert "0 reads and writes on the busiest of 32 days, measured on 32" in verdict.reason


def test_on_xen_no_operations_are_published_but_the_idle_time_is() -> None:
    assert isinstance(judge(attached(), read=None, written=None), Waste)


def test_days_without_any_datapoint_lower_the_confidence() -> None:
    few = but(None, 3, 4)
    verdict = judge(attached(), read=few, written=few, idle=few)
    assert isinstance(verdict, Waste)
    assert verdict.confidence is Confidence.MEDIUM


def test_without_the_instances_the_metrics_prove_that_it_is_attached() -> None:
    one = attached()
    assert isinstance(EbsVolumeIdle().evaluate(one, context(one, series=measured(one))), Waste)


def test_a_volume_of_a_group_is_to_be_changed_at_the_group() -> None:
    one, member = attached(), instance(managed_by=("autoscaling", "eks"))
    verdict = EbsVolumeIdle().evaluate(one, context(one, member, series=measured(one)))
    assert isinstance(verdict, Waste)
    assert verdict.confidence is Confidence.MEDIUM
    assert any("belongs to autoscaling" in doubt for doubt in verdict.doubts)
