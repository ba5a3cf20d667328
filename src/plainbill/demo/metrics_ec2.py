"""AWS/EC2: what CloudWatch measures of instances."""

from __future__ import annotations

from collections.abc import Mapping

from plainbill.demo.company import Company
from plainbill.demo.habits import WEEK
from plainbill.demo.instances import DemoInstance
from plainbill.demo.load import METRICS as EC2_METRICS
from plainbill.demo.measure import Listed, Provider, Wanted, weekly, zero
from plainbill.demo.series import Series
from plainbill.prices.specs import InstanceSpecs

SURPLUS = "CPUSurplusCreditsCharged"
_MINUTES = 5  # of a sample; a credit is one vCPU at 100 % for a minute
_CALM = 0.936  # of its level is what a curve means on the average


def _find(wanted: Wanted) -> Series | None:
    instance_id = wanted.only("InstanceId")
    here = wanted.company.instances_in(wanted.account, wanted.region)
    found = next((instance for instance in here if instance.instance_id == instance_id), None)
    if found is None:
        return None
    if wanted.metric == SURPLUS:
        return _surplus(found)
    return found.series(wanted.metric) if wanted.metric in EC2_METRICS else None


def _surplus(instance: DemoInstance) -> Series | None:
    """Return the credits charged in each sample: what CPU spends above what the type earns.

    Nothing for other types, and 0 where the week as a whole stays under the baseline: it is paid down.
    """
    spec = InstanceSpecs.load().of(instance.fleet.instance_type)
    if spec is None or spec.baseline_percent is None or not instance.habit.is_measured:
        return None
    baseline = float(spec.baseline_percent)
    level = [instance.habit.level(*divmod(hour, 24))[0] * _CALM - baseline for hour in range(WEEK)]
    if sum(level) <= 0:
        return zero(spans=instance.runs)
    each = [max(0.0, above) / 100 * spec.vcpus * _MINUTES / _CALM for above in level]
    return weekly(lambda day, hour: each[day * 24 + hour], spans=instance.runs, seed=instance.seed, peak=1.2)


def _listed(company: Company, account: str, region: str) -> Listed:
    for instance in company.instances_in(account, region):
        for name in (*EC2_METRICS, SURPLUS):
            yield name, {"InstanceId": instance.instance_id}


METRICS: Mapping[str, Provider] = {"AWS/EC2": Provider(_find, _listed)}
