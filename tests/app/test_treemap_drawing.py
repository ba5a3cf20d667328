"""Areas of a treemap: each is its share, all lie in the box, none over another."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plainbill.app.treemap_drawing import Tile, treemap


def shared(one: Tile, other: Tile) -> float:
    """The area that two tiles have in common, in square percent."""
    wide = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    high = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    return max(wide, 0) * max(high, 0)


def test_nothing_has_no_tile_and_a_credit_is_refused() -> None:
    assert treemap([]) == []
    with pytest.raises(ValueError, match="above zero"):
        treemap([3.0, -1.0])


def test_one_amount_fills_the_box() -> None:
    assert treemap([0.01]) == [Tile(0, 0, 100, 100)]


@settings(max_examples=60)
@given(st.lists(st.floats(0.01, 1000), min_size=1, max_size=25))
def test_every_area_is_its_share_within_the_box_and_beside_the_others(amounts: list[float]) -> None:
    tiles = treemap(amounts)
    for amount, tile in zip(amounts, tiles, strict=True):
        assert tile.width * tile.height / 10_000 == pytest.approx(amount / sum(amounts), abs=2e-4)
        assert min(tile.left, tile.top) >= 0
        assert max(tile.left + tile.width, tile.top + tile.height) <= 100.01
    assert all(shared(one, other) < 0.5 for one, other in combinations(tiles, 2))
