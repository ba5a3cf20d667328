"""What a process does until it is stopped: a refresh's storing half, a decision, a policy; and its promises.

A promise is a line (``run 7``) on a pipe, written once the product has said that something is done.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from crashing import estate
from factories import NOW
from plainbill.analyzer.lifecycle import decide
from plainbill.analyzer.registry import Check
from plainbill.errors import StorageError
from plainbill.model.lifecycle import FindingState
from plainbill.model.policy import Policy, PolicyUse
from plainbill.model.run import RunState
from plainbill.pipeline.keeping import move_on
from plainbill.storage import Collected, CollectorLock, Home, SnapshotStore, State

POLICY = "the house's own"


def live(root: Path, read: Collected, checks: tuple[Check, ...], number: int, promises: int) -> None:
    """Refresh, decide about a finding, save a policy and put it in force; promise each when it is done."""
    home = Home(root)
    with CollectorLock(home.lock):
        state, store = State(home.state_db), SnapshotStore(home.snapshots)
        state.start_run(estate.run_of(number))
        said = estate.reading(read, number, is_first=store.latest() is None)
        move_on(store, state, store.write(said), checks)
        state.finish_run(estate.run_of(number, RunState.COMPLETE))
        promise(promises, "run", number)
    first = state.findings()[0].finding_id
    note = str(number)
    state.change_finding(
        first,
        lambda one: decide(one, FindingState.DISMISSED, NOW + number * estate.HOUR, note=note, who="me"),
    )
    promise(promises, "decision", number)
    policy = Policy(name=POLICY, settings={}, note=note, who="me", saved_at=NOW)
    state.save_policy(POLICY, lambda _: policy)
    promise(promises, "policy", number)
    if not state.use_policy(PolicyUse(at=NOW, name=POLICY, who=note)):
        raise StorageError("a policy that was saved is not there")
    promise(promises, "use", number)
    state.close()


def promise(pipe: int, what: str, number: int) -> None:
    os.write(pipe, f"{what} {number}\n".encode("ascii"))


@dataclass(slots=True)
class Promises:
    """What was promised so far, by kind; ``tried`` is the highest number that was ever begun."""

    kept: dict[str, list[int]] = field(
        default_factory=lambda: {kind: [] for kind in ("run", "decision", "policy", "use")}
    )
    tried: int = 0

    def hear(self, said: bytes) -> None:
        """Take whole lines only: a promise cut short was none."""
        for line in said.splitlines(keepends=True):
            if line.endswith(b"\n"):
                kind, number = line.split()
                self.kept[kind.decode("ascii")].append(int(number))

    def last(self, kind: str) -> int:
        return max(self.kept[kind], default=0)


def broken(root: Path, read: Collected, promises: Promises) -> list[str]:
    """Open everything as a new process does and say what is not as it was promised; empty where all is.

    Each sentence begins with ``lost``, ``partial`` or ``dropped``.
    """
    home = Home(root)
    state, store = State(home.state_db), SnapshotStore(home.snapshots)
    said = [f"dropped: {problem}" for problem in (*_problems(store), *state.problems)]
    said += [*_of_snapshots(store, read, promises), *_of_state(state, promises)]
    state.close()
    return said


def _problems(store: SnapshotStore) -> tuple[str, ...]:
    store.latest()
    return store.problems


def _of_snapshots(store: SnapshotStore, read: Collected, promises: Promises) -> list[str]:
    latest, last = store.latest(), promises.last("run")
    number = estate.number_of(latest) if latest else 0
    said = [] if number >= last else [f"lost: snapshot {last} was promised, {number or 'none'} is served"]
    if number > promises.tried:
        said.append(f"partial: snapshot {number} is served, {promises.tried} is the last that was tried")
    if latest is not None:
        said += [f"partial: {part} of snapshot {number}" for part in estate.differences(latest, read)]
    return said


def _of_state(state: State, promises: Promises) -> list[str]:
    runs = {run.run_id: run for run in state.runs(limit=1_000_000)}
    said = [
        f"lost: run {number}"
        for number in promises.kept["run"]
        if runs.get(estate.run_id(number)) != estate.run_of(number, RunState.COMPLETE)
    ]
    said += [f"partial: {run_id} still runs" for run_id, run in runs.items() if run.state is RunState.RUNNING]
    events = {event.note for record in state.findings() for event in state.finding_events(record.finding_id)}
    said += [f"lost: decision {number}" for number in promises.kept["decision"] if str(number) not in events]
    notes = [int(record.note) for record in state.findings() if record.note]
    if max(notes, default=0) < promises.last("decision"):
        said.append(f"lost: decision {promises.last('decision')} stands no more")
    policies = {policy.name: int(policy.note or 0) for policy in state.policies()}
    if policies.get(POLICY, 0) < promises.last("policy"):
        said.append(f"lost: policy {promises.last('policy')}")
    uses = [int(use.who) for use in state.policy_uses(limit=1_000_000)]
    said += [f"lost: use {number}" for number in promises.kept["use"] if number not in uses]
    return said
