"""Who owes what: each owner's own costs, and the shared ones spread over them by a stated rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from plainbill.analyzer.cents import in_cents, split
from plainbill.model.cost_rule import Spread

NOBODY = ""
"""The key of costs that have no owner: untagged, or in no value of the cost category."""
_ZERO = Decimal(0)
_WHOLE = Decimal(100)


class Part(StrEnum):
    """What a row of costs is: an owner's, shared by all owners, or nobody's."""

    OWNER = "owner"
    SHARED = "shared"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row, in whole cents: ``charged`` is ``direct`` plus ``share``, which is what it gets or gives away.

    ``exact`` is what AWS billed, with every digit.
    """

    key: str
    part: Part
    exact: Decimal
    direct: Decimal
    share: Decimal

    @property
    def charged(self) -> Decimal:
        """What the row comes to."""
        return self.direct + self.share


@dataclass(frozen=True, slots=True, kw_only=True)
class Showback:
    """All rows: ``direct`` and ``charged`` both sum to the exact total to the cent, ``share`` to zero.

    ``shared`` is what there is to spread, ``used`` the rule that spread it, None where nothing was: then
    ``why`` says why, as it does where another rule than the asked one was used. ``left_out`` are the owners
    that got no share because their own costs are not above zero.
    """

    lines: Sequence[Line]
    total: Decimal
    shared: Decimal
    used: Spread | None
    why: str | None
    left_out: Sequence[str]


def showback(
    costs: Mapping[str, Decimal],
    shared: Collection[str] = (),
    rule: Spread = Spread.PROPORTIONAL,
    percents: Mapping[str, Decimal] | None = None,
) -> Showback:
    """Spread the costs of the keys in ``shared`` over the owners; ``NOBODY`` may be among them.

    What is nobody's and not shared stays so, and gets no share. ``percents`` are of the rule ``FIXED``: an
    owner without costs of its own may have one. They sum to 100; where an owner is gone they sum to less, and
    what is shared is spread in proportion to those that are left. Raises ``ValueError`` where they sum to
    more, where one is negative, or is of something that is no owner.
    """
    fixed = _checked(percents or {}, shared) if rule is Spread.FIXED else {}
    exact = {**dict.fromkeys(fixed, _ZERO), **costs}
    direct = in_cents(exact)
    pool = sum((direct[key] for key in exact if key in shared), _ZERO)
    owners = {key: exact[key] for key in exact if key not in shared and key != NOBODY}
    used, why, weights = _weights(owners, rule, fixed)
    if not pool:
        used, why, weights = None, None, {}
    shares = split(pool, weights) if used is not None else {}
    given = shared if used is not None else ()
    return Showback(
        lines=[
            Line(
                key=key,
                part=Part.SHARED if key in shared else Part.NOBODY if key == NOBODY else Part.OWNER,
                exact=exact[key],
                direct=direct[key],
                share=-direct[key] if key in given else shares.get(key, _ZERO),
            )
            for key in exact
        ],
        total=sum(direct.values(), _ZERO),
        shared=pool,
        used=used,
        why=why,
        left_out=_left_out(owners) if used is Spread.PROPORTIONAL else (),
    )


def _checked(percents: Mapping[str, Decimal], shared: Collection[str]) -> Mapping[str, Decimal]:
    if sum(percents.values(), _ZERO) > _WHOLE or any(percent < 0 for percent in percents.values()):
        raise ValueError("percentages are not negative and sum to 100 at the most")
    if wrong := sorted(key for key in percents if key in shared or key == NOBODY):
        raise ValueError(f"{wrong[0]!r} is no owner: it is what is shared, or nobody's")
    return percents


def _weights(
    owners: Mapping[str, Decimal], rule: Spread, fixed: Mapping[str, Decimal]
) -> tuple[Spread | None, str | None, Mapping[str, Decimal]]:
    """Return the rule that can be used, why it is not the asked one, and the weights of the owners."""
    if rule is Spread.NONE:
        return None, None, {}
    if rule is Spread.FIXED:
        left = {owner: percent for owner, percent in fixed.items() if percent}
        return (rule, None, left) if left else (None, "no owner with a percentage is left to bear them", {})
    if not owners:
        return None, "there is no owner to spread them over", {}
    even = dict.fromkeys(owners, Decimal(1))
    if rule is Spread.EVEN:
        return rule, None, even
    above = {key: cost for key, cost in owners.items() if cost > 0}
    if not above:
        why = "no owner has costs above zero to go by, so each gets the same"
        return Spread.EVEN, why, even
    return rule, None, above


def _left_out(owners: Mapping[str, Decimal]) -> Sequence[str]:
    return [key for key, cost in owners.items() if cost <= 0]


def unallocated(lines: Iterable[Line]) -> Decimal:
    """Return what no owner is charged: nobody's costs, and shared ones that were not spread."""
    return sum((line.charged for line in lines if line.part is not Part.OWNER), _ZERO)
