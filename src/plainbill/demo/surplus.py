"""What burstable instances of the demo company use beyond their baseline: charged by the vCPU-hour."""

from __future__ import annotations

from plainbill.demo.habits import WEEK
from plainbill.demo.instances import DemoInstance
from plainbill.prices.specs import InstanceSpecs

CALM = 0.936  # of its level is what a curve means on the average


def surplus_vcpus(instance: DemoInstance) -> list[float] | None:
    """Return the vCPUs beyond the baseline in each hour of a week (Monday 00:00 first).

    Zeros where the week as a whole stays under the baseline: what is borrowed is paid down. None for types
    without credits and for what is not measured.
    """
    spec = InstanceSpecs.load().of(instance.fleet.instance_type)
    if spec is None or spec.baseline_percent is None or not instance.habit.is_measured:
        return None
    baseline = float(spec.baseline_percent)
    above = [instance.habit.level(*divmod(hour, 24))[0] * CALM - baseline for hour in range(WEEK)]
    if sum(above) <= 0:
        return [0.0] * WEEK
    return [max(0.0, percent) / 100 * spec.vcpus for percent in above]
