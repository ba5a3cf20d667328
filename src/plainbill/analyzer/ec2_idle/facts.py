"""What a careful verdict may know besides the load; every fact that nobody looked up is None."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from plainbill.model.period import Period
from plainbill.model.utilization import Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Resize:
    """The instance had ``vcpus`` vCPUs before the instant ``until``."""

    until: datetime
    vcpus: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceFacts:
    """Facts of one instance that its description and its load do not hold; None is "not looked up".

    The series are hourly over the same period as the ``Utilization``: ``gpu_percent`` is the highest of
    the GPU's utilization and memory use, ``credit_usage`` the hour's Sum of CPUCreditUsage. ``running``
    lists when the instance ran; without it every hour since its birth counts as running, so that an hour
    without metrics counts as unseen. ``healthy_target_requests`` is the RequestCount of the target groups
    in which it is healthy. ``metrics_complete`` is False where CloudWatch said any StatusCode but Complete.
    """

    metrics_complete: bool | None = None
    running: tuple[Period, ...] | None = None
    resizes: tuple[Resize, ...] = ()
    gpu_percent: Hours | None = None
    credit_usage: Hours | None = None
    memory_percent: float | None = None
    source_dest_check: bool | None = None
    healthy_target_requests: float | None = None
    instance_store: bool | None = None
    elastic_ip_in_dns: bool | None = None
    termination_protection: bool | None = None
    snoozed_until: datetime | None = None


NO_FACTS = InstanceFacts()
