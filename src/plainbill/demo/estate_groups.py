"""Auto Scaling groups: one for each fleet that is managed, and one that was scaled to nothing."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.demo.company import Company
from plainbill.demo.estate import Estate, Resource, made
from plainbill.demo.fleet import DEVELOPMENT, FLEETS, VIRGINIA
from plainbill.demo.instances import DemoInstance

_IDLE = {"promo-engine"}
"""Groups of which no instance works; the etl-workers sleep all week, too, but have a job on Sundays."""


@dataclass(frozen=True, kw_only=True)
class Group(Resource):
    """One group and its instances; ``is_expected`` says whether all of them idle."""

    instances: tuple[DemoInstance, ...]
    is_expected: bool

    @property
    def full_arn(self) -> str:
        """Its ARN."""
        rest = f"autoScalingGroup:00000000-0000-4000-8000-{self.seed:012x}:autoScalingGroupName/{self.name}"
        return self.arn("autoscaling", rest)


def groups(company: Company) -> Estate[Group]:
    """Return every group; made once a day."""
    return company.once(_made)


def _made(company: Company) -> Estate[Group]:
    managed = [fleet for fleet in FLEETS if fleet.managed]
    full = [_group(company, fleet.account, fleet.region, fleet.name) for fleet in managed]
    return Estate([*full, _group(company, DEVELOPMENT, VIRGINIA, "load-generators")])


def _group(company: Company, account: str, region: str, name: str) -> Group:
    here = company.instances_in(account, region)
    return Group(
        **made(company, account, region, name),
        instances=tuple(one for one in here if one.fleet.name == name),
        is_expected=name in _IDLE,
    )
