"""Units at the terminal: imported, listed, removed; and showback with what they are divided by."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.company import collected
from app.conftest import ADDRESS, usual_settings
from plainbill.app import create_app
from plainbill.cli import main
from plainbill.storage import Home, SnapshotStore, State

FILE = "date,value,owner\n2026-11-01,3,web\n2026-11-02,4,web\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("PLAINBILL_HOME", str(tmp_path / "home"))
    return Home(tmp_path / "home")


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "orders.csv"
    path.write_text(FILE, encoding="utf-8")
    return str(path)


def imported(file: str, *words: str) -> int:
    return main(["units", "--import", file, "--name", "orders", "--kind", "flow", *words])


def test_a_wrong_line_is_named_and_nothing_is_kept(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(FILE + "2026-11-03,-1,web\n", encoding="utf-8")
    assert imported(str(wrong)) == 1
    said = capsys.readouterr().err
    assert "wrong.csv, line 4: the value is '-1'" in said
    assert "Nothing was imported" in said
    assert State(home.state_db).units() == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--name", "orders"), 2, "--kind"),
        (("--kind", "flow"), 2, "--name"),
        (("--name", "a/b", "--kind", "flow"), 2, "--name"),
        (("--name", "x" * 61, "--kind", "flow"), 2, "--name"),
    ],
)
def test_what_is_imported_needs_a_name_and_a_kind(
    home: Home, file: str, words: tuple[str, ...], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["units", "--import", file, *words]) == code
    assert said in capsys.readouterr().err
    assert State(home.state_db).units() == []


def test_a_file_that_is_not_there_is_said(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert imported(str(home.root / "nothing.csv")) == 1
    assert "nothing.csv cannot be read: No such file" in capsys.readouterr().err


def test_another_kind_of_the_same_name_is_refused(
    home: Home, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert imported(file) == 0
    assert main(["units", "--import", file, "--name", "orders", "--kind", "level"]) == 1
    assert "remove it first" in capsys.readouterr().err
    assert [one.kind for one in State(home.state_db).units()] == ["flow"]


def test_units_are_imported_listed_and_forgotten(
    home: Home, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["units"]) == 0
    assert "No units are stored" in capsys.readouterr().err
    assert imported(file) == 0
    assert "2 new, 0 changed, 2 stored" in capsys.readouterr().err
    assert main(["units", "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)
    assert (one["units"], one["kind"], one["numbers"], one["from"], one["to"], one["source"]) == (
        "orders", "flow", "2", "2026-11-01", "2026-11-02", "orders.csv",
    )  # fmt: skip
    assert main(["units", "--remove", "orders"]) == 0
    assert main(["units", "--remove", "orders"]) == 1
    assert State(home.state_db).units() == []


def test_showback_is_that_of_the_dashboard(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    SnapshotStore(home.snapshots).write(collected())
    today = datetime.now(UTC).date()
    days = [today - timedelta(days=n) for n in range(1, 500)]
    path = tmp_path / "customers.csv"
    path.write_text("date,value\n" + "".join(f"{day},5\n" for day in days), encoding="utf-8")
    assert main(["units", "--import", str(path), "--name", "customers", "--kind", "level"]) == 0
    words = [
        "showback",
        "--start",
        "2026-11-01",
        "--end",
        "2026-11-21",
        "--rule",
        "even",
        "--types",
        "Credit",
    ]
    capsys.readouterr()
    query = "start=2026-11-01&end=2026-11-21&rule=even&types=Credit"
    with TestClient(create_app(home, usual_settings(home.root), None), base_url=ADDRESS) as client:
        assert main([*words, "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == client.get(f"/api/showback?{query}").json()
        assert main([*words, "--csv"]) == 0
        assert capsys.readouterr().out == client.get(f"/api/showback.csv?{query}").text
        owners = client.get(f"/api/showback?{query}").json()["rows"]
        assert main([*words, "--csv", "--unit-costs"]) == 0
        heads, *rows = csv.reader(io.StringIO(capsys.readouterr().out))
        assert (heads[0], len(rows)) == ("unit", 21 + len(owners))
    assert main(words) == 0
    printed = capsys.readouterr()
    assert "Production" in printed.out
    assert "the same as AWS's own total" in printed.err
    assert main([*words, "--unit-costs"]) == 0
    assert "customers, whole period" in capsys.readouterr().out


@pytest.mark.usefixtures("home")
def test_showback_of_nothing_read_is_incomplete_and_a_wrong_option_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["showback"]) == 3
    assert "not known" in capsys.readouterr().out
    assert main(["showback", "--shared", '"a']) == 2
    assert "--shared" in capsys.readouterr().err


METRIC = {
    "--metric": "RequestCount",
    "--name": "requests",
    "--namespace": "AWS/ApplicationELB",
    "--dimension": "LoadBalancer=app/web/1=2",
    "--statistic": "Sum",
    "--account": "111122223333",
    "--region": "us-east-1",
}


def named(**changes: str) -> int:
    given = {**METRIC, **{f"--{word}": value for word, value in changes.items()}}
    return main(["units", *(word for pair in given.items() for word in pair)])


@pytest.mark.parametrize(
    ("word", "value", "said"),
    [
        ("statistic", "Average", "do not add up"),
        ("statistic", "p99", "do not add up"),
        ("account", "1234", "12 digits"),
        ("region", "US", "Region"),
        ("namespace", "a\nb", "namespace"),
        ("dimension", "LoadBalancer", "NAME=VALUE"),
        ("kind", "level", "flow"),
    ],
)
def test_a_metric_that_cannot_be_meant_is_refused(
    home: Home, word: str, value: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert named(**{word: value}) == 2
    error = capsys.readouterr().err
    assert f"--{word}" in error
    assert said in error
    assert State(home.state_db).units() == []


def test_a_named_metric_is_listed_before_it_is_read(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert named() == 0
    (metric,) = State(home.state_db).unit_metrics()
    assert metric.dimensions == (("LoadBalancer", "app/web/1=2"),)
    assert main(["units"]) == 0
    assert "not read yet" in capsys.readouterr().out
    assert main(["units", "--remove", "requests"]) == 0
    assert State(home.state_db).unit_metrics() == []
