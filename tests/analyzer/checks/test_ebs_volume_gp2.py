"""gp2 to gp3: only where gp3 is cheaper although it is made no slower."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import context, volume
from plainbill.analyzer.checks.ebs_volume_gp2 import EbsVolumeGp2, parity
from plainbill.model.findings import Action, Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.money import Money
from plainbill.model.resources.ebs import EbsVolume


def gp2(size_gib: int, **changes: object) -> EbsVolume:
    iops = min(16_000, max(100, 3 * size_gib))
    return volume(
        **({"volume_type": "gp2", "size_gib": size_gib, "iops": iops, "throughput_mib": None} | changes)
    )


def judge(one: EbsVolume) -> Verdict:
    return EbsVolumeGp2().evaluate(one, context(one))


@pytest.mark.parametrize("kind", ["gp3", "io1", "io2", "st1", "sc1", "standard"])
def test_other_types_are_left_alone(kind: str) -> None:
    assert isinstance(judge(volume(volume_type=kind)), Ok)


@pytest.mark.parametrize("size", [1, 6, 171, 200, 250])
def test_a_size_at_which_gp3_of_the_same_speed_costs_no_less_is_left_alone(size: int) -> None:
    """3 MiB/s cost as much as 6 GiB save; the 125 MiB/s that a gp2 of 171 GiB bursts to, as 250 GiB do."""
    assert isinstance(judge(gp2(size)), Ok)


def test_where_a_price_is_not_known_nothing_is_said() -> None:
    assert isinstance(judge(gp2(1000, region="mx-central-1", availability_zone="mx-central-1a")), Unknown)
    assert isinstance(judge(gp2(1000, availability_zone="us-east-1-bos-1a")), Unknown)


@pytest.mark.parametrize(
    ("size", "iops", "mibps", "now", "saving"),
    [
        (7, 3000, 128, "0.7", "0.02"),  # 0.70 - (0.56 + 3 x 0.04)
        (100, 3000, 128, "10", "1.88"),  # 10 - (8 + 0.12)
        (170, 3000, 128, "17", "3.28"),
        (251, 3000, 250, "25.1", "0.02"),  # 25.10 - (20.08 + 125 x 0.04)
        (334, 3000, 250, "33.4", "1.68"),
        (1000, 3000, 250, "100", "15"),
        (2000, 6000, 250, "200", "20"),  # 200 - (160 + 3,000 x 0.005 + 5)
        (5334, 16_000, 250, "533.4", "36.68"),  # 533.40 - (426.72 + 13,000 x 0.005 + 5)
        (16_384, 16_000, 250, "1638.4", "257.68"),
    ],
)
def test_the_saving_is_what_is_left_when_the_same_speed_is_paid_for(
    size: int, iops: int, mibps: int, now: str, saving: str
) -> None:
    verdict = judge(gp2(size))
    assert isinstance(verdict, Waste)
    assert parity(size) == (iops, mibps)
    assert (verdict.monthly_cost, verdict.monthly_saving) == (Money(Decimal(now)), Money(Decimal(saving)))
    assert verdict.confidence is Confidence.HIGH
    assert f"{iops} IOPS and {mibps} MiB/s" in verdict.reason
    assert EbsVolumeGp2.action is Action.UPGRADE


@given(st.integers(1, 16_384))
def test_at_no_size_gp3_would_be_slower_or_dearer(size: int) -> None:
    iops, mibps = parity(size)
    assert iops >= max(3000, gp2(size).iops or 0)
    assert mibps >= (128 if size <= 170 else 250)
    verdict = judge(gp2(size))
    if isinstance(verdict, Waste):
        assert verdict.monthly_saving is not None
        assert verdict.monthly_saving.amount > 0
