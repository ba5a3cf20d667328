"""Harbor & Hearth, an online shop for the home: all that is true of it on one day.

``Company`` is the truth the endpoint tells and that tests compare with; it knows nothing of the wire.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from plainbill.demo.bill import Bill
from plainbill.demo.families import collected
from plainbill.demo.fleet import DEVELOPMENT, IRELAND, MANAGEMENT, OREGON, PRODUCTION, SYDNEY, VIRGINIA
from plainbill.demo.habits import Expected
from plainbill.demo.instances import HOSTILE, DemoInstance, instances_of
from plainbill.demo.running import Meters
from plainbill.prices import PriceBook

_Made = TypeVar("_Made")
ROLE = "PlainbillReadOnly"
EXTERNAL_ID = "harbor-and-hearth-demo"
REGIONS: Mapping[str, str] = {
    VIRGINIA: "opt-in-not-required",
    OREGON: "opt-in-not-required",
    IRELAND: "opt-in-not-required",
    SYDNEY: "opt-in-not-required",
    "af-south-1": "not-opted-in",
    "ap-east-1": "not-opted-in",
    "eu-south-1": "not-opted-in",
    "me-south-1": "not-opted-in",
}
"""Regions by their opt-in status; those that are not opted in answer nobody."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account of the organization."""

    account_id: str
    name: str
    email: str


@dataclass(frozen=True)
class Company:
    """The company on ``today`` (UTC); ``hostile`` gives every name and tag a payload of an attacker."""

    today: date
    hostile: bool = False
    external_id: str | None = EXTERNAL_ID
    prices: PriceBook = field(default_factory=PriceBook.load)
    memo: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)
    """What ``once`` has made; goes when the day does."""

    def once(self, make: Callable[[Company], _Made]) -> _Made:
        """Return what ``make`` makes of the company; made once a day, however often it is asked for."""
        if make not in self.memo:
            self.memo[make] = make(self)
        made: _Made = self.memo[make]
        return made

    @cached_property
    def accounts(self) -> tuple[DemoAccount, ...]:
        """The management account (it pays for all) and its members."""
        names = ((MANAGEMENT, "management"), (PRODUCTION, "production"), (DEVELOPMENT, "development"))
        return tuple(
            DemoAccount(
                account,
                HOSTILE[index] if self.hostile else f"hearth-{name}",
                f"aws+{name}@harborandhearth.example",
            )
            for index, (account, name) in enumerate(names)
        )

    @property
    def payer(self) -> str:
        """The account whose Cost Explorer shows every account's costs."""
        return MANAGEMENT

    @property
    def regions(self) -> Mapping[str, str]:
        """Regions by their opt-in status; those that are not opted in answer nobody."""
        return REGIONS

    @cached_property
    def enabled_regions(self) -> tuple[str, ...]:
        """The regions that answer, sorted."""
        return tuple(sorted(name for name, status in self.regions.items() if status != "not-opted-in"))

    @property
    def role_arns(self) -> tuple[str, ...]:
        """The roles that the management account may assume in the other accounts."""
        members = (account for account in self.accounts if account.account_id != self.payer)
        return tuple(f"arn:aws:iam::{account.account_id}:role/{ROLE}" for account in members)

    @cached_property
    def instances(self) -> tuple[DemoInstance, ...]:
        """Every instance, running or stopped."""
        return instances_of(self.today, hostile=self.hostile)

    @cached_property
    def bill(self) -> Bill:
        """What AWS charges for all of it."""
        meters = Meters(collected("running_", "RUNNING"), self)
        return Bill(self.instances, self.prices, self.today, meters)

    @cached_property
    def expected(self) -> Mapping[str, Expected]:
        """The seed rule's verdict over 14 days for each running instance, by instance id."""
        judged = ((instance.instance_id, instance.expected) for instance in self.instances)
        return {instance_id: expected for instance_id, expected in judged if expected is not None}

    def instances_in(self, account_id: str, region: str) -> tuple[DemoInstance, ...]:
        """Return the instances of one account in one region."""
        return self._by_place.get((account_id, region), ())

    @cached_property
    def _by_place(self) -> Mapping[tuple[str, str], tuple[DemoInstance, ...]]:
        places: dict[tuple[str, str], tuple[DemoInstance, ...]] = {}
        for instance in self.instances:
            key = (instance.account_id, instance.region)
            places[key] = (*places.get(key, ()), instance)
        return places
