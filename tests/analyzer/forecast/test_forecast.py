"""Forecasts of bills: what they must not claim, and what they know of a bill's calendar."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from analyzer.forecast.bills import FIRST, calendar, changed, even, with_fees, with_weekends
from bench.bill_series.made import bill
from plainbill.analyzer.bill_rhythm import rhythm_of
from plainbill.analyzer.daily_series import DailySeries
from plainbill.analyzer.forecast import Forecast, MonthForecast, forecast, forecast_bill
from plainbill.analyzer.forecast.backtest import EVEN, backtest
from plainbill.analyzer.forecast.methods import CANDIDATES
from plainbill.model.findings import Unknown


def known(said: Forecast | Unknown) -> Forecast:
    assert isinstance(said, Forecast), said
    return said


def usual(month: MonthForecast, cost: float = 100.0) -> float:
    """How far an expectation is off a bill of so much a day, as a share."""
    true = cost * (month.end - month.start).days
    return abs(float(month.expected) - true) / true


# --- what must not be claimed --------------------------------------------------------------


def test_a_history_of_two_months_is_too_short_and_says_so() -> None:
    said = forecast(even(60))
    assert isinstance(said, Unknown)
    assert "60 days are known" in said.reason


def test_a_history_full_of_gaps_is_not_gone_on_from() -> None:
    series = even(300)
    series.values[::3] = np.nan
    series.values[1::9] = np.nan
    said = forecast(series)
    assert isinstance(said, Unknown)
    assert "not known" in said.reason


def test_a_week_of_which_nothing_is_known_is_not_gone_on_from() -> None:
    series = even(300)
    series.values[-7:] = np.nan
    assert isinstance(forecast(series), Unknown)


def test_what_has_not_been_billed_for_a_month_has_no_forecast() -> None:
    assert isinstance(forecast(changed(even(300), 250, 300, 0.0)), Unknown)


def test_months_by_which_no_forecast_could_be_judged_yet_are_left_out_with_a_reason() -> None:
    said = known(forecast(even(110)))
    assert len(said.months) < 4
    assert said.beyond is not None


def test_a_past_too_short_to_tell_the_best_from_the_luckiest_chooses_none() -> None:
    span = (0, 60)
    short, long = even(180), even(420)
    middle = (CANDIDATES.index("middle"),)
    assert list(backtest(short, len(short), [span]).chosen) == [middle]
    assert len(backtest(long, len(long), [span]).chosen[0]) == 2


def test_four_in_five_of_few_questions_is_no_more_than_the_largest_that_was_missed() -> None:
    series = even(180)
    tested = backtest(series, len(series), [(30, 90)])
    scales = tested.movements @ np.array([1.0, EVEN])
    missed = np.abs(tested.missed[list(tested.chosen[0]), :, 0].mean(axis=0)) / scales[1:] * scales[0]
    assert tested.width(0, 0.8) == pytest.approx(float(np.nanmax(missed)))
    assert tested.width(0, 0.95) > tested.width(0, 0.8)


# --- gaps are not zero ---------------------------------------------------------------------


def test_missing_days_are_not_free_days() -> None:
    series = even(290)
    series.values[[200, 240, 275, 280]] = np.nan
    first = known(forecast(series)).months[0]
    assert first.missing_days == 2
    assert usual(first) < 0.02
    assert first.so_far < first.expected


def test_the_days_between_those_that_are_given_are_unknown() -> None:
    series = DailySeries.of({FIRST: 1.0, FIRST + timedelta(days=2): 3.0})
    assert np.isnan(series.values[1])
    with pytest.raises(ValueError, match="at least one day"):
        DailySeries.of({})


# --- the bill's calendar -------------------------------------------------------------------


def test_the_calendar_is_that_of_the_days() -> None:
    days = calendar(400)
    for number in (0, 29, 30, 58, 365, 399):
        day = FIRST + timedelta(days=number)
        assert (days.weekday[number], days.day_of_month[number]) == (day.weekday(), day.day)


def test_a_fee_on_the_first_is_expected_on_the_first_and_on_no_other_day() -> None:
    series = with_fees(even(380), 900.0)
    rhythm = rhythm_of(series, len(series))
    assert list(rhythm.fees) == [1]
    assert rhythm.fees[1] == pytest.approx(900, rel=0.05)
    for month in known(forecast(series)).months:
        true = 100 * (month.end - month.start).days + 900
        assert float(month.expected) == pytest.approx(true, rel=0.03)


def test_a_spike_that_came_once_is_not_expected_again() -> None:
    series = changed(even(380), 365, 366, 30.0)
    assert rhythm_of(series, len(series)).fees == {}
    assert usual(known(forecast(series)).months[1]) < 0.03


def test_two_spikes_of_other_sizes_a_month_apart_are_no_fee() -> None:
    day = (date(2026, 9, 17) - FIRST).days
    twice = changed(changed(even(380), day, day + 1, 1.4), day + 30, day + 31, 8.0)
    assert twice.calendar.day_of_month[[day, day + 30]].tolist() == [17, 17]
    assert rhythm_of(twice, len(twice)).fees == {}
    alike = changed(changed(even(380), day, day + 1, 6.0), day + 30, day + 31, 8.0)
    assert list(rhythm_of(alike, len(alike)).fees) == [17]


def test_weekends_are_expected_to_be_weekends() -> None:
    series = with_weekends(even(380), 0.5)
    factors = rhythm_of(series, len(series)).weekdays
    assert factors[5:].mean() / factors[:5].mean() == pytest.approx(0.5, abs=0.05)


def test_after_a_shift_the_new_level_goes_on() -> None:
    series = changed(even(380), 340, 380, 1.6)
    assert usual(known(forecast(series)).months[1], 160.0) < 0.05


# --- money and months ----------------------------------------------------------------------


def test_the_months_are_whole_months_from_the_present_one_on() -> None:
    said = known(forecast(even(385)))  # up to 20 November
    spans = [(month.start, month.end) for month in said.months]
    assert spans[0] == (date(2026, 11, 1), date(2026, 12, 1))
    assert spans[3] == (date(2027, 2, 1), date(2027, 3, 1))


def test_on_the_first_of_a_month_nothing_is_billed_of_it_yet() -> None:
    series = even(365)
    first = known(forecast(series)).months[0]
    assert (first.start, first.so_far) == (series.end, Decimal(0))


def test_what_is_billed_already_is_the_least_that_a_month_can_come_to() -> None:
    for seed in range(12):
        for month in known(forecast(bill(seed).series)).months:
            assert month.so_far <= month.low_95 <= month.low_80 <= month.expected
            assert month.expected <= month.high_80 <= month.high_95


def test_the_last_month_says_how_far_the_forecast_was_off() -> None:
    series = even(385)
    past = known(forecast(series)).last_month
    assert past is not None
    assert (past.start, past.asked_on) == (date(2026, 10, 1), date(2026, 10, 21))
    october = series.values[(past.start - FIRST).days :][:31].sum()
    assert float(past.actual) == pytest.approx(october, abs=0.01)
    assert past.error is not None
    assert past.error < 0.02


def test_nothing_after_the_day_that_is_asked_on_is_used() -> None:
    series = bill(3).series
    earlier = DailySeries(series.first, series.values[:300])
    altered = DailySeries(series.first, np.concatenate([series.values[:300], [9e9] * 125]))
    assert forecast(earlier) == forecast(altered.before(earlier.end))


def test_the_difference_between_the_total_and_its_parts_is_named() -> None:
    one, other = even(385), even(385, 50.0, 0.05)
    young = DailySeries(other.first, np.concatenate([np.full(365, np.nan), np.full(20, 7.0)]))
    total = DailySeries(one.first, one.values + other.values + np.nan_to_num(young.values))
    said = forecast_bill(total, {"one": one, "other": other, "young": young})
    whole = known(said.total)
    assert isinstance(said.parts["young"], Unknown)
    for month, difference, mine, theirs in zip(
        whole.months,
        said.differences,
        known(said.parts["one"]).months,
        known(said.parts["other"]).months,
        strict=True,
    ):
        assert difference.start == month.start
        assert difference.amount == month.expected - mine.expected - theirs.expected
        assert list(difference.without) == ["young"]


# --- better than the plain ways ------------------------------------------------------------


def test_month_ends_of_made_bills_are_nearer_than_those_of_the_plain_ways_and_lie_within_the_intervals() -> (
    None
):
    ours: list[float] = []
    plain: list[float] = []
    held: list[bool] = []
    for seed in range(40):
        made = bill(seed, 455)
        series = DailySeries(made.series.first, made.series.values[:425])
        month = known(forecast(series)).months[0]
        days = slice((month.start - series.first).days, (month.end - series.first).days)
        true = float(made.truth[days].sum())
        week = float(np.nanmean(series.values[-7:])) * (month.end - series.end).days
        ours.append(abs(float(month.expected) - true) / true)
        plain.append(abs(float(month.so_far) + week - true) / true)
        held.append(float(month.low_95) <= true <= float(month.high_95))
    assert np.mean(ours) < np.mean(plain)
    assert np.mean(held) >= 0.85
