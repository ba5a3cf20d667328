"""Read the outputs of a price tool, and work out the unit prices that stand behind their monthly costs.

A golden file lists, per resource, lines of a quantity and what it costs in a month, to the cent, or of a
unit price where the quantity is unknown:

    aws_ebs_volume.gp3
    ├─ Storage (general purpose SSD, gp3)             40  GB                   $3.20
    └─ I/O requests           Monthly cost depends on usage: $0.05 per 1M request

Monthly costs are rounded, so a unit price found from them is the shortest decimal between the two that would
round to the same cents. It is refused where two equally short ones fit, or where the two bounds are further
apart than a fiftieth, unless the price is known from elsewhere and only checked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

HALF_A_CENT = Decimal("0.005")
WIDEST = Decimal("0.02")
"""How far apart, of the price, the least and the greatest possible unit price may be."""
FINEST = 12
"""Digits after the point that a unit price may need."""

_RESOURCE = re.compile(r"^ (aws_\S+|module\.\S+)\s*$")
_TREE = re.compile(r"^ (?P<depth>(?:(?:│ {2}| {3}))*)[├└]─ (?P<rest>.*?)\s*$")
_COST = re.compile(
    r"^(?P<label>.+?) {2,}(?P<quantity>[\d,.]+) {2}(?P<unit>\S.*?) {2,}\$(?P<cost>[\d,.]+)(?: {2}\*)?$"
)
_STATED = re.compile(
    r"^(?P<label>.+?) {2,}Monthly cost depends on usage: \$(?P<price>[\d,.]+) per (?P<unit>.+)$"
)
_TOTAL = re.compile(r"^ OVERALL TOTAL\s+\$(?P<cost>[\d,.]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Line:
    """One priced line: either a quantity with its monthly cost, or a unit price."""

    resource: str
    section: str
    label: str
    quantity: Decimal | None
    cost: Decimal | None
    stated: Decimal | None


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def read(text: str) -> list[Line]:
    """Return the lines in dollars of a golden file, after comparing their sum with the stated total.

    Raises ``ValueError`` where the costs do not add up to the total, to half a cent a line.
    """
    lines: list[Line] = []
    resource = ""
    sections: dict[int, str] = {}
    for row in text.splitlines():
        if named := _RESOURCE.match(row):
            resource, sections = named[1], {}
        elif branch := _TREE.match(row):
            depth = len(branch["depth"]) // 3
            line = _line(resource, sections.get(depth - 1, ""), branch["rest"])
            if line is None:
                sections[depth] = branch["rest"]
            else:
                lines.append(line)
    _check_total(text, lines)
    return lines


def _line(resource: str, section: str, rest: str) -> Line | None:
    if cost := _COST.match(rest):
        return Line(resource, section, cost["label"], _number(cost["quantity"]), _number(cost["cost"]), None)
    if stated := _STATED.match(rest):
        return Line(resource, section, stated["label"], None, None, _number(stated["price"]))
    return None


def _check_total(text: str, lines: Sequence[Line]) -> None:
    stated = _TOTAL.search(text)
    if stated is None:
        raise ValueError("no total in dollars")
    total = _number(stated["cost"])
    found = sum((line.cost for line in lines if line.cost is not None), Decimal(0))
    if abs(found - total) > HALF_A_CENT * (len(lines) + 1):
        raise ValueError(f"the lines add up to {found}, the file says {total}")


def unit_price(lines: Sequence[Line], units_per_month: int = 1, given: Decimal | None = None) -> Decimal:
    """Return the price that all the lines agree on; ``units_per_month`` is 730 for a quantity sold by the
    hour.

    ``given`` is a price known from elsewhere, which the lines must bear out.
    Raises ``ValueError`` where they disagree, or where their cents leave the price open.
    """
    stated = {line.stated / units_per_month for line in lines if line.stated is not None}
    stated |= set() if given is None else {given}
    if len(stated) > 1:
        raise ValueError(f"two stated prices: {sorted(stated)}")
    low, high = _bounds(lines, units_per_month)
    price = stated.pop() if stated else shortest(low, high)
    if not low <= price <= high:
        raise ValueError(f"{price} does not give the monthly costs, which need {low} to {high}")
    return price


def _bounds(lines: Sequence[Line], units_per_month: int) -> tuple[Decimal, Decimal]:
    low, high = Decimal(0), Decimal("Infinity")
    for line in lines:
        if line.quantity and line.cost is not None:
            units = line.quantity * units_per_month
            low = max(low, (line.cost - HALF_A_CENT) / units)
            high = min(high, (line.cost + HALF_A_CENT) / units)
    return low, high


def shortest(low: Decimal, high: Decimal) -> Decimal:
    """Return the only decimal of the fewest digits in these bounds; ``ValueError`` where it is a guess."""
    if not low <= high or not high.is_finite() or low <= 0 or high - low > WIDEST * high:
        raise ValueError(f"no price can be told from {low} to {high}")
    for digits in range(FINEST + 1):
        step = Decimal(1).scaleb(-digits)
        price = low.quantize(step, ROUND_CEILING)
        if price <= high < price + step:
            return price
        if price <= high:
            break
    raise ValueError(f"several prices lie between {low} and {high}")
