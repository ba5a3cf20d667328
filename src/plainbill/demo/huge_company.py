"""A company of 500 accounts, of which Plainbill is let into the few that have the instances."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from plainbill.demo.company import DemoAccount
from plainbill.demo.huge_bill import HugeBill
from plainbill.demo.large_company import LargeCompany, accounts_of
from plainbill.demo.large_shape import MOST_ACCOUNTS, Shape

ENTERED, INSTANCES, REGIONS = 24, 6_000, 17
"""Each account that is entered is 17 Regions more to look into, with some 55 calls each."""


@dataclass(frozen=True)
class HugeCompany(LargeCompany):
    """All its accounts are on the bill; its instances are in the first few, which can be entered."""

    shape: Shape = field(default_factory=lambda: Shape(INSTANCES, ENTERED, REGIONS))

    @cached_property
    def accounts(self) -> tuple[DemoAccount, ...]:
        """Everything on the bill, the payer first."""
        return accounts_of(Shape(1, MOST_ACCOUNTS, REGIONS, self.shape.seed))

    @cached_property
    def bill(self) -> HugeBill:
        """What AWS charges for all of it."""
        return HugeBill(self)
