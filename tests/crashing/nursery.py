"""A process that has everything loaded and gives each life to a fork of its own: a birth costs milliseconds.

It never opens a store itself, so that no thread of DuckDB's or Arrow's is there when it forks; it loads what
its first child had to load.
"""

from __future__ import annotations

import gc
import importlib
import json
import logging
import os
import random
import select
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from crashing import shim
from crashing.disk import Disk, mounted
from crashing.shim import Calls, Fault, Strike
from crashing.story import Promises, broken, live
from plainbill.analyzer.registry import Check
from plainbill.errors import PlainbillError
from plainbill.storage import Collected

CANNOT_BE_WRITTEN = "dropped: state.db can be read, not written"  # true, while the disk is full
PATIENCE = 120.0  # seconds; a life takes less than one
DONE, REFUSED, UNNAMED = 0, 1, 3  # how a life ends: well, with an error of ours, with any other
_IN_A_ROW = 3  # strikes before a refresh has to go well: what heals one strike is struck by the next
_LIVES_PER_HOME = 33 * _IN_A_ROW
_LOADED = "loaded.txt"

Watched = tuple[int, Callable[[bytes], None]]


@dataclass(slots=True)
class Tally:
    """What a series of lives came to; ``broken`` has a sentence for every promise that was not kept."""

    lives: int = 0
    struck: int = 0
    ends: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a life ended and what it wrote to its pipe."""

    code: int  # of the process; negative where a signal ended it
    said: bytes
    is_stuck: bool = False


def born(do: Callable[[int], None], kill_after: float | None = None, watched: Watched | None = None) -> Ended:
    """Do something in a fork, which gets a pipe to write to; perhaps kill it after some seconds.

    ``watched`` is a pipe and what is told, whenever something waits in it, all that the fork said until then.
    """
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        _do_and_end(do, theirs)
    os.close(theirs)
    started = time.monotonic()
    said, is_stuck, limit = b"", False, started + (PATIENCE if kill_after is None else kill_after)
    pipes = [ours, *(watched[:1] if watched else ())]
    while True:
        ready = select.select(pipes, [], [], max(0.0, limit - time.monotonic()))[0]
        if ours in ready:  # before the other: what was said before it happened
            if not (some := os.read(ours, 65536)):
                break
            said += some
        elif watched and ready:
            watched[1](said)
        else:
            is_stuck = kill_after is None
            os.kill(child, signal.SIGKILL)
            limit = time.monotonic() + PATIENCE
    os.close(ours)
    _, status = os.waitpid(child, 0)
    return Ended(os.waitstatus_to_exitcode(status), said, is_stuck)


def _do_and_end(do: Callable[[int], None], pipe: int) -> None:
    logging.disable()  # what a process under fire logs is not what is judged
    code = UNNAMED
    try:
        do(pipe)
        code = DONE
    except PlainbillError:
        code = REFUSED
    finally:
        if code == UNNAMED:
            traceback.print_exc()
        os._exit(code)


class Nursery:
    """Lives in homes below ``folder``: each is struck by a fault, judged by another, and continued."""

    def __init__(self, folder: Path, read: Collected, checks: tuple[Check, ...], seed: int) -> None:
        self.folder, self.read, self.checks = folder, read, checks
        self.random = random.Random(seed)  # noqa: S311 - no secret, only the same lives each time
        self.promises = Promises()
        self._homes = 0
        self.home = folder / "home-0"
        self.calls = self._count()

    def kills(self, lives: int) -> Tally:
        """End lives by SIGKILL: at a random moment, before or after a system call, or within a write."""
        return self._series(lives, self._killed)

    def errors(self, lives: int) -> Tally:
        """Fail one system call of a life, or all from one on."""
        return self._series(lives, self._refused)

    def full_disks(self, lives: int) -> Tally:
        """Let a disk fill up during a life, look at it while it is full, and give it space again."""
        with mounted(self.folder / "disk") as disk:
            self._begin_at(disk.root / "home")
            self.one_life(None)
            before = disk.free
            self.one_life(None)
            needed = max(before - disk.free, 1 << 16)
            return self._series(lives, partial(self._full, disk, needed))

    def _full(self, disk: Disk, needed: int, tally: Tally) -> str:
        left = self.random.randint(0, needed)
        disk.fill(leave=left)
        self._end(self.one_life(None), tally)
        disk.fill()
        seen = born(lambda pipe: _judge(pipe, self.home, self.read, self.promises))
        shown = [one for one in seen.said.decode().splitlines() if CANNOT_BE_WRITTEN not in one]
        has_begun = any(self.promises.kept.values())
        if seen.is_stuck or seen.code not in (
            {DONE} if has_begun else {DONE, REFUSED}
        ):  # a start may be refused
            shown.append(f"manual: nothing is served while the disk is full ({seen.code})")
        tally.broken += [f"{left} bytes left: {sentence}" for sentence in shown]
        disk.empty()
        return f"a disk with {left} bytes left"

    def _series(self, lives: int, live_one: Callable[[Tally], str]) -> Tally:
        tally, started = Tally(), time.monotonic()
        for number in range(1, lives + 1):
            if number % _LIVES_PER_HOME == 1 < number:
                self._begin_anew()
            what = live_one(tally)
            tally.lives += 1
            said = self.judge()
            if number % _IN_A_ROW == 0 or number == lives or said:
                said += self.go_on()
            tally.broken += [f"{what}: {sentence}" for sentence in said]
        tally.seconds = time.monotonic() - started
        return tally

    def _killed(self, tally: Tally) -> str:
        strike = self.random.choice((None, Strike.KILL_BEFORE, Strike.KILL_AFTER, Strike.TEAR))
        if strike is None:
            after = self.random.uniform(0, 1.2 * self._usual)
            self._end(self.one_life(None, after), tally)
            return f"killed after {after:.4f} s"
        kinds = Calls.WRITE if strike is Strike.TEAR else Calls.ALL
        fault = Fault(strike, self.random.randint(1, self.calls[kinds]), kinds)
        self._end(self.one_life(fault), tally)
        return str(fault)

    def _refused(self, tally: Tally) -> str:
        kinds = self.random.choice(list(shim.ERRORS))
        strike = self.random.choice((Strike.FAIL_ONCE, Strike.FAIL_ON))
        error = self.random.choice(shim.ERRORS[kinds])
        fault = Fault(strike, self.random.randint(1, self.calls[kinds]), kinds, error)
        self._end(self.one_life(fault), tally)
        return str(fault)

    def one_life(self, fault: Fault | None, kill_after: float | None = None) -> Ended:
        """Let one process live its story under a fault, and hear what it promised."""
        self.promises.tried = number = self.promises.tried + 1

        def story(pipe: int) -> None:
            if fault is not None:
                shim.arm(fault, self.home)
            live(self.home, self.read, self.checks, number, pipe)

        ended = born(story, kill_after)
        self.promises.hear(ended.said)
        return ended

    def judge(self) -> list[str]:
        """Say what is not as promised."""
        ended = born(lambda pipe: _judge(pipe, self.home, self.read, self.promises))
        said = ended.said.decode().splitlines()
        if ended.code != DONE or ended.is_stuck:
            said.append(f"manual: opening ended with {ended.code}")
        return said

    def go_on(self) -> list[str]:
        """Say whether the next life goes well without anybody's help."""
        after = self.one_life(None)
        if after.code == DONE and not after.is_stuck:
            return []
        return [f"manual: the next refresh ended with {after.code}"]

    def _end(self, ended: Ended, tally: Tally) -> None:
        names = {DONE: "went well", REFUSED: "refused", UNNAMED: "unnamed error", -signal.SIGKILL: "killed"}
        name = "stuck" if ended.is_stuck else names.get(ended.code, f"exit code {ended.code}")
        tally.ends[name] = tally.ends.get(name, 0) + 1
        tally.struck += name != "went well"
        if name not in {"went well", "refused", "killed"}:
            tally.broken.append(f"unnamed: a life ended with {name}")

    def _begin_anew(self) -> None:
        """Begin in a new folder now and then, so that the first start is struck as well."""
        shutil.rmtree(self.home)
        self._homes += 1
        self._begin_at(self.home.with_name(f"home-{self._homes}"))

    def _begin_at(self, home: Path) -> None:
        self.home, self.promises = home, Promises()

    def _count(self) -> dict[Calls, int]:
        """Return how many calls of each kind a usual life makes; also how long one takes."""
        self.promises.tried += 1
        self.promises.hear(born(self._loaded).said)
        for name in (self.folder / _LOADED).read_text().splitlines():
            importlib.import_module(name)
        gc.freeze()  # nothing of it is looked at again, so no fork has to copy it
        self.promises.tried += 1
        *promises, last = born(self._counted).said.splitlines(keepends=True)
        self.promises.hear(b"".join(promises))
        started = time.monotonic()
        self.one_life(None)
        self._usual = time.monotonic() - started
        return {Calls(kind): count for kind, count in json.loads(last)}

    def _loaded(self, pipe: int) -> None:
        before = set(sys.modules)
        live(self.home, self.read, self.checks, self.promises.tried, pipe)
        broken(self.home, self.read, self.promises)
        (self.folder / _LOADED).write_text("\n".join(one for one in sys.modules if one not in before))

    def _counted(self, pipe: int) -> None:
        shim.arm(Fault(Strike.COUNT, 0), self.home)
        live(self.home, self.read, self.checks, self.promises.tried, pipe)
        os.write(pipe, json.dumps(list(shim.made().items())).encode("ascii"))


def _judge(pipe: int, home: Path, read: Collected, promises: Promises) -> None:
    os.write(pipe, "".join(f"{sentence}\n" for sentence in broken(home, read, promises)).encode())
