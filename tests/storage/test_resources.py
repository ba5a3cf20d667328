"""Resources of every kind and their metrics come out of a snapshot as they went in."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import ClassVar

import pyarrow as pa
import pytest

from factories import days_of, flat_days, instance, volume
from plainbill.model.metrics import Metric
from plainbill.model.resources import Ec2Instance, Resource, all_kinds
from plainbill.model.resources.ebs import EbsVolume
from plainbill.storage import SnapshotStore
from plainbill.storage.snapshot.resource_tables import _AT_ONCE, resource_rows, resources_of, schema_of
from storage.keeping import collected

OPS = Metric("AWS/EBS", "VolumeReadOps", "Sum")


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd(Resource):
    """A kind with a field that no column can hold."""

    source: ClassVar[str] = "odd"
    amount: complex

    @property
    def resource_id(self) -> str:
        return "odd"

    @property
    def arn(self) -> str:
        return "arn:odd"


def test_a_kind_that_was_never_asked_for_is_not_an_empty_one(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    assert store.write(collected()).resources(EbsVolume) is None
    assert store.write(collected("run-2", resources={EbsVolume: []})).resources(EbsVolume) == ()


def test_resources_come_back_equal(tmp_path: Path) -> None:
    kept = [
        volume(tags={"Name": "data", "empty": ""}),
        volume(volume_id="vol-2", attached_to=("i-1", "i-2"), iops=None, throughput_mib=None, is_root=False),
        volume(volume_id="vol-\ud800"),
    ]
    found = SnapshotStore(tmp_path).write(collected(resources={EbsVolume: kept})).resources(EbsVolume)
    assert found is not None
    assert list(found[:2]) == kept[:2]
    assert found[2].volume_id == "vol-\ufffd"


def test_more_resources_than_are_converted_at_once_come_back_in_order_and_share_their_texts() -> None:
    several = [
        instance(instance_id=f"i-{number}", tags={"team": "web"}) for number in range(2 * _AT_ONCE + 1)
    ]
    first, *_, last = back = resources_of(Ec2Instance, resource_rows(Ec2Instance, several))
    assert back == tuple(several)
    assert first.region is last.region
    assert first.tags["team"] is last.tags["team"]


def test_metrics_come_back_with_their_holes(tmp_path: Path) -> None:
    series = {
        (volume().arn, OPS.key): days_of(1.5, None, 0.0),
        (volume().arn, "AWS/EBS x Sum 86400"): flat_days(None),
    }
    found = SnapshotStore(tmp_path).write(collected(series=series)).series()
    assert dict(found) == series
    assert SnapshotStore(tmp_path).write(collected("run-2")).series() == {}


def test_every_kind_can_be_stored(tmp_path: Path) -> None:
    assert {Ec2Instance, EbsVolume} <= set(all_kinds())
    for kind in all_kinds():
        assert schema_of(kind).names == [field.name for field in fields(kind)]
    others = {kind: () for kind in all_kinds() if kind is not Ec2Instance}
    snapshot = SnapshotStore(tmp_path).write(collected(resources=others))
    assert {kind for kind in all_kinds() if snapshot.resources(kind) == ()} == set(all_kinds())


def test_a_field_without_a_column_is_named() -> None:
    with pytest.raises(TypeError, match=r"Odd\.amount"):
        schema_of(Odd)


def test_a_field_that_was_not_stored_yet_has_its_default() -> None:
    rows = resource_rows(Ec2Instance, [instance(availability_zone="us-east-1a")])
    older: pa.Table = rows.drop_columns(["availability_zone"])
    assert resources_of(Ec2Instance, older) == (instance(),)
