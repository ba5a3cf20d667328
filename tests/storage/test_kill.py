"""Writers are killed at random moments; readers never notice."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

from factories import NOW, instance, utilization
from plainbill.model.cost import CostMetric, CostTable
from plainbill.model.period import Period
from plainbill.storage import Snapshot, SnapshotStore
from storage.keeping import DAY, collected, flat_costs

KILLS = 15
FIRST, END = date(2026, 9, 1), date(2026, 11, 20)
TESTS = Path(__file__).parents[1]

WRITER = """
import sys
from pathlib import Path
from storage.test_kill import write_for_ever
write_for_ever(Path(sys.argv[1]))
"""


def write_for_ever(folder: Path) -> None:
    """Write snapshot after snapshot, acknowledging each by its number on a line of its own."""
    store = SnapshotStore(folder)
    latest = store.latest()
    number = number_of(latest) if latest else 0
    print("ready", flush=True)  # noqa: T201 - the parent reads it
    while True:
        number += 1
        write(store, number)
        print(number, flush=True)  # noqa: T201 - the acknowledgement
        store.prune()


def write(store: SnapshotStore, number: int) -> None:
    """Write one whose every part can be told from its number; only October and later are read anew."""
    costs = flat_costs(FIRST if number == 1 else date(2026, 10, 1), END, str(number))
    seen = {instance().arn: utilization(average=float(number))}
    store.write(
        collected(f"run-{number}", costs, NOW + number * DAY, instances=(instance(),), utilization=seen)
    )


def number_of(snapshot: Snapshot) -> int:
    return int(snapshot.manifest.run_id.removeprefix("run-"))


def is_whole(snapshot: Snapshot) -> bool:
    """Say whether every part of a snapshot is what was written under its number."""
    number = number_of(snapshot)
    expected = {day: Decimal(number if day.month > 9 else 1) for day in Period.of_days(FIRST, END).dates()}
    tables = (
        snapshot.daily_costs(table, Period.of_days(FIRST, END), CostMetric.BLENDED) for table in CostTable
    )
    return (
        all({cost.day: cost.cost for cost in table} == expected for table in tables)
        and snapshot.instances() == (instance(),)
        and dict(snapshot.utilization()) == {instance().arn: utilization(average=float(number))}
    )


def write_until_killed(folder: Path, after: float) -> int:
    """Let a process write for ``after`` seconds, kill it; return the last number it acknowledged."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, cwd=TESTS
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(after)
        writer.kill()
        acknowledged = [
            line for line in writer.stdout.read().splitlines(keepends=True) if line.endswith(b"\n")
        ]
    return int(acknowledged[-1]) if acknowledged else 0


def test_a_killed_writer_never_leaves_anything_but_whole_snapshots(tmp_path: Path) -> None:
    moments = random.Random(20261124)  # noqa: S311 - no secret, only the same moments each time
    web = SnapshotStore(tmp_path)
    acknowledged, leftovers = 0, 0
    for kill in range(1, KILLS + 1):
        after = moments.uniform(0, 0.06 * kill)  # ever longer, so that slow disks get something written too
        acknowledged = max(acknowledged, write_until_killed(tmp_path, after))
        leftovers += len(list(tmp_path.glob(".writing-*")))
        for store in (web, SnapshotStore(tmp_path)):
            latest = store.latest()
            assert latest is None or is_whole(latest)
            assert (number_of(latest) if latest else 0) in {acknowledged, acknowledged + 1}
            assert store.problems == ()
        acknowledged = number_of(latest) if latest else 0
    assert acknowledged > 1, "no writer lived long enough to write: the test tried nothing"
    assert leftovers, "every kill fell between two snapshots: the test tried nothing"


def test_the_check_itself_sees_a_part_that_is_wrong(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    write(store, 1)
    costs = flat_costs(date(2026, 11, 1), date(2026, 11, 2), "7")
    seen = {instance().arn: utilization(average=2.0)}
    planted = store.write(collected("run-2", costs, instances=(instance(),), utilization=seen))
    assert not is_whole(planted)
