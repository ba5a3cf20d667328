"""The page of commitments and AWS's opinions beside ours: what is not known is said, the rest adds up."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.company import EC2, PRODUCTION, S3, collected
from app.conftest import ADDRESS, dashboard
from commitment_factories import reserved, savings_plan
from factories import NOW, TODAY, gap
from plainbill.model.cost_answers import (
    AwsAnomaly,
    AwsCause,
    CommitmentDay,
    CommitmentUse,
    CostAnswer,
    CostDriver,
    CoverageDay,
    ForecastMonth,
    PlanOffer,
    Question,
    Row,
    Topic,
)
from plainbill.model.resources.commitments import ReservedInstance, SavingsPlan
from plainbill.settings import Settings
from plainbill.storage import Home, SnapshotStore

DAY = timedelta(days=1)
PAGE, API = "/commitments", "/api/commitments"
PLAN = savings_plan(
    account_id=PRODUCTION,
    end_at=datetime(2027, 3, 2, tzinfo=UTC),
    payment="No Upfront",
    term_seconds=31_536_000,
)
HOSTILE = "<script>alert(1)</script>"
INVENTORY: dict[type[Any], list[Any]] = {SavingsPlan: [PLAN], ReservedInstance: [reserved(platform=HOSTILE)]}
USED = tuple(
    CommitmentDay(
        day=TODAY - n * DAY,
        committed=Decimal("24.00"),
        used=Decimal("23.99") - n % 7,
        unused=Decimal("0.01") + n % 7,
        saved=Decimal(5),
    )
    for n in range(60, 1, -1)
)
EACH = CommitmentUse(
    commitment_id=PLAN.plan_arn,
    committed=Decimal(720),
    used=Decimal(540),
    unused=Decimal(180),
    on_demand=Decimal(720),
    saved=Decimal(0),
)
OFFER = PlanOffer(
    plan_type="COMPUTE_SP",
    term_months=12,
    payment="No Upfront",
    lookback_days=30,
    hourly=Decimal("0.75"),
    upfront=Decimal(0),
    monthly_saving=Decimal("182.5"),
    currency="USD",
    lowest=Decimal(1),
)


def answer(question: Question, *rows: Row, **changes: Any) -> CostAnswer:
    usual: dict[str, Any] = {"start": TODAY - 60 * DAY, "end": TODAY, "asked_at": NOW}
    return CostAnswer(topic=Topic(question), rows=rows, **{**usual, **changes})


ANSWERS = (
    answer(Question.PLANS_USED, *USED),
    answer(Question.PLANS_EACH, EACH),
    answer(
        Question.PLANS_COVERAGE, CoverageDay(day=TODAY - 2 * DAY, covered=Decimal(24), on_demand=Decimal(24))
    ),
    answer(Question.PLANS_TO_BUY, OFFER),
)


def serve(home: Home, settings: Settings, **changes: Any) -> TestClient:
    SnapshotStore(home.snapshots).write(collected(**changes))
    return TestClient(dashboard(home, settings, checks=()), base_url=ADDRESS)


def shown(client: TestClient, address: str = API) -> dict[str, Any]:
    reply = client.get(address)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


# --- what must not be claimed ------------------------------------------------------------------


def test_before_anything_was_read_the_page_leads_to_a_refresh(home: Home, settings: Settings) -> None:
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    assert "Nothing has been read yet" in client.get(PAGE).text
    assert shown(client)["kinds"] == []


def test_a_use_that_was_not_read_is_not_known_and_says_what_to_do(home: Home, settings: Settings) -> None:
    remedy = "Allow ce:GetSavingsPlansUtilization."
    denied = gap(source=Topic(Question.PLANS_USED).source, region=None, remedy=remedy)
    client = serve(home, settings, resources=INVENTORY, gaps=(denied,))
    plans = shown(client)["kinds"][0]
    assert (plans["recent"], plans["coverage"], plans["is_there"]) == (None, None, True)
    assert "Allow ce:GetSavingsPlansUtilization" in plans["reason"]
    assert [row["unused"] for row in shown(client)["commitments"]] == [None, None]
    page = client.get(PAGE).text
    assert "Allow ce:GetSavingsPlansUtilization" in page
    assert "not known" in page


def test_inventories_that_were_not_read_are_not_no_commitments(home: Home, settings: Settings) -> None:
    closed = (gap(source=SavingsPlan.source),)
    assert "is not known" in shown(serve(home, settings, gaps=closed))["sentence"]


def test_accounts_without_any_are_said_to_have_none(home: Home, settings: Settings) -> None:
    said = shown(serve(home, settings, resources={SavingsPlan: [], ReservedInstance: []}))
    assert "No account that was read has" in said["sentence"]
    assert "was not asked" in said["offers_reason"]


def test_names_from_aws_are_text_on_the_page(home: Home, settings: Settings) -> None:
    page = serve(home, settings, resources=INVENTORY, answers=ANSWERS).get(PAGE).text
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page


# --- what is shown -----------------------------------------------------------------------------


@pytest.fixture
def whole(home: Home, settings: Settings) -> TestClient:
    return serve(home, settings, resources=INVENTORY, answers=ANSWERS)


def test_used_and_unused_are_the_commitment_on_every_line(whole: TestClient) -> None:
    said = shown(whole)
    plans = said["kinds"][0]
    for one in (plans["recent"], *plans["months"], *plans["days"]):
        assert Decimal(one["used"]) + Decimal(one["unused"]) == Decimal(one["committed"])
    assert plans["recent"]["days"] == 30
    assert plans["recent"]["last"] == str(TODAY - 2 * DAY)
    assert plans["coverage"] == 0.5
    assert Decimal(plans["recent"]["unused"]) == sum(one.unused for one in USED[-30:])
    assert "paid for nothing" in said["sentence"]


def test_what_ends_says_what_its_use_would_then_cost(whole: TestClient) -> None:
    months = shown(whole)["calendar"]
    assert (len(months), months[0]["month"]) == (13, "2026-11-01")
    (march,) = [one["ending"] for one in months if one["month"] == "2027-03-01"]
    plan = next(one for one in march if one["commitment_id"] == PLAN.plan_id)
    assert (plan["end"], plan["monthly_commitment"]) == ("2027-03-02", "730.00")
    assert Decimal(plan["monthly_on_demand"]) == 730
    other = next(one for one in march if one["commitment_id"] != PLAN.plan_id)
    assert (other["monthly_commitment"], other["monthly_more"]) == (None, None)


def test_of_a_young_commitment_the_use_of_the_hours_that_it_ran_is_brought_to_a_month(
    home: Home, settings: Settings
) -> None:
    ten_days = replace(
        EACH, committed=Decimal(240), used=Decimal(240), unused=Decimal(0), on_demand=Decimal(360)
    )
    client = serve(home, settings, resources=INVENTORY, answers=(answer(Question.PLANS_EACH, ten_days),))
    ending = [one for month in shown(client)["calendar"] for one in month["ending"]]
    (plan,) = [one for one in ending if one["commitment_id"] == PLAN.plan_id]
    assert Decimal(plan["monthly_on_demand"]) == 730 * Decimal("1.5")
    assert Decimal(plan["monthly_more"]) == 365


def test_a_month_of_which_days_are_missing_says_how_many_it_has(home: Home, settings: Settings) -> None:
    october = [replace(USED[0], day=date(2026, 10, day)) for day in range(1, 32)]
    client = serve(home, settings, resources=INVENTORY, answers=(answer(Question.PLANS_USED, *october[:-1]),))
    assert (
        'Oct\N{NO-BREAK SPACE}2026 <span class="quiet">30\N{NO-BREAK SPACE}days</span>'
        in client.get(PAGE).text
    )


def test_an_offer_stands_beside_our_word_on_it(whole: TestClient) -> None:
    (offer,) = shown(whole)["offers"]
    assert (offer["advice"], offer["safe"], offer["break_even_months"]) == ("buy", "0.75", "9.00")
    assert "no finding takes any of it away" in offer["sentence"]


def test_the_table_is_there_for_spreadsheets(whole: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(whole.get("/api/commitments.csv").text)))
    assert [row["commitment_id"] for row in rows] == [PLAN.plan_id, "ri-1"]
    assert (rows[0]["unused"], rows[1]["unused"]) == ("180.00", "")


# --- AWS's opinions beside ours ----------------------------------------------------------------


def test_an_opinion_that_was_not_asked_says_so_where_it_would_stand(home: Home, settings: Settings) -> None:
    client = serve(home, settings)
    for address in ("/api/forecast", "/api/anomalies", "/api/changes"):
        said = shown(client, address)["aws"]
        assert said["asked_at"] is None
        assert "PLAINBILL_AWS_OPINIONS" in said["reason"]
    assert "AWS's own forecast of" not in client.get("/").text


def test_awss_month_holds_what_was_billed_before_it_was_asked(home: Home, settings: Settings) -> None:
    asked = TODAY - 3 * DAY
    month = ForecastMonth(
        start=asked, end=date(2026, 12, 1), expected=Decimal(100), low=Decimal(90), high=Decimal(110)
    )
    client = serve(home, settings, answers=(answer(Question.FORECAST, month),))
    (first,) = shown(client, "/api/forecast")["aws"]["months"]
    billed = client.get(f"/api/cost-by-service?start=2026-11-01&end={asked}").json()["total"]
    assert first["start"] == "2026-11-01"
    assert Decimal(first["expected"]) == Decimal(billed) + 100
    assert Decimal(first["high"]) - Decimal(first["low"]) == 20
    assert "AWS&#39;s own forecast" in client.get("/").text or "AWS's own forecast" in client.get("/").text


def test_an_anomaly_that_only_aws_found_is_named_so(home: Home, settings: Settings) -> None:
    theirs = AwsAnomaly(
        anomaly_id="a",
        start=TODAY - 9 * DAY,
        end=TODAY - 8 * DAY,
        impact=Decimal(12),
        name=S3,
        causes=(AwsCause(service=S3, account_id=PRODUCTION, usage_type=HOSTILE),),
    )
    client = serve(home, settings, answers=(answer(Question.ANOMALIES, theirs),))
    (one,) = shown(client, "/api/anomalies")["aws"]["anomalies"]
    assert (one["name"], one["account_name"], one["anomaly_id"]) == (S3, "Production", None)
    page = client.get("/anomalies").text
    assert "AWS only" in page
    assert HOSTILE not in page


def test_a_reason_of_awss_stands_beside_what_is_stored_of_the_service(home: Home, settings: Settings) -> None:
    driver = CostDriver(
        service=EC2,
        usage_type="BoxUsage:m5.large",
        kind="USAGE_CHANGE",
        name="Usage change",
        before=Decimal(10),
        after=Decimal(12),
        change=Decimal(2),
    )
    span = {"start": date(2026, 9, 1), "end": date(2026, 11, 1)}
    client = serve(home, settings, answers=(answer(Question.COMPARISON, driver, **span),))
    said = shown(client, "/api/changes")["aws"]
    (one,) = said["drivers"]
    costs = [
        client.get(f"/api/cost-by-service?start={start}&end={end}").json()["services"]
        for start, end in (("2026-09-01", "2026-10-01"), ("2026-10-01", "2026-11-01"))
    ]
    before, after = (Decimal(next(row["cost"] for row in rows if row["service"] == EC2)) for rows in costs)
    assert Decimal(one["service_change"]) == after - before
    assert "Usage change" in client.get("/changes").text
