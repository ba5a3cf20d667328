"""Who owes what of a period, from costs by owner."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plainbill.analyzer.cost_by_service import NO_SERVICE
from plainbill.analyzer.owner_days import Days, owner_days
from plainbill.analyzer.showback import NOBODY, Line, Part, Showback, showback, unallocated
from plainbill.app.cost_params import GroupBy
from plainbill.app.showback_params import ShowbackQuery
from plainbill.app.views.cost_rules import rule_words
from plainbill.app.views.cost_shapes import CostExplorerView, CostRowView
from plainbill.app.views.shapes import AccountCostView
from plainbill.app.views.showback_shapes import ShowbackRowView, ShowbackView
from plainbill.model.exact import exact_sum

_UNOWNED = {
    GroupBy.TAG: "untagged",
    GroupBy.COST_CATEGORY: "in no value of the cost category",
    GroupBy.ACCOUNT: "of no account",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """Costs by owner, each shared record type by account, and what has no owner by account."""

    owners: CostExplorerView
    types: Mapping[str, CostExplorerView]
    unowned: Sequence[CostExplorerView]


class Owners:
    """What owners are called: AWS writes ``name$value``; where there is one name, the value says it all."""

    def __init__(self, by: GroupBy, keys: Iterable[str]) -> None:
        self.is_account = by is GroupBy.ACCOUNT
        keys = [key for key in keys if key != NO_SERVICE]
        self.names = [] if self.is_account else sorted({key.partition("$")[0] for key in keys})
        self.unowned = (
            [] if self.is_account else [key for key in keys if key.endswith("$") and not _value(key)]
        )
        self.known = frozenset(map(self.of, keys)) - {NOBODY}

    def of(self, key: str) -> str:
        """Return the owner of a stored key, ``NOBODY`` for none."""
        if key == NO_SERVICE:
            return NOBODY
        if self.is_account:
            return key
        value = _value(key)
        return value if len(self.names) < 2 or not value else key

    def key(self, owner: str) -> str | None:
        """Return the stored key of an owner; None of what is nobody's under several names."""
        if self.is_account or len(self.names) > 1:
            return owner or None
        return f"{self.names[0]}${owner}" if self.names else None


def _value(key: str) -> str:
    return key.partition("$")[2]


def showback_view(
    query: ShowbackQuery,
    owners: Owners,
    grouped: Grouped,
    notes: Sequence[str],
    unit_names: Sequence[str],
) -> ShowbackView:
    """Return the answer without units; ``notes`` say what is not stored and how to have it."""
    view = grouped.owners
    done = None if view.total is None else _showback(query, owners, grouped)
    lines: Sequence[Line] = () if done is None else done.lines
    untagged = exact_sum(line.direct for line in lines if line.key == NOBODY)
    total = None if done is None else done.total
    names = {row.key: row.name or row.key for row in view.rows} if owners.is_account else {}
    return ShowbackView(
        period=view.period,
        metric=view.metric,
        by=query.by.value,
        named=query.rule.by,
        account=view.account,
        currency=view.currency,
        shared=query.rule.shared,
        is_untagged_shared=query.rule.is_untagged_shared,
        types=query.rule.types,
        rule=query.rule.spread.value,
        fixed=dict(query.rule.fixed),
        saved=query.saved,
        rule_words=rule_words(query.rule),
        saved_rules=(),
        rule_changes=(),
        total=total,
        rule_used=None if done is None or done.used is None else done.used.value,
        why=None if done is None else done.why,
        shared_total=Decimal(0) if done is None else done.shared,
        unallocated=unallocated(lines),
        untagged=untagged,
        untagged_share=_share(untagged, total),
        untagged_by_account=_by_account(grouped.unowned),
        left_out=[names.get(key, key) for key in done.left_out] if done else [],
        rows=[_row(line, query.by, names, total) for line in _in_order(lines)],
        missing_days=view.missing_days,
        reconciliation=view.reconciliation,
        gaps=view.gaps,
        notes=notes,
        unit_names=unit_names,
        units=None,
    )


def _showback(query: ShowbackQuery, owners: Owners, grouped: Grouped) -> Showback:
    costs: dict[str, Decimal] = {}
    for row in grouped.owners.rows:
        key = owners.of(row.key)
        costs[key] = exact_sum((costs.get(key, Decimal(0)), row.cost))
    for name, view in grouped.types.items():
        for row in view.rows:  # what is shared is taken out of the accounts that it was billed to
            costs[row.key] = exact_sum((costs.get(row.key, Decimal(0)), -row.cost))
        costs[name] = exact_sum(row.cost for row in view.rows)
    shared = {*query.rule.shared, *query.rule.types, *({NOBODY} if query.rule.is_untagged_shared else ())}
    return showback(costs, shared, query.rule.spread, dict(query.rule.fixed))


