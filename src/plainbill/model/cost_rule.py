"""A rule for shared costs: which costs are shared, and how owners bear them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Spread(StrEnum):
    """How shared costs are spread."""

    PROPORTIONAL = "proportional"
    EVEN = "even"
    FIXED = "fixed"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRule:
    """Who an owner is, what of the costs is shared, and how that is spread over the owners.

    ``by`` is ``tag``, ``cost_category`` or ``account``, a tag or category of several with its name:
    ``tag:team``. ``shared`` are owners, ``types`` record types; ``fixed`` are pairs of an owner and its
    percentage, which sum to 100, and empty for every other spread.
    """

    by: str
    shared: tuple[str, ...] = ()
    is_untagged_shared: bool = False
    types: tuple[str, ...] = ()
    spread: Spread = Spread.PROPORTIONAL
    fixed: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedCostRule:
    """A rule under a name; the one ``is_usual`` is used wherever no other is asked for."""

    name: str
    rule: CostRule
    is_usual: bool
    who: str
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRuleChange:
    """What somebody did with a saved rule; ``rule`` None where it was removed."""

    at: datetime
    name: str
    rule: CostRule | None
    is_usual: bool
    who: str
