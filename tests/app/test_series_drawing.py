"""The drawing of a series shows what was measured: a zero as a zero, a hole as a hole."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.test_finding import READS, SUM
from factories import days_of
from plainbill.app.series_drawing import HEIGHT, MOST_COLUMNS, WIDTH, series_drawing
from plainbill.app.views.finding_shapes import ChartView
from plainbill.model.metrics import Metric


def chart(*values: float | None, metric: Metric = READS, threshold: float | None = None) -> ChartView:
    series = days_of(*values)
    return ChartView(
        label=metric.name,
        statistic=metric.statistic,
        unit=metric.unit,
        start=series.period.start,
        end=series.period.end,
        step_hours=series.step / timedelta(hours=1),
        values=values,
        is_sparse=metric.is_sparse,
        known=len(series.known),
        expected=len(values),
        threshold=threshold,
    )


def test_a_hole_has_no_column_and_a_zero_has_one_that_can_be_seen() -> None:
    drawn = series_drawing(chart(0.0, None, None, 4.0))
    assert len(drawn.columns) == 2
    assert drawn.columns[0][3] > 0
    assert drawn.missing == [(WIDTH / 4, WIDTH / 2)]


def test_the_threshold_is_inside_the_box_and_above_what_is_below_it() -> None:
    drawn = series_drawing(chart(1.0, 2.0, threshold=10.0))
    assert drawn.limit is not None
    assert 0 < drawn.limit < min(y for _, y, _, _ in drawn.columns)
    over = series_drawing(chart(1.0, 20.0, threshold=10.0))
    assert over.limit is not None
    assert min(y for _, y, _, _ in over.columns) < over.limit


def test_nothing_measured_is_all_hole() -> None:
    drawn = series_drawing(chart(None, None))
    assert (drawn.columns, drawn.highest, drawn.missing) == ([], None, [(0.0, WIDTH)])


def test_all_zeros_stay_on_the_floor() -> None:
    drawn = series_drawing(chart(0.0, 0.0))
    assert all(y + height == HEIGHT and height < 3 for _, y, _, height in drawn.columns)


@pytest.mark.parametrize(
    ("metric", "first"),
    [
        (READS, 3.0),
        (SUM, 4.0),
        (replace(READS, statistic="Average"), 2.0),
        (replace(READS, statistic="p99"), 3.0),
    ],
)
def test_many_steps_are_folded_as_their_statistic_allows(metric: Metric, first: float) -> None:
    values = [1.0, 3.0] + [0.0] * (2 * MOST_COLUMNS - 2)
    drawn = series_drawing(chart(*values, metric=metric, threshold=2.5))
    assert (drawn.steps_in_column, len(drawn.columns), drawn.highest) == (2, MOST_COLUMNS, first)
    assert (drawn.limit is None) is (metric is SUM)
