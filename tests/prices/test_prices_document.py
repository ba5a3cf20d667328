"""The figures of docs/prices.md are those of the tables."""

from __future__ import annotations

import re
from pathlib import Path

from plainbill.prices import InstanceSpecs, ListPrices, PriceBook
from plainbill.prices.usage_types import usage_key
from tools.list_prices.facts import FACTS
from tools.list_prices.recipes import RECIPES

ROOT = Path(__file__).resolve().parents[2]
TEXT = re.sub(r"\s+", " ", (ROOT / "docs" / "prices.md").read_text(encoding="utf-8"))


def test_the_document_counts_what_the_tables_hold() -> None:
    held = ListPrices.load().items
    billed = [item for region, item in held if usage_key(region, item)]
    book = PriceBook.load()
    linux = sum(len(book.instance_types(region)) for region in book.regions)
    assert f"{len(billed)} of the {len(held)} built-in items" in TEXT
    assert f"{len(held)} prices of everything else" in TEXT
    assert f"{linux:,} prices of plain Linux instances" in TEXT
    assert f"{len(FACTS)} facts from pages" in TEXT
    assert {region for region, _ in held} == {"us-east-1"}
    words = {5: "Five"}
    assert f"{words[sum(bool(recipe.price) for recipe in RECIPES)]} prices the cents alone" in TEXT


def test_the_document_counts_types_and_successors() -> None:
    specs, prices = InstanceSpecs.load(), PriceBook.load()
    previous = [name for name in specs.names if (spec := specs.of(name)) and not spec.is_current]
    replaced = [name for name in previous if specs.successors(name, "us-east-1", prices)]
    assert f"what {len(specs):,} instance types are" in TEXT
    assert f"{len(replaced)} of the {len(previous)} types that AWS calls previous generation" in TEXT
