"""The hourly load of instances in a file: written block by block, read back a block at a time.

A large fleet's hours do not fit into memory: 100,000 instances with two series of 60 days are 2.3 GB. So each
block of them becomes a row group as soon as it was read, and of those only the latest few are held.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from functools import cached_property
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from plainbill.errors import StorageError
from plainbill.model.load_block import Floats, HourArray, LoadBlock
from plainbill.model.period import Period
from plainbill.model.utilization import NOT_ASKED, Utilization
from plainbill.storage.snapshot.columns import INSTANT
from plainbill.storage.snapshot.manifest import UTILIZATION_NAME
from plainbill.storage.snapshot.rows import named
from plainbill.storage.text import storable

HOURS = ("cpu_average", "cpu_maximum", "network_in", "network_out")
"""CPU comes first; both of the network are null where it was not asked."""
UTILIZATION = pa.schema(
    [
        pa.field("arn", pa.string(), nullable=False),
        pa.field("start", INSTANT, nullable=False),
        pa.field("end", INSTANT, nullable=False),
        *(pa.field(name, pa.list_(pa.float64()), nullable=name in HOURS[2:]) for name in HOURS),
    ]
)
ENCODING: Mapping[str, Any] = {
    "compression": "zstd",
    "use_dictionary": ["arn"],
    "column_encoding": {f"{name}.list.element": "BYTE_STREAM_SPLIT" for name in HOURS},
}
"""Measured values share few bytes but their first ones: laid apart they take less, and are read sooner."""
_HELD, _HELD_BYTES = 6, 32_000_000
"""Row groups in memory, or more where they are small: checks walk through the instances in about the order in
which they were read."""


def block_rows(block: LoadBlock) -> pa.Table:
    """Return a block as a table, one row an instance; an hour without a datapoint is null."""
    count, coming_and_going = len(block), block.network or (None, None)
    series = (block.cpu_average, block.cpu_maximum, *coming_and_going)
    columns = {
        "arn": pa.array([storable(arn) for arn in block.arns], pa.string()),
        "start": pa.array([block.period.start] * count, INSTANT),
        "end": pa.array([block.period.end] * count, INSTANT),
    }
    columns |= {name: _lists(values, count) for name, values in zip(HOURS, series, strict=True)}
    return pa.table(columns, schema=UTILIZATION)


def _lists(values: Floats | None, count: int) -> pa.Array:
    if values is None:
        return pa.nulls(count, pa.list_(pa.float64()))
    offsets = pa.array(np.arange(count + 1, dtype=np.int32) * values.shape[1])
    return pa.ListArray.from_arrays(offsets, pa.array(values.reshape(-1), from_pandas=True))


def without_network(load: Mapping[str, Utilization]) -> frozenset[str]:
    """Return the ARNs of the instances whose network was not asked."""
    if isinstance(load, LoadFile):
        return load.without_network
    return frozenset(arn for arn, used in load.items() if used.network is None)


class LoadWriter:
    """Appends blocks to a new file; used by one thread at a time, as a context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer = pq.ParquetWriter(path, UTILIZATION, **ENCODING)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()

    def finish(self) -> LoadFile:
        """End the file; return what is in it. No block may follow."""
        self._writer.close()
        return LoadFile(self.path)

    def add(self, block: LoadBlock) -> None:
        """Write one block; raises ``OSError``."""
        self._writer.write_table(block_rows(block), row_group_size=max(1, len(block)))


class _Group:
    """The rows of one row group, as arrays."""

    def __init__(self, table: pa.Table) -> None:
        self._periods = _periods(table)
        self._series = [_Lists(table[name].combine_chunks()) for name in HOURS]
        self.size = sum(lists.size for lists in self._series)

    def row(self, number: int, *, apart: bool = False) -> Utilization:
        """Return a row; ``apart`` from the group, so that it does not keep all of that in memory."""
        found = (lists.row(number) for lists in self._series)
        average, maximum, coming, going = (
            values.copy() if apart and values is not None else values for values in found
        )
        if average is None or maximum is None:
            raise StorageError(f"{UTILIZATION_NAME} has an instance without CPU")
        return Utilization(
            period=self._periods[number],
            cpu_average=HourArray(average),
            cpu_maximum=HourArray(maximum),
            network_in=NOT_ASKED if coming is None else HourArray(coming),
            network_out=NOT_ASKED if going is None else HourArray(going),
        )


