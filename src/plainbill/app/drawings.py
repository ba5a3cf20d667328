"""The geometry of the small drawings that the server makes: numbers in, SVG attributes out.

The templates write the elements; here is only arithmetic, so that it can be tested without a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from plainbill.app.views.shapes import CriteriaView, SparkView

WIDTH, HEIGHT = 168, 44
_LABEL_GAP = 10.0  # the least distance of two labels, in drawing units
_HEADROOM = 1.25  # the scale ends this much above the higher threshold
_ROOM = 1.06  # and that of a line this much above its highest point


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparkline:
    """CPU against both thresholds: path data and positions in a box of ``WIDTH`` by ``HEIGHT``."""

    average: str
    maximum: str
    missing: Sequence[tuple[float, float]]  # x and width of each stretch without data
    missing_steps: int
    average_limit: float | None  # None under a rule without such a threshold, as the three after it
    maximum_limit: float | None
    average_label: float | None
    maximum_label: float | None
    width: int = WIDTH
    height: int = HEIGHT


def sparkline(spark: SparkView, criteria: CriteriaView) -> Sparkline:
    """Draw ``spark`` on a scale that begins at zero and ends above both thresholds.

    The average is a line broken where data are missing, the maximum a dot for each step; values above
    the scale are drawn on its upper edge. Under a rule without these thresholds it ends above all values.
    """
    step = WIDTH / max(len(spark.average), 1)
    average_limit = maximum_limit = average_label = maximum_label = None
    if criteria.cpu_average is None or criteria.cpu_maximum is None:
        seen = (value for value in (*spark.average, *spark.maximum) if value is not None)
        top = max(*seen, 1.0, 1.0) * _HEADROOM
    else:
        top = max(criteria.cpu_average, criteria.cpu_maximum, 1.0) * _HEADROOM
        average_limit, maximum_limit = _height(criteria.cpu_average, top), _height(criteria.cpu_maximum, top)
        average_label, maximum_label = _apart(average_limit, maximum_limit)
    return Sparkline(
        average=_line(spark.average, step, top),
        maximum=_dots(spark.maximum, step, top),
        missing=_missing(spark.average, step),
        missing_steps=sum(value is None for value in spark.average),
        average_limit=average_limit,
        maximum_limit=maximum_limit,
        average_label=average_label,
        maximum_label=maximum_label,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDrawing:
    """A line over a floor of zero, broken where a value is missing, in a box of ``WIDTH`` by ``HEIGHT``."""

    path: str
    missing: Sequence[tuple[float, float]]  # x and width of each stretch without data
    floor: float  # y of zero
    width: int = WIDTH
    height: int = HEIGHT


def line_drawing(values: Sequence[float | None]) -> LineDrawing:
    """Draw values on a scale that holds zero and all of them."""
    known = [value for value in values if value is not None]
    low = min([*known, 0.0])
    top = (max([*known, 0.0]) - low) * _ROOM or 1.0
    step = WIDTH / max(len(values), 1)
    shifted = [None if value is None else value - low for value in values]
    return LineDrawing(
        path=_line(shifted, step, top),
        missing=_missing(values, step),
        floor=_height(-low, top),
    )


def columns(
    values: Iterable[Decimal], width: float = 120, height: float = 28
) -> list[tuple[float, float, float, float]]:
    """Draw one column for each value (x, y, width, height), from zero up, or down for a credit."""
    amounts = [float(value) for value in values]
    low, high = min([*amounts, 0.0]), max([*amounts, 0.0])
    scale = height / (high - low or 1.0)
    step = width / max(len(amounts), 1)
    return [
        (
            round(index * step, 2),
            round((high - max(amount, 0.0)) * scale, 2),
            round(step * 0.8, 2),
            round(abs(amount) * scale, 2),
        )
        for index, amount in enumerate(amounts)
    ]


def _height(value: float, top: float) -> float:
    return round(HEIGHT * (1 - min(max(value, 0.0), top) / top), 1)


def _middle(index: int, step: float) -> float:
    return round((index + 0.5) * step, 1)


def _line(values: Sequence[float | None], step: float, top: float) -> str:
    """Path data of a line; a lone value between two holes still shows, as a point."""
    path: list[str] = []
    for is_missing, stretch in groupby(enumerate(values), key=lambda pair: pair[1] is None):
        if is_missing:
            continue
        points = [
            (_middle(index, step), _height(value, top)) for index, value in stretch if value is not None
        ]
        path.append("M" + " ".join(f"{x:g},{y:g}" for x, y in points) + ("h0" if len(points) == 1 else ""))
    return "".join(path)


def _dots(values: Sequence[float | None], step: float, top: float) -> str:
    """Path data of dots: strokes without length, round where their ends are."""
    return "".join(
        f"M{_middle(index, step):g},{_height(value, top):g}h0"
        for index, value in enumerate(values)
        if value is not None
    )


def _missing(values: Sequence[float | None], step: float) -> list[tuple[float, float]]:
    stretches: list[tuple[float, float]] = []
    for is_missing, stretch in groupby(enumerate(values), key=lambda pair: pair[1] is None):
        places = [index for index, _ in stretch]
        if is_missing:
            stretches.append((round(places[0] * step, 1), round(len(places) * step, 1)))
    return stretches


def _apart(one: float, other: float) -> tuple[float, float]:
    """Move two labels away from each other until both can be read, within the box."""
    if abs(one - other) >= _LABEL_GAP:
        return one, other
    upper = max(min((one + other) / 2 - _LABEL_GAP / 2, HEIGHT - _LABEL_GAP), 0.0)
    lower = upper + _LABEL_GAP
    return (upper, lower) if one < other else (lower, upper)
