"""One finding: facts, measurements with thresholds, the arithmetic of the money, and what would end it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.company import RESEARCH
from app.test_findings import LARGE, LONELY, PARKED, ask
from app.waste import CHECKS, STOPPED, volumes
from factories import NOW, context, days_of, instance, utilization, volume
from plainbill.analyzer.engine import run_checks
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.app.views.charts import charts_of, threshold_of
from plainbill.app.views.finding import facts_of
from plainbill.model.findings import Action, Effort, Measurement, Verdict, Waste
from plainbill.model.metrics import Metric
from plainbill.model.resources import Ec2Instance

ARN = {what: disk.arn for what, disk in volumes().items()}
READS = Metric("AWS/EBS", "VolumeReadOps", "Maximum", "operations")
SUM = replace(READS, statistic="Sum")
SERIES = days_of(9.0, 1.0, None, 3.0)


def proof(client: TestClient, check: str, resource: str) -> dict[str, Any]:
    rows = ask(client)["findings"]
    row = next(row for row in rows if (row["check_id"], row["resource_id"]) == (check, resource))
    return ask(client, f"/api/findings/{row['finding_id']}")


def test_a_finding_that_is_not_there_is_not_found(waste_client: TestClient) -> None:
    for path in ("/api/findings/0000000000000000", "/findings/0000000000000000"):
        answer = waste_client.get(path)
        assert answer.status_code == 404
        assert "no such finding" in answer.json()["detail"]
    assert waste_client.get("/api/findings/..%2F..%2Fetc").status_code in {404, 422}
    assert waste_client.get("/api/findings/0000000000000000?x=1").status_code == 422


def test_the_row_is_the_same_as_in_the_list(waste_client: TestClient) -> None:
    for row in ask(waste_client)["findings"]:
        assert ask(waste_client, f"/api/findings/{row['finding_id']}")["finding"] == row


def test_what_aws_says_is_told_and_what_it_does_not_say_is_null(waste_client: TestClient) -> None:
    told = proof(waste_client, LONELY, "vol-2")
    facts = {fact["label"]: fact["value"] for fact in told["facts"]}
    assert (facts["Size"], facts["IOPS"], facts["Attached to"]) == ("60 GiB", "3,000", "none")
    assert (facts["Created at"], facts["Snapshot ID"]) == ("2026-03-02 08:00 UTC", None)
    assert told["tags"] == {"Name": "volume"}
    assert told["check"]["rule"] == "Attached to nothing and read at most 5.0 times a day for 7 days."


def test_every_field_of_a_kind_is_a_fact() -> None:
    labels = [fact.label for fact in facts_of(instance(public_ips=("203.0.113.7", "203.0.113.8")))]
    assert len(set(labels)) == len(labels) == len(fields(instance())) - 3
    facts = {fact.label: fact.value for fact in facts_of(instance(public_ips=("203.0.113.7", "203.0.113.8")))}
    assert facts["Public IPs"] == "203.0.113.7, 203.0.113.8"
    assert facts["Detailed monitoring"] == "no"


def test_the_series_is_the_stored_one_with_its_holes(waste_client: TestClient) -> None:
    (chart,) = proof(waste_client, LONELY, "vol-2")["charts"]
    assert (chart["known"], chart["expected"], chart["threshold"]) == (28, 30, 5.0)
    assert chart["values"][:3] == [None, 1.0, 2.0]
    assert (chart["start"], chart["step_hours"]) == ("2026-10-25T00:00:00Z", 24.0)


def test_the_money_adds_up(waste_client: TestClient) -> None:
    for row in ask(waste_client)["findings"]:
        told = ask(waste_client, f"/api/findings/{row['finding_id']}")
        if row["monthly_saving"] is None:
            assert (told["remaining"], told["parts"]) == (None, [])
            continue
        assert Decimal(row["monthly_cost"]) - Decimal(row["monthly_saving"]) == Decimal(told["remaining"])
        own = [part for part in told["parts"] if part["counted_in"] == row["finding_id"]]
        assert sum(Decimal(part["monthly_saving"]) for part in own) == Decimal(row["counted_saving"])
        assert sum(Decimal(part["monthly_saving"]) for part in told["parts"]) == Decimal(
            row["monthly_saving"]
        )


def test_an_alternative_names_the_finding_that_counts_instead(waste_client: TestClient) -> None:
    parked, large = proof(waste_client, PARKED, STOPPED), proof(waste_client, LARGE, "vol-7")
    assert {part["arn"] for part in parked["parts"]} == {ARN["of a stopped instance"], ARN["also of it"]}
    assert [part["counted_in"] for part in large["parts"]] == [parked["finding"]["finding_id"]]
    assert [part["counted_title"] for part in large["parts"]] == ["Parked EC2 instance"]
    assert [row["check_id"] for row in large["alternatives"]] == [PARKED]
    assert [row["check_id"] for row in parked["alternatives"]] == [LARGE]
    assert proof(waste_client, LONELY, "vol-2")["alternatives"] == []


def test_what_would_end_it_is_said_where_it_can_be(waste_client: TestClient) -> None:
    remedy = proof(waste_client, LONELY, "vol-4")["remedy"]
    assert remedy["commands"][-1] == (
        "aws ec2 delete-volume --region eu-central-1 --volume-id vol-4 --dry-run"
    )
    assert RESEARCH in remedy["notes"][0]
    assert remedy["undo"]
    assert proof(waste_client, LARGE, "vol-3")["remedy"] is None


@pytest.mark.parametrize(
    ("metric", "evidence", "threshold"),
    [
        pytest.param(READS, Measurement("Size", 3.0, "GiB", 50.0), None, id="another unit"),
        pytest.param(READS, Measurement("Reads", 3.0, "operations"), None, id="no threshold"),
        pytest.param(READS, Measurement("Reads", None, "operations", 5.0), None, id="not measured"),
        pytest.param(READS, Measurement("Reads", "many", "operations", 5.0), None, id="a word"),
        pytest.param(READS, Measurement("Reads", 2.5, "operations", 5.0), None, id="no value of the series"),
        pytest.param(SUM, Measurement("Reads in all", 4.0, "operations", 50.0), None, id="a total"),
        pytest.param(READS, Measurement("Reads", 3.0, "operations", 5.0), 5.0, id="the latest peak"),
        pytest.param(READS, Measurement("Reads", 9.0, "operations", 5.0), 5.0, id="the peak of all"),
        pytest.param(READS, Measurement("Reads", 2.0, "operations", 5.0), 5.0, id="a mean"),
        pytest.param(READS, Measurement("Volume read ops", 3.0, "x", 5.0), 5.0, id="by its name"),
        pytest.param(SUM, Measurement("Most reads a day", 3.0, "operations", 5.0), 5.0, id="a day's sum"),
    ],
)
def test_a_threshold_is_drawn_only_where_it_belongs(
    metric: Metric, evidence: Measurement, threshold: float | None
) -> None:
    assert threshold_of(metric, SERIES, [evidence]) == threshold


@dataclass(frozen=True)
class Ec2InstanceQuiet(WasteCheck[Ec2Instance]):
    """An instance whose CPU never passes a threshold."""

    id, title = "ec2_instance_quiet", "Quiet EC2 instance"
    resource, action, effort = Ec2Instance, Action.STOP, Effort.LOW
    rule = "CPU under {most_percent} percent."

    most_percent: float = threshold(9.0, "Percent.")

    def evaluate(self, resource: Ec2Instance, context: Context) -> Verdict:
        peak = max(value for value in context.utilization[resource.arn].cpu_maximum if value is not None)
        evidence = Measurement("highest CPU", peak, "%", self.most_percent)
        return Waste("quiet", None, evidence=(evidence,))


def test_the_hours_of_an_instance_are_drawn_for_a_check_that_looks_at_them_and_for_no_other() -> None:
    parked = instance(instance_id=STOPPED, state="stopped")
    disk = volume(attached_to=(STOPPED,))
    used = context(parked, disk, utilization={parked.arn: utilization(average=1.0, maximum=2.0)})
    report = run_checks([*CHECKS, Ec2InstanceQuiet()], used, [])
    by_check = {finding.check.id: charts_of(finding, used) for finding in report.findings}
    assert by_check[PARKED] == []
    charts = by_check["ec2_instance_quiet"]
    assert [(chart.label, chart.statistic, chart.threshold) for chart in charts] == [
        ("CPUUtilization", "Maximum", 9.0),
        ("CPUUtilization", "Average", None),
        ("NetworkIn", "Sum", None),
        ("NetworkOut", "Sum", None),
    ]
    assert all((chart.known, chart.expected, chart.step_hours) == (336, 336, 1.0) for chart in charts)
    assert all(chart.end - chart.start == timedelta(days=14) and chart.end == NOW for chart in charts)
