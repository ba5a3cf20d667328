"""Tables in a spreadsheet: text stays text, numbers stay numbers."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from fastapi import FastAPI
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.conftest import ADDRESS
from app.shown import cost_view, idle_row, idle_view
from plainbill.app.api_findings import findings_router
from plainbill.app.csv import (
    COST_COLUMNS,
    IDLE_COLUMNS,
    costs_csv,
    findings_csv,
    findings_csv_parts,
    idle_csv,
    safe_text,
)

STARTS_A_FORMULA = set("=+-@\t\r\n")


def read(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.decode("utf-8"), newline="")))


@pytest.mark.parametrize("text", ["", "web-1", "Amazon EC2", "a=b", "1-2", "'quoted'", "  padded", "ünïcode"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert safe_text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u00a0=1",
        "\u200b=1",
        "＝1",
        "\ufeff@x",
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert safe_text(text) == "'" + text


@given(st.text())
@example("=cmd|' /C calc'!A0")
@example('";=1\r\n=2')
def test_no_text_becomes_a_formula_and_every_text_survives(name: str) -> None:
    table = idle_csv([idle_row(name=name)], idle_view())
    (row,) = read(table)
    assert not set(row["name"].lstrip()[:1]) & STARTS_A_FORMULA
    assert not set(row["name"][:1]) & STARTS_A_FORMULA
    written = name.encode("utf-8", "replace").decode("utf-8")
    assert row["name"] in (written, "'" + written)
    assert list(row) == list(IDLE_COLUMNS)


def test_a_credit_stays_a_negative_number() -> None:
    (row,) = read(costs_csv(cost_view(service="Savings Plans", cost=Decimal("-12.5"))))
    assert row["cost"] == "-12.50"
    assert list(row) == list(COST_COLUMNS)


def test_what_is_not_known_is_an_empty_cell_not_zero() -> None:
    (row,) = read(idle_csv([idle_row(monthly_cost=None, network_bytes_per_day=None)], idle_view()))
    assert (row["monthly_cost"], row["network_bytes_per_day"]) == ("", "")


def test_instants_are_written_in_utc() -> None:
    (row,) = read(idle_csv([idle_row()], idle_view()))
    assert row["launched_at"] == "2026-03-02T08:00:00Z"


def test_a_long_table_of_findings_is_sent_in_parts_that_are_the_whole(waste_client: TestClient) -> None:
    record = waste_client.app.record  # type: ignore[attr-defined]  # a Dashboard
    streaming = FastAPI()
    streaming.include_router(findings_router(record, most_kept=1))
    whole = waste_client.get("/api/findings.csv")
    sent = TestClient(streaming, base_url=ADDRESS).get("/api/findings.csv")
    assert whole.text.count("\r\n") > 2
    assert sent.content == whole.content
    assert sent.headers["content-disposition"] == whole.headers["content-disposition"]
    assert "content-length" not in sent.headers


@pytest.mark.parametrize("at_once", [1, 2, 1000])
def test_parts_of_a_table_join_to_the_table(waste_client: TestClient, at_once: int) -> None:
    record = waste_client.app.record  # type: ignore[attr-defined]  # a Dashboard
    rows = record.findings(record.edition_of(record.shown)).rows
    assert len(rows) > 2
    assert b"".join(findings_csv_parts(rows, at_once)) == findings_csv(rows)
    assert b"".join(findings_csv_parts([], at_once)) == findings_csv([])
