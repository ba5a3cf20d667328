"""Unused images: an instance, a template or a launch within three months acquits."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ebs_factories import days_ago, image, snapshot, template
from factories import context, gap, instance
from plainbill.analyzer.checks.ebs_snapshot_orphaned import EbsSnapshotOrphaned
from plainbill.analyzer.checks.ec2_image_unused import Ec2ImageUnused
from plainbill.analyzer.engine import run_checks
from plainbill.analyzer.registry import Check
from plainbill.analyzer.waste_check import Context
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.money import Money
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.model.resources.ebs import EbsVolume
from plainbill.model.resources.ebs_snapshot import EbsSnapshot
from plainbill.model.resources.ec2_image import Ec2Image, Ec2LaunchTemplateVersion

KINDS = (Ec2Instance, Ec2LaunchTemplateVersion, EbsSnapshot, EbsVolume)
OF_TWO = image(snapshot_ids=("snap-1", "snap-2"))


def known(*resources: Resource, **changes: object) -> Context:
    return context(*resources, asked=KINDS, **changes)  # type: ignore[arg-type]


def judge(one: Ec2Image, *others: Resource) -> Verdict:
    return Ec2ImageUnused().evaluate(one, known(one, *others))


def waste(one: Ec2Image, *others: Resource) -> Waste:
    verdict = judge(one, *others)
    assert isinstance(verdict, Waste)
    return verdict


@pytest.mark.parametrize(
    ("one", "others"),
    [
        pytest.param(image(), [instance(image_id=image().image_id)], id="an instance runs it"),
        pytest.param(
            image(), [instance(image_id=image().image_id, state="stopped")], id="a stopped instance is of it"
        ),
        pytest.param(image(), [template(image_id=image().image_id)], id="a launch template names it"),
        pytest.param(image(last_launched_at=days_ago(89.9)), [], id="launched within 90 days"),
        pytest.param(image(created_at=days_ago(89), last_launched_at=None), [], id="made within 90 days"),
        pytest.param(image(is_public=True), [], id="public"),
        pytest.param(image(managed_by=("backup",)), [], id="AWS Backup manages it"),
        pytest.param(image(state="pending"), [], id="being made"),
        pytest.param(image(snapshot_ids=()), [], id="made of no snapshot"),
    ],
)
def test_what_is_used_public_managed_or_new_is_left_alone(one: Ec2Image, others: list[Resource]) -> None:
    assert isinstance(judge(one, *others), Ok)


@pytest.mark.parametrize("source", ["ec2_instances", "ec2_launch_templates"])
def test_instances_and_templates_that_were_not_read_use_it_perhaps(source: str) -> None:
    denied = known(image(), gaps=[gap(source=source)])
    assert isinstance(Ec2ImageUnused().evaluate(image(), denied), Unknown)
    assert isinstance(Ec2ImageUnused().evaluate(image(), context(image())), Unknown)


def test_an_image_that_nothing_used_for_long_is_to_be_looked_at() -> None:
    verdict = waste(image(), snapshot(), instance(image_id="ami-other"), template())
    assert verdict.confidence is Confidence.REVIEW
    assert "not used for 200 days (threshold 90)" in verdict.reason
    assert "last launched 2026-05-08" in verdict.reason
    assert "no launch known" in waste(image(last_launched_at=None)).reason
    assert "until they are deleted as well" in verdict.keeps_billing[0]


def test_a_disabled_image_keeps_its_snapshots_and_is_judged() -> None:
    assert isinstance(judge(image(state="disabled")), Waste)


def test_the_saving_is_that_of_its_snapshots_each_by_itself() -> None:
    parts = [
        snapshot(snapshot_id="snap-1", data_key_id="key-1"),
        snapshot(snapshot_id="snap-2", storage_tier="archive"),
    ]
    verdict = waste(OF_TWO, *parts)
    assert verdict.monthly_saving == Money(Decimal("1.25"))  # 20 x 0.05 + 20 x 0.0125
    assert verdict.parts == {parts[0].arn: Money(Decimal(1)), parts[1].arn: Money(Decimal("0.25"))}


def test_where_one_saving_is_not_known_none_is_claimed() -> None:
    alone = snapshot(snapshot_id="snap-2", data_key_id="key-1")
    verdict = waste(OF_TWO, snapshot(snapshot_id="snap-1"), alone)
    assert (verdict.monthly_saving, verdict.parts) == (None, {})


def test_a_snapshot_that_is_gone_saves_nothing_more() -> None:
    left = snapshot(snapshot_id="snap-2", data_key_id="key-1")
    assert waste(OF_TWO, left).parts == {left.arn: Money(Decimal(1))}
    assert waste(OF_TWO).monthly_saving is None


def test_a_snapshot_of_another_image_as_well_cannot_be_deleted_and_saves_nothing() -> None:
    parts = [snapshot(snapshot_id=f"snap-{n}", data_key_id=f"key-{n}") for n in (1, 2)]
    other = image(image_id="ami-other", snapshot_ids=("snap-2",))
    assert set(waste(OF_TWO, other, *parts).parts) == {parts[0].arn}


def test_without_the_snapshots_the_saving_is_not_known() -> None:
    denied = known(image(), snapshot(data_key_id="key-1"), gaps=[gap(source="ebs_snapshots")])
    verdict = Ec2ImageUnused().evaluate(image(), denied)
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving is None


def test_a_snapshot_of_an_unused_image_is_found_with_the_image_and_not_again() -> None:
    checks: list[Check] = [Ec2ImageUnused(), EbsSnapshotOrphaned()]
    report = run_checks(checks, known(image(), snapshot(data_key_id="key-1")), [])
    assert [one.check.id for one in report.findings] == ["ec2_image_unused"]
    assert report.monthly_saving == {"USD": Money(Decimal(1))}
