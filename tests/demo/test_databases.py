"""Databases, caches, warehouses, search domains and tables: what stock clients and the checks see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from aws import connected
from demo.stock import client, refusal
from factories import NOW, context
from plainbill.analyzer.engine import Report, run_checks
from plainbill.analyzer.registry import Check, all_checks
from plainbill.analyzer.waste_check import Context, Inventory, metrics_of
from plainbill.aws_connector import Connector, Scope
from plainbill.data_fetcher import resource_metrics
from plainbill.data_fetcher.collector import Collector, all_collectors
from plainbill.demo.call import Fault, Options
from plainbill.demo.company import Company
from plainbill.demo.estate_datastores import caches, domains, warehouses
from plainbill.demo.estate_rds import databases, snapshots
from plainbill.demo.estate_tables import tables
from plainbill.demo.fleet import DEVELOPMENT, MANAGEMENT, PRODUCTION
from plainbill.demo.instances import HOSTILE
from plainbill.demo.server import DemoEndpoint
from plainbill.model.metrics import Series
from plainbill.model.resources import Resource

DAYS = 63
SOURCES = (
    "rds_instances",
    "rds_clusters",
    "rds_snapshots",
    "elasticache_clusters",
    "redshift_clusters",
    "opensearch_domains",
    "dynamodb_tables",
    "dynamodb_indexes",
)
COLLECTORS = tuple(one for one in all_collectors() if one.name in SOURCES)
CHECKS: tuple[Check, ...] = tuple(one for one in all_checks() if one.resource.source in SOURCES)
VIRGINIA = Scope(PRODUCTION, "us-east-1")


def places(company: Company) -> list[Scope]:
    accounts = [account.account_id for account in company.accounts]
    return [Scope(account, region) for account in accounts for region in company.enabled_regions]


@pytest.fixture(scope="module")
def reader(aws: DemoEndpoint) -> Iterator[Connector]:
    with connected(aws.environment) as connector:
        yield connector


@pytest.fixture(scope="module")
def known(aws: DemoEndpoint, reader: Connector) -> Context:
    """Everything that the collectors and CloudWatch say over HTTP, without a gap."""
    found: dict[type[Resource], list[Resource]] = {collector.kind: [] for collector in COLLECTORS}
    series: dict[tuple[str, str], Series] = {}
    for scope in places(aws.company):
        here: list[Resource] = []
        for collector in COLLECTORS:
            read, gaps = collector.read(reader, scope)
            assert gaps == []
            found[collector.kind] += read
            here += read
        wanted = resource_metrics.wanted(here, partial(metrics_of, CHECKS))
        for batch in resource_metrics.batches(wanted, DAYS):
            measured, gaps = resource_metrics.read(reader, scope, batch, NOW, DAYS)
            assert gaps == []
            series |= measured
    return replace(context(), inventory=Inventory(found), series=series)


@pytest.fixture(scope="module")
def report(aws: DemoEndpoint, known: Context) -> Report:
    scopes = [(scope.account_id, scope.region) for scope in places(aws.company)]
    return run_checks(CHECKS, known, scopes)


def expected(company: Company, field: str) -> set[tuple[str, str]]:
    """(check, resource) as the estate's tables say, which were written by hand."""
    estates: tuple[Any, ...] = (databases, snapshots, caches, warehouses, domains, tables)
    everything = [one for estate in estates for one in estate(company).all]
    said = {(check, one.name) for one in everything for check in getattr(one, field, ())}
    indexes = [(table, index) for table in tables(company).all for index in table.indexes]
    return said | {(check, f"{t.name}/{i.name}") for t, i in indexes for check in getattr(i, field, ())}


def test_what_the_checks_call_waste_is_what_the_estate_says(aws: DemoEndpoint, report: Report) -> None:
    found = {(one.check.id, one.resource.resource_id) for one in report.findings}
    assert found == expected(aws.company, "waste")
    assert {check for check, _ in found} == {check.id for check in CHECKS}


def test_what_cannot_be_judged_is_what_the_estate_says(aws: DemoEndpoint, report: Report) -> None:
    undecided = {(one.check.id, one.resource.resource_id) for one in report.undecided}
    assert undecided == expected(aws.company, "unknown")


def test_every_check_leaves_something_alone(report: Report) -> None:
    at_peace = dict.fromkeys((one.id for one in CHECKS), 0)
    for (check, _, _), tally in report.tallies.items():
        at_peace[check] += tally.ok
    assert min(at_peace.values()) > 0


