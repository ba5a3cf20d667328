"""How many requests Cost Explorer may still be asked today: each costs a cent, and its data change rarely."""

from __future__ import annotations

from collections.abc import Callable

from plainbill.aws_connector.meter import Meter
from plainbill.data_fetcher.cost_explorer import CostExplorer, bill_gap
from plainbill.model.inventory import Gap
from plainbill.model.run import OperationCost
from plainbill.model.spending import COST_EXPLORER, COST_EXPLORER_REQUEST

_OPERATION = "GetCostAndUsage"
USED_UP, PASSED = "RequestsUsedUp", "RequestsPassed"
_SETTING = "PLAINBILL_COST_EXPLORER_REQUESTS_A_DAY"


class CostRequests:
    """The requests of one day: ``before`` were made by earlier refreshes, the rest is on the meter.

    ``plan`` is told once what is about to be spent at the least, so that a process that dies has not
    forgotten it. Of one thread: pages are asked one set after another, for of two at once neither knows
    how many pages the other will have.
    """

    def __init__(
        self, meter: Meter, before: int, a_day: int, plan: Callable[[OperationCost], None] = lambda _: None
    ) -> None:
        self._meter, self._before, self._a_day, self._plan = meter, before, a_day, plan
        self._expected = 0

    @property
    def used(self) -> int:
        """The requests of the day so far."""
        ours = sum(one.calls for one in self._meter.operations() if one.service == COST_EXPLORER)
        return self._before + ours

    def expect(self, page_sets: int) -> None:
        """Tell that so many more sets of pages are to be asked, as far as the day's requests reach."""
        self._expected += page_sets
        if page_sets and (calls := min(self._expected, self._a_day - self._before)) > 0:
            price = calls * COST_EXPLORER_REQUEST
            self._plan(
                OperationCost(service=COST_EXPLORER, operation=_OPERATION, calls=calls, low=price, high=price)
            )

    def may_begin(self) -> bool:
        """Say whether another set of pages may be begun; once begun it goes on to its last page."""
        return self.used < self._a_day

    def used_up(self, source: str, account_id: str, last_asked: str | None) -> Gap:
        """Return the gap of what is not asked; ``last_asked`` says when the kept figures are of."""
        kept = f"Asked last {last_asked}" if last_asked else "Never asked yet"
        return bill_gap(
            source,
            account_id,
            USED_UP,
            f"{kept}: of the {self._a_day} Cost Explorer requests that {_SETTING} allows a day "
            f"{self.used} were made today.",
            f"Next at 00:00 UTC; to ask earlier set {_SETTING} higher ($0.01 a request).",
        )

    def passed(self, account_id: str) -> Gap | None:
        """Return the note that pages which were begun made it more than the day's requests, if they did."""
        over = self.used - max(self._a_day, self._before)
        if over <= 0:
            return None
        return bill_gap(
            CostExplorer.name,
            account_id,
            PASSED,
            f"{over} more requests than the {self._a_day} that {_SETTING} allows a day, to finish pages that "
            "were begun: part of an answer is no answer.",
            "Nothing is missing; set it higher if this happens often.",
        )
