"""The bill of the largest company of the demo: some two hundred services, in hundreds of accounts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from plainbill.demo.bill import MONTH
from plainbill.demo.cell import UNITS, Cell, noise
from plainbill.demo.large_bill import Block, LargeBill
from plainbill.demo.regions import LARGEST_FIRST
from plainbill.demo.service_names import NAMES
from plainbill.prices.billing_regions import spellings

_EVERYWHERE = ("AWS Key Management Service", "Amazon Virtual Private Cloud")
_USERS = 4
"""So many accounts have a service that is not everywhere, two Regions at the most."""
_WHOLE = 1_000
"""What a day counts on which a service costs its usual amount."""
_CHEAPEST, _DECADES = 2.0, 3.5  # dollars a month, and how many powers of ten the dearest costs more
_YOUNG_ONE_IN = 12


class HugeBill(LargeBill):
    """A large estate's bill, with many services that have no resource to look at beside it."""

    def usage(self) -> tuple[Block, ...]:
        """Return the lines of the estate, and those of the other services."""
        return (*super().usage(), self._beside())

    def _beside(self) -> Block:
        lines, rates, source = list[Cell](), list[list[int]](), list[int]()
        for number, name in enumerate(NAMES):
            dollars = _CHEAPEST * 10 ** (noise(name, "price") * _DECADES)
            for account in self._users(name):
                share = 0.5 + noise(name, account)
                cost = int(dollars / MONTH * share * UNITS) // _WHOLE
                lines.append(_line(name, account))
                rates.append([cost] * 5 + [UNITS // _WHOLE])
                source.append(number)
        return Block(lines, np.array(source), np.array(rates, dtype=np.int64), self._counts())

    def _users(self, name: str) -> Iterator[str]:
        accounts = [account.account_id for account in self.company.accounts]
        if name in _EVERYWHERE:
            yield from accounts
            return
        places = {int(noise(name, str(number)) * len(accounts)) for number in range(_USERS)}
        yield from (accounts[place] for place in sorted(places))

    def _counts(self) -> NDArray[np.int32]:
        """Return by service and day how much of it is used: growth, quiet weekends, a first day for some."""
        days = [self.first_day + timedelta(days=at) for at in range(self.days)]
        is_weekend = np.array([day.weekday() >= 5 for day in days])
        ago = np.arange(self.days)[::-1]
        counts = np.zeros((len(NAMES), self.days), dtype=np.int32)
        for number, name in enumerate(NAMES):
            growth = 1 + (noise(name, "growth") - 0.35) / 20
            jitter = np.array([noise(name, str(day.toordinal())) for day in days]) / 10 + 0.95
            used = growth ** (-ago / MONTH) * jitter * np.where(is_weekend, 0.6 + noise(name) / 2, 1.0)
            if number % _YOUNG_ONE_IN == 0:
                used[ago > 40 + noise(name, "young") * 300] = 0
            counts[number] = np.round(used * _WHOLE)
        return counts


def _line(name: str, account: str) -> Cell:
    region = LARGEST_FIRST[int(noise(name, account, "region") ** 3 * 17)].name
    usage_type = f"{spellings(region, '')[0]}{name.partition(' ')[2].replace(' ', '')}-Usage"
    return Cell.plain(account, region, name, "Usage", usage_type, 0).metered("Use", "Units")