@pytest.mark.parametrize(
    ("check", "resource", "saving"),
    [
        ("rds_instance_idle", "loyalty-legacy", "126.83"),  # 730 x 0.171 + 100 x (0.115 - 0.095)
        ("rds_instance_idle", "gift-cards-old", "126.83"),
        ("rds_instance_idle", "campaign-1", "59.86"),  # 730 x 0.082; the storage is the cluster's
        ("rds_instance_idle", "campaign-2", "59.86"),
        ("rds_instance_extended_support", "catalog", "146.00"),  # 2 vCPUs x 730 x 0.10
        ("rds_instance_extended_support", "cms", "146.00"),
        ("rds_instance_stopped", "reporting-2024-db", "8.00"),  # 400 x (0.115 - 0.095)
        ("rds_instance_multi_az_nonproduction", "staging-orders", "110.78"),  # 730 x 0.136 + 100 x 0.115
        ("rds_instance_underused", "reviews", None),  # no price of db.t3.medium with PostgreSQL
        ("rds_instance_previous_generation", "cms", None),
        ("rds_snapshot_old", "orders-before-8-4", None),  # AWS does not say what it stores
        ("elasticache_cluster_idle", "recommendations", "113.88"),  # 730 x 0.156
        ("elasticache_cluster_idle", "page-fragments", "227.76"),
        ("redshift_cluster_idle", "reporting-2024-dw", "365.00"),  # 2 x 730 x 0.25
        ("opensearch_domain_idle", "old-logs", "884.02"),  # 2 x (730 x 0.587 + 100 x 0.135)
        ("dynamodb_table_provisioned_unused", "coupons-2024", "237.25"),  # 730 x (0.065 + 0.26)
        ("dynamodb_table_no_consumption", "coupons-2024", "241.00"),  # and 12 + 3 GiB x 0.25
        ("dynamodb_table_no_consumption", "clickstream-2023", "135.00"),  # 540 GiB x 0.25
        ("dynamodb_index_unused", "orders/by-legacy-id", "39.858"),  # 730 x (20 x 0.00013 + 80 x 0.00065)
    ],
)  # fmt: skip
def test_savings_are_those_worked_out_by_hand(
    report: Report, check: str, resource: str, saving: str | None
) -> None:
    (found,) = [
        one for one in report.findings if (one.check.id, one.resource.resource_id) == (check, resource)
    ]
    told = found.waste.monthly_saving
    assert (told and told.amount) == (saving and Decimal(saving))


def test_an_index_and_a_table_that_go_together_are_counted_once(report: Report) -> None:
    counted = {
        (one.check.id, one.resource.resource_id): report.counted[one.finding_id].amount
        for one in report.findings
        if one.resource.resource_id.startswith("coupons-2024")
    }
    assert counted == {
        ("dynamodb_table_no_consumption", "coupons-2024"): Decimal("241.00"),
        ("dynamodb_table_provisioned_unused", "coupons-2024"): 0,
        ("dynamodb_index_unused", "coupons-2024/by-code"): 0,
    }


def test_everything_is_read_but_automated_snapshots(aws: DemoEndpoint, known: Context) -> None:
    company = aws.company
    read = {kind.source: len(found) for kind, found in known.inventory.resources.items()}
    manual = [one for one in snapshots(company).all if one.kind == "manual"]
    assert read["rds_instances"] == len(databases(company).all)
    assert read["rds_snapshots"] == len(manual) < len(snapshots(company).all)
    assert read["elasticache_clusters"] == len(caches(company).all)
    assert read["redshift_clusters"] == len(warehouses(company).all)
    assert read["opensearch_domains"] == len(domains(company).all)
    assert read["dynamodb_tables"] == len(tables(company).all)
    assert read["dynamodb_indexes"] == sum(len(table.indexes) for table in tables(company).all)


@pytest.mark.parametrize("collector", COLLECTORS, ids=lambda one: one.name)
def test_pages_of_two_tile_the_whole(
    aws: DemoEndpoint, reader: Connector, collector: type[Collector]
) -> None:
    whole, _ = collector.read(reader, VIRGINIA)
    try:
        aws.options = aws.endpoint.options = Options(list_page=2)
        by_twos, gaps = collector.read(reader, VIRGINIA)
    finally:
        aws.options = aws.endpoint.options = Options()
    assert gaps == []
    assert sorted(one.arn for one in by_twos) == sorted(one.arn for one in whole)
    assert {one.arn: one for one in by_twos} == {one.arn: one for one in whole}
    assert whole


PAGERS: Mapping[tuple[str, str], str] = {
    ("rds", "describe_db_instances"): "DBInstances",
    ("rds", "describe_db_clusters"): "DBClusters",
    ("rds", "describe_db_snapshots"): "DBSnapshots",
    ("elasticache", "describe_cache_clusters"): "CacheClusters",
    ("redshift", "describe_clusters"): "Clusters",
    ("dynamodb", "list_tables"): "TableNames",
}


