"""On-Demand Capacity Reservations: one that nobody uses wholly, one that is used, one shared by another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from plainbill.demo.company import Company
from plainbill.demo.estate import Estate, Resource, identifier, made
from plainbill.demo.fleet import DEVELOPMENT, OREGON, PRODUCTION, VIRGINIA


@dataclass(frozen=True, kw_only=True)
class Reservation(Resource):
    """One reservation; ``name`` is its id, ``available`` how many of ``total`` instances do not run.

    ``owner`` is billed for it. ``is_expected`` says whether somebody pays for what nobody uses.
    """

    instance_type: str
    total: int
    available: int
    owner: str
    at_times: int
    """How many are available at the busiest moment of a day."""
    is_expected: bool


_ROWS = (  # account, region, name, team, type, total, available, at the busiest moment, owner, expected
    (PRODUCTION, VIRGINIA, "blackfriday-extra", "storefront", "c6i.2xlarge", 3, 3, 3, PRODUCTION, True),
    (PRODUCTION, VIRGINIA, "checkout-failover", "checkout", "c6i.large", 4, 1, 0, PRODUCTION, False),
    (PRODUCTION, OREGON, "standby", "platform", "m6i.large", 2, 0, 0, PRODUCTION, False),
    (DEVELOPMENT, VIRGINIA, "shared-gpu", "data", "g4dn.2xlarge", 1, 1, 1, PRODUCTION, False),
)


def reservations(company: Company) -> Estate[Reservation]:
    """Return all reservations; made once a day."""
    return company.once(_made)


def _made(company: Company) -> Estate[Reservation]:
    return Estate(_reservation(company, *row) for row in _ROWS)


def _reservation(
    company: Company, account: str, region: str, name: str, team: str, instance_type: str, *held: Any
) -> Reservation:
    total, available, at_times, owner, is_expected = held
    resource_id = identifier("cr", account, region, name)
    return Reservation(
        **made(company, account, region, name, team=team, age=(60, 300), resource_id=resource_id),
        instance_type=instance_type,
        total=total,
        available=available,
        at_times=at_times,
        owner=owner,
        is_expected=is_expected,
    )
