"""Old snapshots: the newest of a volume is its backup, however old; for the others no saving is claimed."""

from __future__ import annotations

import pytest

from ebs_factories import days_ago, image, snapshot
from factories import context, gap
from plainbill.analyzer.checks.ebs_snapshot_old import EbsSnapshotOld
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.resources import Resource
from plainbill.model.resources.ebs_snapshot import EbsSnapshot
from plainbill.model.resources.ec2_image import Ec2Image

NEWER = snapshot(snapshot_id="snap-newer", started_at=days_ago(2))


def judge(one: EbsSnapshot, *others: Resource) -> Verdict:
    return EbsSnapshotOld().evaluate(one, context(one, *others, asked=[Ec2Image]))


@pytest.mark.parametrize(
    ("one", "others"),
    [
        pytest.param(snapshot(started_at=days_ago(900)), [], id="the only one of its volume"),
        pytest.param(NEWER, [snapshot()], id="the newest of its volume"),
        pytest.param(
            snapshot(), [snapshot(snapshot_id="snap-1", started_at=days_ago(300))], id="another one is older"
        ),
        pytest.param(
            snapshot(),
            [snapshot(snapshot_id="snap-1", started_at=days_ago(0), state="pending")],
            id="the newer one is not complete",
        ),
        pytest.param(
            snapshot(),
            [snapshot(snapshot_id="snap-1", started_at=days_ago(2), volume_id="vol-other")],
            id="the newer one is of another volume",
        ),
        pytest.param(
            snapshot(),
            [snapshot(snapshot_id="snap-1", started_at=days_ago(2), region="eu-west-1")],
            id="the newer one is elsewhere",
        ),
        pytest.param(snapshot(started_at=days_ago(89.9)), [NEWER], id="younger than 90 days"),
        pytest.param(snapshot(managed_by=("dlm",)), [NEWER], id="Data Lifecycle Manager will delete it"),
        pytest.param(snapshot(storage_tier="archive"), [NEWER], id="archived for long keeping"),
        pytest.param(snapshot(state="error"), [NEWER], id="failed"),
        pytest.param(snapshot(), [NEWER, image()], id="an image is made of it"),
    ],
)
def test_what_is_needed_managed_or_not_replaced_is_left_alone(
    one: EbsSnapshot, others: list[Resource]
) -> None:
    assert isinstance(judge(one, *others), Ok)


def test_a_copy_is_of_no_known_volume_and_so_not_known_to_be_replaced() -> None:
    copies = [snapshot(volume_id=None), snapshot(volume_id=None, snapshot_id="s", started_at=days_ago(2))]
    assert isinstance(judge(*copies), Unknown)


@pytest.mark.parametrize("source", ["ebs_snapshots", "ec2_images"])
def test_what_was_not_read_to_the_end_is_unknown(source: str) -> None:
    one = snapshot()
    known = context(one, NEWER, asked=[Ec2Image], gaps=[gap(source=source)])
    assert isinstance(EbsSnapshotOld().evaluate(one, known), Unknown)


def test_a_snapshot_that_newer_ones_replaced_is_to_be_looked_at() -> None:
    verdict = judge(snapshot(), NEWER, snapshot(snapshot_id="snap-1", started_at=days_ago(90)))
    assert isinstance(verdict, Waste)
    assert verdict.confidence is Confidence.REVIEW
    assert verdict.reason == "made 180 days ago (threshold 90); 2 newer snapshots replace it"
    one_newer = judge(snapshot(), NEWER)
    assert isinstance(one_newer, Waste)
    assert one_newer.reason.endswith("1 newer snapshot replaces it")


def test_its_saving_is_never_known_because_the_newer_ones_share_its_blocks() -> None:
    one = snapshot(data_key_id="key-1")
    verdict = judge(one, snapshot(snapshot_id="snap-1", started_at=days_ago(2), data_key_id="key-1"))
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving is None
    assert verdict.keeps_billing
