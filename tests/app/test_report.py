"""The report says what the other pages say, of the month that is asked for; what others wrote stays text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from html import unescape
from itertools import pairwise

import pytest
from starlette.testclient import TestClient

from app.company import SERVICES, spent
from app.conftest import ADDRESS, dashboard, usual_settings
from app.test_pages import HOSTILE, elements, hostile_home
from factories import TODAY
from plainbill.app import formats
from plainbill.app.cost_record import CostRecord
from plainbill.app.examples_findings import FINDINGS
from plainbill.app.markdown import escaped
from plainbill.app.outlook import Outlook
from plainbill.app.problems import ParameterError
from plainbill.app.report import ReportParams, Reports, end_of, month_of, usual_months
from plainbill.app.showback import Showbacks
from plainbill.app.views.report_waste import found_and_removed
from plainbill.model.period import Period, month_start
from plainbill.settings import Settings
from plainbill.storage import Home

LAST = (TODAY.replace(day=1) - timedelta(days=1)).replace(day=1)
WHOLE = Period.of_days(LAST, TODAY.replace(day=1))


def text_of(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return unescape(re.sub(r"<[^>]*>", "", answer.text)).replace("\N{NO-BREAK SPACE}", " ")


def test_before_anything_was_read_nothing_is_said(empty_client: TestClient) -> None:
    page, markdown = text_of(empty_client, "/report"), empty_client.get("/report.md").text
    for text in (page, markdown):
        assert "Nothing has been read yet" in text
        assert "$" not in text.partition("Keys and words")[0]


def test_a_month_that_was_not_read_is_not_known_and_no_zero(client: TestClient) -> None:
    text = client.get("/report.md", params={"month": "2024-02"}).text
    bill = next(line for line in text.splitlines() if line.startswith("- Bill"))
    assert "**not known**" in bill
    assert "not known" in text.partition("## Why the bill changed")[2]


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "x", "1999-01", f"{TODAY.year + 1}-01"])
def test_what_is_no_month_or_has_not_begun_is_refused(client: TestClient, month: str) -> None:
    for path in ("/report", "/report.md"):
        assert client.get(path, params={"month": month}).status_code == 422


def test_without_a_month_it_is_the_last_that_is_over(client: TestClient) -> None:
    text = text_of(client, "/report")
    assert f"AWS costs, {formats.month(LAST)}".replace("\N{NO-BREAK SPACE}", " ") in text
    assert "not over yet" not in text
    assert "not over yet" in text_of(client, f"/report?month={TODAY:%Y-%m}")


def test_the_bill_is_that_of_the_cost_page_and_reconciles(client: TestClient) -> None:
    asked = {"start": str(WHOLE.first_day), "end": str(WHOLE.end_day)}
    costs = client.get("/api/cost-by-service", params=asked).json()
    assert Decimal(costs["total"]) == spent(WHOLE)
    for text in (text_of(client, "/report"), client.get("/report.md").text.replace("\\", "")):
        assert formats.money(spent(WHOLE)) in text
        assert "difference $0.00" in text
        for service in SERVICES:
            assert formats.money(spent(WHOLE, service)) in text


def test_services_are_compared_with_the_month_before_as_on_the_page_of_costs(client: TestClient) -> None:
    days = {"start": str(WHOLE.first_day), "end": str(WHOLE.end_day)}
    page = {one["key"]: one for one in client.get("/api/costs", params=days).json()["rows"]}
    said = client.get("/report.md", params={"month": f"{LAST:%Y-%m}"}).text
    part = said.partition("## Services")[2].partition("## ")[0]
    for name in SERVICES:
        row = next(line for line in part.splitlines() if line.startswith(f"| {name}"))
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        before, change = Decimal(page[name]["previous_cost"]), Decimal(page[name]["change"])
        assert cells[3:] == [escaped(formats.money(before)), escaped(formats.signed_money(change))]


def test_changes_are_the_sentences_of_the_page_of_changes(client: TestClient) -> None:
    asked = {"start": str(WHOLE.first_day), "end": str(WHOLE.end_day)}
    steps = [step["sentence"] for step in client.get("/api/changes", params=asked).json()["steps"]]
    text = text_of(client, "/report")
    assert steps
    assert [step for step in steps if step.replace("\N{NO-BREAK SPACE}", " ") not in text] == []


def test_waste_is_that_of_the_findings_and_gaps_are_told(waste_client: TestClient) -> None:
    text = text_of(waste_client, "/report")
    overall = waste_client.get("/api/findings").json()["overall"]
    assert formats.money(Decimal(overall["monthly_saving"]["USD"])) in text
    assert f"{overall['unknown_price']} of them of unknown price" in text
    for gap in waste_client.get("/api/status").json()["gaps"]:
        assert gap["remedy"] in text


def test_of_days_before_anything_was_looked_at_nothing_is_counted(client: TestClient) -> None:
    text = client.get("/report.md", params={"month": "2025-12"}).text.replace("\\", "")
    assert "Anomalies in these days: **not known**" in text
    assert "whether there was waste then is not known" in text


def test_what_came_and_went_is_told_of_the_days_in_which_it_did(full_home: Home) -> None:
    record = dashboard(full_home, usual_settings(full_home.root)).record
    edition = record.edition_of(record.shown)
    costs = CostRecord(record)
    sources = Reports(costs, Outlook(record), Showbacks(costs)).sources(edition, ReportParams())
    inside = datetime.combine(LAST, time(12), UTC)
    before, after = inside - timedelta(days=40), inside + timedelta(days=40)
    plain = replace(FINDINGS.findings[0], state="open", state_since=before, first_seen=before)
    rows = [
        plain,
        replace(plain, first_seen=inside),
        replace(plain, state="gone", state_since=after),
        replace(plain, state="dismissed", state_since=inside),
        replace(plain, state="gone", state_since=inside, resource_id="vol-gone", monthly_saving=None),
    ]
    part = found_and_removed(replace(sources, rows=rows))
    assert part.said[0].replace("\N{NO-BREAK SPACE}", " ") == (
        "1 finding first seen in these days; 1 finding gone since."
    )
    assert part.table is not None
    assert [(row[0], row[3]) for row in part.table.rows] == [("vol-gone", "not known")]


def test_every_link_of_it_leads_somewhere(waste_client: TestClient) -> None:
    page = waste_client.get("/report").text
    links = {attributes["href"] or "" for tag, attributes in elements(page) if tag == "a"}
    own = {link for link in links if link.startswith("/")}
    assert len(own) > 20
    assert [link for link in own if waste_client.get(link).status_code != 200] == []


def test_what_others_wrote_stays_text(home: Home, settings: Settings) -> None:
    hostile_home(home, " ".join(HOSTILE))
    with TestClient(dashboard(home, settings), base_url=ADDRESS) as client:
        page, markdown = client.get("/report").text, client.get("/report.md").text
    made = elements(page)
    assert {"script", "img"} & {tag for tag, _ in made} <= {"script"}
    assert [attributes for _, attributes in made if any(each.startswith("on") for each in attributes)] == []
    assert re.search(r"(?<!\\)<", markdown) is None
    assert "\u202e" not in markdown


def test_a_month_that_is_not_over_ends_with_its_last_whole_day() -> None:
    first, today = date(2026, 11, 1), date(2026, 11, 26)
    assert end_of(first, date(2026, 11, 24), today) == date(2026, 11, 25)
    assert end_of(first, None, today) == today
    assert end_of(first, date(2026, 12, 4), date(2026, 12, 5)) == date(2026, 12, 1)
    assert end_of(first, date(2026, 10, 3), today) == date(2026, 11, 2)  # a day that is not known


def test_months_follow_each_other_without_a_hole() -> None:
    months = usual_months(date(2026, 3, 31))
    assert months[:3] == [date(2026, 3, 1), date(2026, 2, 1), date(2026, 1, 1)]
    assert len(months) == len(set(months)) == 13
    assert all(month_start(earlier, 1) == later for later, earlier in pairwise(months))
    assert month_of(ReportParams(), date(2026, 1, 31)) == date(2025, 12, 1)
    with pytest.raises(ParameterError):
        month_of(ReportParams(month="2026-02"), date(2026, 1, 31))
