"""Showback and unit costs on the page, in the API and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.company import (
    ACCOUNTS,
    CREDIT,
    DAY,
    EC2,
    PRODUCTION,
    RESEARCH,
    S3,
    STORED,
    TAX,
    collected,
    service_records,
    spent,
)
from app.conftest import ADDRESS, dashboard, usual_settings
from factories import NOW, TODAY
from plainbill.analyzer.cents import to_cent
from plainbill.demo.units import requests
from plainbill.model.cost import CostMetric, CostRecord, CostTable
from plainbill.model.period import Period
from plainbill.model.units import Grain, UnitKind, UnitSeries, Values
from plainbill.settings import Settings
from plainbill.storage import CostSpan, Home, SnapshotStore, State

PAGE, URL, UNITS = "/showback", "/api/showback", "/api/unit-costs.csv"
LAST_30 = Period.last_days(30, TODAY)
HOSTILE = '<img src=x onerror="alert(1)">'
TAGS = {EC2: "team$web", S3: "team$shared", TAX: "team$"}
ALL = "?shared=shared&untagged=shared"


def tagged(tags: dict[str, str]) -> Iterator[CostRecord]:
    return (replace(row, key=tags[row.key or ""]) for row in service_records())


def write(home: Home, tags: dict[str, str] | None = None) -> None:
    costs = {**collected().costs, CostTable.TAG: CostSpan(STORED, list(tagged(tags or TAGS)))}
    SnapshotStore(home.snapshots).write(collected(costs=costs))


def series(values: Values, **changes: Any) -> UnitSeries:
    usual = {"name": "customers", "kind": UnitKind.LEVEL, "grain": Grain.DAY, "source": "c.csv"}
    return UnitSeries(**{**usual, "saved_at": NOW, "values": values, **changes})


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a refresh read, written once; each test has a copy."""
    root = tmp_path_factory.mktemp("tagged") / "home"
    write(Home(root))
    return root


@pytest.fixture
def browser(written: Path, home: Home, settings: Settings) -> TestClient:
    copytree(written, home.root, dirs_exist_ok=True)
    return TestClient(dashboard(home, settings), base_url=ADDRESS)


