"""The power fails: of a recorded life only what was synced is left, at every sync and change of a name.

A file holds what it held when it was synced last, a folder the names that it had then: what POSIX promises
and no more. Three disks are rebuilt of each moment: one that lost every later change of a name, one that kept
them all, and one that kept them and half of every write that was not synced.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_IMODE, S_ISDIR

from crashing import shim
from crashing.nursery import DONE, Nursery, Tally, born
from crashing.shim import Fault, Strike
from crashing.story import Promises, live

_LIVES = 3  # recorded one after another: a first start, and two that follow a snapshot

Names = Mapping[str, int]
"""What is in a folder, by inode."""


@dataclass(frozen=True, slots=True)
class Tree:
    """All below a folder at one moment: the names in each folder, the bytes and the mode of each inode."""

    root: int
    folders: Mapping[int, Names]
    files: Mapping[int, bytes]
    modes: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Moment:
    """What was on the disk for sure, what the processes saw, and what had been promised by then."""

    name: str
    synced_folders: Mapping[int, Names]
    synced_files: Mapping[int, bytes]
    seen: Tree
    promises: Promises

    def disks(self) -> Iterator[tuple[str, Tree]]:
        """Yield what the next start may find, each with a word for it."""
        kept = {inode: self.synced_files.get(inode, b"") for inode in self.seen.files}
        half = {inode: _half(now, kept[inode]) for inode, now in self.seen.files.items()}
        lost = {inode: self.synced_folders.get(inode, {}) for inode in self.seen.modes}
        lost = {**self.synced_folders, **{at: names for at, names in lost.items() if at in self.seen.folders}}
        yield "names lost", Tree(self.seen.root, lost, self.synced_files, self.seen.modes)
        yield "names kept", Tree(self.seen.root, self.seen.folders, kept, self.seen.modes)
        yield "torn", Tree(self.seen.root, self.seen.folders, half, self.seen.modes)


def _half(now: bytes, synced: bytes) -> bytes:
    """Return the first half as it was written, the rest as it was synced."""
    middle = len(now) // 2
    return now[:middle] + synced[middle:]


@dataclass
class Recorder:
    """Notes what is on the disk below a folder whenever something was synced or renamed."""

    root: Path
    promises: Promises
    moments: list[Moment] = field(default_factory=list)
    _folders: dict[int, Names] = field(default_factory=dict)
    _files: dict[int, bytes] = field(default_factory=dict)
    _modes: dict[int, int] = field(default_factory=dict)
    _seen: Tree | None = None

    def note(self, line: str, said: bytes) -> None:
        """Take in one line of the shim's report and all that was promised until then."""
        seen = self._look()
        self._moment(f"before {line}", seen, said)
        if line.startswith("S"):
            inode = Path(line[1:]).stat().st_ino
            if inode in seen.folders:
                self._folders[inode] = seen.folders[inode]
            elif inode in seen.files:
                self._files[inode] = seen.files[inode]
            self._moment(f"after {line}", seen, said)

    def end(self, said: bytes) -> None:
        """The process has ended: what it promised stays promised."""
        self._moment("the end", self._look(), said)
        self.promises.hear(said)

    def _moment(self, name: str, seen: Tree, said: bytes) -> None:
        promises = deepcopy(self.promises)
        promises.hear(said)
        self.moments.append(Moment(name, dict(self._folders), dict(self._files), seen, promises))

    def _look(self) -> Tree:
        before = self._seen.files if self._seen else {}
        folders: dict[int, Names] = {}
        files: dict[int, bytes] = {}
        for path in (self.root, *self.root.rglob("*")):
            found = path.stat()
            self._modes[found.st_ino] = found.st_mode
            if S_ISDIR(found.st_mode):
                folders[found.st_ino] = {one.name: one.inode() for one in os.scandir(path)}
            else:
                content = path.read_bytes()
                known = before.get(found.st_ino)
                files[found.st_ino] = known if known == content else content  # one object, not hundreds
        self._seen = Tree(self.root.stat().st_ino, folders, files, dict(self._modes))
        return self._seen


