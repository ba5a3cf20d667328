"""The tallies of a report, added up once for all pages.

500 accounts with 17 Regions and 54 checks have 459,000 tallies: no page can look at each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from plainbill.analyzer.engine import Tally
from plainbill.app.place_query import PlaceQuery

STATES = ("waste", "could_not_check", "could_not_judge", "clean", "nothing_there")
"""The states of a cell; of several cells together the first one that occurs."""
_PLACES = {state: place for place, state in enumerate(STATES)}
_CLOSED = _PLACES["could_not_check"]
Cell = tuple[str, str, str, Tally]
"""A check, an account, a Region, and what was said there."""


def state_of(tally: Tally) -> str:
    """Return what is said of a tally: what could not be looked at is never clean, whatever was found."""
    if tally.gap is not None:
        return "could_not_check"
    if tally.waste:
        return "waste"
    if tally.unknown:
        return "could_not_judge"
    return "clean" if tally.ok else "nothing_there"


@dataclass(slots=True)
class Square:
    """Several cells as one: how many are in each of ``STATES``, and sums."""

    states: list[int] = field(default_factory=lambda: [0] * len(STATES))
    ok: int = 0
    waste: int = 0
    could_not_judge: int = 0

    @property
    def state(self) -> str:
        """The state that matters most."""
        return next(state for state, count in zip(STATES, self.states, strict=True) if count)

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return sum(self.states)

    @property
    def closed(self) -> int:
        """Places that could not, or not wholly, be looked at."""
        return self.states[_CLOSED]

    def add(self, tally: Tally) -> None:
        """Add a cell."""
        self.states[_PLACES[state_of(tally)]] += 1
        self.ok += tally.ok
        self.waste += tally.waste
        self.could_not_judge += tally.unknown

    def join(self, other: Square) -> None:
        """Add all cells of another square."""
        self.states = [ours + theirs for ours, theirs in zip(self.states, other.states, strict=True)]
        self.ok += other.ok
        self.waste += other.waste
        self.could_not_judge += other.could_not_judge


Squares = Mapping[tuple[str, str], Square]
"""By check and column: a Region, or an account."""


class Cells:
    """The tallies by check, account and Region; sums over all accounts and over all Regions."""

    def __init__(self, tallies: Mapping[tuple[str, str, str], Tally]) -> None:
        self._by_account: dict[str, list[Cell]] = {}
        self._by_region: dict[str, list[Cell]] = {}
        for (check_id, account_id, region), tally in tallies.items():
            cell = (check_id, account_id, region, tally)
            self._by_account.setdefault(account_id, []).append(cell)
            self._by_region.setdefault(region, []).append(cell)
        everything = list(self.of(PlaceQuery()))
        self._all = {"region": _squares(everything, "region"), "account": _squares(everything, "account")}

    @property
    def regions(self) -> Iterable[str]:
        """The Regions that were looked into in some account."""
        return self._by_region.keys()

    def of(self, query: PlaceQuery) -> Iterator[Cell]:
        """Yield the cells that a query asks for; quick where it names an account or a Region."""
        if query.account is not None:
            cells: Iterable[Cell] = self._by_account.get(query.account, ())
        elif query.region is not None:
            cells = self._by_region.get(query.region, ())
        else:
            cells = (cell for several in self._by_account.values() for cell in several)
        return (cell for cell in cells if query.wants(*cell[:3]))

    def squares(self, query: PlaceQuery, by: str) -> Squares:
        """Return what a query asks for, as one square for each check and Region, or check and account."""
        other = query.account if by == "region" else query.region
        if other is not None:
            return _squares(self.of(query), by)
        return {
            (check_id, column): square
            for (check_id, column), square in self._all[by].items()
            if query.wants(check_id, *((None, column) if by == "region" else (column, None)))
        }


def whole(squares: Iterable[Square]) -> Square:
    """Return all squares as one."""
    sum_of_all = Square()
    for square in squares:
        sum_of_all.join(square)
    return sum_of_all


def _squares(cells: Iterable[Cell], by: str) -> Squares:
    found: dict[tuple[str, str], Square] = {}
    for check_id, account_id, region, tally in cells:
        found.setdefault((check_id, region if by == "region" else account_id), Square()).add(tally)
    return found


def columns_of(squares: Squares) -> Sequence[str]:
    """Return the columns there are, sorted."""
    return sorted({column for _, column in squares})
