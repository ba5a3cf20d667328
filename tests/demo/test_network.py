"""The company's network over HTTP: stock clients see all of it, and each check says what the company says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from aws import connected
from demo.stock import bill_of, client, refusal
from factories import NOW, context
from plainbill.analyzer.engine import Report, run_checks
from plainbill.analyzer.registry import Check, all_checks
from plainbill.analyzer.waste_check import metrics_of
from plainbill.aws_connector import Connector, Scope
from plainbill.data_fetcher import ec2_instances, resource_metrics
from plainbill.data_fetcher.classic_load_balancers import ClassicLoadBalancers
from plainbill.data_fetcher.collector import Collector
from plainbill.data_fetcher.elastic_ips import ElasticIps
from plainbill.data_fetcher.load_balancers import LoadBalancers
from plainbill.data_fetcher.nat_gateways import NatGateways
from plainbill.data_fetcher.network_interfaces import NetworkInterfaces
from plainbill.data_fetcher.route_tables import RouteTables
from plainbill.data_fetcher.subnets import Subnets
from plainbill.data_fetcher.target_groups import TargetGroups
from plainbill.data_fetcher.vpc_endpoints import VpcEndpoints
from plainbill.demo.call import Options
from plainbill.demo.company import Company
from plainbill.demo.estate_addresses import addresses
from plainbill.demo.estate_balancers import balancers, classics
from plainbill.demo.estate_network import Judged, endpoints, gateways
from plainbill.demo.fleet import DEVELOPMENT, MANAGEMENT, PRODUCTION
from plainbill.demo.instances import HOSTILE
from plainbill.demo.server import DemoEndpoint
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.model.resources.addresses import NetworkInterface

COLLECTORS: tuple[type[Collector], ...] = (
    ClassicLoadBalancers,
    ElasticIps,
    LoadBalancers,
    NatGateways,
    NetworkInterfaces,
    RouteTables,
    Subnets,
    TargetGroups,
    VpcEndpoints,
)
CHECKS = (
    "ec2_address_on_stopped_instance",
    "ec2_address_unassociated",
    "elb_classic_unused",
    "elb_load_balancer_no_traffic",
    "elb_load_balancer_without_healthy_targets",
    "elb_load_balancer_without_targets",
    "nat_gateway_low_traffic",
    "nat_gateway_redundant",
    "nat_gateway_unused",
    "vpc_endpoint_unused",
)
IN_USE = "ec2_address_in_use"
DAYS = 63


def checks(*ids: str) -> tuple[Check, ...]:
    return tuple(check for check in all_checks() if check.id in ids)


def estate(company: Company) -> Iterator[Judged]:
    """Everything whose verdict the company states; a gateway's own address is among the addresses."""
    for family in (addresses, gateways, endpoints, balancers, classics):
        yield from family(company).all


def places(aws: DemoEndpoint) -> list[Scope]:
    accounts = (MANAGEMENT, PRODUCTION, DEVELOPMENT)
    return [Scope(account, region) for account in accounts for region in aws.company.enabled_regions]


@pytest.fixture(scope="module")
def read(aws: DemoEndpoint) -> Iterator[tuple[Connector, list[Resource]]]:
    """All that the collectors read of the company, page by page, and no gap."""
    aws.endpoint.options = Options(list_page=3)
    with connected(aws.environment, aws.url) as connector:
        found: list[Resource] = []
        for scope in places(aws):
            for collector in COLLECTORS:
                resources, gaps = collector.read(connector, scope)
                assert gaps == []
                found.extend(resources)
            found.extend(ec2_instances.read(connector, scope)[0])
        aws.endpoint.options = Options()
        yield connector, found


@pytest.fixture(scope="module")
def report(read: tuple[Connector, list[Resource]]) -> Report:
    """What all checks of the family say of it, by metrics that were read of it."""
    connector, resources = read
    ids = (*CHECKS, IN_USE)
    series: dict[Any, Any] = {}
    wanted = resource_metrics.wanted(resources, partial(metrics_of, checks(*ids)))
    by_place: dict[Scope, list[resource_metrics.Wanted]] = {}
    for one in wanted:
        by_place.setdefault(Scope(one.resource.account_id, one.resource.region), []).append(one)
    for scope, several in by_place.items():
        for batch in resource_metrics.batches(several, DAYS):
            answer, gaps = resource_metrics.read(connector, scope, batch, NOW, DAYS)
            assert gaps == []
            series |= answer
    asked = [collector.kind for collector in COLLECTORS] + [Ec2Instance]
    known = replace(context(*resources, asked=asked), series=series, billed=bill_of(connector, NOW))
    return run_checks(checks(*ids), known, [])


def test_each_is_judged_as_the_company_says(aws: DemoEndpoint, report: Report) -> None:
    waste: dict[str, set[str]] = {}
    unknown: dict[str, set[str]] = {}
    for finding in report.findings:
        if finding.check.id != IN_USE:
            waste.setdefault(name_of(finding.resource), set()).add(finding.check.id)
    for one in report.undecided:
        unknown.setdefault(name_of(one.resource), set()).add(one.check.id)
    truth = list(estate(aws.company))
    assert waste == {one.name: set(one.waste) for one in truth if one.waste}
    assert unknown == {one.name: set(one.unknown) for one in truth if one.unknown}
    assert {check for one in truth for check in one.waste} == set(CHECKS), "each check has a true one"