def rebuild(tree: Tree, at: Path) -> None:
    """Write a tree to a new folder."""
    linked: dict[int, Path] = {}
    _rebuild(tree, tree.root, at, linked)


def _rebuild(tree: Tree, inode: int, at: Path, linked: dict[int, Path]) -> None:
    at.mkdir(mode=S_IMODE(tree.modes[inode]))
    for name, one in tree.folders.get(inode, {}).items():
        if one in linked:
            os.link(linked[one], at / name)
        elif S_ISDIR(tree.modes[one]):
            _rebuild(tree, one, at / name, linked)
        else:
            (at / name).write_bytes(tree.files.get(one, b""))
            (at / name).chmod(S_IMODE(tree.modes[one]))
            linked[one] = at / name


class Power:
    """Records a few lives of a nursery and cuts the power at their moments."""

    def __init__(self, nursery: Nursery, *, is_lying: bool = False) -> None:
        self._nursery, self._is_lying = nursery, is_lying

    def cuts(self, number: int) -> Tally:
        """Rebuild so many disks of the recorded lives, chosen by chance, all where there are no more."""
        tally, started = Tally(), time.monotonic()
        if number:
            disks = list(self._disks())
            for name, promises, tree in self._nursery.random.sample(disks, min(number, len(disks))):
                self._cut(tally, name, promises, tree)
        tally.seconds = time.monotonic() - started
        return tally

    def _disks(self) -> Iterator[tuple[str, Promises, Tree]]:
        """Yield each disk that is another one than those before, or of which more was promised."""
        known = set()
        for number, moment in enumerate(self._recorded()):
            for name, tree in moment.disks():
                mark = _mark(tree, tree.root), repr(moment.promises)
                if mark not in known:
                    known.add(mark)
                    yield f"{name}, moment {number}: {moment.name}", moment.promises, tree

    def _cut(self, tally: Tally, name: str, promises: Promises, tree: Tree) -> None:
        at = self._nursery.folder / "after-the-cut"
        rebuild(tree, at)
        self._nursery.home, self._nursery.promises = at / "home", deepcopy(promises)
        tally.broken += [
            f"{name}: {sentence}" for sentence in (*self._nursery.judge(), *self._nursery.go_on())
        ]
        tally.lives += 1
        tally.struck += 1
        kind = name.partition(",")[0]
        tally.ends[kind] = tally.ends.get(kind, 0) + 1
        shutil.rmtree(at)

    def _recorded(self) -> list[Moment]:
        root = self._nursery.folder / "recorded"
        root.mkdir()
        recorder = Recorder(root, Promises())
        for _ in range(_LIVES):
            recorder.promises.tried += 1
            self._record(recorder)
        shutil.rmtree(root)
        return recorder.moments

    def _record(self, recorder: Recorder) -> None:
        said_here, said_there = os.pipe()
        go_there, go_here = os.pipe()
        number, strike = recorder.promises.tried, Strike.LIE if self._is_lying else Strike.COUNT

        def story(pipe: int) -> None:
            shim.arm(Fault(strike, 0), recorder.root)
            shim.report(said_there, go_there)
            live(recorder.root / "home", self._nursery.read, self._nursery.checks, number, pipe)

        def noted(said: bytes) -> None:
            for line in os.read(said_here, 65536).decode().splitlines():
                recorder.note(line, said)
                os.write(go_here, b"+")

        ended = born(story, watched=(said_here, noted))
        recorder.end(ended.said)
        if ended.code != DONE:
            raise RuntimeError(f"a recorded life ended with {ended.code}")
        for pipe in (said_here, said_there, go_there, go_here):
            os.close(pipe)


def _mark(tree: Tree, inode: int) -> object:
    """Return a value that is the same for trees with the same names and content."""
    if inode in tree.folders:
        return tuple((name, _mark(tree, one)) for name, one in sorted(tree.folders[inode].items()))
    return hash(tree.files.get(inode, b""))
