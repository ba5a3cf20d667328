"""The load asked over real HTTP is the demo company's, hour by hour, or a gap says for how many it is not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from factories import NOW
from faults import Call, FaultProxy
from load import read_load
from network_factories import load_balancer
from plainbill.analyzer.load_balancing import ALL_METRICS
from plainbill.aws_connector import Connector, Scope
from plainbill.data_fetcher import cloudwatch, ec2_instances, resource_metrics
from plainbill.demo.server import DemoEndpoint
from plainbill.model.inventory import Gap
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import Utilization

PRODUCTION = "444455556666"
VIRGINIA = Scope(PRODUCTION, "us-east-1")
WINDOW = cloudwatch.window(NOW, 14)


def loads(
    connector: Connector, instances: list[Ec2Instance]
) -> tuple[dict[str, Utilization], list[Gap], int]:
    found: dict[str, Utilization] = {}
    gaps: list[Gap] = []
    groups = list(cloudwatch.batches(instances, WINDOW))
    for batch in groups:
        some, missing = read_load(connector, VIRGINIA, batch, WINDOW)
        found |= some
        gaps += missing
    return found, gaps, len(groups)


def truth_of(demo: DemoEndpoint, instance_id: str) -> Utilization:
    """The load by the demo's formula, hour by hour, without the wire."""
    (one,) = (one for one in demo.company.instances if one.instance_id == instance_id)
    first = int(WINDOW.start.timestamp()) // 3600

    def hours(metric: str, statistic: str) -> tuple[float | None, ...]:
        values: list[float | None] = [None] * WINDOW.hours
        for low, high in one.measured_spans(first, first + WINDOW.hours):
            for hour, value in zip(
                range(low, high), one.curve(metric).hours(low, high, statistic), strict=True
            ):
                values[hour - first] = value
        return tuple(values)

    return Utilization(
        period=WINDOW,
        cpu_average=hours("CPUUtilization", "Average"),
        cpu_maximum=hours("CPUUtilization", "Maximum"),
        network_in=hours("NetworkIn", "Sum"),
        network_out=hours("NetworkOut", "Sum"),
    )


@pytest.mark.parametrize("points_in_a_page", [9_000, 100_800])
def test_the_load_of_every_instance_is_the_truth_whatever_the_pages(
    demo: DemoEndpoint, connector: Connector, proxy: FaultProxy, points_in_a_page: int
) -> None:
    demo.change(datapoints_page=points_in_a_page)
    instances, _ = ec2_instances.read(connector, VIRGINIA)
    found, gaps, calls = loads(connector, instances)
    assert gaps == []
    assert found == {one.arn: truth_of(demo, one.instance_id) for one in instances}
    asked = proxy.count("GetMetricData")
    assert asked == calls if points_in_a_page == 100_800 else asked > calls


def few(connector: Connector, count: int = 3) -> list[Ec2Instance]:
    return ec2_instances.read(connector, VIRGINIA)[0][:count]


def statuses(status: str, of: int) -> Any:
    """An answer in which the first ``of`` queries have ``status`` and the others are complete."""

    def make(call: Call) -> Mapping[str, Any]:
        results = [
            {
                "Id": query["Id"],
                "Timestamps": [],
                "Values": [],
                "StatusCode": status if n < of else "Complete",
            }
            for n, query in enumerate(call.parameters["MetricDataQueries"])
        ]
        return {"MetricDataResults": results, "Messages": []}

    return make


def test_series_that_failed_inside_cloudwatch_are_asked_once_more_and_only_they(
    demo: DemoEndpoint, connector: Connector, proxy: FaultProxy
) -> None:
    instances = few(connector)
    proxy.answer("GetMetricData", statuses("InternalError", of=12), times=1)
    found, gaps, _ = loads(connector, instances)
    assert gaps == []
    assert found == {one.arn: truth_of(demo, one.instance_id) for one in instances}
    assert proxy.count("GetMetricData") == 2


