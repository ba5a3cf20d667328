"""The graded verdict as a finding: what is left alone, what cannot be told, what is saved."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from factories import NOW, context, instance, utilization, with_hours
from plainbill.analyzer.checks.ec2_instance_idle import Ec2InstanceIdle
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import Utilization

DAYS = 60
HOURS = DAYS * 24
DAY = timedelta(days=1)
QUIET = utilization(average=1.0, maximum=2.0, network=1000.0, days=DAYS)


def judge(box: Ec2Instance, load: Utilization | None) -> Verdict:
    known = replace(context(box), utilization={} if load is None else {box.arn: load})
    return Ec2InstanceIdle().evaluate(box, known)


def born_days_ago(days: int) -> Utilization:
    """Quiet since its launch, and without a metric before it."""
    unseen, seen = (None,) * (HOURS - days * 24), days * 24
    return replace(
        QUIET,
        cpu_average=unseen + (1.0,) * seen,
        cpu_maximum=unseen + (2.0,) * seen,
        network_in=unseen + (500.0,) * seen,
        network_out=unseen + (500.0,) * seen,
    )


def busy_at(*hours: int) -> Utilization:
    """Quiet but for these hours before now."""
    return replace(QUIET, cpu_average=with_hours(1.0, {HOURS - hour: 60.0 for hour in hours}, HOURS))


@pytest.mark.parametrize(
    ("box", "load"),
    [
        pytest.param(instance(), utilization(average=30.0, maximum=50.0, days=DAYS), id="at work"),
        pytest.param(instance(), utilization(average=1.0, network=30e6, days=DAYS), id="serving quietly"),
        pytest.param(instance(), busy_at(*range(5, 24 * 28, 24)), id="a nightly job"),
        pytest.param(instance(state="stopped"), None, id="stopped"),
        pytest.param(instance(lifecycle="spot"), QUIET, id="Spot"),
        pytest.param(instance(managed_by=("autoscaling",)), QUIET, id="a member of a group"),
        pytest.param(instance(tags={"keep": "true"}), QUIET, id="kept by its owner"),
    ],
)
def test_what_works_or_is_not_judged_by_itself_is_left_alone(
    box: Ec2Instance, load: Utilization | None
) -> None:
    assert isinstance(judge(box, load), Ok)


@pytest.mark.parametrize(
    ("box", "load"),
    [
        pytest.param(instance(), None, id="metrics not read"),
        pytest.param(instance(), replace(QUIET, network_in=(None,) * HOURS), id="one metric missing"),
        pytest.param(instance(launched_at=NOW - 3 * DAY), born_days_ago(3), id="launched three days ago"),
        pytest.param(instance(), utilization(average=1.0, days=5), id="five days"),
    ],
)
def test_too_little_data_is_unknown_never_idle(box: Ec2Instance, load: Utilization | None) -> None:
    assert isinstance(judge(box, load), Unknown)


def test_four_quiet_weeks_are_waste_of_the_compute_and_the_disks_stay() -> None:
    found = judge(instance(), QUIET)
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.HIGH
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount == Decimal("0.096") * 730  # m5.large in us-east-1
    assert any("EBS" in kept for kept in found.keeps_billing)
    assert any("Savings Plan" in doubt for doubt in found.doubts)
    assert found.evidence[0].value == 0


def test_a_name_that_speaks_of_standby_lowers_the_grade_and_says_so() -> None:
    found = judge(instance(tags={"Name": "orders-standby"}), QUIET)
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.MEDIUM
    assert any("standby" in doubt for doubt in found.doubts)


def test_one_busy_day_lowers_the_grade() -> None:
    found = judge(instance(), busy_at(24 * 9 + 3))
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.MEDIUM


def test_the_price_of_a_licence_is_not_known() -> None:
    found = judge(instance(platform="Windows"), QUIET)
    assert isinstance(found, Waste)
    assert found.monthly_saving is None
