"""Write the price table that the package carries from karpenter's published on-demand prices.

    python tools/build_prices.py [--data ../shared/data] [--out src/plainbill/prices/on_demand_linux.csv]

Input: ``prices/karpenter/ondemand_linux_prices.json``, {region: {instance type: price per hour}}, the maps
of karpenter's ``pkg/providers/pricing/zz_generated.pricing_*.go`` (Apache-2.0), which karpenter generates
from AWS's Price List API: shared tenancy, Linux, no pre-installed software, on-demand.
Output: the same numbers, one line a price, sorted, so that a new edition shows as a readable diff.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = "aws/karpenter-provider-aws, pkg/providers/pricing/zz_generated.pricing_*.go"
COMMIT = "1d927085d"
LICENCE = "Apache-2.0; the prices are facts published by AWS"
EDITIONS = {  # region: (the day karpenter generated its list, the currency AWS bills the region in)
    "cn-north-1": ("2024-11-06", "CNY"),
    "us-east-1": ("2026-07-20", "USD"),
    "us-gov-east-1": ("2026-07-20", "USD"),
    "us-gov-west-1": ("2026-07-20", "USD"),
}


def hourly(region: str, instance_type: str, price: str) -> str:
    """Return the price as plain digits; raises ``ValueError`` for one that cannot be a list price."""
    amount = Decimal(price)
    if not amount.is_finite() or amount <= 0:
        raise ValueError(f"{region} {instance_type}: {price} is no list price")
    whole, _, fraction = f"{amount:f}".partition(".")
    return f"{whole}.{fraction.rstrip('0').ljust(2, '0')}"


def header() -> list[str]:
    """Return the comment lines that say where the numbers come from and of which day they are."""
    editions = [f"# edition: {region} {day} {currency}" for region, (day, currency) in EDITIONS.items()]
    return [
        "# EC2 on-demand list prices per hour: Linux/UNIX, shared tenancy, nothing pre-installed.",
        "# Written by tools/build_prices.py; do not edit.",
        f"# source: {SOURCE}",
        f"# commit: {COMMIT}",
        f"# licence: {LICENCE}",
        *editions,
    ]


def convert(prices: Mapping[str, Mapping[str, str]]) -> str:
    """Return the table as text; raises ``ValueError`` for a region whose edition is not stated above."""
    if unknown := sorted(prices.keys() ^ EDITIONS.keys()):
        raise ValueError(f"state the day and currency of these regions in EDITIONS: {', '.join(unknown)}")
    rows = [
        f"{region},{instance_type},{hourly(region, instance_type, price)}"
        for region, by_type in sorted(prices.items())
        for instance_type, price in sorted(by_type.items())
    ]
    return "\n".join([*header(), "region,instance_type,hourly", *rows]) + "\n"


def main() -> int:
    """Convert one file; exit 1 with a sentence when it is not there."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--out", type=Path, default=ROOT / "src/plainbill/prices/on_demand_linux.csv")
    options = parser.parse_args()
    source = options.data / "prices" / "karpenter" / "ondemand_linux_prices.json"
    if not source.is_file():
        print(f"{source} is not there; give the folder that holds prices/ with --data", file=sys.stderr)
        return 1
    text = source.read_text(encoding="utf-8")
    table = convert(json.loads(text, parse_float=str, parse_int=str))
    options.out.write_text(table, encoding="utf-8", newline="\n")
    print(f"{options.out}: {table.count(chr(10)) - len(header()) - 1} prices", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
