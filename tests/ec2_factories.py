"""Generated values around EC2 instances: what agents send, who hands them requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from factories import NOW, last_hours
from plainbill.model.metrics import HOUR, Series
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.agent_metric import AgentMetric
from plainbill.model.resources.load_balancers import TargetGroup

_BALANCING = "arn:aws:elasticloadbalancing:us-east-1:111122223333"


def agent_metric(box: Ec2Instance, name: str = "mem_used_percent", **labels: str) -> AgentMetric:
    """One metric of an instance's agent, with further dimensions."""
    return AgentMetric(
        account_id=box.account_id,
        region=box.region,
        instance_id=box.instance_id,
        metric_name=name,
        labels={"InstanceId": box.instance_id, **labels},
    )


def target_group(*healthy: str, kind: str = "app", **changes: Any) -> TargetGroup:
    """A target group of one load balancer with these healthy targets."""
    plain = TargetGroup(
        account_id="111122223333",
        region="us-east-1",
        target_group_arn=f"{_BALANCING}:targetgroup/shop/73e2d6bc24d8a067",
        target_group_name="shop",
        target_type="instance",
        load_balancer_arns=(f"{_BALANCING}:loadbalancer/{kind}/shop/50dc6c495c0c9188",),
        target_ids=healthy,
        target_states=("healthy",) * len(healthy),
    )
    return replace(plain, **changes)


def hours_of(values: Sequence[float | None], end: datetime = NOW) -> Series:
    """An hourly series up to ``end``."""
    return Series(last_hours(len(values), end), HOUR, tuple(values))
