"""One charge of the bill, in whole units of 10^-10 US dollars."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

from plainbill.model.cost import CostMetric

UNITS = 10**10
"""Units in a dollar: Cost Explorer writes amounts with up to ten decimals."""
REPORTED_HOURS = 8
"""Hours of the current day that have reached the bill: its data is always late."""
_BOUGHT = frozenset({"Usage", "Private Rate Discount", "Credit", "Refund"})
METRIC_ORDER = (
    CostMetric.UNBLENDED,
    CostMetric.AMORTIZED,
    CostMetric.NET_UNBLENDED,
    CostMetric.NET_AMORTIZED,
    CostMetric.BLENDED,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A day's charge; ``amounts`` in the order of ``METRIC_ORDER``, ``quantity`` in 10^-10 of ``unit``."""

    account_id: str
    region: str
    service: str
    record_type: str
    usage_type: str
    amounts: tuple[int, int, int, int, int]
    quantity: int
    operation: str = "NoOperation"
    unit: str = "N/A"

    @classmethod
    def plain(
        cls,
        account: str,
        region: str,
        service: str,
        record_type: str,
        usage_type: str,
        amount: int,
        quantity: int = 0,
    ) -> Cell:
        """Make a charge that is the same under every metric."""
        return cls(account, region, service, record_type, usage_type, (amount,) * 5, quantity)

    def metered(self, operation: str, unit: str) -> Cell:
        """Return the charge with its operation, and the unit of its quantity."""
        return replace(self, operation=operation, unit=unit)

    @property
    def place(self) -> tuple[str, str, str]:
        """Account, region and service."""
        return self.account_id, self.region, self.service

    @property
    def purchase_type(self) -> str:
        """How it was bought, as Cost Explorer names it."""
        if self.record_type.startswith("SavingsPlan"):
            return "Savings Plans"
        if self.record_type in {"DiscountedUsage", "RIFee"}:
            return "Standard Reserved Instances"
        if "SpotUsage" in self.usage_type:
            return "Spot Instances"
        return "On Demand Instances" if self.record_type in _BOUGHT else "NoPurchaseOption"

    def with_blended(self, amount: int) -> Cell:
        """Return the charge with another blended cost."""
        return replace(self, amounts=(*self.amounts[:4], amount))


def units(dollars: float) -> int:
    """Turn dollars into whole units."""
    return round(dollars * UNITS)


def noise(*words: str) -> float:
    """Return a number in [0, 1) that is always the same for the same words."""
    return zlib.crc32("/".join(words).encode()) / 2**32
