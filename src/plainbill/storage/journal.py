"""What a refresh was answered, kept until its snapshot is written: a stopped refresh is gone on with.

One append-only file. It begins with what it is of; each entry is a head (key, instant, lengths), a few words
of JSON, and a zstd-compressed content, each part with a checksum of its own. Nothing is synced: what a killed
process has written the kernel still has, and what a power failure tears the checksums find.
"""

from __future__ import annotations

import hashlib
import os
import stat
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Self

import orjson
import pyarrow as pa

from plainbill.model.kept import Entry
from plainbill.model.period import utc_now
from plainbill.storage.files import PRIVATE_FILE, cannot

MOST_BYTES = 2 * 1024**3
"""How large a journal may grow; what comes after is not kept."""
LEAVE_FREE = 512 * 1024**2
"""How many bytes of the disk are left free: the snapshot has to fit as well."""
_LOOK_EVERY = 32 * 1024**2  # bytes written between two looks at the disk
_MAGIC, _VERSION = b"PBJ\n", 2
_START = struct.Struct("<4sHI")  # magic, version, length of the words
_HEAD = struct.Struct("<4s32sdHII")  # magic, key, instant, lengths: words, content as kept, content
_CODEC = pa.Codec("zstd", 1)
_DIGEST = 16
_MOST_CONTENT = 1024**3  # no answer is that long: a head that says so is not of ours
_BEGUN, _SENT = bytes(32), bytes(31) + b"\1"
"""The keys of the entry that a process puts before its own, and of those of requests that cost something."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where an entry is in the file, and what its head says."""

    key: bytes
    at: int  # of the compressed content
    size: int
    content: int
    kept_at: datetime
    entry: Entry


