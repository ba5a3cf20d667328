"""Where every check looked, what it found there, and where it could not look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from plainbill.analyzer.engine import Tally, Undecided
from plainbill.app.place_query import PlaceQuery
from plainbill.app.views.cells import STATES, Square, state_of, whole
from plainbill.app.views.finding_shapes import CoverageCellView, CoverageView, UndecidedView
from plainbill.app.views.findings import check_gaps
from plainbill.app.views.gaps import GapGroup, gap_view, grouped_gaps
from plainbill.app.views.judged import Judged
from plainbill.app.views.shapes import GapView
from plainbill.model.inventory import Gap
from plainbill.model.resources import Ec2Instance
from plainbill.storage import without_network

ELSEWHERE = "not entered"
"""What stands for the Regions of an account that was not entered."""
_MOST_COLUMNS = 60
_MOST_UNDECIDED = 200


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
        undecided=[] if judged is None else list(map(_undecided_view, _undecided(judged, query))),
        network_not_asked=_network_not_asked(judged, query),
        gaps=gaps,
    )


def _cells(judged: Judged, query: PlaceQuery, gaps: list[GapView]) -> Iterator[CoverageCellView]:
    index = {gap: place for place, gap in enumerate(gaps)}
    for check_id, account_id, region, tally in sorted(judged.cells.of(query), key=lambda cell: cell[:3]):
        yield _cell(check_id, account_id, region, tally, _place_of(tally.gap, gaps, index))
    for account_id, gap in sorted(judged.not_entered.items()):
        for check in judged.checks:
            if query.region is None and query.wants(check.id, account_id, None):
                yield _cell(check.id, account_id, None, Tally(gap=gap), _place_of(gap, gaps, index))


def _cell(
    check_id: str, account_id: str, region: str | None, tally: Tally, gap: int | None
) -> CoverageCellView:
    return CoverageCellView(
        check_id=check_id,
        account_id=account_id,
        region=region,
        state=state_of(tally),
        ok=tally.ok,
        waste=tally.waste,
        could_not_judge=tally.unknown,
        gap=gap,
    )


def _place_of(gap: Gap | None, gaps: list[GapView], index: dict[GapView, int]) -> int | None:
    """Return where a gap is in ``gaps``, added where it was not there."""
    if gap is None:
        return None
    view = gap_view(gap)
    if view not in index:
        index[view] = len(gaps)
        gaps.append(view)
    return index[view]


def _undecided(judged: Judged, query: PlaceQuery) -> Iterator[Undecided]:
    for one in judged.report.undecided:
        if query.wants(one.check.id, one.resource.account_id, one.resource.region):
            yield one


def _network_not_asked(judged: Judged | None, query: PlaceQuery) -> int:
    """Count the instances of a query whose network CPU made needless."""
    if judged is None or query.service not in (None, "ec2"):
        return 0
    not_asked = without_network(judged.context.utilization)
    return sum(
        one.arn in not_asked
        and query.account in (None, one.account_id)
        and query.region in (None, one.region)
        for one in judged.context.inventory.resources.get(Ec2Instance, ())
    )


def _undecided_view(one: Undecided) -> UndecidedView:
    return UndecidedView(
        check_id=one.check.id,
        resource_id=one.resource.resource_id,
        name=one.resource.name or None,
        arn=one.resource.arn,
        account_id=one.resource.account_id,
        region=one.resource.region,
        reason=one.reason,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveragePage:
    """The page of coverage: sums instead of single cells, and the first of what could not be judged.

    ``squares`` is by check and column; ``left_out`` is how many columns are not shown.
    """

    taken_at: datetime | None
    query: PlaceQuery
    by: str
    accounts: Mapping[str, str | None]
    total: Square
    columns: Sequence[str]
    left_out: int
    squares: Mapping[str, Mapping[str, Square]]
    undecided: Sequence[UndecidedView]
    could_not_judge: int
    network_not_asked: int
    gap_groups: Sequence[GapGroup]


def coverage_page(judged: Judged | None, query: PlaceQuery, by: str) -> CoveragePage:
    """Return the page for a query; ``by`` is ``region`` or ``account``.

    Of more accounts than fit a page those with most places that could not be looked at come first.
    """
    squares = {} if judged is None else _with_not_entered(judged, query, by)
    columns = _columns(squares)
    shown = sorted(columns[:_MOST_COLUMNS], key=lambda column: (column == ELSEWHERE, column))
    rows: dict[str, dict[str, Square]] = {}
    for (check_id, column), square in squares.items():
        rows.setdefault(check_id, {})[column] = square
    undecided = [] if judged is None else list(_undecided(judged, query))
    return CoveragePage(
        taken_at=None if judged is None else judged.context.now,
        query=query,
        by=by,
        accounts={} if judged is None else judged.names,
        total=whole(squares.values()),
        columns=shown,
        left_out=len(columns) - len(shown),
        squares=rows,
        undecided=[_undecided_view(one) for one in undecided[:_MOST_UNDECIDED]],
        could_not_judge=len(undecided),
        network_not_asked=_network_not_asked(judged, query),
        gap_groups=grouped_gaps(check_gaps(judged, query)),
    )


def _with_not_entered(judged: Judged, query: PlaceQuery, by: str) -> dict[tuple[str, str], Square]:
    """Return the squares of a query, those of accounts that were not entered among them."""
    squares = dict(judged.cells.squares(query, by))
    for account, gap in judged.not_entered.items() if query.region is None else ():
        for check in judged.checks:
            if query.wants(check.id, account, None):
                key = (check.id, ELSEWHERE if by == "region" else account)
                squares.setdefault(key, Square()).add(Tally(gap=gap))
    return squares


def _columns(squares: Mapping[tuple[str, str], Square]) -> Sequence[str]:
    """Return the columns, those with most places that could not be looked at first."""
    closed: Counter[str] = Counter()
    for (_, column), square in squares.items():
        closed[column] += square.closed
    return sorted(closed, key=lambda column: (-closed[column], column))
