"""The geometry of a measured series: columns from zero, the threshold as a line, holes as holes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from plainbill.app.views.finding_shapes import ChartView

WIDTH, HEIGHT = 640, 120
MOST_COLUMNS = 128
_HEADROOM = 1.15
_LEAST = 1.5  # drawing units that a measured zero is high, so that it is seen to have been measured


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesDrawing:
    """Positions in a box of ``WIDTH`` by ``HEIGHT``; ``top`` is the value at the upper edge."""

    columns: Sequence[tuple[float, float, float, float]]  # x, y, width, height
    missing: Sequence[tuple[float, float]]  # x and width of each stretch without data
    limit: float | None  # y of the threshold
    highest: float | None
    top: float
    steps_in_column: int
    width: int = WIDTH
    height: int = HEIGHT


def series_drawing(chart: ChartView) -> SeriesDrawing:
    """Draw a series; where there are more steps than columns, a column stands for several of them.

    A column of several steps shows their highest value, for ``Average`` their mean, for ``Sum`` their sum; a
    threshold is of one step, so a ``Sum`` that is folded has none.
    """
    size = max(1, -(-len(chart.values) // MOST_COLUMNS))
    values = list(_folded(chart.values, size, chart.statistic))
    threshold = None if size > 1 and chart.statistic == "Sum" else chart.threshold
    known = [value for value in values if value is not None]
    highest = max(known, default=None)
    top = max(highest or 0.0, threshold or 0.0) * _HEADROOM or 1.0
    step = WIDTH / max(len(values), 1)
    return SeriesDrawing(
        columns=list(_columns(values, step, top)),
        missing=list(_missing(values, step)),
        limit=None if threshold is None else round(HEIGHT * (1 - threshold / top), 1),
        highest=highest,
        top=top,
        steps_in_column=size,
    )


def _folded(values: Sequence[float | None], size: int, statistic: str) -> Iterator[float | None]:
    fold = _FOLDS.get(statistic, max)
    for start in range(0, len(values), size):
        known = [value for value in values[start : start + size] if value is not None]
        yield fold(known) if known else None


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


_FOLDS: Mapping[str, Callable[[Sequence[float]], float]] = {"Average": _mean, "Sum": sum, "Minimum": min}


def _columns(
    values: Sequence[float | None], step: float, top: float
) -> Iterator[tuple[float, float, float, float]]:
    for index, value in enumerate(values):
        if value is not None:
            height = max(HEIGHT * max(value, 0.0) / top, _LEAST)
            yield (
                round(index * step, 2),
                round(HEIGHT - height, 2),
                round(max(step * 0.8, 0.5), 2),
                round(height, 2),
            )


def _missing(values: Sequence[float | None], step: float) -> Iterator[tuple[float, float]]:
    for is_missing, stretch in groupby(enumerate(values), key=lambda pair: pair[1] is None):
        places = [index for index, _ in stretch]
        if is_missing:
            yield round(places[0] * step, 1), round(len(places) * step, 1)
