"""Snapshots of deleted volumes: only what was read to the end proves that volume and image are gone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ebs_factories import GIB, days_ago, image, snapshot
from factories import context, gap, volume
from plainbill.analyzer.checks.ebs_snapshot_orphaned import EbsSnapshotOrphaned
from plainbill.analyzer.waste_check import Context
from plainbill.model.findings import Confidence, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.money import Money
from plainbill.model.resources import Resource
from plainbill.model.resources.ebs import EbsVolume
from plainbill.model.resources.ebs_snapshot import EbsSnapshot
from plainbill.model.resources.ec2_image import Ec2Image

ITS_VOLUME = volume(volume_id="vol-0fedcba9876543210")
KINDS = (EbsVolume, Ec2Image)


def known(*resources: Resource, **changes: object) -> Context:
    return context(*resources, asked=KINDS, **changes)  # type: ignore[arg-type]


def judge(one: EbsSnapshot, *others: Resource) -> Verdict:
    return EbsSnapshotOrphaned().evaluate(one, known(one, *others))


def waste(one: EbsSnapshot, *others: Resource) -> Waste:
    verdict = judge(one, *others)
    assert isinstance(verdict, Waste)
    return verdict


@pytest.mark.parametrize(
    ("one", "others"),
    [
        pytest.param(snapshot(), [ITS_VOLUME], id="its volume is there"),
        pytest.param(snapshot(), [image()], id="an image is made of it"),
        pytest.param(snapshot(), [image(state="disabled")], id="a disabled image is made of it"),
        pytest.param(snapshot(volume_id=None), [image()], id="a copy for an image"),
        pytest.param(snapshot(managed_by=("backup",)), [], id="AWS Backup manages it"),
        pytest.param(snapshot(managed_by=("dlm",)), [], id="Data Lifecycle Manager manages it"),
        pytest.param(snapshot(managed_by=("drs",)), [], id="Elastic Disaster Recovery manages it"),
        pytest.param(snapshot(state="pending"), [], id="being made"),
        pytest.param(snapshot(started_at=days_ago(29.9)), [], id="made this month"),
    ],
)
def test_what_is_needed_managed_or_new_is_left_alone(one: EbsSnapshot, others: list[Resource]) -> None:
    assert isinstance(judge(one, *others), Ok)


def test_a_copy_has_no_volume_that_could_be_gone() -> None:
    assert isinstance(judge(snapshot(volume_id=None)), Unknown)


@pytest.mark.parametrize("source", ["ebs_volumes", "ec2_images"])
def test_volumes_and_images_that_were_not_read_are_not_gone(source: str) -> None:
    one = snapshot()
    assert isinstance(EbsSnapshotOrphaned().evaluate(one, known(one, gaps=[gap(source=source)])), Unknown)
    elsewhere = known(one, gaps=[gap(source=source, region="eu-west-1")])
    assert isinstance(EbsSnapshotOrphaned().evaluate(one, elsewhere), Waste)
    assert isinstance(EbsSnapshotOrphaned().evaluate(one, context(one)), Unknown)


def test_an_image_or_volume_of_another_region_does_not_acquit() -> None:
    far = [volume(volume_id="vol-0fedcba9876543210", region="eu-west-1"), image(region="eu-west-1")]
    assert isinstance(judge(snapshot(), *far), Waste)


def test_it_is_to_be_looked_at_because_it_may_be_the_last_copy() -> None:
    verdict = waste(snapshot(started_at=days_ago(95), tags={"Name": "trash, delete me"}))
    assert verdict.confidence is Confidence.REVIEW
    assert "vol-0fedcba9876543210 is gone" in verdict.reason
    assert "made 95 days ago (threshold 30)" in verdict.reason


def test_the_saving_is_not_known_and_never_the_price_of_the_whole_volume() -> None:
    verdict = waste(snapshot())
    assert verdict.monthly_saving is None
    assert verdict.monthly_cost is None
    limits = [one for one in verdict.evidence if one.label == "price a month if it shares none"]
    assert limits == [Measurement("price a month if it shares none", "at most 1.00", "USD")]  # 20 x 0.05
    assert any("not known" in doubt for doubt in verdict.doubts)


def test_without_the_size_of_its_blocks_the_limit_is_that_of_its_volume() -> None:
    evidence = waste(snapshot(full_size_bytes=None)).evidence
    assert Measurement("price a month if it shares none", "at most 5.00", "USD") in evidence
    assert Measurement("all its blocks", None, "GiB") in evidence


@pytest.mark.parametrize(
    ("one", "others", "saving"),
    [
        pytest.param(snapshot(storage_tier="archive"), [], "0.25", id="archived: 20 x 0.0125"),
        pytest.param(
            snapshot(data_key_id="key-1"), [snapshot(snapshot_id="snap-2", data_key_id="key-2")], "1",
            id="encrypted and alone in its line",
        ),
        pytest.param(
            snapshot(data_key_id="key-1"), [snapshot(snapshot_id="snap-2", data_key_id="key-1")], None,
            id="encrypted, and another one is of its line",
        ),
        pytest.param(snapshot(data_key_id="key-1", full_size_bytes=None), [], None, id="of unknown size"),
        pytest.param(snapshot(data_key_id="key-1", is_local=True), [], None, id="on an Outpost"),
        pytest.param(snapshot(), [], None, id="not encrypted: its line is not known"),
    ],
)  # fmt: skip
def test_the_saving_is_known_only_where_no_block_can_be_shared(
    one: EbsSnapshot, others: list[Resource], saving: str | None
) -> None:
    expected = None if saving is None else Money(Decimal(saving))
    assert waste(one, *others).monthly_saving == expected


def test_where_snapshots_were_not_all_read_none_is_alone_in_its_line() -> None:
    one = snapshot(data_key_id="key-1", full_size_bytes=8 * GIB)
    verdict = EbsSnapshotOrphaned().evaluate(one, known(one, gaps=[gap(source="ebs_snapshots")]))
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving is None
