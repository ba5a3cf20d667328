"""io1 and io2: fewer IOPS where the busiest minute allows, gp3 only where it is as durable and fits."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from ebs_factories import RUNNING, attached, peaks, without
from factories import context, gap, instance
from plainbill.analyzer.checks.ebs_volume_iops_overprovisioned import EbsVolumeIopsOverprovisioned
from plainbill.analyzer.ebs_volumes import PEAKS
from plainbill.model.findings import Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric
from plainbill.model.money import Money
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.ebs import EbsVolume


def io(kind: str, iops: int | None, **changes: object) -> EbsVolume:
    plain = {"volume_type": kind, "size_gib": 400, "iops": iops, "throughput_mib": None}
    return attached(**(plain | changes))


def judge(
    one: EbsVolume, busiest: Mapping[str, float] | None = None, box: Ec2Instance = RUNNING, days: int = 63
) -> Verdict:
    known = context(one, box, series=peaks(one, days=days, **busiest or {}))
    return EbsVolumeIopsOverprovisioned().evaluate(one, known)


@pytest.mark.parametrize(
    ("one", "busiest"),
    [
        pytest.param(attached(), {}, id="gp3"),
        pytest.param(attached(volume_type="gp2", iops=300), {}, id="gp2"),
        pytest.param(io("io1", 8000, state="available", attached_to=()), {}, id="attached to nothing"),
        pytest.param(io("io2", 8000), {"read_iops": 2500.0, "write_iops": 2000.0}, id="73 % are needed"),
        pytest.param(io("io2", 8000), {"read_mibps": 1100.0}, id="for large reads 4,400 are needed"),
        pytest.param(io("io1", 32_000), {"read_iops": 20_000.0}, id="too many for gp3"),
        pytest.param(io("io1", 8000), {"read_iops": 5000.0, "read_mibps": 900.0}, id="too fast for gp3"),
        pytest.param(
            io("io1", 8000, size_gib=10), {"read_iops": 5000.0}, id="gp3 of 10 GiB has 5,000 IOPS at most"
        ),
        pytest.param(
            io("io1", 8000, is_multi_attach=True), {"read_iops": 5000.0}, id="gp3 is for one instance only"
        ),
        pytest.param(io("io1", 100), {"read_iops": 10.0, "read_mibps": 850.0}, id="fewer is not possible"),
    ],
)
def test_what_is_needed_is_left_alone(one: EbsVolume, busiest: dict[str, float]) -> None:
    assert isinstance(judge(one, busiest), Ok)


@pytest.mark.parametrize("metric", PEAKS)
def test_a_metric_that_was_not_read_is_unknown_not_zero(metric: Metric) -> None:
    one = io("io2", 8000)
    known = context(one, RUNNING, series=without(peaks(one), metric))
    assert isinstance(EbsVolumeIopsOverprovisioned().evaluate(one, known), Unknown)


@pytest.mark.parametrize(
    ("one", "box", "days"),
    [
        pytest.param(io("io2", 8000), RUNNING, 25, id="measured on 25 of 32 days"),
        pytest.param(io("io2", 8000), instance(instance_type="r4.large"), 63, id="a Xen instance"),
        pytest.param(io("io2", 8000), instance(instance_id="i-other"), 63, id="its instance was not read"),
        pytest.param(io("io2", None), RUNNING, 63, id="EC2 does not say its IOPS"),
    ],
)
def test_what_was_not_measured_is_unknown(one: EbsVolume, box: Ec2Instance, days: int) -> None:
    assert isinstance(judge(one, box=box, days=days), Unknown)


def test_without_the_instances_nothing_is_said() -> None:
    one = io("io2", 8000)
    known = context(one, RUNNING, series=peaks(one), gaps=[gap(source="ec2_instances")])
    assert isinstance(EbsVolumeIopsOverprovisioned().evaluate(one, known), Unknown)


@pytest.mark.parametrize(
    ("one", "busiest", "other", "saving"),
    [
        pytest.param(  # 7,900 x 0.065
            io("io2", 8000), {"read_iops": 1.0}, "io2 with 100 IOPS", "513.5", id="the fewest there are"
        ),
        pytest.param(
            io("io2", 8000), {"read_iops": 1000.0, "write_iops": 1000.0}, "io2 with 2600 IOPS", "351",
            id="io2 stays io2, which is more durable",
        ),
        pytest.param(  # 6,000 x 0.065 + 32,000 x 0.0455
            io("io2", 64_000), {"read_iops": 20_000.0}, "io2 with 26000 IOPS", "1846", id="io2 by tiers"
        ),
        pytest.param(  # 50 + 520 - 32
            io("io1", 8000), {"read_iops": 500.0}, "gp3 with 3000 IOPS and 125 MiB/s", "538", id="io1 to gp3"
        ),
        pytest.param(  # 570 - (32 + 3,500 x 0.005 + 135 x 0.04)
            io("io1", 8000), {"read_iops": 5000.0, "read_mibps": 200.0}, "gp3 with 6500 IOPS and 260 MiB/s",
            "515.1", id="io1 in full use, which gp3 gives for less",
        ),
        pytest.param(
            io("io1", 8000, is_multi_attach=True), {"read_iops": 500.0}, "io1 with 700 IOPS", "474.5",
            id="io1 of several instances stays io1",
        ),
        pytest.param(
            io("io1", 100), {}, "gp3 with 3000 IOPS and 125 MiB/s", "24.5", id="io1 with the fewest"
        ),
    ],
)  # fmt: skip
def test_the_cheapest_that_fits_is_advised(
    one: EbsVolume, busiest: dict[str, float], other: str, saving: str
) -> None:
    verdict = judge(one, busiest)
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving == Money(Decimal(saving))
    assert f"; {other} would do" in verdict.reason


def test_fewer_iops_cost_less_at_any_price_but_another_type_need_not() -> None:
    box = instance(region="mx-central-1")
    fewer = judge(
        io("io2", 8000, region=box.region, availability_zone=f"{box.region}a"), {"read_iops": 100.0}, box
    )
    assert isinstance(fewer, Waste)
    assert fewer.monthly_saving is None
    assert isinstance(
        judge(
            io("io1", 8000, region=box.region, availability_zone=f"{box.region}a"), {"read_iops": 5000.0}, box
        ),
        Unknown,
    )
