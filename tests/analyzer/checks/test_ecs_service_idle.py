"""A Fargate service is idle only where CPU and memory were both measured, and both next to nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from apps_factories import days_ago, service
from factories import context, days_of, flat_days
from plainbill.analyzer.checks.ecs_service_idle import EcsServiceIdle
from plainbill.model.findings import Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Series
from plainbill.model.resources.ecs import EcsService

CHECK = EcsServiceIdle()
CPU, MEMORY = CHECK.metrics
QUIET = flat_days(0.4)


def judge(one: EcsService, cpu: Series | None = QUIET, memory: Series | None = QUIET) -> Verdict:
    measured = {(one.arn, CPU): cpu, (one.arn, MEMORY): memory}
    return CHECK.evaluate(
        one, context(one, series={key: values for key, values in measured.items() if values is not None})
    )


@pytest.mark.parametrize(
    ("one", "cpu", "memory"),
    [
        pytest.param(service(), days_of(*[0.4] * 13, 1.0), QUIET, id="a busy last day"),
        pytest.param(service(), QUIET, flat_days(1.0), id="memory in use"),
        pytest.param(service(), None, flat_days(1.0), id="memory in use, CPU not read"),
        pytest.param(service(runs_on=("EC2",)), QUIET, QUIET, id="on instances"),
        pytest.param(service(runs_on=("FARGATE", "workers")), QUIET, QUIET, id="partly on instances"),
        pytest.param(service(desired_count=0, running_count=0), None, None, id="no task"),
        pytest.param(service(status="DRAINING"), QUIET, QUIET, id="being deleted"),
    ],
)
def test_a_service_that_works_or_is_not_billed_is_left_alone(
    one: EcsService, cpu: Series | None, memory: Series | None
) -> None:
    assert isinstance(judge(one, cpu, memory), Ok)


@pytest.mark.parametrize(
    ("one", "cpu", "memory"),
    [
        pytest.param(service(), None, QUIET, id="CPU not read"),
        pytest.param(service(), QUIET, None, id="memory not read"),
        pytest.param(service(), QUIET, flat_days(None), id="memory not measured"),
        pytest.param(service(), days_of(*[None] * 3, *[0.4] * 11), QUIET, id="holes"),
        pytest.param(service(), flat_days(0.4, 13), QUIET, id="too few days"),
        pytest.param(service(created_at=days_ago(13)), QUIET, QUIET, id="young"),
        pytest.param(service(runs_on=()), QUIET, QUIET, id="no word of what it runs on"),
    ],
)
def test_too_little_evidence_is_unknown(one: EcsService, cpu: Series | None, memory: Series | None) -> None:
    assert isinstance(judge(one, cpu, memory), Unknown)


def test_an_idle_service_saves_the_size_of_its_tasks() -> None:
    found = judge(service())
    assert isinstance(found, Waste)
    assert found.monthly_saving is not None
    # 2 tasks x (1 vCPU x $0.04048 + 2 GB x $0.004445) x 730 h
    assert found.monthly_saving.amount == Decimal("72.0802")
    assert "CPU peaked at 0.4 % and memory at 0.4 % in 14 days (threshold 1 %)" in found.reason


def test_just_under_the_threshold_is_not_written_as_the_threshold() -> None:
    found = judge(service(), flat_days(0.9999))
    assert isinstance(found, Waste)
    assert "CPU peaked at 0.9999 %" in found.reason


@pytest.mark.parametrize(
    "unknown",
    [
        {"runs_on": ("FARGATE_SPOT",)},
        {"system": "WINDOWS_SERVER_2022_CORE"},
        {"task_cpu_units": None},
        {"architecture": "ARM64"},
        {"region": "sa-east-1"},
        {"running_count": 0},
    ],
)
def test_a_price_that_is_not_held_is_none(unknown: dict[str, object]) -> None:
    found = judge(service(**unknown))
    assert isinstance(found, Waste)
    assert found.monthly_saving is None
