"""One complete snapshot, open for questions."""

from __future__ import annotations

import errno
import fcntl
import os
import threading
import weakref
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from plainbill.model.billing import BilledUsage, UsageSpan, UsageTable
from plainbill.model.cost import AnyTable, CostColumn, CostMetric, CostTable, DailyCost
from plainbill.model.cost_answers import CostAnswer
from plainbill.model.metrics import Series
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.prices import Listed, Rate, UsageKey
from plainbill.prices.listed import rates_of_list
from plainbill.storage.query import costs
from plainbill.storage.query.engine import Engine
from plainbill.storage.snapshot.closing import first_open_day
from plainbill.storage.snapshot.cost_answers import ANSWERS_NAME, answers_of
from plainbill.storage.snapshot.listed_prices import LISTED_NAME, listed_of
from plainbill.storage.snapshot.load_file import LoadFile
from plainbill.storage.snapshot.manifest import (
    MANIFEST_NAME,
    SERIES_NAME,
    UTILIZATION_NAME,
    DamagedError,
    Manifest,
    UnreadableError,
    decode,
    verify,
)
from plainbill.storage.snapshot.resource_tables import file_name, resources_of
from plainbill.storage.snapshot.rows import read_rows
from plainbill.storage.snapshot.schema import StoredSeries
from plainbill.storage.snapshot.usage_tables import usage_file_name, usage_of

R = TypeVar("R", bound=Resource)


class Snapshot:
    """What one refresh left behind; immutable, usable from any thread for as long as it is referenced.

    It holds a shared lock on its manifest, so that ``SnapshotStore.prune``, in whatever process, leaves
    its files alone. Made by ``open_snapshot``.
    """

    def __init__(self, folder: Path, manifest: Manifest, lease: int) -> None:
        self.folder, self.manifest = folder, manifest
        self._engine = Engine(folder, tuple(manifest.files))
        self._mutex = threading.Lock()
        self._holders: dict[CostTable, str | None] = {}
        self._kinds: dict[type[Resource], tuple[Any, ...]] = {}
        self._close = weakref.finalize(self, _release, self._engine, lease)

    def close(self) -> None:
        """Let go of the files at once, not when the last reference goes; no question may follow."""
        self._close()

    def daily_costs(
        self, table: AnyTable, period: Period, metric: CostMetric, account: str | None = None
    ) -> list[DailyCost]:
        """Return the cost of each day and key, summed over accounts or of one, ordered by day and key.

        Amounts are exact, in ``manifest.currency``; a day without rows cost nothing or was not read
        (``manifest.tables`` knows). Raises ``ValueError`` for one account of the control table, which
        AWS does not split.
        """
        if account is not None and table is CostTable.CONTROL:
            raise ValueError("the control total is not split by account")
        return costs.daily_costs(
            self._engine, self.manifest.cost_files(table, period), period, metric, account
        )

    def costs_by_account(self, period: Period, metric: CostMetric) -> list[tuple[str, Decimal]]:
        """Return each account's cost in the period, dearest first, from the table of services."""
        files = self.manifest.cost_files(CostTable.SERVICE, period)
        return costs.costs_by_account(self._engine, files, period, metric)

    def grouped_costs(
        self,
        table: AnyTable,
        period: Period,
        metric: CostMetric,
        column: CostColumn,
        *,
        key: str | None = None,
        account: str | None = None,
        service: str | None = None,
    ) -> list[DailyCost]:
        """Return the cost of each day by a column (``key`` of the answer is then its value).

        Of one key where ``key`` names it, of one account where ``account`` does, of usage types also of one
        ``service``; not for the control table, which has none of them.
        """
        files = self.manifest.cost_files(table, period)
        return costs.grouped_costs(self._engine, files, period, metric, column, key, account, service)

    def cost_sums(
        self, table: AnyTable, period: Period, metric: CostMetric
    ) -> dict[tuple[str | None, str | None], Decimal]:
        """Return what each key of each account cost over a period."""
        return costs.cost_sums(self._engine, self.manifest.cost_files(table, period), period, metric)

    def cost_keys(self, table: AnyTable) -> list[str]:
        """Return every value of its dimension that a table ever had a cost of."""
        return costs.cost_keys(self._engine, self.manifest.cost_files(table))

    def holder(self, kind: CostTable) -> str | None:
        """Return the tag or cost category that ``kind`` itself holds, of those it ever held the last."""
        with self._mutex:
            if kind not in self._holders:
                latest = self.manifest.cost_files(kind)[-1:]
                keys = costs.cost_keys(self._engine, latest)
                self._holders[kind] = keys[0].partition("$")[0] if keys else None
            return self._holders[kind]

    def oldest_open_day(self, table: AnyTable, today: date, kept_from: date) -> date:
        """Return the first UTC day of a table, from ``kept_from`` on, that must be asked again.

        Open is a day that was Estimated when last read, whose month was not final then
        (``snapshot/closing.py``), that was never answered, or that follows the stored ones. AWS does not
        answer for days before ``kept_from``: whatever is stored of them stays as it is.
        """
        if (span := self.manifest.span(table)) is None:
            return kept_from
        files = self.manifest.cost_files(table)
        estimated = costs.first_estimated_day(self._engine, files, kept_from)
        return first_open_day(span, estimated, today, kept_from)

    def instances(self) -> tuple[Ec2Instance, ...]:
        """Return the EC2 instances in the order in which they were stored."""
        return self.resources(Ec2Instance) or ()

    def resources(self, kind: type[R]) -> tuple[R, ...] | None:
        """Return the resources of a kind in the order in which they were stored; None: never asked for."""
        with self._mutex:
            if kind not in self._kinds and file_name(kind) in self.manifest.files:
                self._kinds[kind] = resources_of(kind, read_rows(self.folder / file_name(kind)))
            return self._kinds.get(kind)

    def some(self, kind: type[R], first: int, end: int) -> tuple[R, ...]:
        """Return the resources ``[first, end)`` of a kind, in the same order, without making the others."""
        if file_name(kind) not in self.manifest.files:
            return ()
        return resources_of(kind, read_rows(self.folder / file_name(kind)).slice(first, end - first))

    def counts(self, kind: type[Resource]) -> Mapping[tuple[str, str], int]:
        """Return how many of a kind were found, by (account, Region), reading no more than that."""
        if file_name(kind) not in self.manifest.files:
            return {}
        places = read_rows(self.folder / file_name(kind), ["account_id", "region"])
        rows = places.group_by(["account_id", "region"]).aggregate([([], "count_all")]).to_pylist()
        return {(row["account_id"], row["region"]): row["count_all"] for row in rows}

    def series(self) -> Mapping[tuple[str, str], Series]:
        """Return the metrics by (ARN, ``Metric.key``), made into Python values as they are looked up."""
        with self._mutex:
            return self._series

    def utilization(self) -> LoadFile:
        """Return the hourly statistics by instance ARN, made into Python values as they are looked up."""
        with self._mutex:
            return self._utilization

    def billed(self) -> BilledUsage | None:
        """Return the usage that was billed in about the last month; None where neither table was read."""
        with self._mutex:
            return self._billed

    @cached_property
    def _billed(self) -> BilledUsage | None:
        if not self.manifest.usage:
            return None
        return BilledUsage(
            by_operation=self._usage(UsageTable.OPERATION), by_account=self._usage(UsageTable.ACCOUNT)
        )

    def _usage(self, table: UsageTable) -> UsageSpan | None:
        if (period := self.manifest.usage.get(table)) is None:
            return None
        rows = read_rows(self.folder / usage_file_name(table))
        return usage_of(rows, period, self.manifest.currency)

    def listed(self) -> tuple[Listed, ...]:
        """Return what AWS's price list answered, of which day; empty where it was never asked."""
        with self._mutex:
            return self._listed

    def listed_rates(self) -> Mapping[UsageKey, Rate]:
        """Return the prices among what AWS's price list answered."""
        return rates_of_list(self.listed())

    @cached_property
    def _listed(self) -> tuple[Listed, ...]:
        if LISTED_NAME not in self.manifest.files:
            return ()  # written before it was asked
        return listed_of(read_rows(self.folder / LISTED_NAME))

    def answers(self) -> tuple[CostAnswer, ...]:
        """Return what Cost Explorer answered beside the bill; empty where nothing was asked."""
        with self._mutex:
            return self._answers

    @cached_property
    def _answers(self) -> tuple[CostAnswer, ...]:
        if ANSWERS_NAME not in self.manifest.files:
            return ()  # written before anything was asked
        return answers_of(read_rows(self.folder / ANSWERS_NAME))

    @cached_property
    def _utilization(self) -> LoadFile:
        return LoadFile(self.folder / UTILIZATION_NAME)

    @cached_property
    def _series(self) -> Mapping[tuple[str, str], Series]:
        if SERIES_NAME not in self.manifest.files:
            return {}  # written before there were any
        return StoredSeries(read_rows(self.folder / SERIES_NAME))


