"""What the days alone rule out has no rhythm: nothing that wakes at regular times is overlooked."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from factories import NOW
from plainbill.analyzer.ec2_idle.load import HOUR
from plainbill.analyzer.ec2_idle.periodic import rhythms
from plainbill.analyzer.ec2_idle.rhythm_days import may_have_rhythm

STEPS = st.sampled_from([23, 24, 25, 167, 168, 169, 336, 671, 672, 673, 696, 720, 721, 744, 840, 2183, 2208])
TRAINS = st.lists(st.tuples(st.integers(0, 800), STEPS, st.integers(1, 4)), min_size=1, max_size=2)


def days_of(
    busy: set[datetime], start: datetime, hours: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """One row: which UTC days of the period have a busy hour."""
    last = (start + (hours - 1) * HOUR).date()
    row = np.zeros((1, (last - start.date()).days + 1), dtype=bool)
    row[0, [(hour.date() - start.date()).days for hour in busy]] = True
    return row


def test_days_far_from_every_period_have_none() -> None:
    start = NOW - timedelta(days=60)
    assert not may_have_rhythm(days_of({NOW - 10 * HOUR}, start, 1440)).any()
    assert not may_have_rhythm(days_of({NOW - 10 * HOUR, NOW - 250 * HOUR}, start, 1440)).any()


@settings(max_examples=400)
@given(trains=TRAINS, days=st.sampled_from([14, 28, 29, 60, 120, 300]), late=st.integers(0, 23))
@example(trains=[(0, 672, 2)], days=28, late=0)
@example(trains=[(4, 23, 3)], days=28, late=0)
@example(trains=[(12, 2208, 2)], days=120, late=3)
@example(trains=[(0, 336, 2), (671, 1, 1)], days=28, late=12)
def test_who_has_a_rhythm_is_not_ruled_out(trains: list[tuple[int, int, int]], days: int, late: int) -> None:
    end, hours = NOW - late * HOUR, days * 24
    start = end - hours * HOUR
    back = {at + n * step for at, step, count in trains for n in range(count)}
    busy = {end - (hour + 1) * HOUR for hour in back if hour < hours}
    if not busy:
        return
    clock = {hour.replace(tzinfo=None) for hour in busy}
    local_end = end.replace(tzinfo=None)
    has = any(rhythms(clock, local_end)) or any(one.is_monthly for one in rhythms(clock, local_end, hits=2))
    if has:
        assert may_have_rhythm(days_of(busy, start, hours)).all()
