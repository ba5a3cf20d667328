"""The geometry of the days around an anomaly: a column a day, and what was expected as a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from plainbill.app.views.anomaly_days import AnomalyDay

WIDTH, HEIGHT = 640, 72
_GAP = 0.2  # of a day's width
_LEAST = 1.0  # drawing units that a day of no cost is high, so that it is seen to be known


@dataclass(frozen=True, slots=True, kw_only=True)
class AnomalyDrawing:
    """Positions in a box of ``WIDTH`` by ``HEIGHT``: x, y, width and height of columns, x and width of holes.

    ``expected`` is the x of both ends of the line and its y, None where no day of the anomaly is drawn.
    """

    usual: Sequence[tuple[float, float, float, float]]
    odd: Sequence[tuple[float, float, float, float]]
    missing: Sequence[tuple[float, float]]
    expected: tuple[float, float, float] | None
    width: int = WIDTH
    height: int = HEIGHT


def anomaly_drawing(days: Sequence[AnomalyDay], expected: float) -> AnomalyDrawing:
    """Draw days on a scale that holds zero, all of them, and ``expected``, the usual cost of one."""
    known = [float(day.cost) for day in days if day.cost is not None]
    low, high = min([*known, expected, 0.0]), max([*known, expected, 0.0])
    scale, step = HEIGHT / (high - low or 1.0), WIDTH / max(len(days), 1)

    def column(number: int, amount: Decimal) -> tuple[float, float, float, float]:
        cost = float(amount)
        height = max(abs(cost) * scale, _LEAST)
        top = min((high - max(cost, 0.0)) * scale, HEIGHT - height)
        return (round(number * step, 2), round(top, 2), round(step * (1 - _GAP), 2), round(height, 2))

    odd = [number for number, day in enumerate(days) if day.is_odd]
    line = (odd[0] * step, (odd[-1] + 1) * step, (high - expected) * scale) if odd else None
    return AnomalyDrawing(
        usual=[column(n, day.cost) for n, day in enumerate(days) if day.cost is not None and not day.is_odd],
        odd=[column(n, day.cost) for n, day in enumerate(days) if day.cost is not None and day.is_odd],
        missing=[(round(n * step, 2), round(step, 2)) for n, day in enumerate(days) if day.cost is None],
        expected=None if line is None else (round(line[0], 2), round(line[1], 2), round(line[2], 2)),
    )
