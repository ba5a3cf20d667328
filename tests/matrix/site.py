"""What a site of the matrix is: one source, and its units of work with values that can be compared."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plainbill.aws_connector import Connector, Scope
from plainbill.data_fetcher.crew import Reading, Unit
from plainbill.model.resources import Ec2Instance
from plainbill.pipeline.resources import Resources

Place = tuple[str, str | None]
"""Account and Region of a unit of work; no Region for what has none."""
Items = Mapping[Hashable, Any]
"""What a unit of work brought, by what names each item."""
Brought = tuple[Place, Items]


@dataclass(frozen=True, slots=True)
class Truth:
    """What was read before anything went wrong, for the sources that ask about what others found."""

    scopes: Sequence[Scope]
    instances: Sequence[Ec2Instance]
    measured: Sequence[Resources]


@dataclass(frozen=True, slots=True)
class Site:
    """One source; ``units`` makes its units of work anew."""

    source: str
    units: Callable[[Connector, Truth], Iterable[Unit[Brought]]]
    is_cost_explorer: bool = False
    gaps_of: str | None = None  # the source that its gaps are of, where that is another

    @property
    def named(self) -> str:
        """What its gaps are of."""
        return self.gaps_of or self.source


def one_unit(
    source: str, place: Place, read: Callable[[], Reading[Any]], items: Callable[[Any], Items]
) -> Unit[Brought]:
    """One unit of work as it is in a refresh, its value turned into items by name."""

    def work() -> Reading[Brought]:
        reading = read()
        value = None if reading.value is None else (place, items(reading.value))
        return Reading(value, reading.items, reading.gaps)

    return Unit(source, *place, work)


def again(unit: Unit[Any], items: Callable[[Any], Items]) -> Unit[Brought]:
    """Do the same work, and turn what it brings into items by name."""
    return one_unit(unit.source, (unit.account_id, unit.region), unit.read, items)  # type: ignore[arg-type]
