"""Writes one snapshot: complete and on the disk, or not there at all."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from plainbill.errors import CurrencyMismatchError, StorageError
from plainbill.model.billing import UsageTable
from plainbill.model.cost import AnyTable, CostRecord, CostTable, NamedTable
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance
from plainbill.storage.files import PRIVATE_FOLDER, PUBLISHED_FILE, publish, sync_folder
from plainbill.storage.snapshot.closing import add_reading
from plainbill.storage.snapshot.collected import Collected, CostSpan
from plainbill.storage.snapshot.cost_answers import ANSWERS_NAME, answer_rows
from plainbill.storage.snapshot.listed_prices import LISTED_NAME, listed_rows
from plainbill.storage.snapshot.load_file import LoadFile
from plainbill.storage.snapshot.manifest import (
    MANIFEST_NAME,
    SCHEMA_VERSION,
    SERIES_NAME,
    UTILIZATION_NAME,
    Manifest,
    StoredFile,
    TableSpan,
    cost_file_name,
    encode,
    month_name,
)
from plainbill.storage.snapshot.reader import Snapshot
from plainbill.storage.snapshot.resource_tables import file_name, resource_rows
from plainbill.storage.snapshot.rows import read_rows
from plainbill.storage.snapshot.schema import cost_rows, series_rows, utilization_rows
from plainbill.storage.snapshot.usage_tables import usage_file_name, usage_rows
from plainbill.storage.text import storable, storable_gap

WRITING_PREFIX = ".writing-"
RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,120}")

_ORDER = [("day", "ascending"), ("key", "ascending"), ("account_id", "ascending")]


def write_snapshot(
    parent: Path, collected: Collected, previous: Snapshot | None, sequence: int
) -> str | None:
    """Write ``parent/<run_id>``: every file, then the manifest, each synced; then its name, synced.

    Costs are merged into those of ``previous``. Whatever stops this, ``parent`` shows either the whole
    snapshot or nothing of it. Returns None, or a sentence where it is there and the disk does not confirm
    its name. Raises ``StorageError``, ``CurrencyMismatchError``.
    """
    folder = parent / collected.run_id
    if not RUN_ID.fullmatch(collected.run_id) or ".corrupt-" in collected.run_id:
        raise StorageError(
            f"{collected.run_id!r} cannot be the name of a snapshot: letters, digits and ._:+- only"
        )
    if folder.exists():
        raise StorageError(f"{folder} exists already; every refresh needs a run id of its own")
    writing = parent / f"{WRITING_PREFIX}{collected.run_id}"
    try:
        writing.mkdir(mode=PRIVATE_FOLDER)
        _fill(_Folder(writing, previous), collected, sequence)
        sync_folder(writing)
        writing.rename(folder)
    except BaseException as error:
        shutil.rmtree(writing, ignore_errors=True)
        if isinstance(error, OSError):
            raise _not_written(folder, error) from error
        raise
    try:
        sync_folder(parent)
    except (
        OSError
    ) as error:  # not asked again: a disk that failed to sync may say the second time that it did
        return (
            f"the snapshot {folder.name} is complete and is served, but the disk did not confirm its name "
            f"({error.strerror or error}): it may be lost at a power cut, and the one before is served then; "
            "refresh again once the disk is in order"
        )
    return None


def _not_written(folder: Path, error: OSError) -> StorageError:
    return StorageError(
        f"cannot write the snapshot {folder}: {error.strerror or error}; "
        "the last complete one stays in use; free some space or check the permissions, then refresh again"
    )


@dataclass(slots=True)
class _Folder:
    """A snapshot in the making, with the one it follows."""

    path: Path
    previous: Snapshot | None
    files: dict[str, StoredFile] = field(default_factory=dict)

    def put(self, name: str, rows: pa.Table) -> None:
        """Write a table as a new file."""
        sink = pa.BufferOutputStream()
        pq.write_table(rows, sink, compression="zstd", store_decimal_as_integer=True)
        content = sink.getvalue().to_pybytes()
        publish(self.path / name, content)
        self.files[name] = StoredFile(len(content), hashlib.sha256(content).hexdigest())

    def adopt(self, name: str, source: Path) -> None:
        """Make a file that is complete one of this snapshot; it leaves where it was."""
        source.chmod(PUBLISHED_FILE)
        with source.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        size = source.stat().st_size
        source.rename(self.path / name)
        self.files[name] = StoredFile(size, digest)

    def keep(self, name: str, previous: Snapshot) -> None:
        """Take over a file of the previous snapshot; both names then stand for one file."""
        source = previous.folder / name
        try:
            os.link(source, self.path / name)
        except OSError:  # another file system, no hard links, too many: a copy does as well
            publish(self.path / name, source.read_bytes())
        self.files[name] = previous.manifest.files[name]

    def month_before(self, name: str) -> pa.Table | None:
        """Read a month's rows of the previous snapshot."""
        if self.previous is None or name not in self.previous.manifest.files:
            return None
        return read_rows(self.previous.folder / name)


