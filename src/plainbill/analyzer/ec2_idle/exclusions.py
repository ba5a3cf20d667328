"""Instances that no verdict of idleness is passed on, whatever their load."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from plainbill.analyzer.ec2_idle.facts import InstanceFacts
from plainbill.model.resources import Ec2Instance

_MANAGERS: Mapping[str, str] = {
    "autoscaling": "an Auto Scaling group",
    "eks": "EKS",
    "ecs": "ECS",
    "batch": "AWS Batch",
    "emr": "EMR",
    "beanstalk": "Elastic Beanstalk",
}
_BEANSTALK_TAGS = "elasticbeanstalk:"
_KEEP_TAGS = frozenset({"keep", "plainbill:keep"})
_NO = frozenset({"0", "false", "no", "off"})


def exclusion(instance: Ec2Instance, facts: InstanceFacts, now: datetime) -> str | None:
    """Say why the instance is not judged, None where it is."""
    if instance.state != "running":
        return f"it is {instance.state}: it costs what its volumes and addresses cost, no computing"
    if instance.lifecycle == "spot":
        return "it is a Spot instance: its life is short by design"
    if instance.tenancy == "host":
        return "it is on a Dedicated Host: the host costs the same without it"
    if manager := _manager(instance):
        return f"it is managed by {manager}: look at the size of the group, not at one instance"
    return _owners_word(instance, facts, now)


def _owners_word(instance: Ec2Instance, facts: InstanceFacts, now: datetime) -> str | None:
    if any(key.lower() in _KEEP_TAGS and value.lower() not in _NO for key, value in instance.tags.items()):
        return "its owner tagged it to be kept"
    if facts.snoozed_until is not None and now < facts.snoozed_until:
        return f"its owner asked to wait until {facts.snoozed_until:%d %b %Y}"
    return None


def _manager(instance: Ec2Instance) -> str | None:
    for manager in instance.managed_by:
        return _MANAGERS.get(manager, manager)
    is_beanstalk = any(key.startswith(_BEANSTALK_TAGS) for key in instance.tags)
    return _MANAGERS["beanstalk"] if is_beanstalk else None
