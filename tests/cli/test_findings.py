"""``findings``, ``checks`` and ``explain``: what the dashboard says, from what is stored alone."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.waste import wasteful
from plainbill.analyzer.registry import all_checks
from plainbill.app import create_app
from plainbill.cli import main
from plainbill.cli.codes import INCOMPLETE, OK, USAGE
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.settings import Settings
from plainbill.storage import Home, SnapshotStore

HOSTILE = "\x1b[31mred\u202eevil\nline"
EVERY_KIND: dict[type[Resource], list[Resource]] = {
    kind: [] for check in all_checks() for kind in check.kinds() if kind is not Ec2Instance
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An empty home, and nothing else of the environment that Plainbill would look at."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "PLAINBILL_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PLAINBILL_HOME", str(tmp_path))
    monkeypatch.setenv("PLAINBILL_DOTENV", os.devnull)
    return Home(tmp_path)


def fill(home: Home, name: str = "volume", **changes: Any) -> None:
    SnapshotStore(home.snapshots).write(wasteful(name, **changes))


def asked(home: Home, path: str) -> Any:
    app = create_app(home, Settings(home=home.root), None)
    with TestClient(app, base_url="http://127.0.0.1:8585") as client:
        return client.get(path).json()


def test_nothing_read_is_not_nothing_wasted(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert home.root.exists()
    assert main(["findings"]) == INCOMPLETE
    told = capsys.readouterr()
    assert told.out == ""
    assert "nothing has been read yet" in told.err


def test_what_could_not_be_read_ends_with_three_and_is_said(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(home)
    assert main(["findings"]) == INCOMPLETE
    said = capsys.readouterr().err
    assert "eu-west-3: the role may not describe volumes; allow ec2:DescribeVolumes" in said
    assert "could not, or not wholly, be made" in said


def test_a_reading_without_a_gap_ends_with_zero(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    fill(home, resources=EVERY_KIND, series={}, gaps=())
    assert main(["findings"]) == OK
    assert "not complete" not in capsys.readouterr().err


def test_the_json_is_that_of_the_dashboard(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    fill(home)
    for words, query in (
        ((), ""),
        (("--check", "ec2_instance_stopped"), "&check=ec2_instance_stopped"),
        (("--account", "444455556666", "--sort", "title"), "&account=444455556666&sort=title"),
    ):
        main(["findings", "--json", *words])
        told = json.loads(capsys.readouterr().out)
        shown = asked(home, f"/api/findings?size=500{query}")
        assert {**told, "size": 0} == {**shown, "size": 0}


def test_the_table_has_a_line_for_each_finding(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    fill(home)
    main(["findings", "--csv"])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["finding_id"] for row in rows] == [
        row["finding_id"] for row in asked(home, "/api/findings?size=500")["findings"]
    ]
    main(["findings"])
    table = capsys.readouterr().out
    assert all(row["resource_id"] in table for row in rows)


def test_a_hostile_name_cannot_steer_the_terminal(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    fill(home, HOSTILE)
    main(["findings"])
    told = capsys.readouterr()
    assert not set(told.out + told.err) & {"\x1b", "\u202e"}


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("findings", "--check", "ebs_volume_unheard"), "--check is 'ebs_volume_unheard'; allowed: "),
        (("findings", "--account", "999999999999"), "--account is '999999999999'; allowed: "),
        (("findings", "--confidence", "low"), "--confidence is 'low'; allowed: "),
        (("explain", "ebs_volume_unheard"), "the check is 'ebs_volume_unheard'; allowed: "),
    ],
)
def test_a_name_that_is_not_there_is_refused_with_those_that_are(
    home: Home, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], hint: str
) -> None:
    fill(home)
    assert main(words) == USAGE
    assert hint in capsys.readouterr().err


def test_every_check_is_listed_and_can_be_explained(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert home
    assert main(["checks", "--json"]) == OK
    listed = json.loads(capsys.readouterr().out)
    assert {each["id"] for each in listed} == {check.id for check in all_checks()}
    assert main(["checks"]) == OK
    table = capsys.readouterr().out
    for check in all_checks():
        assert check.id in table
        assert main(["explain", check.id]) == OK
        told = capsys.readouterr().out
        assert check.rule_text in told
        assert check.explanation.splitlines()[0] in told
        assert all(f"  {one.name} = " in told for one in check.thresholds())


def test_an_explanation_names_what_the_check_may_read(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert home
    main(["explain", "ec2_instance_stopped", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert told["permissions"] == ["ec2:DescribeInstances", "ec2:DescribeVolumes"]
    measured = next(check for check in all_checks() if check.metrics)
    main(["explain", measured.id, "--json"])
    assert "cloudwatch:GetMetricData" in json.loads(capsys.readouterr().out)["permissions"]
