"""``plainbill doctor``: what is missing, what that costs, what to add; and no cent spent unasked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from e2e.process import environment, plainbill
from plainbill.cli.codes import FAILED, INCOMPLETE, OK
from plainbill.cli.probes import PROBES, probe_of
from plainbill.data_fetcher.source import all_sources
from plainbill.demo.answers_identity import access_key
from plainbill.demo.call import Fault
from plainbill.demo.server import DemoEndpoint
from plainbill.storage import Home
from plainbill.storage.diagnosis import last_diagnosis


@pytest.fixture
def demo() -> Iterator[DemoEndpoint]:
    with DemoEndpoint() as endpoint:
        yield endpoint


def doctor(demo: DemoEndpoint, home: Path, *words: str, without: tuple[str, ...] = ()) -> tuple[int, Any]:
    env = environment(demo, home)
    for name in without:
        del env[name]
    done = plainbill("doctor", "--json", *words, env=env)
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


def outcomes(found: Any) -> dict[str, str]:
    return {read["action"]: read["outcome"] for read in found["reads"]}


# --- what it must not do -------------------------------------------------------------------


def test_no_call_to_cost_explorer_unless_told_to_spend(demo: DemoEndpoint, tmp_path: Path) -> None:
    code, found = doctor(demo, tmp_path)
    assert code == OK
    assert "ce" not in {request.service for request in demo.requests}
    assert outcomes(found)["ce:GetCostAndUsage"] == "not tried"
    assert Decimal(found["cost_high"]) < Decimal("0.001")
    (note,) = (read["note"] for read in found["reads"] if read["action"] == "ce:GetCostAndUsage")
    assert "$0.01" in note


def test_told_to_spend_it_makes_one_call_of_each_kind_and_says_what_they_cost(
    demo: DemoEndpoint, tmp_path: Path
) -> None:
    code, found = doctor(demo, tmp_path, "--spend")
    assert code == OK
    asked = [request.operation for request in demo.requests if request.service == "ce"]
    assert len(asked) == len(set(asked)) == 11
    assert outcomes(found)["ce:GetCostAndUsage"] == "allowed"
    assert Decimal(found["cost_low"]) == Decimal("0.110045")


def test_a_diagnosis_keeps_its_record_and_nothing_else(demo: DemoEndpoint, tmp_path: Path) -> None:
    _, told = doctor(demo, tmp_path / "home")
    home = Home(tmp_path / "home")
    kept = last_diagnosis(home)
    assert kept is not None
    assert [read.action for read in kept.reads] == [read["action"] for read in told["reads"]]
    assert (kept.at.isoformat(), kept.calls) == (told["at"], told["calls"])
    assert home.diagnosis.stat().st_mode & 0o077 == 0
    assert not home.state_db.exists()
    assert not any(home.snapshots.iterdir())


def test_a_home_that_cannot_be_written_hides_no_diagnosis(demo: DemoEndpoint, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    done = plainbill("doctor", "--json", env=environment(demo, tmp_path / "home"))
    assert (done.returncode, json.loads(done.stdout)["error"]) == (OK, None)
    assert "could not be kept" in done.stderr


def test_advice_that_an_account_never_switched_on_is_no_failure(demo: DemoEndpoint, tmp_path: Path) -> None:
    code, found = doctor(demo, tmp_path)
    off = {read["action"]: read for read in found["reads"] if read["outcome"] == "not switched on"}
    assert code == OK
    assert {action.partition(":")[0] for action in off} == {"compute-optimizer", "support"}
    assert {one["account_id"] for read in off.values() for one in read["refusals"]} == {"777788889999"}
    (free,) = {one["remedy"] for one in off["compute-optimizer:GetIdleRecommendations"]["refusals"]}
    assert "It is free" in free
    (paid,) = {one["remedy"] for one in off["support:DescribeTrustedAdvisorChecks"]["refusals"]}
    assert "costs money" in paid


def test_advice_that_is_denied_is_missing_as_any_other_read(demo: DemoEndpoint, tmp_path: Path) -> None:
    action = "compute-optimizer:GetIdleRecommendations"
    demo.change(denied=frozenset({("444455556666", "*", action)}))
    code, found = doctor(demo, tmp_path)
    assert (code, outcomes(found)[action]) == (INCOMPLETE, "denied")


# --- what it says --------------------------------------------------------------------------


def test_something_of_every_source_is_tried() -> None:
    reads = [read for source in all_sources() for read in source.reads]
    assert [one.name for one in all_sources() if not any(map(probe_of, one.reads))] == []
    assert {(read.service, read.operation) for read in reads} > set(PROBES)


def test_without_credentials_it_names_the_three_ways_and_the_demo(demo: DemoEndpoint, tmp_path: Path) -> None:
    code, found = doctor(demo, tmp_path, without=("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))
    assert code == FAILED
    for way in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "aws sso login", "plainbill demo"):
        assert way in found["error"]


def test_expired_credentials_are_said_to_be_expired(demo: DemoEndpoint, tmp_path: Path) -> None:
    expired = Fault("ExpiredToken", "The security token included in the request is expired", 403)
    demo.change(faults={("*", "*", "sts:GetCallerIdentity"): expired})
    code, found = doctor(demo, tmp_path)
    assert code == FAILED
    assert "expired" in found["error"]


def test_a_denied_read_says_where_what_is_lost_and_what_to_add(demo: DemoEndpoint, tmp_path: Path) -> None:
    demo.change(denied=frozenset({("444455556666", "eu-west-1", "ec2:DescribeInstances")}))
    code, found = doctor(demo, tmp_path)
    (denied,) = (read for read in found["reads"] if read["outcome"] == "denied")
    assert code == INCOMPLETE
    assert denied["action"] == "ec2:DescribeInstances"
    assert [(one["account_id"], one["region"]) for one in denied["refusals"]] == [
        ("444455556666", "eu-west-1")
    ]
    assert "instances" in denied["lost_without"]
    assert json.loads(denied["statement"]) == {
        "Effect": "Allow",
        "Action": "ec2:DescribeInstances",
        "Resource": "*",
    }


def test_a_role_that_cannot_be_assumed_is_a_finding(demo: DemoEndpoint, tmp_path: Path) -> None:
    demo.change(denied=frozenset({("*", "*", "sts:AssumeRole")}))
    code, found = doctor(demo, tmp_path)
    assert (code, outcomes(found)["sts:AssumeRole"]) == (INCOMPLETE, "denied")
    assert [account["account_id"] for account in found["accounts"]] == ["111122223333"]


def test_profiles_are_listed_and_one_that_cannot_be_used_is_missing(
    demo: DemoEndpoint, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    lines = f"aws_access_key_id = {access_key('444455556666')}\naws_secret_access_key = s"
    config.write_text(f"[profile shop]\n{lines}\n")
    names = {"AWS_CONFIG_FILE": str(config), "PLAINBILL_ROLE_ARNS": "", "PLAINBILL_PROFILES": "shop,no-such"}
    done = plainbill("doctor", "--json", env=environment(demo, tmp_path, **names))
    found = json.loads(done.stdout)
    profiles = {account["account_id"]: account["profile"] for account in found["accounts"]}
    assert (done.returncode, profiles) == (INCOMPLETE, {"111122223333": None, "444455556666": "shop"})
    (asked,) = (read for read in found["reads"] if read["action"] == "sts:GetCallerIdentity")
    assert [one["kind"] for one in asked["refusals"]] == ["InvalidSetup"]
    assert "no-such" in asked["refusals"][0]["reason"]
    told = plainbill("doctor", env=environment(demo, tmp_path, **names)).stdout
    assert "(profile shop)" in told
    assert "The profile no-such could not be used" in told


def test_what_is_linked_is_asked_of_the_monitoring_account_alone(demo: DemoEndpoint, tmp_path: Path) -> None:
    _, found = doctor(demo, tmp_path)
    assert outcomes(found)["oam:ListSinks"] == "not tried"
    demo.requests.clear()
    chosen = environment(demo, tmp_path, PLAINBILL_MONITORING_ACCOUNT="444455556666")
    done = plainbill("doctor", "--json", env=chosen)
    assert (done.returncode, outcomes(json.loads(done.stdout))["oam:ListSinks"]) == (OK, "allowed")
    assert [one.account for one in demo.requests if one.operation == "ListSinks"] == ["444455556666"]


def test_an_account_whose_regions_are_unknown_is_not_an_account_without_regions(
    demo: DemoEndpoint, tmp_path: Path
) -> None:
    demo.change(denied=frozenset({("777788889999", "*", "ec2:DescribeRegions")}))
    code, found = doctor(demo, tmp_path)
    regions = {account["account_id"]: account["regions"] for account in found["accounts"]}
    assert (code, regions["777788889999"]) == (INCOMPLETE, None)
    assert len(regions["111122223333"]) == 4


def test_a_person_is_told_the_credentials_the_accounts_and_each_read(
    demo: DemoEndpoint, tmp_path: Path
) -> None:
    demo.change(denied=frozenset({("*", "*", "cloudwatch:GetMetricData")}))
    done = plainbill("doctor", env=environment(demo, tmp_path))
    assert "from the environment or .env" in done.stdout
    assert "444455556666" in done.stdout
    assert "denied           cloudwatch:GetMetricData" in done.stdout
    assert "without it you do not see how busy the instances are" in done.stdout
    assert '"Action": "cloudwatch:GetMetricData"' in done.stdout


@pytest.mark.parametrize(
    ("mode", "code", "outcome"), [("off", OK, "not tried"), ("auto", INCOMPLETE, "denied")]
)
def test_a_read_that_a_setting_leaves_out_is_not_missed(
    demo: DemoEndpoint, tmp_path: Path, mode: str, code: int, outcome: str
) -> None:
    demo.change(denied=frozenset({("*", "*", "cloudwatch:GetMetricStatistics")}))
    done = plainbill("doctor", "--json", env=environment(demo, tmp_path, PLAINBILL_FREE_METRICS=mode))
    assert done.returncode == code
    assert outcomes(json.loads(done.stdout))["cloudwatch:GetMetricStatistics"] == outcome
