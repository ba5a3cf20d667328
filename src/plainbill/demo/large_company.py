"""A company with an estate of any size, in the place of Harbor & Hearth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from plainbill.demo.company import ROLE, Company, DemoAccount
from plainbill.demo.habits import Expected
from plainbill.demo.instances import DemoInstance
from plainbill.demo.large_bill import LargeBill
from plainbill.demo.large_estate import LargeEstate
from plainbill.demo.large_shape import Shape
from plainbill.demo.regions import LARGEST_FIRST, NEVER_OPTED_IN


@dataclass(frozen=True)
class LargeCompany(Company):
    """A company that has nothing but ``estate``, and a bill for it; its truth is ``estate.truth``.

    What the small company knows by lists is empty here: nothing is made for each instance.
    """

    shape: Shape = field(default_factory=Shape)

    @cached_property
    def estate(self) -> LargeEstate:
        """The instances as they stand today."""
        return LargeEstate(self.shape, self.today)

    @cached_property
    def accounts(self) -> tuple[DemoAccount, ...]:
        """The payer and its members."""
        return accounts_of(self.shape)

    @property
    def payer(self) -> str:
        """The first account."""
        return self.shape.account_ids[0]

    @cached_property
    def regions(self) -> Mapping[str, str]:
        """Regions by their opt-in status."""
        chosen = LARGEST_FIRST[: self.shape.regions]
        status = {one.name: "opted-in" if one.is_opt_in else "opt-in-not-required" for one in chosen}
        return status | dict.fromkeys(NEVER_OPTED_IN, "not-opted-in")

    @cached_property
    def role_arns(self) -> tuple[str, ...]:
        """The roles that the payer may assume in the other accounts."""
        return tuple(f"arn:aws:iam::{account}:role/{ROLE}" for account in self.shape.account_ids[1:])

    @property
    def instances(self) -> tuple[DemoInstance, ...]:
        """None: ``estate`` has them."""
        return ()

    @cached_property
    def bill(self) -> LargeBill:
        """What AWS charges for all of it."""
        return LargeBill(self)

    @property
    def expected(self) -> Mapping[str, Expected]:
        """None: ``estate.truth`` says it of any instance."""
        return {}


def accounts_of(shape: Shape) -> tuple[DemoAccount, ...]:
    """Return the accounts of a shape, the payer first."""
    return tuple(
        DemoAccount(account, f"team-{number:03d}", f"aws+{number:03d}@example.com")
        for number, account in enumerate(shape.account_ids)
    )