def _fill(folder: _Folder, collected: Collected, sequence: int) -> None:
    currency = _currency(collected, folder.previous)
    tables = {table: span for table in CostTable if (span := _put_costs(folder, table, collected))}
    named = {
        table.value: span
        for table in _named(collected, folder.previous)
        if (span := _put_costs(folder, table, collected))
    }
    usage = {table: period for table in UsageTable if (period := _put_usage(folder, table, collected))}
    folder.put(file_name(Ec2Instance), resource_rows(Ec2Instance, collected.instances))
    for kind, resources in collected.resources.items():
        folder.put(file_name(kind), resource_rows(kind, resources))
    if isinstance(collected.utilization, LoadFile):
        folder.adopt(UTILIZATION_NAME, collected.utilization.path)
    else:
        folder.put(UTILIZATION_NAME, utilization_rows(collected.utilization))
    folder.put(SERIES_NAME, series_rows(collected.series))
    folder.put(LISTED_NAME, listed_rows(collected.listed))
    folder.put(ANSWERS_NAME, answer_rows(collected.answers))
    manifest = Manifest(
        schema_version=SCHEMA_VERSION,
        sequence=sequence,
        run_id=collected.run_id,
        taken_at=collected.taken_at,
        accounts=_accounts(collected, folder.previous),
        regions=collected.regions,
        currency=currency,
        gaps=tuple(map(storable_gap, collected.gaps)),
        metrics_period=collected.metrics_period,
        tables=tables,
        files=folder.files,
        base_account=collected.base_account,
        places=collected.places,
        usage=usage,
        skipped=collected.skipped,
        load_whole_at=collected.load_whole_at,
        named=named,
    )
    publish(folder.path / MANIFEST_NAME, encode(manifest))


def _named(collected: Collected, previous: Snapshot | None) -> list[NamedTable]:
    """Return the tables of further tags and cost categories that are stored or were read."""
    stored = map(NamedTable.of, previous.manifest.named if previous else ())
    read = (table for table in collected.costs if isinstance(table, NamedTable))
    return list(dict.fromkeys((*stored, *read)))


def _put_costs(folder: _Folder, table: AnyTable, collected: Collected) -> TableSpan | None:
    """Merge what was read of a table into what was stored of it; returns what is stored now."""
    previous = folder.previous
    stored = previous.manifest.span(table) if previous else None
    span = collected.costs.get(table)
    months = _by_month(table, span) if span else {}
    if previous:
        for name in previous.manifest.cost_files(table):
            if name not in months:
                folder.keep(name, previous)
    for name, records in months.items():
        rows = _merged(folder.month_before(name), cost_rows(records, table), span)
        if rows.num_rows:
            folder.put(name, rows)
    return stored if span is None else add_reading(stored, span.days(), collected.taken_at)


def _put_usage(folder: _Folder, table: UsageTable, collected: Collected) -> Period | None:
    """Write what was read of a table of billed usage, else keep what was stored; returns its days."""
    if (span := collected.usage.get(table)) is not None:
        folder.put(usage_file_name(table), usage_rows(span))
        return span.period
    stored = folder.previous.manifest.usage.get(table) if folder.previous else None
    if folder.previous and stored:
        folder.keep(usage_file_name(table), folder.previous)
    return stored


def _by_month(table: AnyTable, span: CostSpan) -> dict[str, list[CostRecord]]:
    """Return the fresh records by file, with an empty list for a month that had none."""
    names = {day: cost_file_name(table, month_name(day)) for day in span.days()}
    months: dict[str, list[CostRecord]] = {name: [] for name in names.values()}
    for record in span.records:
        if (name := names.get(record.day)) is None:
            raise StorageError(f"a {table.value} cost of {record.day} lies outside the days that were read")
        months[name].append(record)
    return months


def _merged(before: pa.Table | None, fresh: pa.Table, span: CostSpan | None) -> pa.Table:
    """Return the month with the days that were read anew replaced, all others as they were."""
    if before is not None and span is not None:
        read_anew = pc.is_in(before["day"], pa.array(sorted(span.days()), pa.date32()))
        fresh = pa.concat_tables([before.filter(pc.invert(read_anew)), fresh])
    return fresh.sort_by(_ORDER)


def _currency(collected: Collected, previous: Snapshot | None) -> str:
    """Return the one currency of all amounts; US dollars while there are none."""
    currencies = {record.currency for span in collected.costs.values() for record in span.records}
    currencies |= {span.currency for span in collected.usage.values() if span.records}
    if previous and (previous.manifest.usage or any(map(previous.manifest.cost_files, CostTable))):
        currencies.add(previous.manifest.currency)
    if len(currencies) > 1:
        one, other, *_ = sorted(currencies)
        raise CurrencyMismatchError(one, other)
    return storable(currencies.pop()) if currencies else "USD"


def _accounts(collected: Collected, previous: Snapshot | None) -> Mapping[str, str | None]:
    """Return the accounts of this refresh and of all costs kept, with the last name that was known."""
    known = dict(previous.manifest.accounts) if previous else {}
    named = {
        account: name if name is not None else known.get(account)
        for account, name in collected.accounts.items()
    }
    return {account: None if name is None else storable(name) for account, name in {**known, **named}.items()}
