"""Which table of costs each tag and cost category is stored in, of which there may be several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from plainbill.model.cost import NAMED_KINDS, AnyTable, CostTable, NamedTable
from plainbill.storage.snapshot.reader import Snapshot


def tables_of(details: Iterable[str], last: Snapshot | None) -> Mapping[str, AnyTable]:
    """Return the tables of further groupings by what they are called: ``region``, ``tag:team`` ...

    One tag and one cost category is in the table of its kind: the first that was ever read. All others have
    tables of their own, so that another order, or another name, takes no days away.
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


def _own(kind: CostTable, names: Iterable[str], last: Snapshot | None) -> str | None:
    if holder := last.holder(kind) if last else None:
        return holder
    stored = last.manifest.named if last else {}
    return next((name for name in names if NamedTable(kind, name).value not in stored), None)
