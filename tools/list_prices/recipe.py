"""The shape of a recipe: which lines of a golden file are which item."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from re import Match

from plainbill.prices.items import Item

HOURS = 730

Named = Callable[[Match[str]], tuple[Item, ...]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Lines of one file whose label (and resource, and section) match whole patterns, and the items they
    price.

    ``item`` may be a function of the label's match. ``hours`` is 730 where the file gives a monthly figure of
    something sold by the hour. ``price`` is given where the file's cents alone leave it open.
    """

    file: str
    label: str
    item: Item | Named
    resource: str = ".*"
    section: str = ".*"
    hours: int = 1
    price: str = ""