def test_the_bill_alone_proves_what_cloudwatch_says_nothing_of(report: Report) -> None:
    """And not what was made after the first day of the bill."""
    by_bill = [one for one in report.findings if one.waste.reason.startswith("The bill of")]
    assert [(one.check.id, one.resource.account_id, one.resource.region) for one in by_bill] == [
        ("vpc_endpoint_unused", PRODUCTION, "eu-west-1")
    ]
    (found,) = by_bill
    assert found.waste.evidence[0].label == "billed EU-VpcEndpoint-Hours"
    assert found.waste.evidence[0].value == 768 * 2
    young = [one for one in report.undecided if one.check.id == "vpc_endpoint_unused"]
    assert {one.resource.region for one in young} == {"us-east-1", "eu-west-1"}


def name_of(resource: Resource) -> str:
    """What the company calls a resource: its name, where it has one of its own."""
    own_name = resource.arn.split(":")[2] == "elasticloadbalancing"
    return (resource.name or "") if own_name else resource.resource_id


def test_addresses_in_use_are_those_of_running_instances(aws: DemoEndpoint, report: Report) -> None:
    on = {one.resource.instance_id for one in report.findings if isinstance(one.resource, NetworkInterface)}
    public = [one for one in aws.company.instances if one.fleet.is_public and one.state == "running"]
    assert on == {one.instance_id for one in public}
    assert len(public) == 5
    assert IN_USE not in {one.check.id for one in report.undecided}


def test_everything_is_read_whatever_the_pages(
    aws: DemoEndpoint, read: tuple[Connector, list[Resource]]
) -> None:
    _, found = read
    ids = {name_of(resource) for resource in found}
    assert {one.name for one in estate(aws.company)} <= ids
    arns = [resource.arn for resource in found]
    assert len(arns) == len(set(arns))


def test_a_saving_is_counted_once_however_many_checks_find_it(report: Report) -> None:
    per_resource: dict[str, Any] = {}
    for finding in report.findings:
        for arn, part in finding.parts.items():
            per_resource[arn] = max(part.amount, per_resource.get(arn, part.amount))
    assert report.monthly_saving["USD"].amount == sum(per_resource.values())


def test_stock_clients_page_through_load_balancers(aws: DemoEndpoint) -> None:
    elb = client(aws, "elbv2", PRODUCTION)
    pager = elb.get_paginator("describe_load_balancers")
    pages = [page["LoadBalancers"] for page in pager.paginate(PaginationConfig={"PageSize": 4})]
    assert {len(page) for page in pages[:-1]} == {4}
    told = {one["LoadBalancerName"] for page in pages for one in page}
    assert told == {one.name for one in balancers(aws.company).at(PRODUCTION, "us-east-1")}
    classic = client(aws, "elb", PRODUCTION).describe_load_balancers()["LoadBalancerDescriptions"]
    assert {one["LoadBalancerName"] for one in classic} == {"erp-classic", "reporting-classic"}


def test_targets_are_instances_of_the_company(aws: DemoEndpoint) -> None:
    elb = client(aws, "elbv2", PRODUCTION)
    instances = {one.instance_id for one in aws.company.instances_in(PRODUCTION, "us-east-1")}
    for group in elb.describe_target_groups()["TargetGroups"]:
        answer = elb.describe_target_health(TargetGroupArn=group["TargetGroupArn"])
        targets = {one["Target"]["Id"] for one in answer["TargetHealthDescriptions"]}
        assert targets <= instances
        assert bool(targets) == (group["TargetGroupName"] not in {"campaign-2024", "fraud-canary"})


def test_an_elastic_ip_and_its_instance_tell_the_same_of_each_other(aws: DemoEndpoint) -> None:
    states = set()
    for account in (PRODUCTION, DEVELOPMENT):
        for region in aws.company.enabled_regions:
            ec2 = client(aws, "ec2", account, region)
            for address in ec2.describe_addresses()["Addresses"]:
                if "InstanceId" in address:
                    told = ec2.describe_instances(InstanceIds=[address["InstanceId"]])
                    (instance,) = told["Reservations"][0]["Instances"]
                    assert instance["PublicIpAddress"] == address["PublicIp"]
                    states.add(instance["State"]["Name"])
    assert states == {"running", "stopped"}


@pytest.mark.parametrize(
    ("service", "operation", "params", "code"),
    [
        ("elbv2", "describe_target_health", {"TargetGroupArn": "arn:none"}, "TargetGroupNotFound"),
        ("elbv2", "describe_load_balancers", {"Names": ["none"]}, "LoadBalancerNotFound"),
        ("elbv2", "describe_tags", {"ResourceArns": ["arn:none"]}, "LoadBalancerNotFound"),
        ("elb", "describe_tags", {"LoadBalancerNames": ["none"]}, "LoadBalancerNotFound"),
    ],
)
def test_what_is_not_there_is_refused(
    aws: DemoEndpoint, service: str, operation: str, params: dict[str, Any], code: str
) -> None:
    with pytest.raises(ClientError) as error:
        getattr(client(aws, service, PRODUCTION), operation)(**params)
    assert refusal(error) == code


def test_hostile_tags_are_read_as_they_are() -> None:
    with DemoEndpoint(now=NOW, hostile=True) as aws, connected(aws.environment, aws.url) as connector:
        scope = Scope(PRODUCTION, "us-east-1")
        for collector in (LoadBalancers, ElasticIps, NatGateways, VpcEndpoints, RouteTables):
            found, gaps = collector.read(connector, scope)
            assert gaps == []
            assert any(HOSTILE[0] in one.tags.values() or set(one.tags) & set(HOSTILE) for one in found)
