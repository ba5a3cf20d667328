"""Numbers and spans of time in the sentences that give a reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

_MOST_DECIMALS = 9


def number(value: float) -> str:
    """Write a percentage with one decimal."""
    return f"{value:.1f}"


def below(value: float, limit: float, rounding: str = ROUND_HALF_EVEN) -> str:
    """Write a percentage under ``limit`` with as many decimals as keep it under: 4.96 is never "5.0".

    What "was never passed" is rounded up (``ROUND_CEILING``): 4.25 did pass 4.2.
    """
    exact = Decimal(repr(value))
    for decimals in range(1, _MOST_DECIMALS + 1):
        text = str(exact.quantize(Decimal(1).scaleb(-decimals), rounding))
        if float(text) < limit:
            return text
    return repr(value)


def sentence(text: str) -> str:
    """Write a clause as a sentence; a name of AWS's that it begins with (``gp3``, ``t3.large``) stays."""
    first = text.partition(" ")[0]
    begun = text[:1].upper() + text[1:] if first.isalpha() and first.islower() else text
    return begun if begun.endswith((".", "?", "!")) or not begun else f"{begun}."


def grouping_words(grouping: str) -> str:
    """Write what costs are grouped by as people do: "usage type", "tag team" for ``tag:team``."""
    kind, _, name = grouping.partition(":")
    return f"{kind.replace('_', ' ')} {name}".rstrip()


def days_text(days: int) -> str:
    """Write a number of days."""
    return "1 day" if days == 1 else f"{days} days"


def ago(instant: datetime, now: datetime) -> str:
    """Write how long ago something was, in whole days or hours that have passed."""
    passed = now - instant
    if passed < timedelta(hours=1):
        return "less than an hour ago"
    if passed < timedelta(days=1):
        hours = passed // timedelta(hours=1)
        return "1 hour ago" if hours == 1 else f"{hours} hours ago"
    return f"{days_text(passed.days)} ago"
