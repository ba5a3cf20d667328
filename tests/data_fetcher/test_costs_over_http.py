"""Costs asked over real HTTP are the demo company's bill to the last digit, or a gap says what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from faults import FaultProxy
from plainbill.aws_connector import Connector
from plainbill.aws_connector.errors import AccessDenied, NotEnabled, PagesChanged, UnreadableAnswer
from plainbill.data_fetcher import cost_explorer
from plainbill.demo.server import DemoEndpoint
from plainbill.model.cost import CostMetric, CostTable
from plainbill.model.period import Period
from plainbill.storage.snapshot.asked import BASE_TABLES

PAYER = "111122223333"
HISTORY = Period.of_days(date(2025, 10, 1), date(2026, 11, 25))
AUTUMN = Period.of_days(date(2026, 10, 25), date(2026, 11, 6))


def costs(connector: Connector, table: CostTable, period: Period = AUTUMN) -> cost_explorer.CostReading:
    reading, gaps = cost_explorer.read(connector, PAYER, period, table, "USD")
    assert reading
    assert gaps == []
    return reading


def sums(reading: cost_explorer.CostReading, metric: CostMetric) -> dict[tuple[str, ...], Decimal]:
    found: dict[tuple[str, ...], Decimal] = {}
    for record in reading.records:
        key = (str(record.account_id), str(record.key))
        found[key] = found.get(key, Decimal(0)) + record.amounts[metric]
    return found


@pytest.mark.parametrize("groups_in_a_page", [7, 5000])
def test_costs_by_service_and_by_record_type_are_the_bill_whatever_the_pages(
    demo: DemoEndpoint, connector: Connector, groups_in_a_page: int
) -> None:
    demo.change(cost_groups_page=groups_in_a_page)
    bill = demo.company.bill
    read = {table: costs(connector, table) for table in BASE_TABLES}
    for metric in CostMetric:
        for table, field in ((CostTable.SERVICE, "service"), (CostTable.RECORD_TYPE, "record_type")):
            assert sums(read[table], metric) == bill.totals(AUTUMN, metric, "account_id", field)
        control = sum(record.amounts[metric] for record in read[CostTable.CONTROL].records)
        assert control == bill.total(AUTUMN, metric) != 0


def test_every_day_and_every_estimate_is_as_the_bill_has_it(demo: DemoEndpoint, connector: Connector) -> None:
    period = Period.of_days(date(2026, 10, 25), date(2026, 11, 25))
    estimates = {
        record.day: record.is_estimated for record in costs(connector, CostTable.CONTROL, period).records
    }
    assert list(estimates) == list(period.dates())
    assert estimates == {day: demo.company.bill.is_estimated(day) for day in period.dates()}
    assert set(estimates.values()) == {True, False}


def test_accounts_are_named_by_the_bill_itself(demo: DemoEndpoint, connector: Connector) -> None:
    names = costs(connector, CostTable.SERVICE).account_names
    assert names == {account.account_id: account.name for account in demo.company.accounts}


@pytest.mark.parametrize("code", ["RequestChangedException", "InvalidNextTokenException"])
def test_pages_that_changed_are_asked_again_from_the_first_and_never_mixed(
    demo: DemoEndpoint, connector: Connector, proxy: FaultProxy, code: str
) -> None:
    demo.change(cost_groups_page=100)
    whole = costs(connector, CostTable.SERVICE)
    pages = proxy.count("GetCostAndUsage")
    assert pages > 2
    _refuse_a_later_page(proxy, code, times=1)
    assert costs(connector, CostTable.SERVICE) == whole
    assert proxy.count("GetCostAndUsage") == pages + 2 + pages


def test_pages_that_change_twice_are_given_up_instead_of_being_asked_for_ever(
    demo: DemoEndpoint, connector: Connector, proxy: FaultProxy
) -> None:
    demo.change(cost_groups_page=100)
    _refuse_a_later_page(proxy, "RequestChangedException", times=None)
    with pytest.raises(PagesChanged):
        cost_explorer.read(connector, PAYER, AUTUMN, CostTable.SERVICE, "USD")
    assert proxy.count("GetCostAndUsage") == 4


def _refuse_a_later_page(proxy: FaultProxy, code: str, times: int | None) -> None:
    proxy.refuse("GetCostAndUsage", code, times=times)
    first = proxy.faults[-1]
    proxy.faults[-1] = replace(first, applies=lambda call: "NextPageToken" in call.parameters)


def test_costs_in_another_currency_than_the_stored_ones_are_a_gap_not_a_sum(connector: Connector) -> None:
    reading, gaps = cost_explorer.read(connector, PAYER, AUTUMN, CostTable.CONTROL, "CNY")
    assert reading is None
    assert [(gap.source, gap.kind, gap.account_id) for gap in gaps] == [
        ("cost_explorer.control", "MixedCurrencies", PAYER)
    ]
    assert "CNY and USD" in gaps[0].reason


def test_days_that_were_not_answered_are_named_and_the_others_kept(
    connector: Connector, proxy: FaultProxy
) -> None:
    proxy.answer("GetCostAndUsage", lambda _: {"ResultsByTime": [_total(5), _total(6), _total(8)]})
    asked = Period.of_days(date(2026, 11, 5), date(2026, 11, 10))
    reading, gaps = cost_explorer.read(connector, PAYER, asked, CostTable.CONTROL, "USD")
    assert reading
    assert [record.day.day for record in reading.records] == [5, 6, 8]
    assert reading.missing_days == {date(2026, 11, 7), date(2026, 11, 9)}
    assert [gap.kind for gap in gaps] == ["DaysMissing"]
    assert "2026-11-07" in gaps[0].reason
    assert "2026-11-09" not in gaps[0].reason  # the day in progress may not have come yet


def test_an_answer_without_any_day_is_a_gap_not_a_month_of_zeros(
    connector: Connector, proxy: FaultProxy
) -> None:
    proxy.answer("GetCostAndUsage", lambda _: {"ResultsByTime": []})
    reading, gaps = cost_explorer.read(connector, PAYER, AUTUMN, CostTable.SERVICE, "USD")
    assert reading is None
    assert [gap.kind for gap in gaps] == ["DaysMissing"]


@pytest.mark.parametrize(
    "code", ["DataUnavailableException", "BillExpirationException", "ValidationException"]
)
@pytest.mark.parametrize(("oldest", "begins"), [("2026-08-01", "2026-08-01"), ("2026-11-01", "2026-11-01")])
def test_a_young_account_is_read_as_far_back_as_cost_explorer_allows(
    demo: DemoEndpoint, connector: Connector, proxy: FaultProxy, code: str, oldest: str, begins: str
) -> None:
    _refuse_days_before(proxy, oldest, code)
    reading, gaps = cost_explorer.read(connector, PAYER, HISTORY, CostTable.SERVICE, "USD")
    assert reading
    assert reading.period == Period.of_days(date.fromisoformat(begins), HISTORY.end_day)
    bill = demo.company.bill.total(reading.period, CostMetric.UNBLENDED)
    assert sum(sums(reading, CostMetric.UNBLENDED).values()) == bill
    assert [gap.kind for gap in gaps] == ["HistoryUnavailable"]
    assert f"before {begins} ({code})" in gaps[0].reason
    calls = [call for call in proxy.calls if call.operation == "GetCostAndUsage"]
    asked = list(
        dict.fromkeys(call.parameters["TimePeriod"]["Start"] for call in calls)
    )  # whatever the pages
    assert asked == ["2025-10-01", "2026-08-01", "2026-11-01"][: asked.index(begins) + 1]


def test_when_every_day_is_refused_it_is_the_refusal_that_is_told(
    connector: Connector, proxy: FaultProxy
) -> None:
    _refuse_days_before(proxy, "2030-01-01", "DataUnavailableException")
    with pytest.raises(NotEnabled, match="Open Cost Explorer once"):
        cost_explorer.read(connector, PAYER, HISTORY, CostTable.SERVICE, None)
    assert proxy.count("GetCostAndUsage") == 3
    proxy.faults.clear()
    proxy.refuse("GetCostAndUsage", "AccessDeniedException")
    with pytest.raises(AccessDenied):
        cost_explorer.read(connector, PAYER, HISTORY, CostTable.SERVICE, None)
    assert proxy.count("GetCostAndUsage") == 4


def _refuse_days_before(proxy: FaultProxy, oldest: str, code: str) -> None:
    proxy.refuse("GetCostAndUsage", code)
    proxy.faults[-1] = replace(
        proxy.faults[-1],
        applies=lambda call: (
            call.operation == "GetCostAndUsage" and call.parameters["TimePeriod"]["Start"] < oldest
        ),
    )


@pytest.mark.parametrize("amount", ["twelve", "NaN", None])
def test_an_amount_that_is_no_number_makes_the_answer_unreadable(
    connector: Connector, proxy: FaultProxy, amount: str | None
) -> None:
    proxy.answer("GetCostAndUsage", lambda _: {"ResultsByTime": [_total(5, amount)]})
    with pytest.raises(UnreadableAnswer):
        cost_explorer.read(connector, PAYER, AUTUMN, CostTable.CONTROL, "USD")


def _total(day: int, amount: str | None = "1") -> dict[str, Any]:
    return {
        "TimePeriod": {"Start": f"2026-11-{day:02}", "End": f"2026-11-{day + 1:02}"},
        "Total": {"UnblendedCost": {"Amount": amount, "Unit": "USD"}},
        "Groups": [],
        "Estimated": False,
    }
