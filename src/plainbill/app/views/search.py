"""What a few words lead to: pages, accounts, services, checks and findings by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plainbill.app.finding_queries import FindingQuery
from plainbill.app.formats import link, money, plural
from plainbill.app.views.finding_shapes import FindingRowView
from plainbill.app.views.finding_table import FindingTable

MOST_OF_A_KIND = 6
MOST_FINDINGS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class HitView:
    """One thing of a name: its kind, a word more about it, and the address of its page."""

    kind: str
    label: str
    detail: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchView:
    """What the words of ``q`` lead to: the best few of each kind, and how many findings hold them."""

    q: str
    hits: Sequence[HitView]
    findings: int


def search_view(q: str, entries: Iterable[HitView], table: FindingTable) -> SearchView:
    """Return what holds all the words of ``q``; without words every page, and nothing else."""
    words = q.casefold().split()
    if not words:
        return SearchView(q=q, hits=[entry for entry in entries if entry.kind == "Page"], findings=0)
    found = [entry for entry in entries if all(word in _text(entry) for word in words)]
    found.sort(key=lambda entry: _rank(entry, words))
    query = FindingQuery(q=q)
    places = table.in_state(table.places(query), query.state)
    shown = [_finding(row) for row in table.at(places[:MOST_FINDINGS])]
    if len(places) > len(shown):
        shown.append(
            HitView(
                kind="Findings",
                label=f"All {plural(len(places), 'finding')} with these words",
                detail="as a list, with their sum",
                href=link("/findings", q=q),
            )
        )
    return SearchView(q=q, hits=[*_few_of_each(found), *shown], findings=len(places))


def _few_of_each(found: Sequence[HitView]) -> list[HitView]:
    kinds = dict.fromkeys(entry.kind for entry in found)
    return [entry for kind in kinds for entry in [one for one in found if one.kind == kind][:MOST_OF_A_KIND]]


def _text(entry: HitView) -> str:
    return f"{entry.label} {entry.detail}".casefold()


def _rank(entry: HitView, words: Sequence[str]) -> tuple[bool, bool]:
    """A name that begins so comes first, then one with such a word; of equals the order stays."""
    label = entry.label.casefold()
    return not label.startswith(words[0]), f" {words[0]}" not in label


def _finding(row: FindingRowView) -> HitView:
    saving = "price not known" if row.monthly_saving is None else (
        f"{money(row.monthly_saving, row.currency or 'USD')} a month"
    )  # fmt: skip
    where = row.account_name or row.account_id
    return HitView(
        kind="Finding",
        label=f"{row.name or row.resource_id}: {row.title}",
        detail=f"{saving} · {where} · {row.region}",
        href=f"/findings/{row.finding_id}",
    )
