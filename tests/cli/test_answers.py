"""``costs`` and ``idle`` on stored data whose every name and tag attacks its reader."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from typing import Any

import pytest
from starlette.testclient import TestClient

from e2e.process import Refreshed, environment, plainbill
from plainbill.app import create_app
from plainbill.settings import Settings
from plainbill.storage import Home


def answer(filled: Refreshed, *words: str) -> str:
    done = plainbill(*words, env=environment(filled.demo, filled.home))
    assert done.returncode == 0, done.stderr
    assert_harmless(done.stderr)
    return done.stdout


def assert_harmless(printed: str) -> None:
    letters = set(printed) - {"\n"}
    assert not {letter for letter in letters if unicodedata.category(letter) == "Cc"}
    assert not letters & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def asked(filled: Refreshed, path: str) -> Any:
    app = create_app(Home(filled.home), Settings(home=filled.home), None)
    with TestClient(app, base_url="http://127.0.0.1:8585") as client:
        return client.get(path).json()


@pytest.mark.parametrize("command", ["costs", "idle", "showback"])
def test_a_hostile_name_cannot_steer_the_terminal(filled: Refreshed, command: str) -> None:
    assert_harmless(answer(filled, command))
    assert answer(filled, command, "--json").isascii()


def test_the_report_is_that_of_the_dashboard_and_harmless(filled: Refreshed) -> None:
    markdown = answer(filled, "report", "--markdown")
    assert_harmless(answer(filled, "report"))
    assert_harmless(markdown)
    assert json.loads(answer(filled, "report", "--json"))["parts"]
    tags, category = (filled.demo.environment[f"PLAINBILL_COST_{name}"] for name in ("TAG", "CATEGORY"))
    settings = Settings(home=filled.home, cost_tag=tuple(tags.split(",")), cost_category=(category,))
    app = create_app(Home(filled.home), settings, None)
    with TestClient(app, base_url="http://127.0.0.1:8585") as client:
        assert client.get("/report.md").text == markdown


def test_no_command_on_stored_data_asks_aws(filled: Refreshed) -> None:
    before = len(filled.demo.requests)
    for words in (("costs",), ("idle", "--cpu-average", "9"), ("report",), ("iam-policy",)):
        answer(filled, *words)
    assert len(filled.demo.requests) == before


@pytest.mark.parametrize(
    ("words", "path"),
    [
        (("costs",), "/api/cost-by-service"),
        (
            ("costs", "--metric", "net_amortized", "--account", "444455556666"),
            "/api/cost-by-service?metric=net_amortized&account=444455556666",
        ),
    ],
)
def test_costs_are_those_of_the_dashboard(filled: Refreshed, words: tuple[str, ...], path: str) -> None:
    assert json.loads(answer(filled, *words, "--json")) == asked(filled, path)


def test_idle_instances_are_those_of_the_dashboard(filled: Refreshed) -> None:
    told = json.loads(answer(filled, "idle", "--cpu-average", "3", "--days", "7", "--json"))
    shown = asked(filled, "/api/idle-instances?cpu_average=3&days=7")
    assert {row["instance_id"] for row in told["instances"]} == {
        row["instance_id"] for row in shown["instances"]
    }
    assert told["criteria"] == shown["criteria"]
    assert told["counts"] == shown["counts"]


def test_idle_instances_are_sorted_and_filtered_as_asked(filled: Refreshed) -> None:
    words = ("idle", "--sort", "cpu_average", "--q", "us-east-1", "--csv")
    rows = list(csv.DictReader(io.StringIO(answer(filled, *words))))
    averages = [float(row["cpu_average"]) for row in rows]
    assert averages == sorted(averages)
    assert {row["region"] for row in rows} == {"us-east-1"}


def test_the_table_says_how_far_to_trust_it(filled: Refreshed) -> None:
    done = plainbill("costs", env=environment(filled.demo, filled.home))
    assert "AWS's own total is" in done.stderr
    assert "the same" in done.stderr
    assert "Total" in done.stdout
