"""What a refresh asks Cost Explorer: each table of costs and of usage, and each question beside the bill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from commitment_factories import reserved, savings_plan
from factories import NOW, TODAY
from matrix.site import Brought, Items, Site, Truth, again, one_unit
from plainbill.aws_connector import Connector
from plainbill.data_fetcher import cost_explorer
from plainbill.data_fetcher.crew import Reading, Unit
from plainbill.demo.allotted import SECOND_TAG
from plainbill.model.billing import UsageTable, bill_source
from plainbill.model.cost import AnyTable, CostTable, NamedTable
from plainbill.model.cost_answers import CostAnswer, Question, Topic
from plainbill.model.period import Period
from plainbill.model.resources.commitments import ReservedInstance, SavingsPlan
from plainbill.pipeline.bill import Bill
from plainbill.pipeline.cost_requests import CostRequests
from plainbill.pipeline.opinions import Opinions
from plainbill.storage.snapshot.asked import BASE_TABLES

_DAYS = Period.of_days(TODAY.replace(day=10), TODAY)
_NAMES: Mapping[AnyTable, str] = {
    CostTable.TAG: "team",
    CostTable.COST_CATEGORY: "Product",
    NamedTable(CostTable.TAG, SECOND_TAG): SECOND_TAG,
}
_COMMITTED = ((SavingsPlan, [savings_plan()]), (ReservedInstance, [reserved()]))


def sites_of_the_bill() -> Iterator[Site]:
    """Every table and every question, each as a source of its own."""
    for table in (*CostTable, NamedTable(CostTable.TAG, SECOND_TAG)):
        yield Site(bill_source(table), partial(_costs, table), is_cost_explorer=True)
    for usage in UsageTable:
        yield Site(bill_source(usage), partial(_usage, usage), is_cost_explorer=True)
    for question in Question:
        yield Site(Topic(question).source, partial(_answer, question), is_cost_explorer=True)


def _costs(table: AnyTable, connector: Connector, _: Truth) -> Iterator[Unit[Brought]]:
    payer = connector.accounts[0].account_id

    def read() -> Reading[Any]:
        name = _NAMES.get(table)
        reading, gaps = cost_explorer.read(connector, payer, _DAYS, table, None, name=name)
        return Reading(reading, 0, gaps)

    yield one_unit(bill_source(table), (payer, None), read, _days)


def _days(reading: cost_explorer.CostReading) -> Items:
    """The records of each day that a reading vouches for, those without costs among them."""
    return {
        day: sorted((one for one in reading.records if one.day == day), key=str)
        for day in reading.period.dates()
        if day not in reading.missing_days
    }


def _usage(table: UsageTable, connector: Connector, _: Truth) -> Iterator[Unit[Brought]]:
    for unit in _bill(connector).usage_units():
        if unit.source == bill_source(table):
            yield again(unit, lambda value: {value[0]: value[1]})


def _answer(question: Question, connector: Connector, _: Truth) -> Iterator[Unit[Brought]]:
    """Ask as after a bill that was read whole, in an organization with commitments of each kind."""
    opinions = Opinions(connector, None, NOW, _bill(connector), ask_aws=True)
    nothing = cost_explorer.CostReading(period=_DAYS, records=(), account_names={}, missing_days=frozenset())
    for unit in opinions.units(_COMMITTED, dict.fromkeys(BASE_TABLES, nothing)):
        if unit.source == Topic(question).source:
            yield again(unit, _answered)


def _answered(answer: CostAnswer) -> Items:
    """An answer is had as a whole or not at all: its figures are sums over its rows."""
    return {answer.topic: answer}


def _bill(connector: Connector) -> Bill:
    requests = CostRequests(connector.meter, 0, 1_000_000)
    return Bill(connector, None, TODAY, requests, again=False)