@pytest.mark.parametrize(("service", "operation"), PAGERS)
def test_stock_pagers_see_every_page(aws: DemoEndpoint, service: str, operation: str) -> None:
    key = PAGERS[service, operation]
    pager = client(aws, service, PRODUCTION).get_paginator(operation)
    whole = [one for page in pager.paginate() for one in page[key]]
    try:
        aws.options = aws.endpoint.options = Options(list_page=1)
        pages = [page[key] for page in pager.paginate()]
    finally:
        aws.options = aws.endpoint.options = Options()
    assert len(pages) == len(whole) > 1
    assert [one for page in pages for one in page] == whole


def test_stock_clients_describe_domains_and_tables(aws: DemoEndpoint) -> None:
    search = client(aws, "opensearch", PRODUCTION)
    names = [one["DomainName"] for one in search.list_domain_names()["DomainNames"]]
    told = search.describe_domains(DomainNames=[*names, "no-such-domain"])["DomainStatusList"]
    assert [one["DomainName"] for one in told] == names == ["product-search", "audit-archive"]
    table = client(aws, "dynamodb", PRODUCTION).describe_table(TableName="orders")["Table"]
    assert [one["IndexName"] for one in table["GlobalSecondaryIndexes"]] == ["by-customer", "by-legacy-id"]
    assert table["CreationDateTime"] < NOW


@pytest.mark.parametrize(
    ("service", "operation", "params", "code"),
    [
        ("rds", "describe_db_instances", {"DBInstanceIdentifier": "none"}, "DBInstanceNotFound"),
        ("rds", "describe_db_clusters", {"DBClusterIdentifier": "none"}, "DBClusterNotFoundFault"),
        ("rds", "describe_db_instances", {"MaxRecords": 5}, "InvalidParameterValue"),
        ("redshift", "describe_clusters", {"MaxRecords": 500}, "InvalidParameterValue"),
        ("dynamodb", "describe_table", {"TableName": "none"}, "ResourceNotFoundException"),
        ("opensearch", "describe_domains", {"DomainNames": ["logs"] * 6}, "ValidationException"),
    ],
)
def test_what_aws_refuses_is_refused(
    aws: DemoEndpoint, service: str, operation: str, params: dict[str, Any], code: str
) -> None:
    with pytest.raises(ClientError) as error:
        getattr(client(aws, service, PRODUCTION), operation)(**params)
    assert refusal(error) == code


def collector_of(source: str) -> type[Collector]:
    return next(one for one in COLLECTORS if one.name == source)


@pytest.mark.parametrize(
    ("source", "action"),
    [
        ("dynamodb_tables", "dynamodb:DescribeTable"),
        ("dynamodb_indexes", "dynamodb:DescribeTable"),
        ("opensearch_domains", "opensearch:DescribeDomains"),
    ],
)
def test_a_refused_description_is_one_gap_and_no_end(
    aws: DemoEndpoint, reader: Connector, source: str, action: str
) -> None:
    fault = Fault("AccessDeniedException", "User is not authorized to perform this", 403)
    try:
        aws.options = aws.endpoint.options = Options(faults={(PRODUCTION, "us-east-1", action): fault})
        read, gaps = collector_of(source).read(reader, VIRGINIA)
    finally:
        aws.options = aws.endpoint.options = Options()
    assert read == []
    (gap,) = gaps
    assert (gap.source, gap.account_id, gap.region) == (source, PRODUCTION, "us-east-1")
    assert gap.kind == "AccessDenied"
    assert gap.reason.startswith(("7 of 7 calls of DescribeTable", "1 of 1 calls of DescribeDomains"))


def test_accounts_and_regions_see_their_own_only(reader: Connector) -> None:
    for account, region in ((MANAGEMENT, "us-east-1"), (DEVELOPMENT, "eu-west-1")):
        assert [one for each in COLLECTORS for one in each.read(reader, Scope(account, region))[0]] == []
    here, _ = collector_of("rds_instances").read(reader, Scope(DEVELOPMENT, "us-east-1"))
    assert {one.resource_id for one in here} == {"staging-orders", "qa-shop"}


def test_hostile_tags_reach_the_reader_unharmed() -> None:
    with DemoEndpoint(now=NOW, hostile=True) as aws, connected(aws.environment) as connector:
        read, gaps = collector_of("rds_instances").read(connector, VIRGINIA)
    assert gaps == []
    assert {value for one in read for value in one.tags.values()} <= set(HOSTILE)
    assert {one.resource_id for one in read} >= {"orders", "catalog"}
