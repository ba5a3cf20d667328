"""The small drawings show what was measured: holes as holes, thresholds where they are."""

from __future__ import annotations

from decimal import Decimal

from plainbill.app.drawings import HEIGHT, WIDTH, columns, line_drawing, sparkline
from plainbill.app.views.shapes import CriteriaView, SparkView


def criteria(average: float = 5.0, maximum: float = 10.0) -> CriteriaView:
    return CriteriaView(name="seed", cpu_average=average, cpu_maximum=maximum, days=14, min_coverage=0.9)


def test_a_hole_breaks_the_line_and_is_never_drawn_as_zero() -> None:
    drawn = sparkline(SparkView(average=[1.0, None, None, 2.0], maximum=[2.0, None, None, 3.0]), criteria())
    assert drawn.average.count("M") == 2
    assert drawn.maximum.count("M") == 2
    assert drawn.missing == [(WIDTH / 4, WIDTH / 2)]
    assert drawn.missing_steps == 2
    assert f",{HEIGHT}" not in drawn.average


def test_both_thresholds_are_inside_the_box_and_in_order() -> None:
    drawn = sparkline(SparkView(average=[1.0], maximum=[2.0]), criteria())
    assert drawn.maximum_limit is not None
    assert drawn.average_limit is not None
    assert 0 < drawn.maximum_limit < drawn.average_limit < HEIGHT


def test_equal_thresholds_keep_two_readable_labels() -> None:
    drawn = sparkline(SparkView(average=[1.0], maximum=[2.0]), criteria(average=10.0, maximum=10.0))
    assert drawn.average_limit == drawn.maximum_limit
    assert drawn.average_label is not None
    assert drawn.maximum_label is not None
    assert abs(drawn.average_label - drawn.maximum_label) >= 10


def test_what_is_off_the_scale_touches_its_edge() -> None:
    drawn = sparkline(SparkView(average=[99.0], maximum=[100.0]), criteria())
    assert drawn.average.endswith(",0h0")


def test_no_measurement_at_all_is_an_empty_drawing() -> None:
    drawn = sparkline(SparkView(average=[], maximum=[]), criteria())
    assert (drawn.average, drawn.maximum, drawn.missing) == ("", "", [])


def test_columns_grow_from_zero_and_a_credit_hangs_below() -> None:
    first, second = columns([Decimal(30), Decimal(-10)], width=20, height=40)
    assert first == (0.0, 0.0, 8.0, 30.0)
    assert second == (10.0, 30.0, 8.0, 10.0)


def test_days_without_cost_have_no_height() -> None:
    assert [height for *_, height in columns([Decimal(0), Decimal(0)])] == [0.0, 0.0]


def test_a_rule_without_these_thresholds_has_no_lines_and_room_for_every_value() -> None:
    other = CriteriaView(name="azure", cpu_average=None, cpu_maximum=None, days=7, min_coverage=None)
    drawn = sparkline(SparkView(average=[40.0, None], maximum=[90.0, None]), other)
    assert (drawn.average_limit, drawn.maximum_limit) == (None, None)
    assert (drawn.average_label, drawn.maximum_label) == (None, None)
    assert ",0h0" not in drawn.maximum
    assert sparkline(SparkView(average=[None], maximum=[None]), other).missing_steps == 1


def test_a_line_is_broken_where_nothing_is_known_and_its_floor_is_zero() -> None:
    drawn = line_drawing([4.0, None, 2.0])
    assert drawn.path.count("M") == 2
    assert drawn.missing == [(WIDTH / 3, WIDTH / 3)]
    assert drawn.floor == HEIGHT
    assert line_drawing([4.0, -4.0]).floor < HEIGHT
    assert line_drawing([]).path == line_drawing([None]).path == ""