def test_series_that_fail_twice_are_a_gap_that_says_for_how_many_instances(
    connector: Connector, proxy: FaultProxy
) -> None:
    instances = few(connector)
    proxy.answer("GetMetricData", statuses("InternalError", of=5))
    found, gaps, _ = loads(connector, instances)
    assert list(found) == [instances[2].arn]
    assert [(gap.kind, gap.account_id, gap.region) for gap in gaps] == [
        ("InternalError", PRODUCTION, "us-east-1")
    ]
    assert "2 of 3 instances" in gaps[0].reason
    second = [call for call in proxy.calls if call.operation == "GetMetricData"][1]
    assert len(second.parameters["MetricDataQueries"]) == 5
    assert proxy.count("GetMetricData") == 2


def test_forbidden_series_are_a_gap_that_names_the_action(connector: Connector, proxy: FaultProxy) -> None:
    proxy.answer("GetMetricData", statuses("Forbidden", of=12))
    found, gaps, _ = loads(connector, few(connector))
    assert found == {}
    assert [(gap.kind, gap.action) for gap in gaps] == [("AccessDenied", "cloudwatch:GetMetricData")]
    assert proxy.count("GetMetricData") == 1


def test_series_that_never_become_complete_keep_what_came_and_say_so(
    connector: Connector, proxy: FaultProxy
) -> None:
    proxy.answer("GetMetricData", statuses("PartialData", of=1))
    found, gaps, _ = loads(connector, few(connector))
    assert len(found) == 3
    assert [gap.kind for gap in gaps] == ["PartialData"]
    assert "1 of 3 instances" in gaps[0].reason


def test_instances_that_are_not_in_the_answer_are_a_gap(connector: Connector, proxy: FaultProxy) -> None:
    proxy.answer("GetMetricData", lambda _: {"MetricDataResults": [], "Messages": []})
    found, gaps, _ = loads(connector, few(connector))
    assert found == {}
    assert [gap.kind for gap in gaps] == ["Unanswered"]


def test_a_remark_of_cloudwatch_on_the_whole_answer_is_a_gap(connector: Connector, proxy: FaultProxy) -> None:
    def make(call: Call) -> Mapping[str, Any]:
        remark = {"Code": "ArithmeticError", "Value": "some were not returned"}
        return {**statuses("Complete", of=0)(call), "Messages": [remark]}

    proxy.answer("GetMetricData", make)
    _, gaps, _ = loads(connector, few(connector))
    assert [(gap.kind, "some were not returned" in gap.reason) for gap in gaps] == [("ArithmeticError", True)]


def test_the_window_asked_for_is_the_window_needed_and_nothing_more(
    connector: Connector, proxy: FaultProxy
) -> None:
    loads(connector, few(connector))
    (call,) = (call for call in proxy.calls if call.operation == "GetMetricData")
    assert WINDOW.end.timestamp() == float(call.parameters["EndTime"])
    assert WINDOW.start.timestamp() == float(call.parameters["StartTime"])
    assert call.parameters["ScanBy"] == "TimestampAscending"
    assert json.dumps(call.parameters).count('"MetricStat"') == 12


@pytest.mark.parametrize(
    ("status", "kind"),
    [("PartialData", "PartialData"), ("InternalError", "InternalError"), ("Forbidden", "AccessDenied")],
)
def test_what_is_missing_of_a_load_balancer_is_not_said_of_the_load_of_instances(
    connector: Connector, proxy: FaultProxy, status: str, kind: str
) -> None:
    batch = tuple(resource_metrics.wanted([load_balancer()], lambda _: ALL_METRICS))
    proxy.answer("GetMetricData", statuses(status, of=1))
    _, gaps = resource_metrics.read(connector, VIRGINIA, batch, NOW, 14)
    assert [(gap.source, gap.kind) for gap in gaps] == [("resource_metrics", kind)]
    assert f"1 of {len(batch)} metrics" in gaps[0].reason
    assert "instances" not in gaps[0].remedy
