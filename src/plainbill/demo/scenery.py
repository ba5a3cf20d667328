"""What the endpoint holds and does in each scene: another company, or faults on real calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from plainbill.demo.call import Answer, Options
from plainbill.demo.company import Company
from plainbill.demo.empty_company import EmptyCompany
from plainbill.demo.endpoint import ANSWERS
from plainbill.demo.fault_catalogue import CATALOGUE, EXPIRED, OF_COST_EXPLORER, THROTTLED
from plainbill.demo.fleet import DEVELOPMENT, IRELAND, OREGON, PRODUCTION, SYDNEY
from plainbill.demo.huge_company import HugeCompany
from plainbill.demo.injection import LAST, Injected
from plainbill.demo.large_answers import LARGE_ANSWERS
from plainbill.model.period import Period

EXPIRED_FOR = timedelta(days=3)
"""Since when the credentials of ``stale`` are expired, before the endpoint began to serve."""
_LONG = timedelta(days=3650)
_COSTS = "ce:GetCostAndUsage"
_BY_SERVICE = "'SERVICE'}, {'Type': 'DIMENSION', 'Key': 'LINKED_ACCOUNT'"


@dataclass(frozen=True, slots=True)
class Scenery:
    """The company of a scene (None: the demo's own), what it answers, and how the endpoint behaves."""

    make: Callable[[date], Company] | None = None
    answers: Mapping[str, Answer] = field(default_factory=lambda: ANSWERS)
    options: Options = field(default_factory=Options)


def scenery(name: str, now: datetime) -> Scenery:
    """Return what a scene of ``scenes.SCENES`` needs; ``now`` is the machine's own clock."""
    match name:
        case "gaps":
            return Scenery(options=Options(injected=GAPS))
        case "stale":
            expired = Injected(effect=EXPIRED, period=Period(now - EXPIRED_FOR, now + _LONG))
            return Scenery(options=Options(injected=(expired,)))
        case "empty":
            return Scenery(EmptyCompany, options=Options(latency=0.1, jitter=0.05))
        case "huge":
            return Scenery(HugeCompany, LARGE_ANSWERS)
        case "new":
            return Scenery(options=Options(injected=NEW))
        case _:
            raise KeyError(name)


GAPS: Sequence[Injected] = (
    Injected(effect=CATALOGUE["denied"], action="sts:AssumeRole", about=DEVELOPMENT),
    Injected(effect=CATALOGUE["denied_by_scp"], account=PRODUCTION, action="rds:DescribeDBInstances"),
    Injected(effect=CATALOGUE["denied"], account=PRODUCTION, action="ec2:DescribeVolumes", region=IRELAND),
    Injected(effect=CATALOGUE["denied"], action="elasticache:DescribeCacheClusters"),
    Injected(effect=CATALOGUE["region_off"], account=PRODUCTION, region=SYDNEY),
    Injected(effect=THROTTLED, account=PRODUCTION, action="cloudwatch:GetMetricData", region=OREGON),
    Injected(effect=EXPIRED, action="pricing:GetProducts", about="AmazonRDS"),
    Injected(effect=OF_COST_EXPLORER["ce_not_ready"], action=_COSTS, about="'TAG'"),
    Injected(effect=OF_COST_EXPLORER["ce_days_missing"], action=_COSTS, about=_BY_SERVICE, page=LAST),
)
"""A role, a policy and an SCP that refuse, a Region that is off, throttles, and costs that are not there."""

NEW: Sequence[Injected] = (
    Injected(effect=CATALOGUE["denied"], account=PRODUCTION, action="ec2:DescribeVolumes"),
    Injected(effect=CATALOGUE["denied_by_scp"], account=DEVELOPMENT, action="rds:DescribeDBInstances"),
)
"""What the doctor finds wrong with an account that was just connected."""
