"""The lines of two periods' bills: each service of each account, with what is not usage told apart.

Services and record types are stored apart, so what a service holds of credits or tax is not known for
sure. Two facts help. A service that costs as much as one record type in both periods, to the last digit,
is that record type (tax, support, a commitment's fees). And the other record types that are no usage stand
within the services of their account: they become lines of their own, and the opposite of each, its offset,
is usage that it took off again. So all lines sum to the services exactly, and those of usage to the usage.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

_ZERO = Decimal(0)
OFFSET = "Usage behind {}"
Key = tuple[str | None, str | None]
"""A service or record type, and the account."""
Sums = Mapping[Key, Decimal]


class ChargeKind(StrEnum):
    """What a charge is for, as far as a reader of a bill tells it apart."""

    USAGE = "usage"
    COMMITMENT = "commitment"
    CREDIT = "credit"
    DISCOUNT = "discount"
    FEE = "fee"
    TAX = "tax"


_WORDS = (
    ("tax", ChargeKind.TAX),
    ("credit", ChargeKind.CREDIT),
    ("refund", ChargeKind.CREDIT),
    ("discountedusage", ChargeKind.USAGE),
    ("discount", ChargeKind.DISCOUNT),
    ("savingsplan", ChargeKind.COMMITMENT),
    ("reservation", ChargeKind.COMMITMENT),
    ("rifee", ChargeKind.COMMITMENT),
    ("recurring", ChargeKind.COMMITMENT),
    ("upfront", ChargeKind.COMMITMENT),
    ("usage", ChargeKind.USAGE),
)
"""What the name of a record type holds, the first that fits (Cost Explorer user guide, "charge type").

What a Savings Plan covers is with its negation, which takes it off again, and with its fee.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one key of one account cost in both periods; an offset is the opposite of another line."""

    key: str
    account_id: str | None
    kind: ChargeKind
    before: Decimal
    after: Decimal
    is_offset: bool = False


def charge_kind(record_type: str) -> ChargeKind:
    """Return the kind of a record type; what is none of the known ones is a fee (support, out of cycle)."""
    name = "".join(char for char in record_type.casefold() if char.isalnum())
    return next((kind for word, kind in _WORDS if word in name), ChargeKind.FEE)


def bill_lines(
    services: tuple[Sums, Sums], record_types: tuple[Sums, Sums] | None, unnamed: str = "No service"
) -> list[Line]:
    """Return the lines of two periods, each given as (before, after); they sum to the services' sums.

    Without record types all is taken for usage.
    """
    by_service, by_type = _by_account(services), _by_account(record_types or ({}, {}))
    return [
        line
        for account, pairs in sorted(by_service.items())
        for line in _of_account(pairs, by_type.get(account, {}), account or None, unnamed)
    ]


Pairs = dict[str | None, tuple[Decimal, Decimal]]
"""Before and after of each key."""


def _by_account(sums: tuple[Sums, Sums]) -> dict[str, Pairs]:
    before, after = sums
    found: dict[str, Pairs] = {}
    for key, account in {**before, **after}:
        pair = before.get((key, account), _ZERO), after.get((key, account), _ZERO)
        found.setdefault(account or "", {})[key] = pair
    return found


def _of_account(services: Pairs, record_types: Pairs, account: str | None, unnamed: str) -> Iterator[Line]:
    apart = {
        name: pair
        for name, pair in record_types.items()
        if name and any(pair) and charge_kind(name) is not ChargeKind.USAGE
    }
    for key, (before, after) in services.items():
        kind = ChargeKind.USAGE
        same = [name for name, pair in apart.items() if pair == (before, after)]
        if len(same) == 1:  # of two alike neither is known to be it
            kind = charge_kind(same[0])
            del apart[same[0]]
        yield Line(key=key or unnamed, account_id=account, kind=kind, before=before, after=after)
    for name, (before, after) in apart.items():
        yield Line(key=name, account_id=account, kind=charge_kind(name), before=before, after=after)
        yield Line(
            key=OFFSET.format(name),
            account_id=account,
            kind=ChargeKind.USAGE,
            before=-before,
            after=-after,
            is_offset=True,
        )
