"""What somebody writes first: every instance asked for on its own, with stock boto3, one after another.

    python bench/naive_scan.py REGION...

Prints the ids of running instances whose CPU stayed under 5 % on average and 10 % at the most in 14 days.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

DAYS = 14


def main() -> None:
    now = datetime.now(UTC)
    print(json.dumps([one for region in sys.argv[1:] for one in idle(region, now)]))


def idle(region: str, now: datetime) -> Iterator[str]:
    ec2 = boto3.client("ec2", region_name=region)
    cloudwatch = boto3.client("cloudwatch", region_name=region)
    for page in ec2.get_paginator("describe_instances").paginate():
        for reservation in page["Reservations"]:
            for one in reservation["Instances"]:
                if one["State"]["Name"] == "running" and is_idle(cloudwatch, one["InstanceId"], now):
                    yield str(one["InstanceId"])


def is_idle(cloudwatch: Any, instance_id: str, now: datetime) -> bool:
    answer = cloudwatch.get_metric_statistics(
        Namespace="AWS/EC2",
        MetricName="CPUUtilization",
        Dimensions=[{"Name": "InstanceId", "Value": instance_id}],
        StartTime=now - timedelta(days=DAYS),
        EndTime=now,
        Period=86_400,
        Statistics=["Average", "Maximum"],
    )
    points = answer["Datapoints"]
    if not points:
        return False
    mean = sum(point["Average"] for point in points) / len(points)
    highest = max(point["Maximum"] for point in points)
    return bool(mean < 5 and highest < 10)


if __name__ == "__main__":
    main()
