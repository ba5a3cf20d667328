"""Which instances send memory and GPU metrics: ``ListMetrics`` of the CloudWatch agent's namespace.

A call is one name in one Region, 500 metrics a page, and counts as one of CloudWatch's API requests ($0.01
per 1,000; the first million of a month are free). Nothing but the list tells the dimensions, and a metric can
only be asked for by exactly these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope
from plainbill.data_fetcher.collector import Collector, Page
from plainbill.data_fetcher.source import as_documented
from plainbill.model.inventory import Gap
from plainbill.model.resources import Resource
from plainbill.model.resources.agent_metric import ALL, NAMESPACE, AgentMetric

_INSTANCE = "InstanceId"


class Ec2AgentMetrics(Collector):
    """The memory and GPU metrics of instances, where an agent sends them."""

    name = "ec2_agent_metrics"
    kind = AgentMetric
    beside_running = True
    reads = (
        Read(
            "cloudwatch",
            "ListMetrics",
            "how much memory and GPU the instances use: without it a cache may look idle",
        ),
    )

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``ListMetrics``, name by name: the namespace may hold thousands of others."""
        for name in ALL:
            yield from connector.pages(
                scope, "cloudwatch", "ListMetrics", Namespace=NAMESPACE, MetricName=name
            )

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[AgentMetric]:
        """Yield the metrics of a page that are of one instance; aggregates over several are not."""
        for raw in page.get("Metrics", ()):
            labels = {one["Name"]: one["Value"] for one in raw.get("Dimensions", ())}
            if raw["MetricName"] in ALL and labels.get(_INSTANCE):
                yield _metric(raw, labels, scope)

    @classmethod
    def read(cls, connector: Connector, scope: Scope) -> tuple[list[Resource], list[Gap]]:
        """Return each metric once, though the agent sends it with several sets of dimensions."""
        with as_documented(cls.reads[0], scope):
            told = [one for page in cls.fetch(connector, scope) for one in cls.parse(page, scope)]
        return list(coarsest(told)), []


def coarsest(told: Iterable[AgentMetric]) -> Iterator[AgentMetric]:
    """Yield of each instance and name those metrics that have the fewest dimensions.

    An agent told to aggregate sends the same measurements by the instance alone, by instance and type, and by
    instance, image and GPU: the first holds what the others do, and every one that is asked for costs.
    """
    variants: dict[tuple[str, str], dict[tuple[str, ...], list[AgentMetric]]] = {}
    for one in told:
        names = tuple(sorted(one.labels))
        of_one = variants.setdefault((one.instance_id, one.metric_name), {})
        of_one.setdefault(names, []).append(one)
    for by_names in variants.values():
        yield from by_names[min(by_names, key=lambda names: (len(names), names))]


def _metric(raw: Mapping[str, Any], labels: Mapping[str, str], scope: Scope) -> AgentMetric:
    return AgentMetric(
        account_id=scope.account_id,
        region=scope.region,
        instance_id=labels[_INSTANCE],
        metric_name=raw["MetricName"],
        labels=labels,
    )
