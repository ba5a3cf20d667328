"""Runs cells and says what came of each; chooses the few of them that stand for all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from matrix.cells import Cell, cells
from matrix.invariant import violations
from matrix.rig import SILENT, Rig
from matrix.sites import LONGER_TIMEOUT, READ_TIMEOUT, all_sites


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one cell: how many calls were hit, whether anything was missing, and what was broken."""

    cell: Cell
    hits: int
    is_partial: bool
    violations: Sequence[str]


def all_cells(rig: Rig, sources: Iterable[str] = ()) -> list[Cell]:
    """Return every cell, or those of some sources."""
    wanted = frozenset(sources)
    sites = [site for site in all_sites() if not wanted or site.source in wanted]
    return [cell for site in sites for cell in cells(site, rig.baseline(site))]


def stratified(every: Sequence[Cell]) -> list[Cell]:
    """Return a small choice, the same each time: each call site, each fault in each position and scope."""
    known: set[tuple[str, ...]] = set()
    chosen = set()
    for cell in sorted(every, key=lambda cell: sha256(cell.name.encode()).digest()):
        traits = {(cell.site.source, cell.action), (cell.fault, cell.position, cell.scope)}
        if not traits <= known:
            known |= traits
            chosen.add(cell.name)
    return [cell for cell in every if cell.name in chosen]  # by source: a connector then serves several


def run(rig: Rig, some: Iterable[Cell]) -> Iterator[Result]:
    """Run cells, one after another.

    Where silence broke a rule, it is listened to for longer: a busy machine may have been as slow to answer.
    """
    for cell in some:
        result = _result(rig, cell, READ_TIMEOUT)
        if result.violations and cell.injected.effect == SILENT:
            result = _result(rig, cell, LONGER_TIMEOUT)
        yield result


def _result(rig: Rig, cell: Cell, read_timeout: float) -> Result:
    truth = rig.baseline(cell.site)
    seen = rig.seen(cell.site, [cell.injected], read_timeout)
    found = violations(truth, seen, cell.expected) if seen.hits else ["vacuous: the fault hit no call"]
    return Result(cell, seen.hits, any(gap not in truth.gaps for gap in seen.gaps), found)