def ask(client: TestClient, query: str = "") -> dict[str, Any]:
    answer = client.get(URL + query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def page(client: TestClient, query: str = "") -> str:
    answer = client.get(PAGE + query, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text
    return answer.text


def facts(*values: object) -> tuple[object, ...]:
    return values


def rows(body: dict[str, Any]) -> dict[str, Decimal]:
    return {row["owner"]: Decimal(row["charged"]) for row in body["rows"]}


# --- what must not be claimed --------------------------------------------------------------


def test_before_anything_was_read_nothing_is_owed_and_nothing_is_zero(home: Home, settings: Settings) -> None:
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    body = ask(client)
    assert (body["total"], body["rows"], body["units"]) == (None, [], None)
    assert "Nothing has been read yet" in page(client)


def test_without_a_tag_owners_are_accounts_and_the_page_says_how_to_have_one(client: TestClient) -> None:
    body = ask(client)
    assert body["by"] == "account"
    assert rows(body) == {account: to_cent(spent(LAST_30, account=account)) for account in ACCOUNTS}
    (note,) = body["notes"]
    assert "PLAINBILL_COST_TAG" in note
    assert "activated the key as a cost allocation tag" in note
    assert "PLAINBILL_COST_TAG" in page(client)


def test_a_tag_that_was_not_asked_for_yet_is_not_an_untagged_bill(home: Home) -> None:
    SnapshotStore(home.snapshots).write(collected())
    app = dashboard(home, usual_settings(home.root, cost_tag="team"))
    client = TestClient(app, base_url=ADDRESS)
    assert "have not been read yet" in ask(client)["notes"][0]
    body = ask(client, "?by=tag")
    assert (body["total"], body["rows"], body["untagged_share"]) == (None, [], None)
    assert "next refresh" in body["notes"][0]
    assert "Show it by account" in page(client, "?by=tag")


def test_record_types_are_not_guessed_among_tags(browser: TestClient) -> None:
    answer = browser.get(f"{URL}?types=Credit")
    assert answer.status_code == 422
    assert "two things at a time" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "parameter", "word"),
    [
        ("shared=nobody", "shared", "allowed: shared, web"),
        ("shared=%22a", "shared", "separated by commas"),
        ("by=account&types=Nothing", "types", "Credit, Usage"),
        ("unit=customers", "unit", "plainbill units --import"),
        ("rule=fixed", "fixed", "sum to 100"),
        ("rule=fixed&fixed=web:60", "fixed", "sum to 100"),
        ("rule=fixed&fixed=web:NaN", "fixed", "sum to 100"),
        ("rule=fixed&fixed=web:-1,shared:101", "fixed", "sum to 100"),
        ("rule=fixed&fixed=web:50,web:50", "fixed", "sum to 100"),
        ("rule=fixed&fixed=nobody:100", "fixed", "allowed: shared, web"),
        ("rule=fixed&fixed=shared:100&shared=shared", "fixed", "not among the shared"),
        ("rule=fair", "rule", "proportional"),
        ("by=region", "by", "cost_category"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_can(
    browser: TestClient, query: str, parameter: str, word: str
) -> None:
    for path in (URL, f"{URL}.csv", UNITS, PAGE):
        body = browser.get(f"{path}?{query}").json()
        assert (body["status"], body["parameter"]) == (422, parameter), path
        assert word in body["detail"]


def test_names_are_text_on_the_page_and_no_formula_in_the_csv(home: Home, settings: Settings) -> None:
    write(home, {**TAGS, EC2: f"team${HOSTILE}", S3: "team$=1+1"})
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    State(home.state_db).save_units(
        series({(TODAY - DAY, HOSTILE): Decimal(3)}, name=HOSTILE, source=HOSTILE)
    )
    for query in ("", "?shared=%3D1%2B1"):
        assert "<img src=x" not in page(client, query)
    table = client.get(f"{URL}.csv").text
    assert "'=1+1" in table
    assert HOSTILE.replace('"', '""') in table


# --- who owes what --------------------------------------------------------------------------


def test_what_has_no_owner_is_a_row_of_its_own_and_by_account(browser: TestClient) -> None:
    body = ask(browser)
    assert (body["by"], body["rule_used"]) == ("tag", None)
    assert [row["owner"] for row in body["rows"]] == ["web", "shared", ""]
    assert rows(body)[""] == to_cent(spent(LAST_30, TAX)) == Decimal(body["untagged"])
    assert body["untagged_share"] == pytest.approx(float(spent(LAST_30, TAX) / spent(LAST_30)), abs=1e-5)
    assert {one["account_id"]: Decimal(one["cost"]) for one in body["untagged_by_account"]} == {
        account: spent(LAST_30, TAX, account) for account in ACCOUNTS
    }
    assert "is untagged and charged to nobody" in page(browser)


@pytest.mark.parametrize("rule", ["proportional", "even", "none", "fixed&fixed=web:33.33,data:66.67"])
def test_every_rule_sums_to_aws_own_total_to_the_cent(home: Home, settings: Settings, rule: str) -> None:
    write(home, {**TAGS, TAX: "team$data"})
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    shares = ("", "&shared=shared", "&shared=shared&untagged=shared")
    for metric, account, shared in product(CostMetric, (None, PRODUCTION), shares):
        of_account = f"&account={account}" if account else ""
        body = ask(client, f"?rule={rule}{shared}&metric={metric.value}{of_account}")
        billed, total = spent(LAST_30, account=account, metric=metric), Decimal(body["total"])
        assert total == to_cent(billed) == to_cent(Decimal(body["reconciliation"]["control_total"]))
        assert Decimal(body["reconciliation"]["difference"]) == 0
        for column, whole in (("direct", total), ("charged", total), ("share", 0), ("cost", billed)):
            assert sum(Decimal(row[column]) for row in body["rows"]) == whole


def test_shared_and_untagged_costs_are_borne_by_the_owners(browser: TestClient) -> None:
    body = ask(browser, ALL)
    assert rows(body) == {"web": to_cent(spent(LAST_30)), "shared": 0, "": 0}
    assert facts(body["rule_used"], Decimal(body["unallocated"])) == ("proportional", 0)
    assert "and shared by all" in page(browser, ALL)
    unspread = ask(browser, f"{ALL}&rule=none")
    assert Decimal(unspread["unallocated"]) == spent(LAST_30, S3).quantize(Decimal("0.01")) + to_cent(
        spent(LAST_30, TAX)
    )


def test_a_rule_that_cannot_be_used_says_which_one_was(browser: TestClient) -> None:
    body = ask(browser, "?shared=web,shared&untagged=shared")
    assert (body["rule_used"], body["why"]) == (None, "there is no owner to spread them over")
    assert "There is no owner to spread them over." in page(browser, "?shared=web,shared&untagged=shared")


def test_record_types_are_taken_out_of_the_accounts_that_they_were_billed_to(browser: TestClient) -> None:
    body = ask(browser, "?by=account&types=Credit&rule=even")
    credit = 2 * 30 * CREDIT
    assert rows(body) == {
        **{account: to_cent(spent(LAST_30, account=account)) for account in ACCOUNTS},
        "Credit": 0,
    }
    direct = {row["owner"]: Decimal(row["direct"]) for row in body["rows"]}
    assert direct["Credit"] == credit
    assert direct[RESEARCH] == to_cent(spent(LAST_30, account=RESEARCH) - 30 * CREDIT)
    assert Decimal(body["reconciliation"]["difference"]) == 0


def test_an_owner_with_a_comma_can_be_shared_by_its_link(home: Home, settings: Settings) -> None:
    write(home, {**TAGS, S3: 'team$a,"b"'})
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    text = page(client)
    link = text.partition('class="share-it small" href="/showback?shared=%22')[2].partition('"')[0]
    body = ask(client, f"?shared=%22{link}")
    assert facts(body["shared"], rows(body)['a,"b"']) == (['a,"b"'], 0)


def test_each_own_cost_leads_to_what_it_is_made_of(browser: TestClient) -> None:
    for query, column in (("", "tag"), ("?by=account", "account")):
        text = page(browser, query)
        days = f"start={LAST_30.first_day}&amp;end={LAST_30.end_day}&amp;metric=unblended"
        for row in ask(browser, query)["rows"]:
            key = f"team%24{row['owner']}&amp;group=account" if column == "tag" else row["owner"]
            assert f'href="/cost?{days}&amp;{column}={key}"' in text
            answer = browser.get(f"/api/costs?{days}&{column}={key}".replace("&amp;", "&")).json()
            assert Decimal(answer["total"]) == Decimal(row["cost"])


def test_two_keys_of_tags_keep_their_owners_apart(home: Home, settings: Settings) -> None:
    write(home, {EC2: "team$web", S3: "project$web", TAX: "project$"})
    body = ask(TestClient(dashboard(home, settings), base_url=ADDRESS))
    assert {row["owner"] for row in body["rows"]} == {"team$web", "project$web", ""}
    assert "several keys" in body["notes"][0]


def test_the_csv_holds_the_rows_of_the_page(browser: TestClient) -> None:
    body = ask(browser, ALL)
    heads, *table = csv.reader(io.StringIO(browser.get(f"{URL}.csv{ALL}").text))
    assert heads[:6] == ["owner", "name", "part", "direct", "share", "charged"]
    assert [(row[0], Decimal(row[5])) for row in table] == list(rows(body).items())
    text = page(browser, ALL)
    assert all(f"${Decimal(row[3]):,.2f}" in text for row in table)


# --- unit costs ----------------------------------------------------------------------------


def test_without_units_the_page_says_the_command_and_nothing_is_divided(browser: TestClient) -> None:
    assert ask(browser)["units"] is None
    assert "plainbill units --import customers.csv" in page(browser)
    assert browser.get(UNITS).text.count("\n") == 1


def test_a_day_without_a_number_is_left_out_with_its_cost(browser: TestClient, home: Home) -> None:
    days = [*LAST_30.dates(), *LAST_30.previous().dates()]
    missing = {TODAY - 3 * DAY, TODAY - 4 * DAY}
    values: Values = {(day, None): Decimal(100) for day in days if day not in missing}
    State(home.state_db).save_units(series(values))
    units = ask(browser)["units"]
    counted = [day for day in LAST_30.dates() if day not in missing]
    cost = sum((spent(Period.of_days(day, day + DAY)) for day in counted), Decimal(0))
    whole = units["whole"]
    assert (whole["spans"], whole["counted"], whole["without_units"]) == (30, 28, 2)
    assert Decimal(whole["cost"]) == cost
    assert Decimal(whole["unit_cost"]) == pytest.approx(cost / 100, abs=Decimal("1e-9"))
    assert "The number of customers is not known on 2 of" in units["notes"][0]
    unknown = [row for row in units["rows"] if row["unit_cost"] is None]
    assert [row["start"] for row in unknown] == sorted(str(day) for day in missing)
    effects = {name: Decimal(amount) for name, amount in units["effects"].items()}
    assert effects["spans"] < 0
    assert effects["volume"] == 0
    assert effects["change"] == effects["spans"] + effects["volume"] + effects["unit_cost"]
    assert "no number" in page(browser)


def test_no_units_are_said_and_never_infinite(browser: TestClient, home: Home) -> None:
    State(home.state_db).save_units(series({(day, None): Decimal(0) for day in LAST_30.dates()}))
    whole = ask(browser)["units"]["whole"]
    assert (whole["counted"], whole["zero"], whole["unit_cost"]) == (30, 30, None)
    text = page(browser)
    assert "there is no cost of each" in text
    assert "infinity" not in text.lower()


def test_numbers_of_other_days_are_not_this_period_s(browser: TestClient, home: Home) -> None:
    State(home.state_db).save_units(series({(TODAY - 300 * DAY, None): Decimal(5)}))
    units = ask(browser)["units"]
    assert (units["whole"]["counted"], units["whole"]["unit_cost"], units["effects"]) == (0, None, None)
    assert "are stored from" in units["notes"][-1]


def test_months_and_owners_are_divided_on_their_own(browser: TestClient, home: Home) -> None:
    values: Values = {(TODAY.replace(day=1, month=month), "web"): Decimal(10) for month in (9, 10)}
    State(home.state_db).save_units(series(values, name="orders", kind=UnitKind.FLOW, grain=Grain.MONTH))
    query = "?start=2026-09-01&end=2026-11-15&unit=orders"
    units = ask(browser, query)["units"]
    months = Period.of_days(TODAY.replace(day=1, month=9), TODAY.replace(day=1))
    assert [row["start"] for row in units["rows"]] == ["2026-09-01", "2026-10-01"]
    assert Decimal(units["whole"]["cost"]) == spent(months)
    web = next(one for one in units["owners"] if one["owner"] == "web")
    assert [one["owner"] for one in units["owners"] if one["whole"]["counted"]] == ["web"]
    assert Decimal(web["whole"]["unit_cost"]) == pytest.approx(spent(months, EC2) / 20, abs=Decimal("1e-9"))
    assert "only partly in the period" in units["notes"][0]
    assert "By owner" in page(browser, query)


def test_the_csv_of_unit_costs_holds_the_days_and_their_sum(browser: TestClient, home: Home) -> None:
    values: Values = {(day, None): Decimal(100) for day in LAST_30.dates() if day != TODAY - 2 * DAY}
    State(home.state_db).save_units(series(values))
    heads, *lines = csv.reader(io.StringIO(browser.get(UNITS).text))
    table, owners = lines[:31], [dict(zip(heads, line, strict=True)) for line in lines[31:]]
    assert [one["owner"] for one in owners] == [row["owner"] for row in ask(browser)["rows"]]
    assert sum(Decimal(one["period_cost"]) for one in owners) == Decimal(ask(browser)["total"])
    unknown = dict(zip(heads, table[28], strict=True))
    assert (unknown["start"], unknown["cost"], unknown["units"], unknown["without_units"]) == (
        str(TODAY - 2 * DAY), "", "", "1",
    )  # fmt: skip
    assert Decimal(dict(zip(heads, table[-1], strict=True))["cost"]) == sum(
        Decimal(row[4]) for row in table[:-1] if row[4]
    )


def test_what_is_imported_meanwhile_is_shown_at_once(browser: TestClient, home: Home) -> None:
    assert ask(browser)["unit_names"] == []
    state = State(home.state_db)
    state.save_units(series({(TODAY - DAY, None): Decimal(1)}))
    assert ask(browser)["unit_names"] == ["customers"]
    state.remove_units("customers")
    assert ask(browser)["unit_names"] == []


def test_monthly_rows_sum_to_the_period(browser: TestClient, home: Home) -> None:
    days = STORED.dates()
    State(home.state_db).save_units(series({(day, None): Decimal(7) for day in days}, kind=UnitKind.FLOW))
    query = f"?start={TODAY - timedelta(days=80)}&granularity=monthly"
    units = ask(browser, query)["units"]
    assert [row["start"][:7] for row in units["rows"]] == ["2026-09", "2026-10", "2026-11"]
    for name in ("cost", "units"):
        assert sum(Decimal(row[name]) for row in units["rows"]) == Decimal(units["whole"][name])


@pytest.mark.parametrize("divided", ["own", "charged"])
@pytest.mark.parametrize("values", [{(day, None): Decimal(9) for day in LAST_30.dates()}, {}])
def test_what_is_divided_of_the_owners_sums_to_the_total(
    browser: TestClient, home: Home, divided: str, values: Values
) -> None:
    State(home.state_db).save_units(series(values, kind=UnitKind.FLOW))
    body = ask(browser, f"{ALL}&divided={divided}")
    costs = [Decimal(one["cost"]) for one in body["units"]["owners"]]
    column = "direct" if divided == "own" else "charged"
    assert costs == [Decimal(row[column]) for row in body["rows"]]
    assert sum(costs) == Decimal(body["total"])
    counted = [Decimal(one["whole"]["cost"]) for one in body["units"]["owners"]]
    assert counted == (costs if values else [0] * len(costs))
    assert "its part of the cost of one" in page(browser, f"{ALL}&divided={divided}") or not values


def test_a_metric_that_was_not_read_yet_is_not_zero(browser: TestClient, home: Home) -> None:
    State(home.state_db).name_unit_metric(replace(requests(NOW), namespace=HOSTILE))
    units = ask(browser)["units"]
    assert (units["whole"]["unit_cost"], units["whole"]["units"]) == (None, None)
    assert (units["metric"]["asked_until"], units["metric"]["statistic"]) == (None, "Sum")
    assert "The next refresh reads the requests" in units["notes"][-1]
    shown = page(browser)
    assert "It was not read yet" in shown
    assert HOSTILE not in shown
