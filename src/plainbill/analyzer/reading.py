"""From what one refresh left behind to what checks may know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from plainbill.analyzer.registry import Check
from plainbill.analyzer.waste_check import Context, Inventory
from plainbill.model.billing import BilledUsage
from plainbill.model.inventory import Gap
from plainbill.model.metrics import Series
from plainbill.model.resources import Resource, all_kinds
from plainbill.model.utilization import Utilization
from plainbill.prices import ListPrices, Rate, RateLadder, UsageKey, UsageRates
from plainbill.prices.billed import billed_rates

R = TypeVar("R", bound=Resource)


class Reading(Protocol):
    """What was read at one instant; a stored snapshot is one."""

    def resources(self, kind: type[R]) -> Sequence[R] | None:
        """Return the resources of a kind; None where it was not asked for."""
        ...

    def series(self) -> Mapping[tuple[str, str], Series]:
        """Return the metrics by (ARN, ``Metric.key``)."""
        ...

    def utilization(self) -> Mapping[str, Utilization]:
        """Return the hourly load of EC2 instances by ARN."""
        ...

    def billed(self) -> BilledUsage | None:
        """Return the usage that was billed in about the last month; None where it was not read."""
        ...

    def listed_rates(self) -> Mapping[UsageKey, Rate]:
        """Return the prices that AWS's price list gave; empty where it was never asked."""
        ...


def rates_of(reading: Reading) -> RateLadder:
    """Return whom to ask for prices, best first: the one place where the rungs are put together.

    The account's own bill, where it was read; AWS's price list as the reading has it; then the tables that
    come with the package.
    """
    billed = reading.billed()
    own = [billed_rates(billed.by_operation)] if billed and billed.by_operation else []
    return RateLadder([*own, UsageRates(reading.listed_rates()), ListPrices.load()])


def context_of(reading: Reading, gaps: Iterable[Gap], now: datetime, checks: Iterable[Check]) -> Context:
    """Return the context of a reading of the instant ``now``, at the prices of ``rates_of``.

    A kind that a check looks at and that was not asked for (a newer check, an older reading) has a gap.
    """
    stored = {kind: reading.resources(kind) for kind in all_kinds()}
    resources = {kind: found for kind, found in stored.items() if found is not None}
    missing = {kind.source for check in checks for kind in check.kinds() if kind not in resources}
    return Context(
        now=now,
        rates=rates_of(reading),
        inventory=Inventory(resources=resources, gaps=(*gaps, *map(_not_read, sorted(missing)))),
        series=reading.series(),
        utilization=reading.utilization(),
        billed=reading.billed(),
    )


def arns(context: Context) -> frozenset[str]:
    """Return the ARNs of everything that was read."""
    return frozenset(one.arn for some in context.inventory.resources.values() for one in some)


def _not_read(source: str) -> Gap:
    return Gap(
        source=source,
        account_id=None,
        region=None,
        kind="NotRead",
        action=None,
        reason="The last refresh did not ask for this kind of resource.",
        remedy="Refresh: the button on the page, or `plainbill refresh`.",
    )
