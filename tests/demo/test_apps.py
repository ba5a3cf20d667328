"""Applications over HTTP: stock clients see them all, collectors read them, checks say what is expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError

from aws import connected
from demo.stock import bill_of, client, refusal
from factories import NOW, context
from plainbill.analyzer.engine import Report, run_checks
from plainbill.analyzer.registry import Check, all_checks
from plainbill.aws_connector import Connector, Scope
from plainbill.data_fetcher.collector import Collector, all_collectors
from plainbill.demo.call import Call
from plainbill.demo.company import Company
from plainbill.demo.endpoint import ANSWERS
from plainbill.demo.estate import Estate
from plainbill.demo.estate_apps import (
    Judged,
    clusters,
    extended_until,
    functions,
    groups,
    services,
    streams,
    supported_until,
)
from plainbill.demo.estate_desks import desktops, notebooks, variants
from plainbill.demo.estate_stores import buckets, file_systems, repositories, secrets
from plainbill.demo.fleet import DEVELOPMENT, IRELAND, MANAGEMENT, OREGON, PRODUCTION, VIRGINIA
from plainbill.demo.server import DemoEndpoint
from plainbill.model.inventory import Gap
from plainbill.model.metrics import Series
from plainbill.model.resources import Resource
from plainbill.pipeline.expected import Expected
from plainbill.pipeline.resources import by_kind, metric_units, resource_units

Place = tuple[str, str, str]
FAMILIES: Mapping[str, Callable[[Company], Any]] = {
    "log_groups": groups,
    "lambda_provisioned_concurrency": functions,
    "eks_clusters": clusters,
    "ecs_services": services,
    "kinesis_streams": streams,
    "s3_buckets": buckets,
    "efs_file_systems": file_systems,
    "ecr_repositories": repositories,
    "secretsmanager_secrets": secrets,
    "sagemaker_endpoints": variants,
    "sagemaker_notebooks": notebooks,
    "workspaces": desktops,
}
COLLECTORS = tuple(collector for collector in all_collectors() if collector.name in FAMILIES)
CHECKS: tuple[Check, ...] = tuple(check for check in all_checks() if check.resource.source in FAMILIES)


def truth(company: Company, source: str) -> Mapping[Place, Judged]:
    """The company's resources of a kind, by account, region and id."""
    family: Estate[Any] = FAMILIES[source](company)
    if source == "lambda_provisioned_concurrency":
        return {(one.account_id, one.region, f"{one.name}:live"): one for one in family.all if one.warm}
    return {(one.account_id, one.region, one.name): one for one in family.all}


@dataclass(frozen=True)
class Read:
    """What the collectors and CloudWatch brought."""

    resources: Mapping[type[Resource], Sequence[Resource]]
    gaps: Sequence[Gap]
    series: Mapping[tuple[str, str], Series]

    def of(self, collector: type[Collector]) -> set[Place]:
        """The places and ids of what was read of a kind."""
        return {(one.account_id, one.region, one.resource_id) for one in self.resources[collector.kind]}


def everything(
    connector: Connector,
    company: Company,
    collectors: Sequence[type[Collector]] = COLLECTORS,
    *,
    with_metrics: bool = False,
) -> Read:
    """Ask every account in every region, as a refresh does."""
    accounts = [one.account_id for one in company.accounts]
    scopes = [Scope(account, region) for account in accounts for region in company.enabled_regions]
    readings = [unit.read() for unit in resource_units(connector, collectors, scopes, Expected(None))]
    found = [reading.value for reading in readings if reading.value is not None]
    gaps = [gap for reading in readings for gap in reading.gaps]
    series: dict[tuple[str, str], Series] = {}
    if with_metrics:
        for unit in metric_units(connector, CHECKS, found, NOW):
            series |= unit.read().value or {}
    return Read(by_kind(collectors, found), gaps, series)


@pytest.fixture(scope="module")
def connector(aws: DemoEndpoint) -> Iterator[Connector]:
    with connected(aws.environment) as opened:
        yield opened


@pytest.fixture(scope="module")
def read(connector: Connector, company: Company) -> Read:
    return everything(connector, company, with_metrics=True)


@pytest.fixture(scope="module")
def report(connector: Connector, read: Read, company: Company) -> Report:
    accounts = [one.account_id for one in company.accounts]
    places = [(account, region) for account in accounts for region in company.enabled_regions]
    everyone = [one for several in read.resources.values() for one in several]
    bill = bill_of(connector, NOW)
    known = context(*everyone, asked=list(read.resources), gaps=read.gaps, billed=bill)
    known.series.update(read.series)  # type: ignore[attr-defined]  # a dict in tests
    return run_checks(CHECKS, known, places)


