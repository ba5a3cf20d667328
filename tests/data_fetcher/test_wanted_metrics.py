"""Each metric costs: only those are asked for that the very resource publishes."""

from __future__ import annotations

import pytest

from factories import volume
from network_factories import endpoint, load_balancer, nat_gateway, network_load_balancer, route_table
from plainbill.analyzer.load_balancing import ALL_METRICS
from plainbill.data_fetcher.resource_metrics import wanted
from plainbill.model.metrics import Metric
from plainbill.model.resources import Resource
from plainbill.model.resources.load_balancers import LoadBalancer

ANY = Metric("AWS/PrivateLinkEndpoints", "BytesProcessed", "Sum")


@pytest.mark.parametrize(
    "silent",
    [
        pytest.param(endpoint(endpoint_type="Gateway"), id="a gateway endpoint is not measured"),
        pytest.param(endpoint(service_region="eu-west-1"), id="nor is one to another Region"),
        pytest.param(nat_gateway(is_regional=True), id="nor a regional NAT gateway as a whole"),
        pytest.param(route_table(), id="nor what has no metrics at all"),
    ],
)
def test_nothing_is_asked_without_dimensions_which_would_be_answered_for_the_whole_account(
    silent: Resource,
) -> None:
    assert list(wanted([silent], lambda _: (ANY,))) == []


@pytest.mark.parametrize(
    ("balancer", "namespace"),
    [(load_balancer(), "AWS/ApplicationELB"), (network_load_balancer(), "AWS/NetworkELB")],
)
def test_a_load_balancer_is_asked_for_the_metrics_of_its_type(balancer: LoadBalancer, namespace: str) -> None:
    asked = [one.metric for one in wanted([balancer], lambda _: ALL_METRICS)]
    assert {metric.namespace for metric in asked} == {namespace}
    assert len(asked) == 3


def test_an_endpoint_that_is_measured_is_asked_for() -> None:
    assert [one.metric for one in wanted([endpoint()], lambda _: (ANY,))] == [ANY]


def test_a_kind_of_one_type_is_asked_for_all() -> None:
    assert [one.metric for one in wanted([volume()], lambda _: (ANY,))] == [ANY]
