"""CPU of parsing AWS's answers: botocore's own way, ours, and the bound (decoding the bytes alone).

    .venv/bin/python bench/parsing.py

All three ways of a row run in turns in one process on the same bytes, through botocore's own endpoint
code with the network taken out. Figures are the best CPU milliseconds of several turns; the ratios are
what to trust.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import botocore.session
import orjson
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from lxml import etree

from plainbill.aws_connector.parsing import speed_up

TURNS = 5


def metric_data(metrics: int = 500, points: int = 336) -> bytes:
    """GetMetricData: two weeks of hours for each metric."""
    start = 1_763_000_000
    result = {
        "Timestamps": [start + 3600 * hour for hour in range(points)],
        "Values": [round(1.5 + hour * 0.013, 6) for hour in range(points)],
        "StatusCode": "Complete",
    }
    results = [
        {"Id": f"q{number}", "Label": f"i-{number:017x} CPUUtilization", **result}
        for number in range(metrics)
    ]
    return json.dumps({"MetricDataResults": results, "Messages": []}).encode()


def cost_and_usage(days: int = 30, groups: int = 160) -> bytes:
    """GetCostAndUsage: each day by service and account, four metrics."""
    metrics = ("UnblendedCost", "AmortizedCost", "NetUnblendedCost", "NetAmortizedCost")
    day = {
        "TimePeriod": {"Start": "2026-10-01", "End": "2026-10-02"},
        "Total": {},
        "Groups": [
            {
                "Keys": [f"Amazon Service {number}", "111122223333"],
                "Metrics": {name: {"Amount": f"{number}.1234567891", "Unit": "USD"} for name in metrics},
            }
            for number in range(groups)
        ],
        "Estimated": False,
    }
    return json.dumps({"ResultsByTime": [day] * days, "DimensionValueAttributes": []}).encode()


_INSTANCE = """<item><instanceId>i-{n:017x}</instanceId><imageId>ami-0123456789abcdef0</imageId>
<instanceState><code>16</code><name>running</name></instanceState><privateDnsName>ip-10-0-0-1.ec2.internal</privateDnsName>
<dnsName/><reason/><keyName>ops</keyName><amiLaunchIndex>0</amiLaunchIndex><productCodes/><instanceType>m5.large</instanceType>
<launchTime>2026-03-02T08:00:00.000Z</launchTime><placement><availabilityZone>us-east-1a</availabilityZone><groupName/>
<tenancy>default</tenancy></placement><monitoring><state>disabled</state></monitoring><subnetId>subnet-0a1b2c3d</subnetId>
<vpcId>vpc-0a1b2c3d</vpcId><privateIpAddress>10.0.0.1</privateIpAddress><sourceDestCheck>true</sourceDestCheck>
<groupSet><item><groupId>sg-0a1b2c3d</groupId><groupName>web</groupName></item></groupSet><architecture>x86_64</architecture>
<rootDeviceType>ebs</rootDeviceType><rootDeviceName>/dev/xvda</rootDeviceName><blockDeviceMapping><item>
<deviceName>/dev/xvda</deviceName><ebs><volumeId>vol-0a1b2c3d4e5f60718</volumeId><status>attached</status>
<attachTime>2026-03-02T08:00:01.000Z</attachTime><deleteOnTermination>true</deleteOnTermination></ebs></item></blockDeviceMapping>
<virtualizationType>hvm</virtualizationType><clientToken/><tagSet><item><key>Name</key><value>web-{n}</value></item>
<item><key>team</key><value>shop</value></item><item><key>env</key><value>prod</value></item></tagSet><hypervisor>xen</hypervisor>
<networkInterfaceSet><item><networkInterfaceId>eni-0a1b2c3d4e5f60718</networkInterfaceId><subnetId>subnet-0a1b2c3d</subnetId>
<vpcId>vpc-0a1b2c3d</vpcId><description/><ownerId>111122223333</ownerId><status>in-use</status><macAddress>02:00:00:00:00:01</macAddress>
<privateIpAddress>10.0.0.1</privateIpAddress><sourceDestCheck>true</sourceDestCheck><groupSet><item><groupId>sg-0a1b2c3d</groupId>
<groupName>web</groupName></item></groupSet><attachment><attachmentId>eni-attach-0a1b2c3d</attachmentId><deviceIndex>0</deviceIndex>
<status>attached</status><attachTime>2026-03-02T08:00:00.000Z</attachTime><deleteOnTermination>true</deleteOnTermination></attachment>
</item></networkInterfaceSet><iamInstanceProfile><arn>arn:aws:iam::111122223333:instance-profile/web</arn><id>AIPAEXAMPLE</id>
</iamInstanceProfile><ebsOptimized>true</ebsOptimized><enaSupport>true</enaSupport><cpuOptions><coreCount>1</coreCount>
<threadsPerCore>2</threadsPerCore></cpuOptions><platformDetails>Linux/UNIX</platformDetails></item>"""


def instances(count: int = 1000) -> bytes:
    """DescribeInstances: one page of the largest size."""
    reservations = "".join(
        f"<item><reservationId>r-{n:017x}</reservationId><ownerId>111122223333</ownerId><groupSet/><instancesSet>"
        f"{_INSTANCE.format(n=n)}</instancesSet></item>"
        for n in range(count)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">'
        f"<requestId>11111111-2222-3333-4444-555555555555</requestId><reservationSet>{reservations}</reservationSet>"
        "</DescribeInstancesResponse>"
    ).encode()


class _Body:
    """What botocore reads an answer's bytes from."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        yield self._body


