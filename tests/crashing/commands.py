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


def kill_commands(home: Path, kills: int, seed: int) -> Tally:
    """Kill that many refreshes in one home; after each, say what is not as the ended ones promised."""
    moments, tally, ended = random.Random(seed), Tally(), [""]  # noqa: S311 - the same moments each time
    env: dict[str, str] = {}
    isolate(env, home)
    with endpoint() as demo:
        env.update(demo)
        env.update(AWS_ACCESS_KEY_ID=access_key(ACCOUNT), PLAINBILL_ROLE_ARNS="")
        started = time.monotonic()
        usual = _left_to_end(env, ended, tally)
        for number in range(1, kills + 1):
            _killed(env, moments.uniform(0.1 * usual, 1.1 * usual), ended, tally)
            tally.broken += [f"kill {number}: {sentence}" for sentence in _broken(home, ended)]
            if number % _WHOLE_EVERY == 0:
                usual = _left_to_end(env, ended, tally)
        _left_to_end(env, ended, tally)
        tally.broken += [f"at the end: {sentence}" for sentence in _broken(home, ended)]
        tally.seconds = time.monotonic() - started
    return tally


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


def _killed(env: Mapping[str, str], after: float, ended: list[str], tally: Tally) -> None:
    with _start(env) as process:
        try:
            said, _ = process.communicate(timeout=after)
        except subprocess.TimeoutExpired:
            process.kill()
            said, _ = process.communicate()
    tally.lives += 1
    is_killed = process.returncode not in _FINE
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
