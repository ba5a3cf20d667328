"""The folder of snapshots: the newest complete one is served, whatever happens to the others."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from plainbill.errors import StorageError
from plainbill.model.period import minute
from plainbill.storage.files import CORRUPT_MARK, cannot, private_file, private_folder, set_aside
from plainbill.storage.lock import CollectorLock
from plainbill.storage.snapshot.collected import Collected
from plainbill.storage.snapshot.load_file import LoadWriter
from plainbill.storage.snapshot.manifest import MANIFEST_NAME, DamagedError, NewerSchemaError, UnreadableError
from plainbill.storage.snapshot.reader import Snapshot, open_snapshot, peek
from plainbill.storage.snapshot.writer import RUN_ID, WRITING_PREFIX, write_snapshot

WRITER_LOCK = ".writer.lock"

_GOING_PREFIX = ".going-"
_LOAD_PREFIX = ".load-"
_log = logging.getLogger(__name__)


class SnapshotStore:
    """Reads and writes the snapshots in a folder; safe to share between threads and between processes."""

    def __init__(self, folder: Path) -> None:
        private_folder(folder)
        self.folder = folder
        self._mutex = threading.RLock()
        self._current: Snapshot | None = None
        self._sequences: dict[str, int] = {}  # manifests never change, so one look is enough
        self._highest = 0  # of all sequences ever seen here
        self._unread = 0  # how many could not be seen: they may be one higher each
        self._skipped: set[str] = set()  # refused, but still under their names
        self._problems: dict[str, str] = {}  # by name
        self.unconfirmed: str | None = None
        """What the disk did not confirm of the last write through this object, in a sentence."""

    @property
    def problems(self) -> tuple[str, ...]:
        """What is not served and why, in sentences; those set aside by other processes included."""
        with self._mutex:
            said = dict(self._problems)
        for name in self._names():
            origin, mark, _ = name.partition(CORRUPT_MARK)
            if mark and origin not in said:
                said[origin] = f"the snapshot {origin} was damaged and was set aside as {name}"
        return tuple(said.values())

    def latest(self) -> Snapshot | None:
        """Return the newest snapshot that is complete and unharmed; None when there is none.

        The same object as long as it stays the newest: then this costs one listing of a folder with a
        handful of entries. What turns out damaged is renamed aside and told in ``problems``.
        """
        with self._mutex:
            for name in self._newest_first():
                if self._current is not None and self._current.folder.name == name:
                    return self._current
                if (snapshot := self._open(name)) is not None:
                    self._current = snapshot
                    if self._problems:
                        _log.warning("%s", self.served())
                    return snapshot
            self._current = None
            return None

    @contextmanager
    def load_writer(self, run_id: str) -> Iterator[LoadWriter]:
        """Give a file for the load of instances, which ``write`` takes over as the snapshot's.

        What is not taken over is removed in the end, and what died refreshes left at the beginning. The
        caller is the only one who refreshes. Raises ``StorageError``.
        """
        path = self.folder / f"{_LOAD_PREFIX}{run_id}.parquet"
        try:
            for name in self._names():
                if name.startswith(_LOAD_PREFIX):
                    (self.folder / name).unlink(missing_ok=True)
            private_file(path)
            with LoadWriter(path) as writer:
                yield writer
        except OSError as error:
            raise cannot("write the load of instances to", path, error) from error
        finally:
            path.unlink(missing_ok=True)

    def served(self) -> str:
        """Say in a sentence what is served instead of what is not."""
        latest = self.latest()
        if latest is None:
            return "no snapshot is served until the next refresh"
        return f"served is the snapshot {latest.folder.name}, read {minute(latest.manifest.taken_at)}"

    def verify(self) -> int:
        """Read every byte of every snapshot, not of the newest alone; return how many are whole."""
        with self._mutex:
            opened = [one for name in self._newest_first() if (one := self._open(name)) is not None]
        for one in opened:
            one.close()
        return len(opened)

    def write(self, collected: Collected) -> Snapshot:
        """Store what a refresh read, merged with the costs stored before, and return it.

        On the disk, complete and verified when this returns. Costs of another ``base_account`` are not
        merged. ``unconfirmed`` says where it is not sure to outlive a power cut. Raises
        ``RefreshRunningError`` while another process writes, ``StorageError`` when it cannot be written; the
        last complete snapshot then stays in use.
        """
        with self._mutex, self._writing():
            previous = self.latest()
            self.unconfirmed = write_snapshot(
                self.folder, collected, _mergeable(previous, collected), self._next()
            )
            written = self.latest()
        if written is None or written.manifest.run_id != collected.run_id:
            raise StorageError(
                f"the snapshot {collected.run_id} was damaged while it was written: {self.problems}"
            )
        return written

    def prune(self, keep: int = 3) -> tuple[str, ...]:
        """Remove all but the newest ``keep`` snapshots, and what was set aside before them.

        A snapshot that any process still has open stays until the next time. Returns what was removed.
        """
        if keep < 1:
            raise ValueError(f"keep is {keep}; at least the newest snapshot stays")
        with self._mutex, self._writing():
            names = self._newest_first()
            try:
                removed = [name for name in names[keep:] if self._remove_unless_open(name)]
                return (*removed, *self._remove_damaged(names[:keep] if len(names) >= keep else []))
            except OSError as error:
                raise cannot("prune", self.folder, error) from error

    def _next(self) -> int:
        return self._highest + self._unread + 1

    def _remove_damaged(self, kept: list[str]) -> Iterator[str]:
        """Remove what was set aside and is older than all that is kept."""
        kept_from = min((self._written_at(name) for name in kept), default=0.0)
        for name in self._names():
            if CORRUPT_MARK in name and self._written_at(name) < kept_from:
                shutil.rmtree(self.folder / name, ignore_errors=True)
                yield name

    def _names(self) -> list[str]:
        try:
            return os.listdir(self.folder)  # noqa: PTH208 - a list of names, thrice as fast as of paths
        except OSError as error:
            raise cannot("list", self.folder, error) from error

    def _newest_first(self) -> list[str]:
        names = [name for name in self._names() if RUN_ID.fullmatch(name) and CORRUPT_MARK not in name]
        with_sequence = [(sequence, name) for name in names if (sequence := self._sequence(name)) is not None]
        return [name for _, name in sorted(with_sequence, reverse=True)]

    def _sequence(self, name: str) -> int | None:
        """Return the place of a snapshot in their order; None for one that cannot be served."""
        if name not in self._sequences and name not in self._skipped:
            with self._refusing(name):
                if (manifest := peek(self.folder / name)) is not None:
                    self._sequences[name] = manifest.sequence
                    self._highest = max(self._highest, manifest.sequence)
        return self._sequences.get(name)

    def _open(self, name: str) -> Snapshot | None:
        with self._refusing(name):
            return open_snapshot(self.folder / name)
        return None

    @contextmanager
    def _refusing(self, name: str) -> Iterator[None]:
        """Turn a damaged snapshot into a problem told, and go on without it."""
        try:
            yield
        except NewerSchemaError as error:
            self._highest = max(self._highest, error.sequence)
            self._skipped.add(name)
            self._refuse(name, f"the snapshot {name} is not used: {error}; upgrade Plainbill to use it")
        except DamagedError as error:
            self._refuse(name, f"the snapshot {name} was damaged: {error}; {self._set_aside(name)}")
        except UnreadableError as error:
            self._unread += name not in self._sequences
            self._skipped.add(name)
            self._refuse(name, f"the snapshot {name} could not be read: {error}; the next start tries again")
        except OSError as error:
            raise cannot("read the snapshot", self.folder / name, error) from error

    def _refuse(self, name: str, problem: str) -> None:
        self._sequences.pop(name, None)
        self._problems[name] = problem
        _log.warning("%s", problem)

    def _set_aside(self, name: str) -> str:
        try:
            return f"it was set aside as {set_aside(self.folder / name).name}"
        except FileNotFoundError:
            return "another process set it aside"
        except OSError as error:
            self._skipped.add(name)
            return f"it could not be set aside: {error.strerror}"

    def _remove_unless_open(self, name: str) -> bool:
        """Remove a snapshot; say False when someone has it open."""
        descriptor = os.open(self.folder / name / MANIFEST_NAME, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            going = self.folder / f"{_GOING_PREFIX}{name}"
            (self.folder / name).rename(going)
            shutil.rmtree(going, ignore_errors=True)
        except BlockingIOError:
            return False
        finally:
            os.close(descriptor)
        return True

    def _written_at(self, name: str) -> float:
        return (self.folder / name).stat().st_mtime

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Be the only writer, and sweep what died writers left."""
        with CollectorLock(self.folder / WRITER_LOCK):
            for name in self._names():
                if name.startswith((WRITING_PREFIX, _GOING_PREFIX)):
                    shutil.rmtree(self.folder / name, ignore_errors=True)
            yield


def _mergeable(previous: Snapshot | None, collected: Collected) -> Snapshot | None:
    """Return the previous snapshot unless it holds the costs of somebody else."""
    if previous is None:
        return None
    accounts = {previous.manifest.base_account, collected.base_account} - {None}
    return previous if len(accounts) < 2 else None
