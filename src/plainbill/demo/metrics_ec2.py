"""AWS/EC2: what CloudWatch measures of instances."""

from __future__ import annotations

from collections.abc import Mapping

from plainbill.demo.company import Company
from plainbill.demo.load import METRICS as EC2_METRICS
from plainbill.demo.measure import Listed, Provider, Wanted
from plainbill.demo.series import Series


def _find(wanted: Wanted) -> Series | None:
    instance_id = wanted.only("InstanceId")
    if instance_id is None or wanted.metric not in EC2_METRICS:
        return None
    here = wanted.company.instances_in(wanted.account, wanted.region)
    found = next((instance for instance in here if instance.instance_id == instance_id), None)
    return None if found is None else found.series(wanted.metric)


def _listed(company: Company, account: str, region: str) -> Listed:
    for instance in company.instances_in(account, region):
        for name in EC2_METRICS:
            yield name, {"InstanceId": instance.instance_id}


METRICS: Mapping[str, Provider] = {"AWS/EC2": Provider(_find, _listed)}
