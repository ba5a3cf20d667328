"""What a refresh asks Cost Explorer beyond the bill, with the requests that the bill left of a day.

What is asked: how commitments are used and what AWS would buy, where there are commitments; and AWS's own
opinions of the bill, unless the settings say otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial

from plainbill.aws_connector import Connector
from plainbill.aws_connector.errors import AwsCallError, Throttled
from plainbill.data_fetcher import cost_answers, cost_explorer
from plainbill.data_fetcher.crew import Reading, Unit
from plainbill.model.cost import AnyTable, CostMetric, CostTable
from plainbill.model.cost_answers import EC2, OPINIONS, CostAnswer, Question, Topic
from plainbill.model.inventory import ASKED_LATER, Gap
from plainbill.model.period import Period
from plainbill.model.resources.commitments import ReservedInstance, SavingsPlan
from plainbill.pipeline.bill import Bill
from plainbill.pipeline.resources import Resources
from plainbill.storage import Snapshot
from plainbill.storage.snapshot.closing import FINAL_FROM_DAY

_DAYS: Mapping[Question, int] = {
    Question.ANOMALIES: 1,
    Question.FORECAST: 3,
    Question.PLANS_USED: 3,
    Question.RESERVED_USED: 3,
}
"""How old an answer may become before it is asked for anew."""
_WEEK = 7
_PLANS = (Question.PLANS_USED, Question.PLANS_TO_BUY, Question.PLANS_EACH, Question.PLANS_COVERAGE)
_RESERVED = (
    Question.RESERVED_USED,
    Question.RESERVED_EACH,
    Question.RESERVED_COVERAGE,
    Question.RESERVED_TO_BUY,
)
_OF_PLANS = "savingsplan"
_OF_RESERVATIONS = frozenset({"rifee", "discountedusage", "recurringreservationfee", "upfrontreservationfee"})
_LOOKED_BACK = 35
"""Days of the bill whose record types tell whether there are commitments."""
_WORTH = list(Question)
_DAY = timedelta(days=1)


class Opinions:
    """What is to be asked beyond the bill, and what stays as it was answered earlier.

    ``last`` is the last snapshot of the same bill. An answer is asked for again when it is old enough,
    those first that were never given, then by how late they are, of equals in the order of their worth. Its
    units are for the thread of the bill's, after them.
    """

    def __init__(
        self, connector: Connector, last: Snapshot | None, now: datetime, bill: Bill, *, ask_aws: bool
    ) -> None:
        self._connector, self._now, self._bill, self._ask_aws = connector, now, bill, ask_aws
        self._last, self._requests = last, bill.requests
        self._payer = connector.accounts[0].account_id
        self._stored = {one.topic: one for one in last.answers()} if last else {}
        self._later: list[Topic] = []
        self._throttled: AwsCallError | None = None

    def units(
        self, found: Iterable[Resources], costs: Mapping[AnyTable, cost_explorer.CostReading]
    ) -> list[Unit[CostAnswer]]:
        """Return one unit for each answer that is to be asked for.

        ``found`` is what the inventories brought, ``costs`` what was just read of the bill: commitments that
        show in neither, nor on the last weeks of the bill as it was, are not asked about.
        """
        if not self._bill.is_answered(costs):
            return []  # the bill comes first, also where it is to be asked again today
        wanted = self._wanted(found, self._record_types(costs))
        due = [one for one in wanted if self._lateness(one) >= 0]
        due.sort(key=lambda one: (-self._lateness(one), _WORTH.index(one.question), one.service))
        self._requests.expect(len(due))
        return [Unit(one.source, self._payer, None, partial(self._read, one)) for one in due]

    def kept(self, fresh: Iterable[CostAnswer]) -> list[CostAnswer]:
        """Return all answers there are, the fresh ones in place of older ones."""
        known = {**self._stored, **{one.topic: one for one in fresh}}
        return [known[topic] for topic in sorted(known)]

    def notes(self) -> list[Gap]:
        """Return what is to be said of it once all units are done."""
        return [self._waiting()] if self._later else []

    def _record_types(self, costs: Mapping[AnyTable, cost_explorer.CostReading]) -> set[str]:
        """Return the record types of the last weeks, in small letters without spaces."""
        first = self._now.date() - _LOOKED_BACK * _DAY
        fresh = costs.get(CostTable.RECORD_TYPE)
        names = {one.key for one in fresh.records if one.day >= first} if fresh else set()
        if self._last:
            weeks = Period.of_days(first, self._now.date())
            rows = self._last.daily_costs(CostTable.RECORD_TYPE, weeks, CostMetric.UNBLENDED)
            names |= {one.key for one in rows}
        return {(name or "").replace(" ", "").lower() for name in names}

    def _wanted(self, found: Iterable[Resources], billed: Collection[str]) -> Iterator[Topic]:
        kinds = {kind for kind, resources in found if resources}
        if self._ask_aws:
            yield from map(Topic, OPINIONS)
        if SavingsPlan in kinds or any(one.startswith(_OF_PLANS) for one in billed):
            yield from map(Topic, _PLANS)
        if ReservedInstance in kinds or not _OF_RESERVATIONS.isdisjoint(billed):
            yield from (Topic(question, EC2) for question in _RESERVED)

    def _lateness(self, topic: Topic) -> float:
        """Return how much too old an answer is, in its own terms; negative where it is not."""
        if (last := self._stored.get(topic)) is None:
            return float("inf")
        today, asked = self._now.date(), last.asked_at.date()
        if asked > today:
            return 0.0  # a clock was wrong
        if topic.question is Question.COMPARISON:
            span = cost_answers.span_of(topic, today)
            was_final = asked.day >= FINAL_FROM_DAY or today.day < FINAL_FROM_DAY
            return -1.0 if last.end == span.end and was_final else 0.0
        days = _DAYS.get(topic.question, _WEEK)
        return ((today - asked).days - days) / days

    def _read(self, topic: Topic) -> Reading[CostAnswer]:
        if self._throttled:
            raise self._throttled
        asked = (self._connector, self._payer, topic, self._now, self._stored.get(topic))
        if not (self._requests.may_begin() or cost_answers.is_kept(*asked)):
            self._later.append(topic)
            return Reading(None, 0)
        try:
            answer = cost_answers.read(*asked, self._requests.may_begin)
        except Throttled as error:
            self._throttled = error
            raise
        return Reading(answer, len(answer.rows))

    def _waiting(self) -> Gap:
        names = ", ".join(sorted({one.question.value.replace("_", " ") for one in self._later}))
        tomorrow = self._now.date() + _DAY
        return cost_explorer.bill_gap(
            cost_explorer.CostExplorer.name,
            self._payer,
            ASKED_LATER,
            f"Further questions wait for the requests of another day ({len(self._later)}): {names}. "
            f"The bill comes first; {self._requests.used} requests to Cost Explorer were made today.",
            f"Nothing: they follow from {tomorrow} on, as the day's requests allow. To ask sooner set "
            "PLAINBILL_COST_EXPLORER_REQUESTS_A_DAY higher ($0.01 a request).",
        )
