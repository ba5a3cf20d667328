"""A company on its first day: one account with nothing in it, and nothing on its bill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from plainbill.demo.bill import Bill
from plainbill.demo.cell import Cell
from plainbill.demo.company import Company, DemoAccount
from plainbill.demo.instances import DemoInstance
from plainbill.demo.running import Meters

ACCOUNT = "222233334444"


class EmptyBill(Bill):
    """A bill on which nothing is charged."""

    def cells(self, day: date) -> tuple[Cell, ...]:  # noqa: ARG002  the same on every day
        """Return no charge."""
        return ()


@dataclass(frozen=True)
class EmptyCompany(Company):
    """An account that pays for itself, and in which nothing was ever made."""

    @cached_property
    def accounts(self) -> tuple[DemoAccount, ...]:
        """The one account."""
        return (DemoAccount(ACCOUNT, "first-account", "aws@example.com"),)

    @property
    def payer(self) -> str:
        """The one account."""
        return ACCOUNT

    @cached_property
    def instances(self) -> tuple[DemoInstance, ...]:
        """None."""
        return ()

    @cached_property
    def bill(self) -> Bill:
        """What AWS charges: nothing."""
        return EmptyBill((), self.prices, self.today, Meters({}, self))
