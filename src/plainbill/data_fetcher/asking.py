"""How one question to Cost Explorer is put and understood, and how its amounts are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from plainbill.aws_connector import Read
from plainbill.model.cost_answers import Row
from plainbill.model.exact import FINEST

Page = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days that are asked about, ``end`` exclusive; ``service`` is that of reservations."""

    start: date
    end: date
    service: str = ""

    @property
    def time_period(self) -> dict[str, str]:
        """Cost Explorer's ``TimePeriod``."""
        return {"Start": self.start.isoformat(), "End": self.end.isoformat()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One operation: its parameters for a span, and its pages as rows; ``parse`` is pure.

    ``is_one_page``: what comes on further pages is not worth their price.
    """

    read: Read
    parameters: Callable[[Span], dict[str, Any]]
    parse: Callable[[Iterable[Page], Span], Iterable[Row]]
    is_one_page: bool = False


def amount(written: object) -> Decimal:
    """Return a number of Cost Explorer's as it was written, never by way of a float.

    At most 10 decimals, half to even. Raises ``ValueError`` or ``ArithmeticError`` for what is none.
    """
    exact = Decimal(str(written))
    if not exact.is_finite():
        raise ValueError(f"{written} is not an amount")
    rounded = exact.quantize(FINEST, ROUND_HALF_EVEN)
    return exact if exact == rounded else rounded


def amount_or_none(written: object) -> Decimal | None:
    """Return a number that AWS need not tell."""
    return None if written in (None, "") else amount(written)


def day_of(written: str) -> date:
    """Return the UTC day of a date or of an instant as Cost Explorer writes it."""
    return date.fromisoformat(written[:10])