@dataclass
class Journal:
    """The journal of one refresh; safe to use from any thread, of one process: the collector's.

    ``about`` is what must be the same for an answer to be taken over, ``instant`` what its figures are of.
    ``problems`` says in sentences what could not be used.
    """

    path: Path
    about: str
    instant: datetime
    clock: Callable[[], datetime] = utc_now
    most_bytes: int = MOST_BYTES
    problems: list[str] = field(default_factory=list)
    unaccounted: list[Entry] = field(default_factory=list)
    """What the process that was stopped last had asked: all that costs, and what was answered of the rest."""
    kept_at: datetime | None = None
    """When the last of the answers came that may be taken over."""
    _index: dict[bytes, deque[Kept]] = field(default_factory=dict)
    _descriptor: int = -1
    _end: int = 0
    _looked_at: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def begin(
        cls, path: Path, about: str, instant: datetime, clock: Callable[[], datetime] = utc_now
    ) -> Self:
        """Begin an empty journal in place of what is there; raises ``StorageError``."""
        journal = cls(path, about, instant, clock)
        try:
            path.unlink(missing_ok=True)
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
            journal._descriptor = os.open(path, flags, PRIVATE_FILE)
            words = orjson.dumps({"about": about, "instant": instant.astimezone(UTC).isoformat()})
            journal._append(_framed(_START.pack(_MAGIC, _VERSION, len(words)), words))
        except OSError as error:
            journal.close()
            raise cannot("begin the journal", path, error) from error
        journal._mark()
        return journal

    @classmethod
    def reopen(cls, path: Path, clock: Callable[[], datetime] = utc_now) -> Self | None:
        """Read what a stopped refresh left; None where there is nothing, or nothing of ours.

        What follows the first entry that is torn is cut off.
        """
        journal = cls(path, "", datetime.min.replace(tzinfo=UTC), clock)
        try:
            journal._descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
            if _is_private(journal._descriptor) and journal._read_start():
                journal._read_entries()
                os.ftruncate(journal._descriptor, journal._end)
                journal._mark()
                return journal
        except (OSError, ValueError, TypeError, KeyError):  # no file, or no words of ours in it
            pass
        journal.close()
        return None

    def follow(self, key: bytes) -> Entry | None:
        """Return what is known of the answer that ``take`` would give."""
        with self._lock:
            return found[0].entry if (found := self._index.get(key)) else None

    def take(self, key: bytes) -> bytes | None:
        """Return an answer of the stopped refresh, once; None where there is none that is whole."""
        with self._lock:
            if not (found := self._index.get(key)):
                return None
            kept = found.popleft()
        try:
            content = self._read_at(kept.at, kept.size + _DIGEST)
        except OSError as error:
            self._problem(f"an answer to {kept.entry.operation} could not be read ({error.strerror})")
            return None
        if _digest(content[:-_DIGEST]) != content[-_DIGEST:]:
            self._problem(f"an answer to {kept.entry.operation} was damaged")
            return None
        return bytes(_CODEC.decompress(content[:-_DIGEST], kept.content, asbytes=True))

    def put(self, key: bytes, entry: Entry, content: bytes) -> None:
        """Keep an answer, unless there is no room left."""
        packed = _CODEC.compress(content, asbytes=True)
        self._put(key, entry, packed, len(content))

    def forget(self, key: bytes) -> None:
        """Give no answer for this key any more."""
        with self._lock:
            self._index.pop(key, None)

    def sent(self, entry: Entry) -> None:
        """Write down a request that costs something before it is sent: it may never be answered."""
        self._put(_SENT, entry, b"", 0)

    def close(self) -> None:
        """Let go of the file; it stays for the next refresh."""
        with self._lock:
            if self._descriptor >= 0:
                os.close(self._descriptor)
            self._descriptor = -1

    def discard(self) -> None:
        """Remove the file: the snapshot is written."""
        self.close()
        try:
            self.path.unlink(missing_ok=True)
        except OSError:
            return  # the next refresh finds that its snapshot is there already

    def _mark(self) -> None:
        self._put(_BEGUN, Entry("", "", "0", "0"), b"", 0)

    def _put(self, key: bytes, entry: Entry, packed: bytes, size: int) -> None:
        words = _words(entry)
        head = _HEAD.pack(_MAGIC, key, self.clock().timestamp(), len(words), len(packed), size)
        frame = _framed(head, words) + packed + _digest(packed)
        with self._lock:
            if self._descriptor < 0 or not self._has_room(len(frame)):
                return
            try:
                self._append(frame)
            except OSError:  # a full disk, most likely: the refresh goes on, and what is kept stays kept
                os.ftruncate(self._descriptor, self._end)
                self.most_bytes = 0

    def _has_room(self, more: int) -> bool:
        if self._end + more > self.most_bytes:
            return False
        if self._end >= self._looked_at:
            disk = os.fstatvfs(self._descriptor)
            if disk.f_bavail * disk.f_frsize < LEAVE_FREE:
                self.most_bytes = 0
                return False
            self._looked_at = self._end + _LOOK_EVERY
        return True

    def _append(self, frame: bytes) -> None:
        view, at = memoryview(frame), self._end
        while view:
            written = os.pwrite(self._descriptor, view, at)
            view, at = view[written:], at + written
        self._end = at

    def _read_at(self, at: int, size: int) -> bytes:
        content = os.pread(self._descriptor, size, at)
        if len(content) != size:
            raise ValueError("the file ends before")
        return content

    def _read_start(self) -> bool:
        """Read what the journal is of; say whether it is one of this version."""
        start = self._read_at(0, _START.size)
        magic, version, length = _START.unpack(start)
        if (magic, version) != (_MAGIC, _VERSION):
            return False
        words = self._checked(0, _START.size, length)
        told = orjson.loads(words)
        self.about, self.instant = str(told["about"]), datetime.fromisoformat(told["instant"])
        self._end = _START.size + length + _DIGEST
        return True

    def _checked(self, at: int, head: int, words: int) -> bytes:
        framed = self._read_at(at, head + words + _DIGEST)
        if _digest(framed[:-_DIGEST]) != framed[-_DIGEST:]:
            raise ValueError("not the checksum it was written with")
        return framed[head:-_DIGEST]

    def _read_entries(self) -> None:
        for kept in self._heads(os.fstat(self._descriptor).st_size):
            if kept.key == _BEGUN:
                self.unaccounted.clear()
            elif kept.key == _SENT:
                self.unaccounted.append(kept.entry)
            else:
                self.kept_at = kept.kept_at
                if not Decimal(kept.entry.high):  # what costs was written down when it was sent
                    self.unaccounted.append(kept.entry)
                self._index.setdefault(kept.key, deque()).append(kept)

    def _heads(self, file_size: int) -> Iterator[Kept]:
        """Yield the entries up to the first that is torn."""
        while self._end < file_size:
            try:
                kept = self._head()
            except (ValueError, KeyError, TypeError):
                self._problem("its last entry was torn")
                return
            if (after := kept.at + kept.size + _DIGEST) > file_size:
                self._problem("its last entry was torn")
                return
            self._end = after
            yield kept

    def _head(self) -> Kept:
        head = self._read_at(self._end, _HEAD.size)
        magic, key, stamp, words, size, content = _HEAD.unpack(head)
        if magic != _MAGIC or content > _MOST_CONTENT:
            raise ValueError("not an entry")
        entry = _entry(self._checked(self._end, _HEAD.size, words))
        at = self._end + _HEAD.size + words + _DIGEST
        return Kept(key, at, size, content, datetime.fromtimestamp(stamp, UTC), entry)

    def _problem(self, what: str) -> None:
        self.problems.append(f"In the journal of the stopped refresh {what}: that is asked again.")


def _is_private(descriptor: int) -> bool:
    """Say whether the file is one that nobody else could have written."""
    status = os.fstat(descriptor)
    is_ours = stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()
    return is_ours and not status.st_mode & 0o077


def _framed(head: bytes, words: bytes) -> bytes:
    return head + words + _digest(head + words)


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_DIGEST).digest()


def _words(entry: Entry) -> bytes:
    following = None if entry.following is None else entry.following.hex()
    return orjson.dumps([entry.service, entry.operation, entry.low, entry.high, following])


def _entry(words: bytes) -> Entry:
    service, operation, low, high, following = orjson.loads(words)
    return Entry(service, operation, low, high, None if following is None else bytes.fromhex(following))
