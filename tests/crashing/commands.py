"""The whole ``plainbill refresh`` is killed at random moments, over real HTTP, and started again."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from crashing.nursery import Tally
from plainbill.cli.demo import endpoint, isolate
from plainbill.demo.answers_identity import access_key
from plainbill.model.run import RunState
from plainbill.storage import Home, SnapshotStore, State

ACCOUNT = "777788889999"  # one account of the demo company: a refresh takes a second or two
_WHOLE_EVERY = 10  # every so many lives one is left to end, and must end well
_FINE = (0, 3)  # complete, or with gaps
_WITHIN = (0.2, 1.0)  # of the time that it takes: before, nothing is opened yet


def kill_commands(home: Path, kills: int, seed: int) -> Tally:
    """Kill that many refreshes in one home; after each, say what is not as the ended ones promised."""
    moments, tally, ended = random.Random(seed), Tally(), [""]  # noqa: S311 - the same moments each time
    env: dict[str, str] = {}
    isolate(env, home)
    with endpoint() as demo:
        env.update(demo)
        env.update(AWS_ACCESS_KEY_ID=access_key(ACCOUNT), PLAINBILL_ROLE_ARNS="")
        started = time.monotonic()
        _left_to_end(env, ended, tally)  # the first reads more than all others, and is no measure of them
        took = Took(_left_to_end(env, ended, tally))
        for number in range(1, kills + 1):
            _killed(env, moments.uniform(*_WITHIN), took, ended, tally)
            tally.broken += [f"kill {number}: {sentence}" for sentence in _broken(home, ended)]
            if number % _WHOLE_EVERY == 0:
                took.note(_left_to_end(env, ended, tally), is_killed=False)
        _left_to_end(env, ended, tally)
        tally.broken += [f"at the end: {sentence}" for sentence in _broken(home, ended)]
        tally.seconds = time.monotonic() - started
    return tally


class Took:
    """How many seconds a refresh took that was left to end.

    One that goes on with a killed one asks for less and is kept apart from one that begins anew.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = {True: seconds, False: seconds}
        self._goes_on = False

    @property
    def seconds(self) -> float:
        """What the next one will take, by the last of its sort."""
        return self._seconds[self._goes_on]

    def note(self, seconds: float, *, is_killed: bool) -> None:
        """Take in how long the last one lived; a killed one tells only that it takes longer."""
        known = self._seconds[self._goes_on]
        self._seconds[self._goes_on] = max(known, seconds) if is_killed else seconds
        self._goes_on = is_killed


def _start(env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "plainbill", "refresh", "--json"]
    return subprocess.Popen(command, env=dict(env), stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def _left_to_end(env: Mapping[str, str], ended: list[str], tally: Tally) -> float:
    """Refresh without a kill; return how many seconds it took."""
    started = time.monotonic()
    with _start(env) as process:
        said, complaint = process.communicate()
    if process.returncode in _FINE:
        ended.append(json.loads(said)["run_id"])
    else:
        tally.broken.append(f"manual: a refresh ended with {process.returncode}: {complaint.decode()[-500:]}")
    return time.monotonic() - started


def _killed(env: Mapping[str, str], part: float, took: Took, ended: list[str], tally: Tally) -> None:
    """Kill a refresh after a part of the time that it will take."""
    started = time.monotonic()
    with _start(env) as process:
        try:
            said, _ = process.communicate(timeout=part * took.seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            said, _ = process.communicate()
    tally.lives += 1
    is_killed = process.returncode not in _FINE
    took.note(time.monotonic() - started, is_killed=is_killed)
    tally.struck += is_killed
    name = "killed" if is_killed else "went well"
    tally.ends[name] = tally.ends.get(name, 0) + 1
    if not is_killed:
        ended.append(json.loads(said)["run_id"])


def _broken(home: Path, ended: list[str]) -> list[str]:
    store, state = SnapshotStore(Home(home).snapshots), State(Home(home).state_db)
    latest, runs = store.latest(), {run.run_id: run for run in state.runs(limit=1_000_000)}
    said = [f"dropped: {problem}" for problem in (*store.problems, *state.problems)]
    said += [f"lost: run {run_id}" for run_id in ended[1:] if _is_lost(runs.get(run_id))]
    said += [f"partial: {run_id} still runs" for run_id, run in runs.items() if run.state is RunState.RUNNING]
    if latest is None or list(runs).index(latest.manifest.run_id) > list(runs).index(ended[-1]):
        said.append(f"lost: the snapshot of {ended[-1]}")
    if latest is not None:
        latest.close()
    state.close()
    return said


def _is_lost(run: object) -> bool:
    return getattr(run, "state", None) not in {RunState.COMPLETE, RunState.PARTIAL}
