"""CPU of the demo's endpoint for each request, and of moto's server for the one that both answer.

    make bench BENCH=bench/demo_endpoint.py

Requests are made by stock clients and answered in this process, without sockets, so only the server's own
work is counted. Milliseconds depend on the machine; the ratios are what to compare.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.test import Client

from plainbill.demo.answers_identity import access_key
from plainbill.demo.endpoint import Endpoint
from plainbill.demo.fleet import MANAGEMENT, PRODUCTION

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ROUNDS = 7
Server = Callable[[dict[str, str], bytes], tuple[int, dict[str, str], bytes]]


class Body:
    """A response's body as botocore reads it."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def stream(self, **_: Any) -> Any:
        return iter([self.content])


def demo() -> Server:
    endpoint = Endpoint(lambda: NOW)

    def answer(headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        reply = endpoint.answer(headers, body)
        return reply.status, {name.decode(): value.decode() for name, value in reply.headers}, reply.body

    return answer


def moto() -> Server:
    client = Client(DomainDispatcherApplication(create_backend_app))

    def answer(headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        reply = client.post("/", headers=headers, data=body)
        return reply.status_code, dict(reply.headers), reply.get_data()

    return answer


def stock(server: Server, service: str, account: str, spent: list[float]) -> Any:
    """A boto3 client whose requests ``server`` answers; its CPU milliseconds go to ``spent``."""
    client = boto3.Session().client(
        service,
        region_name="us-east-1",
        endpoint_url="http://127.0.0.1:1",
        aws_access_key_id=access_key(account),
        aws_secret_access_key="nothing",  # noqa: S106  opens nothing: the endpoint asks for none
    )

    def send(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        headers = {
            name.lower(): value if isinstance(value, str) else value.decode()
            for name, value in request.headers.items()
        }
        body = request.body if isinstance(request.body, bytes) else str(request.body or "").encode()
        started = time.process_time()
        status, answered, content = server(headers, body)
        spent.append((time.process_time() - started) * 1000)
        return AWSResponse(request.url, status, HTTPHeaders.from_dict(answered), Body(content))

    client.meta.events.register("before-send", send)
    return client


def cost(call: Callable[[], Any], spent: list[float]) -> tuple[float, float]:
    """First and median CPU milliseconds of a call, all its pages together."""
    rounds = []
    for _ in range(ROUNDS):
        spent.clear()
        call()
        rounds.append(sum(spent))
    return rounds[0], statistics.median(rounds[1:])


def metric_data(cloudwatch: Any, ids: list[str], period: int, days: int, queries: int) -> Callable[[], Any]:
    wanted = [(one, *which) for one in ids for which in SERIES][:queries]
    asked = [
        {
            "Id": f"q{number}",
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/EC2",
                    "MetricName": metric,
                    "Dimensions": [{"Name": "InstanceId", "Value": one}],
                },
                "Period": period,
                "Stat": statistic,
            },
        }
        for number, (one, metric, statistic) in enumerate(wanted)
    ]
    end = NOW.replace(hour=0)
    return lambda: cloudwatch.get_metric_data(
        MetricDataQueries=asked, StartTime=end - timedelta(days=days), EndTime=end
    )


SERIES = (
    ("CPUUtilization", "Average"),
    ("CPUUtilization", "Maximum"),
    ("NetworkIn", "Sum"),
    ("NetworkOut", "Sum"),
    ("NetworkPacketsIn", "Sum"),
)


def costs(ce: Any, days: int, *keys: str) -> Callable[[], Any]:
    first, end = (NOW - timedelta(days=days)).date(), (NOW + timedelta(days=1)).date()
    groups = [{"Type": "DIMENSION", "Key": key} for key in keys]
    metrics = ["UnblendedCost", "AmortizedCost", "NetUnblendedCost", "NetAmortizedCost", "BlendedCost"]

    def call() -> None:
        token: dict[str, str] = {}
        while True:
            answer = ce.get_cost_and_usage(
                TimePeriod={"Start": str(first), "End": str(end)},
                Granularity="DAILY",
                Metrics=metrics,
                GroupBy=groups,
                **token,
            )
            if "NextPageToken" not in answer:
                return
            token = {"NextPageToken": answer["NextPageToken"]}

    return call


def main() -> None:
    server, spent = demo(), list[float]()
    ec2, cloudwatch = (stock(server, name, PRODUCTION, spent) for name in ("ec2", "cloudwatch"))
    ce, sts = (stock(server, name, MANAGEMENT, spent) for name in ("ce", "sts"))
    ids = [
        found["InstanceId"]
        for group in ec2.describe_instances()["Reservations"]
        for found in group["Instances"]
    ]
    calls = {
        "sts GetCallerIdentity": sts.get_caller_identity,
        "ec2 DescribeRegions": ec2.describe_regions,
        f"ec2 DescribeInstances, {len(ids)} instances": lambda: ec2.describe_instances(MaxResults=1000),
        "cloudwatch GetMetricData, 100,800 hourly datapoints": metric_data(cloudwatch, ids, 3600, 14, 300),
        "cloudwatch GetMetricData, 4,200 daily datapoints": metric_data(cloudwatch, ids, 86_400, 14, 300),
        "ce 30 days by service and account": costs(ce, 30, "SERVICE", "LINKED_ACCOUNT"),
        "ce 13 months by service and account": costs(ce, 400, "SERVICE", "LINKED_ACCOUNT"),
        "ce 13 months, total": costs(ce, 400),
    }
    print(f"{'CPU ms a request, server only':55} first   then")
    told = {name: cost(call, spent) for name, call in calls.items()}
    for name, (first, then) in told.items():
        print(f"{name:55} {first:7.1f} {then:7.1f}")
    theirs = stock(moto(), "ec2", PRODUCTION, spent)
    theirs.run_instances(ImageId="ami-0a1b2c3d4e5f60718", MinCount=len(ids), MaxCount=len(ids))
    _, slow = cost(theirs.describe_instances, spent)
    quick = told[f"ec2 DescribeInstances, {len(ids)} instances"][1]
    print(f"moto's DescribeInstances, {len(ids)} instances: {slow:.1f} ms, {slow / quick:.0f} times ours")


if __name__ == "__main__":
    main()
