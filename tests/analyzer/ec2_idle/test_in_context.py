"""A policy that differs in nothing that matters is answered from the usual one, and says the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factories import context, instance, utilization, with_hours
from plainbill.analyzer.checks.ec2_instance_idle import Ec2InstanceIdle
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import Utilization

HOURS = 28 * 24


def holes(share: float, average: float) -> Utilization:
    """Four weeks of which this share was not seen, evenly."""
    missing: dict[int, float | None] = {hour: None for hour in range(HOURS) if hour % 100 < share * 100}
    seen = with_hours(average, missing, HOURS)
    return replace(utilization(days=28), cpu_average=seen, cpu_maximum=seen)


MACHINES: dict[str, tuple[Ec2Instance, Utilization]] = {
    "idle": (instance(), utilization(average=0.1, days=28)),
    "idle, a tenth not seen": (instance(), holes(0.1, 0.1)),
    "a third not seen": (instance(), holes(0.33, 0.1)),
    "busy, a tenth not seen": (instance(), holes(0.1, 60.0)),
    "excluded": (instance(lifecycle="spot"), holes(0.33, 0.1)),
    "young": (instance(), utilization(days=3)),
}


@pytest.mark.parametrize("name", MACHINES)
@pytest.mark.parametrize("coverage", [0.01, 0.5, 0.7, 0.89, 0.9, 0.95, 1.0])
@pytest.mark.parametrize("days", [7, 14, 28, 60])
def test_an_answer_that_was_carried_over_is_that_of_a_second_look(
    name: str, coverage: float, days: int
) -> None:
    machine, used = MACHINES[name]
    check = Ec2InstanceIdle(look_back_days=days, min_coverage=coverage)
    fresh = context(machine, utilization={machine.arn: used})
    asked = context(machine, utilization={machine.arn: used})
    Ec2InstanceIdle().evaluate(machine, asked)
    alone = check.evaluate(machine, fresh)
    assert check.evaluate(machine, asked.aside()) == alone
    if name == "excluded":
        assert "Spot" in getattr(alone, "reason", "")