def client(service: str, body: bytes, *, fast: bool) -> Any:
    """A client whose every request is answered with ``body``, without a network."""
    session = botocore.session.Session()
    session.set_credentials("AKIDEXAMPLE", "secret")
    if fast:
        speed_up(session)
    made = session.create_client(service, region_name="us-east-1")

    def answer(request: Any, **_: object) -> Any:
        return AWSResponse(request.url, 200, HTTPHeaders.from_dict({"x-amzn-requestid": "1"}), _Body(body))

    made.meta.events.register("before-send", answer)
    return made


def cpu_milliseconds(run: Callable[[], object]) -> float:
    """The CPU time of one run."""
    start = time.process_time()
    run()
    return 1000 * (time.process_time() - start)


ASKED_FOR_COST = {
    "TimePeriod": {"Start": "2026-10-01", "End": "2026-10-31"},
    "Granularity": "DAILY",
    "Metrics": ["UnblendedCost"],
}
ROWS: tuple[tuple[str, str, str, dict[str, Any], bytes, Callable[[bytes], object]], ...] = (
    (
        "GetMetricData, 500 metrics x 336 points",
        "cloudwatch",
        "get_metric_data",
        {"MetricDataQueries": [], "StartTime": 0, "EndTime": 1},
        metric_data(),
        orjson.loads,
    ),
    ("DescribeInstances, 1,000 instances", "ec2", "describe_instances", {}, instances(), etree.fromstring),
    (
        "GetCostAndUsage, 30 days x 160 groups",
        "ce",
        "get_cost_and_usage",
        ASKED_FOR_COST,
        cost_and_usage(),
        orjson.loads,
    ),
)


def main() -> int:
    """Print one line for each kind of answer."""
    print(f"{'answer':42} {'MB':>5} {'stock':>9} {'ours':>9} {'bound':>9}   ratio  of bound")
    for title, service, method, params, body, decode in ROWS:
        stock, ours = (getattr(client(service, body, fast=fast), method) for fast in (False, True))
        ways = (partial(stock, **params), partial(ours, **params), partial(decode, body))
        turns = [[cpu_milliseconds(way) for way in ways] for _ in range(TURNS)]
        slow, fast, bound = (min(turn[way] for turn in turns) for way in range(3))
        print(
            f"{title:42} {len(body) / 1e6:5.1f} {slow:6.0f} ms {fast:6.1f} ms {bound:6.1f} ms"
            f"   {slow / fast:4.1f}x {bound / fast:8.0%}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
