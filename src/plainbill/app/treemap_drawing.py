"""Rows as areas: a squarified treemap (Bruls, Huizing, van Wijk, 2000), in percent of its box."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

ASPECT = 2.2
"""How many times as wide as high the box is taken to be, so that tiles come out near to squares."""


@dataclass(frozen=True, slots=True)
class Tile:
    """Where one amount lies: left, top, width and height in percent."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    width: float
    height: float


def treemap(amounts: Sequence[float]) -> list[Tile]:
    """Return a tile for each amount, in their order; raises ``ValueError`` where one is not positive.

    An amount below zero has no area: whoever asks keeps credits out, and says so.
    """
    if any(amount <= 0 for amount in amounts):
        raise ValueError("only amounts above zero have an area")
    order = sorted(range(len(amounts)), key=lambda place: -amounts[place])
    whole = sum(amounts)
    areas = [amounts[place] / whole * 100 * ASPECT * 100 for place in order]
    tiles = dict(zip(order, _laid(areas, _Box(0, 0, 100 * ASPECT, 100)), strict=True))
    return [tiles[place] for place in range(len(amounts))]


def _laid(areas: Sequence[float], box: _Box) -> Iterator[Tile]:
    """Fill the box row by row along its shorter side, each as long as its worst tile gets no longer."""
    at = 0
    while at < len(areas):
        side, count = min(box.width, box.height), 1
        while at + count < len(areas) and _worst(areas[at : at + count + 1], side) <= _worst(
            areas[at : at + count], side
        ):
            count += 1
        row = areas[at : at + count]
        yield from _row(row, box)
        box = _rest(sum(row), box)
        at += count


def _worst(row: Sequence[float], side: float) -> float:
    whole = sum(row)
    return max(side * side * max(row) / whole**2, whole**2 / (side * side * min(row))) if side else 0.0


def _row(row: Sequence[float], box: _Box) -> Iterator[Tile]:
    whole, begun = sum(row), 0.0
    for area in row:
        part = area / whole
        if box.width >= box.height:
            thick = whole / box.height if box.height else 0.0
            yield _tile(box.left, box.top + begun * box.height, thick, part * box.height)
        else:
            thick = whole / box.width if box.width else 0.0
            yield _tile(box.left + begun * box.width, box.top, part * box.width, thick)
        begun += part


def _tile(left: float, top: float, width: float, height: float) -> Tile:
    return Tile(round(left / ASPECT, 3), round(top, 3), round(width / ASPECT, 3), round(height, 3))


def _rest(whole: float, box: _Box) -> _Box:
    if box.width >= box.height:
        thick = whole / box.height if box.height else 0.0
        return _Box(box.left + thick, box.top, max(box.width - thick, 0.0), box.height)
    thick = whole / box.width if box.width else 0.0
    return _Box(box.left, box.top + thick, box.width, max(box.height - thick, 0.0))