@pytest.mark.parametrize("collector", COLLECTORS, ids=lambda collector: collector.name)
def test_the_collector_reads_all_there_is_and_nothing_else(
    collector: type[Collector], read: Read, company: Company
) -> None:
    assert read.of(collector) == set(truth(company, collector.name))
    assert len(read.resources[collector.kind]) == len(read.of(collector)) >= 2


def test_nothing_is_missing_where_nothing_is_refused(read: Read) -> None:
    assert read.gaps == []


def test_pages_of_two_bring_the_same(company: Company, read: Read) -> None:
    with DemoEndpoint(now=NOW) as small:
        small.change(list_page=2)
        with connected(small.environment) as connector:
            again = everything(connector, company)
    assert again.gaps == []
    assert again.resources == read.resources


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_the_check_says_what_was_written_beside_the_data(
    check: Check, report: Report, company: Company
) -> None:
    known = truth(company, check.resource.source)
    waste = {place for place, one in known.items() if check.id in one.waste}
    unknown = {place for place, one in known.items() if check.id in one.unknown}
    assert {_place(one.resource) for one in report.findings if one.check == check} == waste
    assert {_place(one.resource) for one in report.undecided if one.check == check} == unknown
    assert waste
    assert len(waste) + len(unknown) < len(known)  # and some are fine


def _place(resource: Resource) -> Place:
    return resource.account_id, resource.region, resource.resource_id


@pytest.mark.parametrize(
    ("check_id", "name", "saving"),
    [
        # 620 GiB less 30 days of 900 MiB, at $0.03
        ("logs_group_without_retention", "/aws/eks/hearth-production/cluster", "17.81"),
        ("logs_group_without_retention", "/app/search", None),  # more came in than is stored
        ("lambda_function_provisioned_concurrency_unused", "loyalty-points:live", "109.50"),
        ("eks_cluster_extended_support", "hearth-sandbox", "365.00"),
        ("ecs_service_idle", "shop/gift-finder-2024", "72.08"),
        ("ecs_service_idle", "qa/visual-diff", None),  # Spot
        ("kinesis_stream_idle", "clickstream-v1", "43.80"),
        ("secretsmanager_secret_unused", "marketing/newsletter-2024", "0.40"),
        ("sagemaker_endpoint_idle", "ranking-poc/AllTraffic", None),
    ],
)
def test_money_is_that_of_the_list(report: Report, check_id: str, name: str, saving: str | None) -> None:
    (found,) = (
        one for one in report.findings if one.check.id == check_id and one.resource.resource_id == name
    )
    money = found.waste.monthly_saving
    assert (None if money is None else money.rounded().amount) == (
        None if saving is None else Decimal(saving)
    )


def test_a_bucket_that_refuses_is_a_gap_in_its_own_region_and_unknown_to_its_checks(
    company: Company,
) -> None:
    denied = {
        (PRODUCTION, IRELAND, "s3:GetLifecycleConfiguration"),
        (PRODUCTION, OREGON, "s3:GetBucketVersioning"),
    }
    collectors = [one for one in COLLECTORS if one.name == "s3_buckets"]
    with DemoEndpoint(now=NOW) as refusing:
        refusing.change(denied=frozenset(denied))
        with connected(refusing.environment) as connector:
            read = everything(connector, company, collectors)
    assert {(gap.source, gap.region, gap.action) for gap in read.gaps} == {
        ("s3_buckets", IRELAND, "s3:GetLifecycleConfiguration"),
        ("s3_buckets", OREGON, "s3:GetBucketVersioning"),
    }
    (kind,) = read.resources
    known = context(*read.resources[kind], gaps=read.gaps)
    said = run_checks([check for check in CHECKS if check.resource is kind], known, [])
    undecided = {(one.check.id, one.resource.resource_id) for one in said.undecided}
    assert undecided >= {
        ("s3_bucket_incomplete_uploads", "hearth-backups-eu"),
        ("s3_bucket_versioned_without_lifecycle", "hearth-backups-eu"),
        ("s3_bucket_versioned_without_lifecycle", "hearth-standby"),
    }


