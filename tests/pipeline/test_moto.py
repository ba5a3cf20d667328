"""A refresh against moto, an endpoint that is not ours: stored and read back, it is what moto was given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import boto3
import httpx2
import pytest

from aws import connected
from aws_connector.wire import moto_server
from data_fetcher.answers import cost_day, cost_page, group, total_day
from factories import NOW
from pipeline.desk import HISTORY
from plainbill.aws_connector import Connector
from plainbill.data_fetcher import cloudwatch, cost_explorer
from plainbill.model.cost import CostMetric, CostTable
from plainbill.model.run import Run, RunState
from plainbill.pipeline import refresh
from plainbill.settings import Settings
from plainbill.storage import Home, Snapshot, SnapshotStore, State
from plainbill.storage.snapshot.asked import BASE_TABLES

MAIN, OTHER = "123456789012", "444455556666"  # the first is moto's own
ROLE = f"arn:aws:iam::{OTHER}:role/plainbill"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "a-secret-of-nothing",
    "AWS_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "PLAINBILL_ROLE_ARNS": ROLE,
}
WINDOW = cloudwatch.window(NOW, Settings().metric_days)


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
        with moto_server() as url:
            yield url


class Given:
    """What moto was given, which is the truth."""

    def __init__(self, url: str) -> None:
        self.url = url
        base = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "a-secret-of-nothing"}
        sts = boto3.client("sts", region_name="us-east-1", endpoint_url=url, **base)
        assumed = sts.assume_role(RoleArn=ROLE, RoleSessionName="given")["Credentials"]
        sts.close()
        self.keys = {
            MAIN: base,
            OTHER: {
                "aws_access_key_id": assumed["AccessKeyId"],
                "aws_secret_access_key": assumed["SecretAccessKey"],
                "aws_session_token": assumed["SessionToken"],
            },
        }

    def client(self, service: str, account: str, region: str) -> Any:
        return boto3.client(service, region_name=region, endpoint_url=self.url, **self.keys[account])

    def instance(self, account: str, region: str, **tags: str) -> str:
        ec2 = self.client("ec2", account, region)
        specification = {
            "ResourceType": "instance",
            "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
        }
        started = ec2.run_instances(
            ImageId="ami-12c6146b", InstanceType="m5.large", MinCount=1, MaxCount=1,
            TagSpecifications=[specification],
        )  # fmt: skip
        ec2.close()
        return str(started["Instances"][0]["InstanceId"])

    def stop(self, account: str, region: str, instance_id: str) -> None:
        ec2 = self.client("ec2", account, region)
        ec2.stop_instances(InstanceIds=[instance_id])
        ec2.close()

    def samples(self, instance_id: str, metric: str, values: Mapping[datetime, float]) -> None:
        watch = self.client("cloudwatch", MAIN, "us-east-1")
        dimensions = [{"Name": "InstanceId", "Value": instance_id}]
        data = [
            {"MetricName": metric, "Dimensions": dimensions, "Timestamp": stamp, "Value": value}
            for stamp, value in values.items()
        ]
        watch.put_metric_data(Namespace="AWS/EC2", MetricData=data)
        watch.close()

    def costs(self, connector: Connector, table: CostTable, *pages: Mapping[str, Any]) -> None:
        """Let moto answer the question for a table with these pages: it gives them out by request body."""
        linked = [dict(page) for page in pages]
        for number, page in enumerate(linked[:-1]):
            page["NextPageToken"] = f"{table}-{number + 1}"
        url = f"{self.url}/moto-api/static/ce/cost-and-usage-results"
        httpx2.post(url, timeout=60, json={"results": linked}).raise_for_status()
        asked = cost_explorer.fetch(connector, MAIN, HISTORY, table)
        assert len(list(asked)) == len(pages)


def every_day(make: Any) -> list[dict[str, Any]]:
    return [make(day) for day in HISTORY.dates()]


@pytest.fixture(scope="module")
def given(moto: str) -> Given:
    return Given(moto)


@pytest.fixture(scope="module")
def fresh(given: Given, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Run, Snapshot]]:
    """Three running instances, one stopped, a bill of two pages; then one refresh."""
    web = given.instance(MAIN, "us-east-1", Name="web", team="shop")
    given.instance(MAIN, "eu-west-1", Name="lab")
    given.instance(OTHER, "us-east-1", Name="other")
    given.stop(MAIN, "us-east-1", given.instance(MAIN, "us-east-1", Name="stopped"))
    hour = WINDOW.end - timedelta(hours=30)
    given.samples(web, "CPUUtilization", {hour + timedelta(minutes=5 * n): float(n) for n in range(12)})
    given.samples(web, "CPUUtilization", {WINDOW.start: 50.0})
    given.samples(web, "NetworkIn", {hour + timedelta(minutes=5 * n): 100.0 for n in range(12)})
    home = Home(tmp_path_factory.mktemp("moto"))
    state = State(home.state_db)
    with connected(ENVIRONMENT, given.url) as connector:
        half = HISTORY.days // 2
        days = every_day(
            lambda day: cost_day(day, group("1.25", "Amazon EC2", MAIN), group("0.5", "Tax", OTHER))
        )
        given.costs(
            connector,
            CostTable.SERVICE,
            cost_page(*days[:half], a123456789012="main"),
            cost_page(*days[half:]),
        )
        days = every_day(
            lambda day: cost_day(day, group("2.75", "Usage", MAIN), group("-1", "Credit", OTHER))
        )
        given.costs(connector, CostTable.RECORD_TYPE, cost_page(*days))
        given.costs(connector, CostTable.CONTROL, cost_page(*every_day(lambda day: total_day(day, "1.75"))))
        run = refresh(
            connector,
            SnapshotStore(home.snapshots),
            state,
            Settings(aws_opinions=False, cost_groupings=()),
            NOW,
            lambda _: None,
            (),
        )
    snapshot = SnapshotStore(home.snapshots).latest()
    assert snapshot
    yield run, snapshot
    snapshot.close()
    state.close()


def test_what_moto_was_given_is_stored_and_read_back(fresh: tuple[Run, Snapshot]) -> None:
    run, snapshot = fresh
    assert run.state is RunState.PARTIAL  # moto has no price list, and one instance is in Ireland
    assert [(gap.source, gap.region) for gap in run.gaps] == [("price_list", "eu-west-1")]
    assert run.accounts == (MAIN, OTHER)
    assert {(one.account_id, one.region, one.name) for one in snapshot.instances()} == {
        (MAIN, "us-east-1", "web"),
        (MAIN, "eu-west-1", "lab"),
        (OTHER, "us-east-1", "other"),
        (MAIN, "us-east-1", "stopped"),
    }
    (stopped,) = (one for one in snapshot.instances() if one.name == "stopped")
    assert stopped.state == "stopped"
    assert stopped.arn not in snapshot.utilization()
    (web,) = (one for one in snapshot.instances() if one.name == "web")
    assert (web.instance_type, web.state, web.tags) == (
        "m5.large",
        "running",
        {"Name": "web", "team": "shop"},
    )
    assert web.ebs_volume_ids
    totals = {
        table: sum(
            (row.cost for row in snapshot.daily_costs(table, HISTORY, CostMetric.UNBLENDED)), Decimal(0)
        )
        for table in BASE_TABLES
    }
    assert set(totals.values()) == {Decimal("1.75") * HISTORY.days}
    credit = [
        row.cost for row in snapshot.daily_costs(CostTable.RECORD_TYPE, HISTORY, CostMetric.BLENDED, OTHER)
    ]
    assert sum(credit) == -HISTORY.days
    assert dict(snapshot.manifest.accounts) == {MAIN: "main", OTHER: None}


def test_hours_are_aggregated_by_cloudwatch_and_hours_without_samples_stay_unknown(
    fresh: tuple[Run, Snapshot],
) -> None:
    _, snapshot = fresh
    (web,) = (one for one in snapshot.instances() if one.name == "web")
    usage = snapshot.utilization()[web.arn]
    slot = WINDOW.hours - 30
    average = dict.fromkeys(range(WINDOW.hours)) | {0: 50.0, slot: sum(range(12)) / 12}
    maximum = dict.fromkeys(range(WINDOW.hours)) | {0: 50.0, slot: 11.0}
    assert list(usage.cpu_average) == list(average.values())
    assert list(usage.cpu_maximum) == list(maximum.values())
    assert usage.network is not None
    coming, going = usage.network
    assert [value for value in coming if value is not None] == [1200.0]
    assert set(going) == {None}
    (lab,) = (one for one in snapshot.instances() if one.name == "lab")
    assert set(snapshot.utilization()[lab.arn].cpu_average) == {None}