def open_snapshot(folder: Path) -> Snapshot | None:
    """Verify a snapshot and open it; None when it is being removed or is gone.

    Raises ``DamagedError`` when it is not what was written, ``UnreadableError`` when the disk does not
    give it, ``NewerSchemaError`` when a newer Plainbill wrote it, ``OSError`` when the machine cannot read
    it now for another reason.
    """
    lease = _lease(folder)
    if lease is None:
        return None
    try:
        manifest = decode(_content(lease))
        verify(folder, manifest)
        return Snapshot(folder, manifest, lease)
    except BaseException:
        os.close(lease)
        raise


def peek(folder: Path) -> Manifest | None:
    """Read the manifest only; None when there is no snapshot. Raises as ``open_snapshot`` does."""
    try:
        return decode((folder / MANIFEST_NAME).read_bytes())
    except (FileNotFoundError, NotADirectoryError) as error:
        _refuse_if_ours(folder, error)
        return None
    except OSError as error:
        raise _unless_unreadable(error) from error


def _lease(folder: Path) -> int | None:
    """Take the shared lock on the manifest; None when the snapshot is going or gone."""
    path = folder / MANIFEST_NAME
    try:
        lease = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError as error:
        _refuse_if_ours(folder, error)
        return None
    except OSError as error:
        raise _unless_unreadable(error) from error
    try:
        fcntl.flock(lease, fcntl.LOCK_SH | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(lease), path.stat()):
            return lease
    except (BlockingIOError, FileNotFoundError):
        pass  # it is being removed
    except BaseException:
        os.close(lease)
        raise
    os.close(lease)
    return None


def _content(lease: int) -> bytes:
    try:
        with os.fdopen(lease, "rb", closefd=False) as file:
            return file.read()
    except OSError as error:
        raise _unless_unreadable(error) from error


def _unless_unreadable(error: OSError) -> Exception:
    """Return what a bad disk is called, or the error itself (no memory, too many open files ...)."""
    return UnreadableError(MANIFEST_NAME) if error.errno == errno.EIO else error


def _refuse_if_ours(folder: Path, error: OSError) -> None:
    """Tell a snapshot that lost its manifest from one that is gone and from what others keep here."""
    if any(folder.glob("*.parquet")):
        raise DamagedError(f"{MANIFEST_NAME} is missing") from error


def _release(engine: Engine, lease: int) -> None:
    engine.close()
    os.close(lease)
