"""The status says how old, how complete and how dear the data are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.company import FIRST, PRODUCTION, RESEARCH, collected, gap, service_records
from app.conftest import ADDRESS, dashboard
from billing_factories import BILL, FIRST_OF_MONTH, span, usage
from factories import NOW, TODAY
from plainbill.model.billing import UsageTable
from plainbill.model.cost import CostTable
from plainbill.model.period import Period
from plainbill.model.run import OperationCost, Run, RunState
from plainbill.settings import Settings
from plainbill.storage import CostSpan, Home, SnapshotStore, State

HOUR = timedelta(hours=1)
CALLS = (
    OperationCost(
        service="ce", operation="GetCostAndUsage", calls=9, low=Decimal("0.09"), high=Decimal("0.09")
    ),
    OperationCost(
        service="cloudwatch", operation="GetMetricData", calls=2, low=Decimal("0.01"), high=Decimal("0.02")
    ),
)


def a_run(**changes: Any) -> Run:
    run = Run(
        run_id="20261124T120000Z-aaaaaa",
        state=RunState.COMPLETE,
        started_at=NOW,
        finished_at=NOW + timedelta(seconds=20),
        accounts=(PRODUCTION,),
        regions=("us-east-1",),
        operations=CALLS,
        gaps=(),
    )
    return replace(run, **changes)


def status(home: Home, settings: Settings, runs: Sequence[Run] = ()) -> dict[str, Any]:
    state = State(home.state_db)
    for run in runs:
        state.start_run(run)
        state.finish_run(run)
    state.close()
    answer = TestClient(dashboard(home, settings), base_url=ADDRESS).get("/api/status")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    body: dict[str, Any] = answer.json()
    return body


def test_before_anything_was_read_it_is_empty(home: Home, settings: Settings) -> None:
    body = status(home, settings)
    assert (body["state"], body["taken_at"], body["age_seconds"], body["data_until"]) == (
        "empty", None, None, None,
    )  # fmt: skip
    assert body["accounts_read"] == body["calls"] == 0


def test_a_first_refresh_that_failed_says_why(home: Home, settings: Settings) -> None:
    failed = a_run(state=RunState.FAILED, error="no credentials were found", gaps=(gap(),))
    body = status(home, settings, [failed])
    assert (body["state"], body["last_error"]) == ("failed", "no credentials were found")
    assert [each["kind"] for each in body["gaps"]] == ["AccessDenied"]


def test_everything_read_is_complete(home: Home, settings: Settings) -> None:
    SnapshotStore(home.snapshots).write(collected())
    body = status(home, settings, [a_run(accounts=(PRODUCTION, RESEARCH))])
    assert (body["state"], body["age_seconds"], body["data_until"]) == ("complete", 0, "2026-11-23")
    assert (body["accounts_read"], body["accounts_total"]) == (2, 2)
    assert body["accounts"] == {PRODUCTION: "Production", RESEARCH: None}


def test_a_day_that_is_not_over_does_not_count_as_read(home: Home, settings: Settings) -> None:
    today = Period.of_days(TODAY, TODAY + timedelta(days=1))
    begun = CostSpan(
        Period.of_days(FIRST, TODAY + timedelta(days=1)), [*service_records(), *service_records(today)]
    )
    SnapshotStore(home.snapshots).write(collected(costs={**collected().costs, CostTable.SERVICE: begun}))
    assert status(home, settings)["data_until"] == "2026-11-23"


def test_an_account_seen_only_on_the_bill_was_not_read(home: Home, settings: Settings) -> None:
    SnapshotStore(home.snapshots).write(collected())
    body = status(home, settings, [a_run()])
    assert (body["accounts_read"], body["accounts_total"]) == (1, 2)


def test_an_account_that_refused_counts_among_all(home: Home, settings: Settings) -> None:
    SnapshotStore(home.snapshots).write(
        collected(gaps=(gap(source="sts", account_id="777788889999", region=None),))
    )
    body = status(home, settings, [a_run(accounts=(PRODUCTION, RESEARCH))])
    assert (body["state"], body["accounts_read"], body["accounts_total"]) == ("partial", 2, 3)


@pytest.mark.parametrize(
    ("age", "hours", "state"),
    [
        (48 * HOUR, 24, "complete"),
        (49 * HOUR, 24, "stale"),
        (49 * HOUR, 72, "complete"),
        (49 * HOUR, 0, "stale"),
    ],
)
def test_old_data_are_stale(home: Home, settings: Settings, age: timedelta, hours: int, state: str) -> None:
    SnapshotStore(home.snapshots).write(collected(taken_at=NOW - age))
    body = status(home, settings.model_copy(update={"refresh_hours": hours}))
    assert (body["state"], body["age_seconds"]) == (state, age.total_seconds())


def test_data_a_little_ahead_of_the_clock_are_new(home: Home, settings: Settings) -> None:
    SnapshotStore(home.snapshots).write(collected(taken_at=NOW + timedelta(minutes=4)))
    body = status(home, settings)
    assert (body["state"], body["age_seconds"], body["problems"]) == ("complete", 0, [])


def test_data_of_the_future_are_stale_and_the_clock_is_doubted(home: Home, settings: Settings) -> None:
    SnapshotStore(home.snapshots).write(collected(taken_at=NOW + timedelta(days=365)))
    body = status(home, settings)
    assert (body["state"], body["age_seconds"]) == ("stale", None)
    assert "read on 2027-11-24 12:00 UTC, but this machine's clock says 2026-11-24" in body["problems"][0]
    page = TestClient(dashboard(home, settings), base_url=ADDRESS).get("/").text
    assert "by a wrong clock" in page
    assert " ago" not in page.partition("Freshness and coverage")[2].partition("</section>")[0]


def test_calls_are_those_of_the_last_refresh_and_dollars_also_those_of_the_month(
    home: Home, settings: Settings
) -> None:
    last_month = a_run(run_id="20261031T120000Z-000000", started_at=NOW - 24 * 24 * HOUR)
    this_month = a_run(run_id="20261101T000000Z-000000", started_at=NOW.replace(day=1, hour=0))
    body = status(home, settings, [last_month, this_month, a_run()])
    assert (body["calls"], body["cost_low"], body["cost_high"]) == (11, "0.10", "0.11")
    assert (body["month_cost_low"], body["month_cost_high"]) == ("0.20", "0.22")
    assert [each["operation"] for each in body["operations"]] == ["GetCostAndUsage", "GetMetricData"]


def test_the_next_refresh_is_expected_to_cost_what_the_last_with_data_did(
    home: Home, settings: Settings
) -> None:
    failed = a_run(
        run_id="20261124T130000Z-ffffff", started_at=NOW + HOUR, state=RunState.FAILED, operations=()
    )
    SnapshotStore(home.snapshots).write(collected())
    capped = settings.model_copy(update={"monthly_api_dollars": Decimal("2.50")})
    body = status(home, capped, [a_run(), failed])
    # One more request: tables that were never asked for, of which the requests left of the day allow one.
    assert (body["cost_high"], body["next_cost_high"], body["month_cap"]) == ("0.11", "0.12", "2.50")
    page = TestClient(dashboard(home, capped), base_url=ADDRESS).get("/").text
    spent = page.partition('id="spent"')[2].partition("</p>")[0]
    assert "of the $2.50 that" in spent
    assert "expected to cost up to $0.12" in spent


def test_without_a_refresh_nobody_expects_a_price(home: Home, settings: Settings) -> None:
    body = status(home, settings)
    assert (body["next_cost_high"], body["month_cap"]) == (None, None)


def test_advice_that_was_never_switched_on_is_no_hole(home: Home, settings: Settings) -> None:
    off = gap(source="trusted_advisor", kind="NotEnabled", action=None, region=None)
    SnapshotStore(home.snapshots).write(collected(gaps=(off,)))
    body = status(home, settings, [a_run(accounts=(PRODUCTION, RESEARCH))])
    assert (body["state"], len(body["gaps"])) == ("complete", 1)
    page = TestClient(dashboard(home, settings), base_url=ADDRESS).get("/").text
    assert "Not everything could be read" not in page
    assert "No gaps but in AWS&#39;s advice" in page or "No gaps but in AWS's advice" in page


def test_a_remark_is_told_and_is_no_gap(home: Home, settings: Settings) -> None:
    remark = gap(source="refresh", kind="Resumed", action=None, region=None, reason="12 were taken over.")
    SnapshotStore(home.snapshots).write(collected(gaps=(remark,)))
    body = status(home, settings, [a_run(accounts=(PRODUCTION, RESEARCH))])
    assert (body["state"], [one["reason"] for one in body["gaps"]]) == ("complete", ["12 were taken over."])
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    assert client.get("/api/idle-instances").json()["gaps"] == []
    page = client.get("/").text
    assert ">No gaps</a>" in page
    assert "12 were taken over." in page


def test_advice_that_was_refused_is_a_hole(home: Home, settings: Settings) -> None:
    SnapshotStore(home.snapshots).write(collected(gaps=(gap(source="trusted_advisor", region=None),)))
    body = status(home, settings, [a_run(accounts=(PRODUCTION, RESEARCH))])
    assert body["state"] == "partial"


def test_a_failed_refresh_does_not_hide_the_data(home: Home, settings: Settings) -> None:
    SnapshotStore(home.snapshots).write(collected())
    failed = a_run(
        run_id="20261124T130000Z-ffffff", started_at=NOW + HOUR, state=RunState.FAILED, error="expired"
    )
    body = status(home, settings, [a_run(accounts=(PRODUCTION, RESEARCH)), failed])
    assert (body["state"], body["last_error"]) == ("complete", "expired")
    assert body["accounts_read"] == 2


def test_what_was_damaged_is_told(home: Home, settings: Settings) -> None:
    store = SnapshotStore(home.snapshots)
    written = store.write(collected())
    manifest = written.folder / "manifest.json"
    manifest.chmod(0o600)  # snapshots are written once and are read-only from then on
    manifest.write_bytes(b"{}")
    body = status(home, settings)
    assert body["state"] == "empty"
    damaged, served = body["problems"]
    assert "damaged" in damaged
    assert "served" in served


def test_what_was_counted_stands_beside_what_was_billed_and_less_is_warned_of(
    home: Home, settings: Settings
) -> None:
    days = Period.of_days(FIRST_OF_MONTH, BILL.end_day)
    lines = [
        usage("USE1-APIRequest", "GetCostAndUsage", "4", "0.04"),
        usage("EU-CW:GMD-Metrics", "GetMetricData", "9000", "0.09"),
    ]
    bill = {UsageTable.OPERATION: span(*lines)}
    SnapshotStore(home.snapshots).write(replace(collected(), usage=bill))
    run = a_run(started_at=NOW - 3 * 24 * HOUR, finished_at=NOW - 3 * 24 * HOUR)
    rows = {row["usage_type"]: row for row in status(home, settings, [run])["metered"]}
    assert {(row["days"]["start"], row["days"]["end"]) for row in rows.values()} == {
        (str(days.first_day), str(days.end_day))
    }
    ours, metrics = rows["APIRequest"], rows["CW:GMD-Metrics"]
    assert (ours["calls"], ours["billed"], ours["verdict"]) == (9, "4.00", "less")
    assert (metrics["counted_low"], metrics["counted_high"]) == ("1000.00", "2000.00")
    assert (metrics["verdict"], metrics["difference"]) == ("others", "7000.00")
    page = TestClient(dashboard(home, settings), base_url=ADDRESS).get("/").text
    table = page.partition('id="metered"')[2].partition("</table>")[0]
    assert "fewer" in table
    assert "others ask too" in table


def test_the_next_price_has_no_bill_in_it_where_the_day_s_requests_are_used_up(
    home: Home, settings: Settings
) -> None:
    body = status(home, settings, [a_run()])
    assert (body["requests_today"], body["requests_a_day"]) == (9, 10)
    assert body["next_cost_high"] == "0.11"
    more = status(home, settings, [a_run(run_id="20261124T130000Z-bbbbbb", started_at=NOW + HOUR)])
    assert more["requests_today"] == 18
    assert more["next_cost_high"] == "0.02"