def _periods(table: pa.Table) -> list[Period]:
    """Return the period of each row; rows of the same have one object."""
    spans = list(zip(*(table[name].to_numpy().tolist() for name in ("start", "end")), strict=True))
    known = {span: Period(*(instant.replace(tzinfo=UTC) for instant in span)) for span in set(spans)}
    return [known[span] for span in spans]


class _Lists:
    """A column of lists: all values in one array, nan where there is none."""

    def __init__(self, lists: pa.ListArray) -> None:
        self._offsets = lists.offsets.to_numpy().tolist()
        self._values = lists.values.to_numpy(zero_copy_only=False)
        self._missing = frozenset(np.flatnonzero(lists.is_null()).tolist() if lists.null_count else ())
        self.size = self._values.nbytes

    def row(self, number: int) -> Floats | None:
        if number in self._missing:
            return None
        values: Floats = self._values[self._offsets[number] : self._offsets[number + 1]]
        return values


class LoadFile(Mapping[str, Utilization]):
    """The load by instance ARN, read from the file as it is looked up; safe to use from any thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with named(path):
            self._file = pq.ParquetFile(path, pre_buffer=False)  # a group is read at once, by one thread
        self._mutex = Lock()
        self._groups: OrderedDict[int, _Group] = OrderedDict()
        self._last: tuple[str, Utilization | None] = ("", None)
        self._rows: dict[str, tuple[int, int]] = {}
        for group in range(self._file.num_row_groups):
            arns = self._table(group, ["arn"])["arn"].to_pylist()
            self._rows |= {arn: (group, row) for row, arn in enumerate(arns)}

    def __getitem__(self, arn: str) -> Utilization:
        last, used = self._last
        if last == arn and used is not None:
            return used
        group, row = self._rows[arn]
        with self._mutex:
            if (held := self._groups.get(group)) is None:
                held = self._groups[group] = self._read(group)
                self._let_go()
            self._groups.move_to_end(group)
        used = held.row(row)
        self._last = arn, used  # whoever looks at an instance does so more than once
        return used

    def _let_go(self) -> None:
        """Forget the groups that nobody looked at for longest, where those that are held are large."""
        while len(self._groups) > _HELD and sum(one.size for one in self._groups.values()) > _HELD_BYTES:
            self._groups.popitem(last=False)

    def _read(self, group: int) -> _Group:
        return _Group(self._table(group))

    def _table(self, group: int, columns: list[str] | None = None) -> pa.Table:
        with named(self.path):
            return self._file.read_row_group(group, columns=columns, use_threads=False)

    def several(self, arns: Iterable[str]) -> dict[str, Utilization]:
        """Return the load of those that are in the file, each row group read once and none of them kept."""
        rows: dict[int, list[tuple[str, int]]] = {}
        for arn in arns:
            if arn in self._rows:
                group, row = self._rows[arn]
                rows.setdefault(group, []).append((arn, row))
        found: dict[str, Utilization] = {}
        for group, some in rows.items():
            with self._mutex:
                held = self._read(group)
            found |= {arn: held.row(row, apart=True) for arn, row in some}
        return found

    @cached_property
    def without_network(self) -> frozenset[str]:
        """The ARNs of those whose network was not asked, as the numbers of stored values tell."""
        found: list[str] = []
        column = self._file.schema_arrow.names.index(HOURS[2])
        cpu = self._file.schema_arrow.names.index(HOURS[0])
        for group in range(self._file.num_row_groups):
            told = self._file.metadata.row_group(group).column(column)
            if told.num_values < self._file.metadata.row_group(group).column(cpu).num_values:
                rows = self._table(group, ["arn", HOURS[2]])
                found += rows["arn"].filter(rows[HOURS[2]].is_null()).to_pylist()
        return frozenset(found)

    def __contains__(self, arn: object) -> bool:
        return arn in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)
