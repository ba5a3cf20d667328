"""What EC2 said of an endpoint is kept; it has metrics only where AWS publishes some."""

from __future__ import annotations

from typing import Any

import pytest

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.vpc_endpoints import VpcEndpoints
from plainbill.model.resources.vpc import VpcEndpoint

IRELAND = Scope("111122223333", "eu-west-1")


def parsed(**changes: Any) -> VpcEndpoint:
    raw = {
        "VpcEndpointId": "vpce-1",
        "VpcEndpointType": "Interface",
        "ServiceName": "com.amazonaws.eu-west-1.sqs",
        "State": "available",
        "VpcId": "vpc-1",
        **changes,
    }
    (endpoint,) = VpcEndpoints.parse({"VpcEndpoints": [raw]}, IRELAND)
    return endpoint


def test_an_endpoint_described_with_the_least_has_no_age_and_no_subnet() -> None:
    endpoint = parsed()
    assert (endpoint.created_at, endpoint.subnet_ids, endpoint.is_service_managed) == (None, (), False)
    assert list(VpcEndpoints.parse({}, IRELAND)) == []


@pytest.mark.parametrize("endpoint_type", ["Interface", "GatewayLoadBalancer"])
def test_its_metrics_are_by_four_dimensions_written_with_spaces(endpoint_type: str) -> None:
    assert parsed(VpcEndpointType=endpoint_type).dimensions == {
        "Endpoint Type": endpoint_type,
        "Service Name": "com.amazonaws.eu-west-1.sqs",
        "VPC Endpoint Id": "vpce-1",
        "VPC Id": "vpc-1",
    }


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"VpcEndpointType": "Gateway"}, id="gateway endpoints are free and not measured"),
        pytest.param({"VpcEndpointType": "Resource"}, id="another namespace"),
        pytest.param({"ServiceRegion": "us-east-1"}, id="the service is in another region"),
    ],
)
def test_no_metric_is_asked_for_where_none_is_published(changes: dict[str, str]) -> None:
    assert not parsed(**changes).publishes("AWS/PrivateLinkEndpoints")


def test_an_endpoint_to_a_service_of_its_own_region_is_measured() -> None:
    assert parsed(ServiceRegion="eu-west-1").publishes("AWS/PrivateLinkEndpoints")


def test_who_pays_is_what_the_entry_on_the_endpoint_s_charges_says() -> None:
    service = "vpc-endpoint-service-account"
    ours = [{"Scope": "vpc-endpoint-charges", "PayerResponsibilityType": "vpc-endpoint-account"}]
    theirs = [{"Scope": "vpc-endpoint-charges", "PayerResponsibilityType": service}]
    other = [{"Scope": "resource-gateway-charges", "PayerResponsibilityType": service}]
    paid = [parsed(PayerResponsibilities=one).is_paid_by_service for one in (ours, theirs, other, [])]
    assert paid == [False, True, False, False]


def test_subnets_and_route_tables_are_kept() -> None:
    gateway = parsed(VpcEndpointType="Gateway", RouteTableIds=["rtb-1", "rtb-2"])
    assert gateway.route_table_ids == ("rtb-1", "rtb-2")
    assert parsed(SubnetIds=["subnet-1", "subnet-2"]).subnet_ids == ("subnet-1", "subnet-2")
