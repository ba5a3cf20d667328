"""A schedule is proposed only where six weeks kept to it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from factories import context, instance, utilization
from plainbill.analyzer.checks.ec2_instance_schedulable import Ec2InstanceSchedulable
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.utilization import Utilization

DAYS = 56
FLAT = utilization(average=1.0, maximum=2.0, network=1000.0, days=DAYS)
OFFICE = range(8, 18)


def judge(load: Utilization | None) -> Verdict:
    box = instance()
    known = replace(context(box), utilization={} if load is None else {box.arn: load})
    return Ec2InstanceSchedulable().evaluate(box, known)


def working(hours: range, *, is_wanted_at_odd_hours: bool = False) -> Utilization:
    """Busy in these hours (UTC) of Monday to Friday, and perhaps at other hours that change each day."""
    start = FLAT.period.start

    def level(number: int) -> float:
        day, hour = divmod(number + start.hour, 24)
        is_odd = is_wanted_at_odd_hours and hour in {day * 7 % 24, day * 11 % 24, day * 5 % 24}
        return 45.0 if ((start.weekday() + day) % 7 < 5 and hour in hours) or is_odd else 1.0

    return replace(FLAT, cpu_average=tuple(level(number) for number in range(DAYS * 24)))


@pytest.mark.parametrize(
    "load",
    [
        pytest.param(FLAT, id="idle"),
        pytest.param(utilization(average=50.0, maximum=90.0, days=DAYS), id="busy day and night"),
        pytest.param(working(OFFICE, is_wanted_at_odd_hours=True), id="wanted at odd hours"),
    ],
)
def test_what_has_no_regular_hours_off_is_left_alone(load: Utilization) -> None:
    assert isinstance(judge(load), Ok)


def test_without_metrics_nothing_is_said() -> None:
    assert isinstance(judge(None), Unknown)


def test_office_hours_save_the_rest_of_the_week() -> None:
    found = judge(working(OFFICE))
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.REVIEW
    off = found.evidence[0].value
    assert isinstance(off, int)
    assert 100 <= off <= 118  # ten hours on five days of 168 are busy
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount == (Decimal("0.096") * 730 * off / 168).quantize(Decimal("0.01"))
