"""What the checks say of the demo's volumes, snapshots and images over HTTP is what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from aws import connected
from factories import NOW
from plainbill.analyzer.engine import Report, run_checks
from plainbill.analyzer.registry import all_checks
from plainbill.analyzer.waste_check import Context, Inventory, metrics_of
from plainbill.aws_connector import Connector, Scope
from plainbill.data_fetcher import ec2_instances, resource_metrics
from plainbill.data_fetcher.ebs_snapshots import EbsSnapshots
from plainbill.data_fetcher.ebs_volumes import EbsVolumes
from plainbill.data_fetcher.ec2_images import Ec2Images
from plainbill.data_fetcher.ec2_launch_templates import Ec2LaunchTemplates
from plainbill.demo.company import Company
from plainbill.demo.estate_snapshots import EXPECTED_SAVINGS, images, snapshots
from plainbill.demo.estate_volumes import EXPECTED, volumes
from plainbill.demo.server import DemoEndpoint
from plainbill.model.findings import Waste
from plainbill.model.metrics import Series
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.prices import ListPrices

CHECKS = [check for check in all_checks() if check.id.startswith(("ebs_", "ec2_image_"))]
COLLECTORS = (EbsVolumes, EbsSnapshots, Ec2Images, Ec2LaunchTemplates)
DAYS = 63


@pytest.fixture(scope="module")
def connector(aws: DemoEndpoint) -> Iterator[Connector]:
    with connected(aws.environment, aws.url) as opened:
        yield opened


@pytest.fixture(scope="module")
def report(connector: Connector, company: Company) -> Report:
    places = [(one.account_id, region) for one in company.accounts for region in company.enabled_regions]
    resources: dict[type[Resource], list[Resource]] = {Ec2Instance: []}
    series: dict[tuple[str, str], Series] = {}
    for account_id, region in places:
        scope = Scope(account_id, region)
        resources[Ec2Instance].extend(ec2_instances.read(connector, scope)[0])
        for collector in COLLECTORS:
            found, gaps = collector.read(connector, scope)
            assert gaps == []
            resources.setdefault(collector.kind, []).extend(found)
            wanted = resource_metrics.wanted(found, lambda one: metrics_of(CHECKS, one))
            for batch in resource_metrics.batches(wanted, DAYS):
                series |= resource_metrics.read(connector, scope, batch, NOW, DAYS)[0]
    known = Context(
        now=NOW,
        rates=ListPrices.load(),
        inventory=Inventory(resources),
        series=series,
    )
    return run_checks(CHECKS, known, places)


def called(report: Report, check_id: str) -> dict[str, str]:
    """What a check said of each resource by its id; "ok" is not in it."""
    wastes = {one.resource.resource_id: "waste" for one in report.findings if one.check.id == check_id}
    unknown = {one.resource.resource_id: "unknown" for one in report.undecided if one.check.id == check_id}
    return wastes | unknown


def test_the_volumes_that_are_waste_are_found_by_the_right_checks_and_no_others(
    report: Report, company: Company
) -> None:
    said: dict[str, list[str]] = {}
    for finding in report.findings:
        said.setdefault(finding.resource.resource_id, []).append(finding.check.id)
    for volume in volumes(company).all:
        assert tuple(sorted(said.get(volume.name, ()))) == EXPECTED.get(volume.label, ()), volume.label
    labels = {volume.label for volume in volumes(company).all}
    assert labels >= set(EXPECTED)


def test_only_a_gp2_volume_where_no_price_is_known_is_left_open(report: Report, company: Company) -> None:
    names = {volume.name: volume.label for volume in volumes(company).all}
    open_ones = [
        (one.check.id, names[one.resource.resource_id])
        for one in report.undecided
        if one.resource.resource_id in names
    ]
    assert open_ones == [("ebs_volume_gp2", "gdpr-export-2024")]


def test_snapshots_and_images_are_called_what_they_are(report: Report, company: Company) -> None:
    said = {check.id: called(report, check.id) for check in CHECKS}
    for one in snapshots(company).all:
        assert said["ebs_snapshot_orphaned"].get(one.name, "ok") == one.orphaned, one.label
        assert said["ebs_snapshot_old"].get(one.name, "ok") == one.old, one.label
    for image in images(company).all:
        assert said["ec2_image_unused"].get(image.name, "ok") == image.unused, image.label


def test_every_check_finds_something_and_leaves_something_alone(report: Report) -> None:
    found = {one.check.id for one in report.findings}
    assert found == {check.id for check in CHECKS}
    for check in CHECKS:
        assert sum(tally.ok for (name, _, _), tally in report.tallies.items() if name == check.id), check.id


def test_the_saving_of_snapshots_is_known_where_no_block_is_shared_and_nowhere_else(
    report: Report, company: Company
) -> None:
    labels = {one.name: one.label for one in snapshots(company).all}
    labels |= {one.name: one.label for one in images(company).all}
    savings = {
        labels[one.resource.resource_id]: one.waste.monthly_saving.amount
        for one in report.findings
        if one.resource.resource_id in labels and one.waste.monthly_saving
    }
    assert savings == {label: Decimal(amount) for label, amount in EXPECTED_SAVINGS.items()}


@pytest.mark.parametrize(
    ("label", "check_id", "saving"),
    [
        ("fraud-features-copy", "ebs_volume_unattached", "362.5"),  # 300 x 0.125 + 5,000 x 0.065
        ("kafka-broker-b", "ebs_volume_gp2", "15"),  # 100 - (80 + 125 x 0.04)
        ("staging-db-b", "ebs_volume_iops_overprovisioned", "538"),  # 50 + 8,000 x 0.065 - 32
        ("reporting-2024-a", "ebs_volume_on_stopped_instance", "6"),
    ],
)
def test_savings_of_volumes_are_those_of_the_price_list(
    report: Report, company: Company, label: str, check_id: str, saving: str
) -> None:
    ids = {one.name for one in volumes(company).all if one.label == label}
    wastes: list[Waste] = [
        one.waste for one in report.findings if one.check.id == check_id and one.resource.resource_id in ids
    ]
    assert wastes
    assert {one.monthly_saving.amount if one.monthly_saving else None for one in wastes} == {Decimal(saving)}


def test_no_saving_is_above_the_price_of_the_thing_and_volumes_count_once(report: Report) -> None:
    total = report.monthly_saving["USD"]
    single = [one.waste.monthly_saving for one in report.findings if one.waste.monthly_saving]
    assert total.amount < sum(money.amount for money in single), "gp2 and unattached are alternatives"
