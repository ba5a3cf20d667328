"""What was seen of an instance: measured hours only, each weighing the same."""

from __future__ import annotations

from datetime import timedelta

import pytest

from factories import NOW, instance, utilization, with_hours
from plainbill.analyzer.evidence import Evidence
from plainbill.analyzer.idle import IdleRule, judge
from plainbill.model.utilization import Utilization


def seen_of(used: Utilization | None, rule: IdleRule | None = None) -> Evidence:
    return judge(instance(), used, rule or IdleRule()).evidence


def test_missing_hours_are_not_zero() -> None:
    used = utilization(cpu_average=(4.4,) * 303 + (None,) * 33, cpu_maximum=(9.5,) * 303 + (None,) * 33)
    seen = seen_of(used)
    assert seen.cpu_average == pytest.approx(4.4)
    assert seen.coverage == 303 / 336


def test_each_hour_weighs_the_same() -> None:
    values = (2.0,) * 168 + (4.0,) * 168
    seen = seen_of(utilization(cpu_average=values, cpu_maximum=(5.0,) * 336))
    assert seen.cpu_average == 3.0
    assert seen.cpu_maximum == 5.0


def test_bytes_of_an_hour_become_bytes_of_a_day() -> None:
    """CloudWatch's hourly Sum is bytes; in and out together, 24 hours."""
    used = utilization(network_in=(1000.0,) * 336, network_out=(500.0,) * 336)
    assert seen_of(used).network_bytes_per_day == 36_000.0


def test_hours_without_network_are_not_hours_of_silence() -> None:
    values = with_hours(1000.0, {3: None, 4: None})
    used = utilization(network_in=values, network_out=values)
    assert seen_of(used).network_bytes_per_day == 48_000.0


def test_half_of_the_network_is_not_the_network() -> None:
    used = utilization(network_out=(None,) * 336)
    assert seen_of(used).network_bytes_per_day is None


def test_network_of_too_few_hours_is_not_known() -> None:
    few = (1000.0,) * 24 + (None,) * 312
    used = utilization(network_in=few, network_out=few)
    assert seen_of(used).network_bytes_per_day is None


def test_without_metrics_every_measurement_is_unknown() -> None:
    seen = seen_of(None)
    assert (seen.cpu_average, seen.cpu_maximum, seen.network_bytes_per_day) == (None, None, None)
    assert (seen.hours_seen, seen.hours_expected, seen.coverage) == (0, 336, 0.0)


def test_the_evidence_names_its_window() -> None:
    seen = seen_of(utilization(days=20), IdleRule(days=7))
    assert seen.window is not None
    assert (seen.window.start, seen.window.end) == (NOW - timedelta(days=7), NOW)
    assert (seen.hours_seen, seen.hours_expected) == (168, 168)
