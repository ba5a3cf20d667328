"""The part of a refresh that fills the price ladder: AWS's price list is asked for what nobody knew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeVar, cast

from plainbill.analyzer.engine import Pair, pairs
from plainbill.analyzer.reading import context_of
from plainbill.analyzer.registry import Check
from plainbill.analyzer.wanted_prices import wanted_prices
from plainbill.aws_connector import Connector
from plainbill.data_fetcher import price_list
from plainbill.data_fetcher.crew import Crew, Reading, Unit
from plainbill.model.billing import BilledUsage, UsageTable
from plainbill.model.inventory import Gap
from plainbill.model.metrics import Series
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.model.utilization import Utilization
from plainbill.prices import Listed, Rate, UsageKey
from plainbill.prices.listed import rates_of_list
from plainbill.storage import Collected

CALLS = 200
"""How many calls a refresh spends on the price list at the most: 40 seconds at AWS's rate."""
_ROUNDS = 3
"""How often is asked for what an answer makes others want to know."""
R = TypeVar("R", bound=Resource)


@dataclass(frozen=True)
class Gathered:
    """What a refresh has read so far, not yet stored, as something that can be judged."""

    collected: Collected
    listed: Iterable[Listed]

    def resources(self, kind: type[R]) -> Sequence[R] | None:
        """Return the resources of a kind; None where it was not asked for."""
        if kind is Ec2Instance:
            return cast("Sequence[R]", self.collected.instances)
        return cast("Sequence[R] | None", self.collected.resources.get(kind))

    def series(self) -> Mapping[tuple[str, str], Series]:
        """Return the metrics by (ARN, ``Metric.key``)."""
        return self.collected.series

    def utilization(self) -> Mapping[str, Utilization]:
        """Return the hourly load of EC2 instances by ARN."""
        return self.collected.utilization

    def billed(self) -> BilledUsage | None:
        """Return the usage that was billed in about the last month, as far as this refresh has read it."""
        by_operation = self.collected.usage.get(UsageTable.OPERATION)
        by_account = self.collected.usage.get(UsageTable.ACCOUNT)
        if by_operation is None and by_account is None:
            return None
        return BilledUsage(by_operation=by_operation, by_account=by_account)

    def listed_rates(self) -> Mapping[UsageKey, Rate]:
        """Return the prices that AWS's price list gave, in this refresh or before."""
        return rates_of_list(self.listed)


def ask_for_prices(
    crew: Crew,
    connector: Connector,
    collected: Collected,
    before: Sequence[Listed],
    checks: Sequence[Check],
    calls: int = CALLS,
) -> tuple[Listed, ...]:
    """Return what AWS's price list says of all that judging needs and nobody knew.

    ``before`` is what it said in earlier refreshes: what is fresh is not asked again, that a usage is not
    sold included; what is old and cannot be asked now stays, with its day. At most ``calls`` calls are made:
    what is beyond them is a gap, and asked for by the next refresh.
    """
    today = collected.taken_at.date()
    known = {one.key: one for one in before}
    if not price_list.has_list(connector.accounts[0].arn):
        return tuple(before)
    settled = {key for key, one in known.items() if one.is_fresh(today)}
    needed: set[UsageKey] = set()
    short: Sequence[Pair] | None = None
    for _ in range(_ROUNDS):
        context = context_of(Gathered(collected, known.values()), collected.gaps, collected.taken_at, checks)
        wanted = wanted_prices(context, pairs(checks, context, ahead=False) if short is None else short)
        asked = wanted.unknown | wanted.listed
        needed |= asked.keys()
        batches = list(price_list.batches({key: asked[key] for key in asked if key not in settled}))
        settled |= asked.keys()
        crew.gaps.extend(_not_asked(connector, batches[calls:]))
        started = crew.start(_units(connector, batches[:calls], today))
        calls -= len(started)
        answers = {one.key: one for several in crew.results(started) for one in several}
        known |= answers
        if not rates_of_list(answers.values()):
            break
        short = wanted.short
    return tuple(one for key, one in known.items() if key in needed or one.is_fresh(today))


def _units(
    connector: Connector, batches: Sequence[price_list.Batch], today: date
) -> Iterator[Unit[list[Listed]]]:
    """One unit a call, all asked of the account that asks first: list prices are the same for all."""
    account_id = connector.accounts[0].account_id
    for batch in batches:
        read = partial(_read, connector, account_id, batch, today)
        yield Unit(price_list.PriceList.name, account_id, batch.region, read)


def _read(
    connector: Connector, account_id: str, batch: price_list.Batch, today: date
) -> Reading[list[Listed]]:
    answers = price_list.read(connector, account_id, batch, today)
    return Reading(answers, len(answers))


def _not_asked(connector: Connector, left: Sequence[price_list.Batch]) -> Iterator[Gap]:
    """Yield the gap that the bound on calls leaves."""
    if left:
        count = sum(len(batch.wanted) for batch in left)
        yield Gap(
            source=price_list.PriceList.name,
            account_id=connector.accounts[0].account_id,
            region=None,
            kind="NotAsked",
            action=None,
            reason=f"{count:,} prices were not asked for: a refresh makes {CALLS} calls for them at most.",
            remedy="Refresh again: what was answered is kept, and the rest is asked for then.",
        )
