"""AWS/EC2: what CloudWatch measures of instances."""

from __future__ import annotations

from collections.abc import Mapping

from plainbill.demo.company import Company
from plainbill.demo.instances import DemoInstance
from plainbill.demo.load import METRICS as EC2_METRICS
from plainbill.demo.measure import Listed, Provider, Wanted, weekly, zero
from plainbill.demo.series import Series
from plainbill.demo.surplus import CALM, surplus_vcpus

SURPLUS = "CPUSurplusCreditsCharged"
_MINUTES = 5  # of a sample; a credit is one vCPU at 100 % for a minute


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
    """Return the credits charged in each sample; None for types without credits."""
    vcpus = surplus_vcpus(instance)
    if vcpus is None or not any(vcpus):
        return None if vcpus is None else zero(spans=instance.runs)
    return weekly(
        lambda day, hour: vcpus[day * 24 + hour] * _MINUTES / CALM,
        spans=instance.runs,
        seed=instance.seed,
        peak=1.2,
    )


def _listed(company: Company, account: str, region: str) -> Listed:
    for instance in company.instances_in(account, region):
        for name in (*EC2_METRICS, SURPLUS):
            yield name, {"InstanceId": instance.instance_id}


METRICS: Mapping[str, Provider] = {"AWS/EC2": Provider(_find, _listed)}
