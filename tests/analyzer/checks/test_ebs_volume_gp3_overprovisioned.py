"""gp3 that pays for more than it needs: never below what its busiest minute needs, nor below what is free."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebs_factories import RUNNING, attached, peaks, without
from factories import context, gap, instance, volume
from plainbill.analyzer.checks.ebs_volume_gp3_overprovisioned import EbsVolumeGp3Overprovisioned
from plainbill.analyzer.ebs_volumes import PEAKS
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric
from plainbill.model.money import Money
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.ebs import EbsVolume

FAST = attached(iops=6000, throughput_mib=250)


def judge(
    one: EbsVolume, busiest: Mapping[str, float] | None = None, box: Ec2Instance = RUNNING, days: int = 63
) -> Verdict:
    known = context(one, box, series=peaks(one, days=days, **busiest or {}))
    return EbsVolumeGp3Overprovisioned().evaluate(one, known)


@pytest.mark.parametrize(
    ("one", "busiest"),
    [
        pytest.param(volume(iops=6000), {}, id="attached to nothing"),
        pytest.param(attached(), {}, id="only what is free"),
        pytest.param(attached(volume_type="io2", iops=6000), {}, id="another type"),
        pytest.param(
            FAST, {"read_iops": 3300.0, "read_mibps": 135.0}, id="71 % needed of both, with headroom"
        ),
        pytest.param(
            FAST, {"read_iops": 1700.0, "write_iops": 1700.0, "read_mibps": 200.0}, id="reads and writes"
        ),
        pytest.param(
            attached(iops=4000), {"read_mibps": 800.0}, id="large reads count for each 256 KiB of them"
        ),
        pytest.param(
            attached(iops=3200, throughput_mib=800),
            {"read_iops": 10.0, "read_mibps": 700.0},
            id="the throughput needs the IOPS: four for a MiB/s",
        ),
    ],
)
def test_what_is_needed_or_costs_nothing_is_left_alone(one: EbsVolume, busiest: dict[str, float]) -> None:
    assert isinstance(judge(one, busiest), Ok)


@pytest.mark.parametrize("metric", PEAKS)
def test_a_metric_that_was_not_read_is_unknown_not_zero(metric: Metric) -> None:
    known = context(FAST, RUNNING, series=without(peaks(FAST), metric))
    assert isinstance(EbsVolumeGp3Overprovisioned().evaluate(FAST, known), Unknown)


@pytest.mark.parametrize(
    ("one", "box", "days"),
    [
        pytest.param(FAST, RUNNING, 25, id="measured on 25 of 32 days"),
        pytest.param(FAST, RUNNING, 0, id="never measured"),
        pytest.param(FAST, instance(instance_type="m4.large"), 63, id="a Xen instance has no true maximum"),
        pytest.param(FAST, instance(instance_id="i-other"), 63, id="its instance was not read"),
        pytest.param(attached(iops=None, throughput_mib=250), RUNNING, 63, id="EC2 does not say its IOPS"),
    ],
)
def test_what_was_not_measured_is_unknown(one: EbsVolume, box: Ec2Instance, days: int) -> None:
    assert isinstance(judge(one, box=box, days=days), Unknown)


def test_without_the_instances_nothing_is_said() -> None:
    known = context(FAST, RUNNING, series=peaks(FAST), gaps=[gap(source="ec2_instances")])
    assert isinstance(EbsVolumeGp3Overprovisioned().evaluate(FAST, known), Unknown)


@pytest.mark.parametrize(
    ("one", "busiest", "fits", "saving"),
    [
        pytest.param(FAST, {}, (3000, 125), "20", id="both"),  # 3,000 x 0.005 + 125 x 0.04
        pytest.param(
            FAST, {"read_iops": 4000.0, "read_mibps": 50.0}, (6000, 125), "5", id="throughput only"
        ),
        pytest.param(
            FAST, {"write_iops": 3000.0, "read_mibps": 140.0}, (3900, 250), "10.5", id="IOPS only"
        ),
        pytest.param(
            attached(iops=16_000, throughput_mib=1000),
            {"read_iops": 2500.0, "write_iops": 2500.0, "read_mibps": 200.0, "write_mibps": 100.0},
            (6500, 390),  # 5,000 x 1.3; 300 x 1.3
            "71.9",  # 9,500 x 0.005 + 610 x 0.04
            id="part of both",
        ),
        pytest.param(
            attached(iops=16_000, throughput_mib=1000),
            {"read_iops": 100.0, "read_mibps": 900.0},
            (4700, 1000),  # 900 MiB/s in pieces of 256 KiB, x 1.3
            "56.5",
            id="as many IOPS as the throughput takes",
        ),
    ],
)  # fmt: skip
def test_the_saving_is_the_part_that_no_minute_needed(
    one: EbsVolume, busiest: dict[str, float], fits: tuple[int, int], saving: str
) -> None:
    verdict = judge(one, busiest)
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving == Money(Decimal(saving))
    assert verdict.confidence is Confidence.MEDIUM
    assert f"{fits[0]} and {fits[1]} would do" in verdict.reason


def test_where_the_price_is_not_known_neither_is_the_saving() -> None:
    far = attached(iops=6000, region="mx-central-1", availability_zone="mx-central-1a")
    verdict = judge(far, box=instance(region="mx-central-1"))
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving is None


@given(
    iops=st.integers(3000, 16_000),
    mibps=st.integers(125, 1000),
    busy=st.floats(0, 20_000),
    moved=st.floats(0, 1200),
)
def test_no_advice_is_dearer_or_smaller_than_what_was_used(
    iops: int, mibps: int, busy: float, moved: float
) -> None:
    verdict = judge(attached(iops=iops, throughput_mib=mibps), {"read_iops": busy, "read_mibps": moved})
    if isinstance(verdict, Waste):
        assert verdict.monthly_saving is not None
        assert verdict.monthly_saving.amount > 0
        new_iops, new_mibps = map(int, verdict.reason.split("; ")[1].split(" would")[0].split(" and "))
        assert new_iops == iops or new_iops >= max(3000, busy)
        assert new_mibps == mibps or new_mibps >= max(125, moved)
        assert new_iops <= iops
        assert new_mibps <= mibps