def days_of_rows(
    rows: Iterable[ShowbackRowView], query: ShowbackQuery, owners: Owners, grouped: Grouped
) -> Mapping[str, Days]:
    """Return what each row costs each day that is known, without or with its share as the query says."""
    lines = [
        Line(key=row.owner, part=Part(row.part), exact=row.cost, direct=row.direct, share=row.share)
        for row in rows
    ]
    return owner_days(lines, *_costs_by_day(query, owners, grouped), is_charged=query.is_charged)


def _costs_by_day(
    query: ShowbackQuery, owners: Owners, grouped: Grouped
) -> tuple[Mapping[str, Mapping[date, Decimal]], Sequence[date]]:
    """Return what AWS billed of each row by day, and the days that are known."""
    costs: dict[str, dict[date, Decimal]] = {}
    days = dict.fromkeys(span.start for span in grouped.owners.spans if span.total is not None)

    def add(key: str, day: date, cost: Decimal) -> None:
        of_key = costs.setdefault(key, {})
        of_key[day] = exact_sum((of_key.get(day, Decimal(0)), cost))

    for span in grouped.owners.spans:
        for key, cost in span.costs.items() if span.total is not None else ():
            add(owners.of(key), span.start, cost)
    for name in query.rule.types:
        for span in grouped.types[name].spans:
            for account, cost in span.costs.items() if span.start in days else ():
                add(account, span.start, -cost)
                add(name, span.start, cost)
    return costs, list(days)


def _in_order(lines: Iterable[Line]) -> Sequence[Line]:
    """Owners from the dearest down, then what is shared, then what is nobody's."""
    places = {Part.OWNER: 0, Part.SHARED: 1, Part.NOBODY: 2}
    return sorted(lines, key=lambda line: (places[line.part], -line.charged, -line.direct, line.key))


def _row(line: Line, by: GroupBy, names: Mapping[str, str], total: Decimal | None) -> ShowbackRowView:
    return ShowbackRowView(
        owner=line.key,
        name=names.get(line.key, line.key) if line.key != NOBODY else _UNOWNED[by],
        part=line.part.value,
        cost=line.exact,
        direct=line.direct,
        share=line.share,
        charged=line.charged,
        share_of_total=_share(line.charged, total),
    )


def _by_account(views: Sequence[CostExplorerView]) -> Sequence[AccountCostView]:
    rows: dict[str, list[CostRowView]] = {}
    for view in views:
        for row in view.rows:
            rows.setdefault(row.key, []).append(row)
    sums = {account: exact_sum(row.cost for row in of_one) for account, of_one in rows.items()}
    whole = exact_sum(sums.values())
    return [
        AccountCostView(account_id=account, name=rows[account][0].name, cost=cost, share=_share(cost, whole))
        for account, cost in sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    ]


def _share(part: Decimal, whole: Decimal | None) -> float | None:
    return float(part / whole) if whole is not None and whole > 0 else None


def owner_notes(by: GroupBy, asked: str | None, details: Collection[str], names: Sequence[str]) -> list[str]:
    """Say why owners are accounts where nobody asked for that, and what a tag of several names means."""
    if by is GroupBy.ACCOUNT and asked is None:
        return [_NOT_YET if any(one.startswith(("tag:", "cost_category:")) for one in details) else _NO_TAG]
    if len(names) > 1:
        said = ", ".join(names)
        return [
            f"These costs were read by several keys in turn ({said}), so each owner has its key before it."
        ]
    return []


def unread_notes(by: GroupBy, notes: Sequence[str], *, is_stored: bool) -> list[str]:
    """Add to what is said of a tag that is not stored what AWS itself wants done."""
    return list(notes) if is_stored or by is not GroupBy.TAG else [*notes, _ACTIVATE]


_ACTIVATE = (
    "The management account must have activated the key as a cost allocation tag; costs of days before that "
    "stay untagged unless AWS is asked for a backfill."
)
_NO_TAG = (
    "No tag says who owns what, so owners are accounts here. Name the key of a tag in PLAINBILL_COST_TAG (or "
    f"a cost category in PLAINBILL_COST_CATEGORY) and refresh; that is $0.01 a day. {_ACTIVATE}"
)
_NOT_YET = (
    "The costs by the tag or cost category of the settings have not been read yet, so owners are accounts "
    "here. They come with the next refresh that has a Cost Explorer request left; the day's requests are "
    "counted anew at 00:00 UTC."
)