@pytest.mark.parametrize(
    ("denied", "source"),
    [
        ("lambda:ListProvisionedConcurrencyConfigs", "lambda_provisioned_concurrency"),
        ("lambda:GetFunctionConfiguration", "lambda_provisioned_concurrency"),
        ("eks:DescribeClusterVersions", "eks_clusters"),
        ("eks:DescribeCluster", "eks_clusters"),
        ("ecs:ListServices", "ecs_services"),
        ("ecs:DescribeServices", "ecs_services"),
        ("ecs:DescribeTaskDefinition", "ecs_services"),
        ("elasticfilesystem:DescribeLifecycleConfiguration", "efs_file_systems"),
        ("ecr:GetLifecyclePolicy", "ecr_repositories"),
        ("ecr:DescribeImages", "ecr_repositories"),
        ("kinesis:DescribeStreamSummary", "kinesis_streams"),
        ("sagemaker:DescribeEndpoint", "sagemaker_endpoints"),
        ("sagemaker:DescribeEndpointConfig", "sagemaker_endpoints"),
        ("workspaces:DescribeWorkspacesConnectionStatus", "workspaces"),
        ("s3:ListBucketMultipartUploads", "s3_buckets"),
    ],
)
def test_a_refused_further_call_is_one_gap_of_its_collector(
    aws: DemoEndpoint, connector: Connector, denied: str, source: str
) -> None:
    (collector,) = (one for one in COLLECTORS if one.name == source)
    account = DEVELOPMENT if source.startswith("sagemaker") else PRODUCTION
    aws.change(denied=frozenset({("*", "*", denied)}))
    try:
        _, gaps = collector.read(connector, Scope(account, VIRGINIA))
    finally:
        aws.change(denied=frozenset())
    assert {gap.action for gap in gaps} == {denied}
    assert {gap.source for gap in gaps} == {source}
    assert {gap.kind for gap in gaps} == {"AccessDenied"}
    if source != "s3_buckets":  # whose buckets are in several regions
        assert len(gaps) == 1


def test_a_bucket_is_asked_in_its_own_region_only(aws: DemoEndpoint) -> None:
    here = client(aws, "s3", PRODUCTION, VIRGINIA)
    assert here.get_bucket_location(Bucket="hearth-backups-eu")["LocationConstraint"] == IRELAND
    assert here.get_bucket_location(Bucket="hearth-media")["LocationConstraint"] is None
    with pytest.raises(ClientError) as caught:
        here.get_bucket_versioning(Bucket="hearth-of-somebody-else")
    assert refusal(caught) == "NoSuchBucket"
    there = client(aws, "s3", PRODUCTION, IRELAND)
    assert there.get_bucket_versioning(Bucket="hearth-backups-eu")["Status"] == "Enabled"
    with pytest.raises(ClientError) as caught:
        there.get_bucket_lifecycle_configuration(Bucket="hearth-backups-eu")
    assert refusal(caught) == "NoSuchLifecycleConfiguration"


def _without_regions(call: Call) -> Mapping[str, Any]:
    answer = dict(ANSWERS["s3:ListBuckets"](call))
    plain = [{name: one[name] for name in ("Name", "CreationDate")} for one in answer["Buckets"]]
    return {**answer, "Buckets": plain}


def test_a_bucket_whose_region_the_list_leaves_out_is_asked_for_it(company: Company, read: Read) -> None:
    answers = {**ANSWERS, "s3:ListBuckets": _without_regions}
    collectors = [one for one in COLLECTORS if one.name == "s3_buckets"]
    with DemoEndpoint(now=NOW, answers=answers) as older, connected(older.environment) as connector:
        again = everything(connector, company, collectors)
        assert again.gaps == []
        assert again.resources[collectors[0].kind] == read.resources[collectors[0].kind]
        older.change(denied=frozenset({(PRODUCTION, "*", "s3:GetBucketLocation")}))
        denied = everything(connector, company, collectors)
    assert [(gap.source, gap.account_id, gap.region) for gap in denied.gaps] == [
        ("s3_buckets", PRODUCTION, None)
    ]
    assert {one.account_id for one in denied.resources[collectors[0].kind]} == {DEVELOPMENT, MANAGEMENT}


def test_versions_of_kubernetes_follow_aws_calendar_whatever_the_day(company: Company) -> None:
    known = supported_until(company.today)
    assert str(known["1.32"]) == "2026-03-23"
    assert all(extended_until(day) > company.today for day in known.values())
    for years in range(5):
        later = Company(company.today.replace(year=company.today.year + years))
        dates = supported_until(later.today)
        for one in clusters(later).all:
            is_past = dates[one.version] < later.today
            assert is_past == (one.name in {"hearth-sandbox", "hearth-qa"})
