"""Anomalies of bills: what must not alarm first, then what must."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from analyzer.forecast.bills import FIRST, changed, even, with_fees, with_weekends
from plainbill.analyzer.anomaly import Anomaly, Ground, Scope, Shape, anomalies_of
from plainbill.analyzer.daily_series import DailySeries

DAYS = 300
ONE, OTHER = "111122223333", "444455556666"
EC2, S3 = "Amazon Elastic Compute Cloud - Compute", "Amazon Simple Storage Service"
LATER = FIRST + timedelta(days=100)


def found(ec2: DailySeries, s3: DailySeries | None = None, first: date = LATER) -> list[Anomaly]:
    return anomalies_of({(EC2, ONE): ec2, (S3, OTHER): s3 or even(DAYS, 20.0)}, first)


def restless(costs: dict[int, float]) -> DailySeries:
    """A bill of about 100 a day and a deviation of 8, with these days."""
    series = even(DAYS, noise=0.08)
    for day, cost in costs.items():
        series.values[day] = cost
    return series


# --- what is no anomaly --------------------------------------------------------------------


def test_an_even_bill_has_none() -> None:
    assert found(even(DAYS)) == []
    assert anomalies_of({}, LATER) == []


def test_a_gap_is_none() -> None:
    series = even(DAYS)
    series.values[200:205] = np.nan
    assert found(series) == []


def test_weekends_and_monthly_fees_are_none() -> None:
    assert found(with_weekends(even(DAYS), 0.4)) == []
    assert found(with_fees(even(DAYS), 900.0)) == []


@pytest.mark.parametrize("service", ["Tax", "AWS Support (Business)"])
def test_tax_and_support_fees_are_none(service: str) -> None:
    parts = {(EC2, ONE): even(DAYS), (service, ONE): changed(even(DAYS, 50.0), 200, 201, 9.0)}
    assert anomalies_of(parts, LATER) == []


def test_what_is_under_the_floor_in_money_is_none() -> None:
    assert found(even(DAYS, 1_000.0), changed(even(DAYS, 0.5), 200, 201, 10.0)) == []


def test_what_had_ended_before_the_first_day_is_left_out() -> None:
    assert found(changed(even(DAYS), 200, 201, 3.0), first=FIRST + timedelta(days=201)) == []


def test_two_days_that_are_a_little_off_are_none_nor_are_three_that_go_up_and_down() -> None:
    assert found(restless({200: 126.0, 201: 126.0, 202: 100.0})) == []
    assert found(restless({200: 126.0, 201: 76.0, 202: 126.0, 203: 100.0})) == []


# --- what is one ---------------------------------------------------------------------------


def test_a_spike_is_named_in_money_with_the_account_that_caused_it() -> None:
    (anomaly,) = found(changed(even(DAYS), 200, 202, 3.0))
    assert (anomaly.scope, anomaly.name, anomaly.shape) == (Scope.SERVICE, EC2, Shape.SPIKE)
    assert (anomaly.start - FIRST).days == 200
    assert (anomaly.end - anomaly.start).days == 2
    assert anomaly.ground is Ground.STEP
    assert 0 < anomaly.limit < 200
    assert float(anomaly.impact) == pytest.approx(400, rel=0.1)
    assert anomaly.cause is not None
    assert anomaly.cause.name == ONE
    assert not anomaly.is_open


def test_three_days_in_a_row_are_one_though_none_of_them_alarms_by_itself() -> None:
    (anomaly,) = found(restless({200: 126.0, 201: 126.0, 202: 126.0, 203: 100.0}))
    assert (anomaly.ground, anomaly.shape) == (Ground.ROW, Shape.SPIKE)
    assert (anomaly.start - FIRST, anomaly.end - FIRST) == (timedelta(days=200), timedelta(days=203))
    assert 0 < anomaly.limit < anomaly.impact / 3


def test_a_row_is_found_across_a_day_that_is_not_known() -> None:
    (anomaly,) = found(restless({200: 126.0, 201: np.nan, 202: 126.0, 203: 126.0, 204: 100.0}))
    assert anomaly.ground is Ground.ROW
    assert (anomaly.start - FIRST).days == 200


def test_a_bill_that_halved_is_held_against_half_of_its_old_restlessness() -> None:
    halved = changed(even(DAYS, noise=0.08), 150, DAYS, 0.5)
    spike = FIRST + timedelta(days=175)
    halved.values[175] = 80.0
    assert spike in {anomaly.start for anomaly in found(halved)}


def test_a_lasting_rise_is_one_event_and_then_the_new_level() -> None:
    (anomaly,) = found(changed(even(DAYS), 200, DAYS, 2.0))
    assert anomaly.shape is Shape.SHIFT_UP
    assert (anomaly.end - anomaly.start).days == 7


def test_what_lasts_on_the_last_day_is_open() -> None:
    (anomaly,) = found(changed(even(DAYS), DAYS - 2, DAYS, 2.0))
    assert anomaly.is_open


def test_a_service_that_stops_costing_is_a_drop_and_a_gap_in_it_no_end() -> None:
    series = changed(even(DAYS), 200, 204, 0.0)
    series.values[202] = np.nan
    (anomaly,) = found(series)
    assert anomaly.shape is Shape.DROP
    assert float(anomaly.impact) == pytest.approx(-300, rel=0.1)


def test_a_slow_ramp_is_found_though_no_day_of_it_is_far_off() -> None:
    series = even(DAYS)
    series.values[200:240] *= np.linspace(1.0, 2.0, 40)
    series.values[240:] *= 2.0
    anomalies = found(series)
    assert (Shape.RAMP, Ground.CHANGE) in {(anomaly.shape, anomaly.ground) for anomaly in anomalies}


def test_an_account_is_named_where_no_service_stands_out() -> None:
    services = [f"service {number}" for number in range(16)]
    parts = {(name, ONE): changed(even(DAYS, 20.0), 200, 202, 1.25) for name in services}
    others = {(name, OTHER): even(DAYS, 20.0) for name in services}
    (anomaly,) = anomalies_of({**parts, **others}, LATER)
    assert (anomaly.scope, anomaly.name, anomaly.cause) == (Scope.ACCOUNT, ONE, None)


def test_an_anomaly_keeps_its_id_as_days_are_added() -> None:
    series = changed(even(DAYS), 200, DAYS, 2.0)
    earlier = anomalies_of({(EC2, ONE): series.before(FIRST + timedelta(days=202))}, LATER)
    assert [each.id for each in earlier] == [each.id for each in found(series)]
