"""Dedicated Hosts: one that its instances left behind, and four that are empty or full for a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from plainbill.demo.company import Company
from plainbill.demo.estate import Estate, Resource, identifier, made
from plainbill.demo.fleet import DEVELOPMENT, PRODUCTION, VIRGINIA


@dataclass(frozen=True, kw_only=True)
class Host(Resource):
    """One host; ``name`` is its id. ``is_expected`` says whether somebody pays for an empty server."""

    family: str
    instances: tuple[str, ...]
    reservation: str | None
    owner: str
    is_expected: bool


_ROWS = (  # account, name, team, family, instances, is reserved, owner, days ago, expected
    (PRODUCTION, "oracle-licences", "finance", "r5", 0, False, PRODUCTION, (140, 190), True),
    (PRODUCTION, "sap", "finance", "r5", 2, False, PRODUCTION, (400, 500), False),
    (PRODUCTION, "reserved-spare", "platform", "m5", 0, True, PRODUCTION, (400, 500), False),
    (PRODUCTION, "just-allocated", "data", "c5", 0, False, PRODUCTION, (2, 3), False),
    (DEVELOPMENT, "shared-with-us", "qa", "m5", 0, False, PRODUCTION, (100, 120), False),
)


def hosts(company: Company) -> Estate[Host]:
    """Return every host; made once a day."""
    return company.once(_made)


def _made(company: Company) -> Estate[Host]:
    return Estate(_host(company, *row) for row in _ROWS)


def _host(company: Company, account: str, name: str, team: str, family: str, *held: Any) -> Host:
    count, is_reserved, owner, age, is_expected = held
    host_id = identifier("h", account, name)
    return Host(
        **made(company, account, VIRGINIA, name, team=team, age=age, resource_id=host_id),
        family=family,
        instances=tuple(identifier("i", name, str(number)) for number in range(count)),
        reservation=identifier("hr", name) if is_reserved else None,
        owner=owner,
        is_expected=is_expected,
    )
