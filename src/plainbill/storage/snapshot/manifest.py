"""The manifest: what a snapshot holds, of when, and the checksums to know it by."""

from __future__ import annotations

import errno
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from plainbill.errors import StorageError
from plainbill.model.billing import UsageTable
from plainbill.model.cost import AnyTable, CostTable, NamedTable
from plainbill.model.inventory import Gap
from plainbill.model.period import Period

SCHEMA_VERSION = 3
"""2: the network of an instance may not have been asked, which 1 could not say."""
MANIFEST_NAME = "manifest.json"
UTILIZATION_NAME = "utilization.parquet"
SERIES_NAME = "series.parquet"

_FILE_NAME = re.compile(r"[a-z0-9_]+(-\d{4}-\d{2})?\.parquet")
_FRAME = re.compile(
    rb'\{"schema_version":(\d{1,9}),"sequence":(\d{1,18}),"sha256":"([0-9a-f]{64})","manifest":(.*)\}\n',
    re.DOTALL,
)


class DamagedError(StorageError):
    """A snapshot is not what was written."""


class UnreadableError(StorageError):
    """The disk does not give a file of a snapshot; that may pass, so it is not taken for damage."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} cannot be read from the disk")


class NewerSchemaError(StorageError):
    """A snapshot was written by a newer Plainbill; it is left alone, but ``sequence`` counts."""

    def __init__(self, schema_version: int, sequence: int) -> None:
        self.sequence = sequence
        super().__init__(f"it has schema {schema_version}, this Plainbill knows {SCHEMA_VERSION}")


@dataclass(frozen=True, slots=True)
class Reading:
    """Days of one table that were last read at ``as_of``."""

    period: Period
    as_of: datetime


@dataclass(frozen=True, slots=True)
class TableSpan:
    """What is stored of one cost table.

    ``period`` reaches from the first to the last day ever read, ``as_of`` is the latest reading;
    ``readings`` says which days were last read when, in order; days between them were never answered.
    """

    period: Period
    as_of: datetime
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file of a snapshot, as it was written."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What one snapshot holds.

    ``sequence`` counts the snapshots and decides which is the newest: a clock may go backwards.
    ``currency`` is the one of all amounts in it. ``tables`` lacks a table that was never read. ``places``
    are the accounts and Regions that were to be looked into. ``usage`` has the days that each table of
    billed usage is of, and lacks one that was never read. ``skipped`` are those of ``places`` that were left
    out, with the day of the last look. ``load_whole_at`` is when all hours of load were last read anew (None:
    not known). ``named`` are tables of further tags and cost categories, by ``NamedTable.value``.
    """

    schema_version: int
    sequence: int
    run_id: str
    taken_at: datetime
    accounts: Mapping[str, str | None]
    regions: tuple[str, ...]
    currency: str
    gaps: tuple[Gap, ...]
    metrics_period: Period | None
    tables: Mapping[CostTable, TableSpan]
    files: Mapping[str, StoredFile]
    base_account: str | None
    places: tuple[tuple[str, str], ...] = ()
    usage: Mapping[UsageTable, Period] = field(default_factory=dict)
    skipped: tuple[tuple[str, str, date], ...] = ()
    load_whole_at: datetime | None = None
    named: Mapping[str, TableSpan] = field(default_factory=dict)

    def span(self, table: AnyTable) -> TableSpan | None:
        """Return what is stored of a table of costs; None where it was never read."""
        return self.named.get(table.value) if isinstance(table, NamedTable) else self.tables.get(table)

    def cost_files(self, table: AnyTable, period: Period | None = None) -> tuple[str, ...]:
        """Return the names of the monthly files that hold a table, or those that touch ``period``."""
        names = sorted(name for name in self.files if name.startswith(f"{table.stem}-"))
        return tuple(name for name in names if period is None or name in _names_of(table, period))


_ADAPTER = TypeAdapter(Manifest)


def month_name(day: date) -> str:
    """Return the month of a day as it stands in file names."""
    return f"{day:%Y-%m}"


def cost_file_name(table: AnyTable, month: str) -> str:
    """Return the file that holds one month (``2026-10``) of a table."""
    return f"{table.stem}-{month}.parquet"


def encode(manifest: Manifest) -> bytes:
    """Return the manifest as JSON framed by its own checksum, so that no flipped byte goes unseen."""
    body = _ADAPTER.dump_json(manifest)
    frame = '{{"schema_version":{},"sequence":{},"sha256":"{}","manifest":'
    head = frame.format(manifest.schema_version, manifest.sequence, hashlib.sha256(body).hexdigest())
    return head.encode("ascii") + body + b"}\n"


def decode(content: bytes) -> Manifest:
    """Read a manifest back.

    Raises ``DamagedError`` for anything but what ``encode`` wrote and ``NewerSchemaError`` for a schema
    that this version does not know.
    """
    frame = _FRAME.fullmatch(content)
    if frame is None or hashlib.sha256(frame[4]).hexdigest().encode("ascii") != frame[3]:
        raise DamagedError(f"{MANIFEST_NAME} does not have the checksum it was written with")
    schema_version, sequence = int(frame[1]), int(frame[2])
    if schema_version > SCHEMA_VERSION:
        raise NewerSchemaError(schema_version, sequence)
    try:
        manifest = _ADAPTER.validate_json(frame[4])
    except ValidationError as error:
        raise DamagedError(f"{MANIFEST_NAME} does not say what a manifest must: {error}") from error
    if (schema_version, sequence) != (manifest.schema_version, manifest.sequence):
        raise DamagedError(f"{MANIFEST_NAME} contradicts itself")
    return manifest


def verify(folder: Path, manifest: Manifest) -> None:
    """Compare the name and each file with the manifest; ``DamagedError`` names the first difference.

    Raises ``UnreadableError`` and ``OSError`` as ``open_snapshot`` does.
    """
    if manifest.run_id != folder.name:
        raise DamagedError(f"{MANIFEST_NAME} is that of {manifest.run_id}")
    for name in manifest.files:
        if not _FILE_NAME.fullmatch(name):
            raise DamagedError(f"{MANIFEST_NAME} names a file {name!r}")
        _verify_file(folder / name, manifest.files[name])


def _verify_file(path: Path, expected: StoredFile) -> None:
    try:
        size = path.stat().st_size
        if size != expected.size:
            raise DamagedError(f"{path.name} has {size} bytes instead of {expected.size}")
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise DamagedError(f"{path.name} is missing") from None
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        raise UnreadableError(path.name) from error
    if digest != expected.sha256:
        raise DamagedError(f"{path.name} does not have the checksum it was written with")


def _names_of(table: AnyTable, period: Period) -> set[str]:
    return {cost_file_name(table, month_name(day)) for day in period.dates()}
