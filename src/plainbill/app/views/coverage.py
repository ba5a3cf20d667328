"""Where every check looked, what it found there, and where it could not look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from plainbill.analyzer.engine import Tally
from plainbill.app.finding_queries import PlaceQuery
from plainbill.app.views.finding_shapes import CoverageCellView, CoverageView, UndecidedView
from plainbill.app.views.findings import check_gaps
from plainbill.app.views.gaps import gap_view
from plainbill.app.views.judged import Judged
from plainbill.app.views.shapes import GapView
from plainbill.model.inventory import Gap

STATES = ("waste", "could_not_check", "could_not_judge", "clean", "nothing_there")
"""The states of a cell; of several cells together the first one that occurs."""
ELSEWHERE = "not entered"
"""What stands for the Regions of an account that was not entered."""


def coverage_view(judged: Judged | None, query: PlaceQuery) -> CoverageView:
    """Return a cell for every check, account and Region of a query."""
    gaps = check_gaps(judged, query)
    cells = [] if judged is None else list(_cells(judged, query, gaps))
    counts = Counter(cell.state for cell in cells)
    names = {} if judged is None else judged.names
    return CoverageView(
        taken_at=None if judged is None else judged.context.now,
        account=query.account,
        region=query.region,
        service=query.service,
        check=query.check,
        accounts={account: names.get(account) for account in sorted({cell.account_id for cell in cells})},
        states={state: counts[state] for state in STATES},
        cells=cells,
        undecided=[] if judged is None else list(_undecided(judged, query)),
        gaps=gaps,
    )


def _cells(judged: Judged, query: PlaceQuery, gaps: list[GapView]) -> Iterator[CoverageCellView]:
    for (check_id, account_id, region), tally in sorted(
        judged.report.tallies.items(), key=lambda one: one[0]
    ):
        if query.wants(check_id, account_id, region):
            yield _cell(check_id, account_id, region, tally, gaps)
    for account_id, gap in sorted(judged.not_entered.items()):
        for check in judged.checks:
            if query.region is None and query.wants(check.id, account_id, None):
                yield _cell(check.id, account_id, None, Tally(gap=gap), gaps)


def _cell(
    check_id: str, account_id: str, region: str | None, tally: Tally, gaps: list[GapView]
) -> CoverageCellView:
    return CoverageCellView(
        check_id=check_id,
        account_id=account_id,
        region=region,
        state=state_of(tally),
        ok=tally.ok,
        waste=tally.waste,
        could_not_judge=tally.unknown,
        gap=None if tally.gap is None else _place_of(tally.gap, gaps),
    )


def state_of(tally: Tally) -> str:
    """Return what is said of a tally: what could not be looked at is never clean, whatever was found."""
    if tally.gap is not None:
        return "could_not_check"
    if tally.waste:
        return "waste"
    if tally.unknown:
        return "could_not_judge"
    return "clean" if tally.ok else "nothing_there"


def _place_of(gap: Gap, gaps: list[GapView]) -> int:
    view = gap_view(gap)
    if view not in gaps:
        gaps.append(view)
    return gaps.index(view)


def _undecided(judged: Judged, query: PlaceQuery) -> Iterator[UndecidedView]:
    for one in judged.report.undecided:
        if query.wants(one.check.id, one.resource.account_id, one.resource.region):
            yield UndecidedView(
                check_id=one.check.id,
                resource_id=one.resource.resource_id,
                name=one.resource.name or None,
                arn=one.resource.arn,
                account_id=one.resource.account_id,
                region=one.resource.region,
                reason=one.reason,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCell:
    """Several cells as one square: sums, and the state that matters most."""

    state: str
    ok: int
    waste: int
    could_not_judge: int
    closed: int  # places that could not, or not wholly, be looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class GapGroup:
    """One reason with all the places that it holds for."""

    gap: GapView
    places: Sequence[str]


def matrix(view: CoverageView, by: str) -> tuple[list[str], dict[str, dict[str, MatrixCell]]]:
    """Return the columns (Regions or accounts) and, by check id, a square for each of them."""
    squares: dict[str, dict[str, list[CoverageCellView]]] = {}
    columns: set[str] = set()
    for cell in view.cells:
        column = (cell.region or ELSEWHERE) if by == "region" else cell.account_id
        columns.add(column)
        squares.setdefault(cell.check_id, {}).setdefault(column, []).append(cell)
    rows = {
        check: {column: _square(cells) for column, cells in row.items()} for check, row in squares.items()
    }
    return sorted(columns, key=lambda column: (column == ELSEWHERE, column)), rows


def _square(cells: Sequence[CoverageCellView]) -> MatrixCell:
    states = {cell.state for cell in cells}
    return MatrixCell(
        state=next(state for state in STATES if state in states),
        ok=sum(cell.ok for cell in cells),
        waste=sum(cell.waste for cell in cells),
        could_not_judge=sum(cell.could_not_judge for cell in cells),
        closed=sum(cell.state == "could_not_check" for cell in cells),
    )


def grouped_gaps(gaps: Sequence[GapView]) -> list[GapGroup]:
    """Join gaps that differ only in where they are."""
    groups: dict[tuple[str, str, str | None, str, str], tuple[GapView, list[str]]] = {}
    for gap in gaps:
        key = (gap.source, gap.kind, gap.action, gap.reason, gap.remedy)
        where = " · ".join(part for part in (gap.account_id, gap.region) if part) or "everywhere"
        groups.setdefault(key, (gap, []))[1].append(where)
    return [GapGroup(gap=gap, places=places) for gap, places in groups.values()]
