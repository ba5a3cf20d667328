"""Which table of costs each tag and cost category is stored in, of which there may be several."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from plainbill.model.cost import AnyTable, CostTable, NamedTable
from plainbill.storage.snapshot.reader import Snapshot

NAMED_KINDS = (CostTable.TAG, CostTable.COST_CATEGORY)


def tables_of(details: Iterable[str], last: Snapshot | None) -> Mapping[str, AnyTable]:
    """Return the tables of further groupings by what they are called: ``region``, ``tag:team`` ...

    One tag and one cost category is in the table of its kind, further ones have tables of their own. The
    one that is in it already stays there, whatever the order; where none of the names is, the first that is
    not stored takes the place.
    """
    named: dict[CostTable, list[str]] = {kind: [] for kind in NAMED_KINDS}
    tables: dict[str, AnyTable] = {}
    for detail in details:
        kind, _, name = detail.partition(":")
        tables[detail] = CostTable(kind)
        if name:
            named[CostTable(kind)].append(name)
    for kind, names in named.items():
        own = _own(kind, names, last)
        tables |= {f"{kind.value}:{name}": NamedTable(kind, name) for name in names if name != own}
    return tables


def _own(kind: CostTable, names: Collection[str], last: Snapshot | None) -> str | None:
    holder = last.holder(kind) if last else None
    stored = last.manifest.named if last else {}
    free = (name for name in names if NamedTable(kind, name).value not in stored)
    return holder if holder in names else next(free, None)
