"""Unattached volumes: not those that were just made, used a few days ago, or are AWS's to manage."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ebs_factories import attached, days_ago, measured
from factories import context, volume
from plainbill.analyzer.checks.ebs_volume_gp2 import EbsVolumeGp2
from plainbill.analyzer.checks.ebs_volume_unattached import EbsVolumeUnattached
from plainbill.analyzer.engine import run_checks
from plainbill.analyzer.waste_check import Context
from plainbill.model.findings import Confidence, Ok, Verdict, Waste
from plainbill.model.money import Money
from plainbill.model.resources.ebs import EbsVolume


def judge(one: EbsVolume, known: Context | None = None) -> Verdict:
    return EbsVolumeUnattached().evaluate(one, known or context(one))


def waste(one: EbsVolume, known: Context | None = None) -> Waste:
    verdict = judge(one, known)
    assert isinstance(verdict, Waste)
    return verdict


def used_until(one: EbsVolume, days: int) -> Context:
    """CloudWatch measured it last so many days ago."""
    idle = [86_400.0] * (63 - days) + [None] * days
    return context(one, series=measured(one, None, None, idle))


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(attached(), id="attached"),
        pytest.param(volume(state="in-use"), id="used by something that is no instance of the account"),
        pytest.param(volume(state="creating"), id="being made"),
        pytest.param(volume(state="deleting"), id="being deleted"),
        pytest.param(volume(created_at=days_ago(6.9)), id="younger than a week"),
        pytest.param(volume(operator="eks.amazonaws.com"), id="managed by an AWS service"),
    ],
)
def test_what_is_in_use_or_may_soon_be_is_left_alone(one: EbsVolume) -> None:
    assert isinstance(judge(one), Ok)


def test_a_volume_that_was_made_long_ago_but_used_this_week_is_left_alone() -> None:
    assert isinstance(judge(volume(), used_until(volume(), 6)), Ok)
    assert isinstance(judge(volume(), used_until(volume(), 7)), Waste)


@pytest.mark.parametrize(
    ("one", "known", "confidence"),
    [
        pytest.param(volume(), used_until(volume(), 63), Confidence.HIGH, id="no sign of use in a month"),
        pytest.param(volume(), used_until(volume(), 32), Confidence.HIGH, id="used a month ago"),
        pytest.param(volume(), used_until(volume(), 31), Confidence.MEDIUM, id="used within a month"),
        pytest.param(volume(), context(volume()), Confidence.MEDIUM, id="no metrics read"),
        pytest.param(
            volume(created_at=days_ago(20)), used_until(volume(), 63), Confidence.MEDIUM, id="made this month"
        ),
        pytest.param(
            volume(tags={"kubernetes.io/created-for/pvc/name": "data"}),
            used_until(volume(), 63),
            Confidence.REVIEW,
            id="Kubernetes may attach it again",
        ),
    ],
)
def test_how_sure_it_is_depends_on_the_last_sign_of_use(
    one: EbsVolume, known: Context, confidence: Confidence
) -> None:
    assert waste(one, known).confidence is confidence


def test_a_name_raises_no_confidence() -> None:
    plain, named = volume(), volume(tags={"Name": "delete-me", "unused": "true"})
    assert waste(named).confidence is waste(plain).confidence


@pytest.mark.parametrize(
    ("changes", "cost"),
    [
        ({"size_gib": 1}, "0.08"),
        ({"size_gib": 1000}, "80"),
        ({"iops": 6000, "throughput_mib": 250}, "28"),  # 100 x 0.08 + 3,000 x 0.005 + 125 x 0.04
        ({"volume_type": "gp2", "iops": 300, "throughput_mib": None}, "10"),
        ({"volume_type": "io1", "iops": 5000, "throughput_mib": None}, "337.5"),  # 12.50 + 5,000 x 0.065
        ({"volume_type": "io2", "iops": 40_000, "throughput_mib": None}, "2456.5"),  # + 8,000 x 0.0455
        ({"volume_type": "st1", "iops": None, "throughput_mib": None}, "4.5"),
        ({"volume_type": "sc1", "iops": None, "throughput_mib": None}, "1.5"),
        ({"volume_type": "standard", "iops": None, "throughput_mib": None}, "5"),
    ],
)
def test_all_of_what_is_billed_for_it_would_be_saved(changes: dict[str, object], cost: str) -> None:
    verdict = waste(volume(**changes))
    assert verdict.monthly_saving == verdict.monthly_cost == Money(Decimal(cost))
    assert verdict.keeps_billing


def test_where_the_price_is_not_known_neither_is_the_saving() -> None:
    assert waste(volume(region="mx-central-1", availability_zone="mx-central-1a")).monthly_saving is None
    assert waste(volume(throughput_mib=None)).monthly_saving is None
    assert waste(volume(availability_zone="us-east-1-bos-1a")).monthly_saving is None
    assert waste(volume(outpost_arn="arn:aws:outposts:us-east-1:1:outpost/op-1")).monthly_saving is None


def test_the_reason_states_size_age_and_threshold() -> None:
    assert waste(volume(created_at=days_ago(95)), used_until(volume(), 40)).reason == (
        "100 GiB of gp3 attached to nothing; made 95 days ago, and not used in the last 32 of them "
        "(threshold 7)"
    )


def test_deleting_and_changing_the_type_are_alternatives() -> None:
    one = volume(volume_type="gp2", iops=300, throughput_mib=None)
    report = run_checks([EbsVolumeUnattached(), EbsVolumeGp2()], context(one), [])
    assert len(report.findings) == 2
    assert report.monthly_saving == {"USD": Money(Decimal(10))}
