"""Every waste check over a large generated estate, beside the idle rules as plain pandas.

    make bench BENCH=bench/checks.py
    PYTHONPATH=.:tests .venv/bin/python bench/checks.py --instances 10000 --others 30000 --by-check

The estate is the demo company many times over (``bench/scale/estate.py``): hourly load of every instance for
60 days, daily metrics of the rest for 63, written as a snapshot. Three processes of their own read it from
disk: all checks, the idle rules alone, and pandas (``bench/scale/idle_in_pandas.py``) in an environment that
is made for it and thrown away. Wall seconds, and the highest resident memory as Linux tells it.
"""

from __future__ import annotations

import argparse
import csv
import gc
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.scale.estate import large_snapshot
from plainbill.analyzer.ec2_idle.in_context import classified, facts_of
from plainbill.analyzer.ec2_idle.instance_types import baseline_percent
from plainbill.analyzer.ec2_idle.load import BUSY
from plainbill.analyzer.ec2_idle.verdict import Classification
from plainbill.analyzer.engine import Report, run_checks
from plainbill.analyzer.idle import IdleRule, idle_report
from plainbill.analyzer.reading import context_of
from plainbill.analyzer.registry import all_checks
from plainbill.analyzer.waste_check import Context
from plainbill.app.views.judged import judge
from plainbill.model.resources import Ec2Instance
from plainbill.prices import PriceBook
from plainbill.prices.specs import InstanceSpecs
from plainbill.storage import Home, Snapshot, SnapshotStore

PANDAS = ("pandas==3.1.1", "pyarrow==26.0.1")
PROGRAM = Path(__file__).with_name("scale") / "idle_in_pandas.py"


def main() -> int:
    """Print the figures; 1 where the two ways do not agree."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--instances", type=int, default=10_000)
    parser.add_argument("--others", type=int, default=30_000)
    parser.add_argument("--by-check", action="store_true", help="also what each check costs")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help="a folder that keeps the estate for the next time")
    wanted = parser.parse_args()
    if wanted.step:
        print(json.dumps(STEPS[wanted.step](opened(wanted.home))))
        return 0
    with tempfile.TemporaryDirectory(prefix="plainbill-bench-") as folder:
        home = wanted.home or Path(folder)
        snapshot = SnapshotStore(Home(home).snapshots).latest() if wanted.home else None
        snapshot = snapshot or large_snapshot(home, wanted.instances, wanted.others)
        write_facts(snapshot)
        return tell(home, snapshot.folder, Path(folder), by_check=wanted.by_check)


def tell(home: Path, folder: Path, scratch: Path, *, by_check: bool) -> int:
    whole = step("all", home)
    print(
        f"{whole['instances']:,} EC2 instances and {whole['others']:,} other resources, "
        f"{whole['series']:,} daily series, {whole['places']:,} places, by {whole['checks']} checks: "
        f"{whole['answers']:,} answers, {whole['findings']:,} findings"
    )
    print(
        f"  all checks: {whole['judge']:.2f} s and sums {whole['sums']:.2f} s, "
        f"peak {whole['peak_mib']:,} MiB ({whole['before_mib']:,} MiB before the first check)"
    )
    if by_check:
        print("  seconds by check:")
        for name, seconds in step("by-check", home)["seconds"][:20]:
            print(f"    {name:45} {seconds:7.3f}")
    ours = step("idle", home)
    theirs = in_pandas(folder, scratch)
    return 0 if theirs is None else compare(ours, theirs, whole)


def compare(ours: Mapping[str, Any], theirs: Mapping[str, Any], whole: Mapping[str, Any]) -> int:
    """Print both ways side by side; 1 where they differ."""
    print(f"  idle rules alone, peak {ours['peak_mib']:,} MiB; pandas {theirs['peak_mib']:,} MiB")
    seed, plain = ours["seed"], theirs["read"] + theirs["seed"]
    print(f"    seed rule: {seed:.2f} s, pandas {plain:.2f} s with reading; ratio {seed / plain:.2f}")
    busy, plain = ours["busy"], theirs["read"] + theirs["busy"]
    print(f"    busy hours: {busy:.2f} s, pandas {plain:.2f} s with reading; ratio {busy / plain:.2f}")
    print(f"    all checks to pandas' two idle rules: ratio {whole['judge'] / sum_of(theirs):.2f}")
    same = ours["idle"] == theirs["idle"]
    word = "the same" if same else "NOT THE SAME"
    print(f"    seed rule flags {len(ours['idle']):,}, pandas {len(theirs['idle']):,}: {word}")
    further = set(ours["further"])
    days = {arn: count for arn, count in ours["busy_days"].items() if arn not in further}
    differ = [arn for arn, count in days.items() if theirs["busy_days"][arn] != count]
    word = "the same" if not differ else f"{len(differ):,} DIFFER"
    print(f"    busy days of {len(days):,} instances by CPU and network: {word}")
    quiet = {arn for arn, count in theirs["busy_days"].items() if not count and arn not in further}
    classes = Counter(kind for arn, kind in ours["classes"].items() if arn in quiet)
    print(f"    of {len(quiet):,} without a busy day we say: {dict(classes.most_common())}")
    return int(not same or bool(differ))


def sum_of(theirs: Mapping[str, Any]) -> float:
    return float(theirs["read"] + theirs["seed"] + theirs["busy"])


def step(name: str, home: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--step", name, "--home", str(home)]
    done: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return done


def in_pandas(folder: Path, scratch: Path) -> dict[str, Any] | None:
    """Run the plain version in an environment of its own; None, and why is told, where it cannot be had."""
    python = scratch / "pandas" / "bin" / "python"
    try:
        subprocess.run([sys.executable, "-m", "venv", str(scratch / "pandas")], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PANDAS], check=True)
    except subprocess.CalledProcessError as error:
        print(f"  not compared with pandas: it could not be installed ({error})")
        return None
    done = subprocess.run([str(python), str(PROGRAM), str(folder)], check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def opened(home: Path) -> Snapshot:
    snapshot = SnapshotStore(Home(home).snapshots).latest()
    assert snapshot is not None
    return snapshot


def all_of_it(snapshot: Snapshot) -> dict[str, Any]:
    """What the dashboard does with a new snapshot."""
    checks, before = all_checks(), peak_mib()
    started = time.perf_counter()
    judged = judge(snapshot, checks)
    done = time.perf_counter()
    assert judged.report.monthly_saving
    assert judged.realisable
    report, resources = judged.report, judged.context.inventory.resources
    instances = len(snapshot.instances())
    return {
        "judge": done - started,
        "sums": time.perf_counter() - done,
        "before_mib": before,
        "peak_mib": peak_mib(),
        "checks": len(checks),
        "findings": len(report.findings),
        "answers": answers(report),
        "instances": instances,
        "others": sum(map(len, resources.values())) - instances,
        "series": len(judged.context.series),
        "places": len(snapshot.manifest.places),
    }


def answers(report: Report) -> int:
    return sum(tally.ok + tally.waste + tally.unknown for tally in report.tallies.values())


def by_check(snapshot: Snapshot) -> dict[str, Any]:
    """What each check adds, in the order in which they are run: the first to ask pays for what is shared."""
    context, spent = known(snapshot), {}
    for check in all_checks():
        started = time.perf_counter()
        run_checks([check], context, snapshot.manifest.places)
        spent[check.id] = time.perf_counter() - started
    return {"seconds": sorted(spent.items(), key=lambda one: -one[1])}


def idle_alone(snapshot: Snapshot) -> dict[str, Any]:
    """The seed rule and the classification by busy hours, each from the file on."""
    started = time.perf_counter()
    report = idle_report(snapshot.instances(), snapshot.utilization(), IdleRule(), PriceBook.load())
    seeded = time.perf_counter()
    context = known(snapshot)
    found = {one.arn: classified(one, context) for one in snapshot.instances() if one.state == "running"}
    done = time.perf_counter()
    classes = {
        arn: str(one.kind) if isinstance(one, Classification) else type(one).__name__
        for arn, one in found.items()
        if arn in context.utilization
    }
    return {
        "seed": seeded - started,
        "busy": done - seeded,
        "peak_mib": peak_mib(),
        "idle": sorted(row.instance.arn for row in report.idle),
        "busy_days": {arn: one.busy_days for arn, one in found.items() if isinstance(one, Classification)},
        "further": [one.arn for one in snapshot.instances() if has_further_signals(one, context)],
        "classes": classes,
    }


def has_further_signals(instance: Ec2Instance, context: Context) -> bool:
    """Say whether GPU or CPU credits, of which the plain version knows nothing, can make hours busy."""
    _, facts = facts_of(instance, context)
    return facts.gpu_percent is not None or facts.credit_usage is not None


STEPS = {"all": all_of_it, "by-check": by_check, "idle": idle_alone}


def known(snapshot: Snapshot) -> Context:
    manifest = snapshot.manifest
    return context_of(snapshot, manifest.gaps, manifest.taken_at, all_checks())


def write_facts(snapshot: Snapshot) -> None:
    """What the plain version must be told of each instance beside its load."""
    with (snapshot.folder / "instances.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("arn", "state", "born", "busy_percent"))
        for one in snapshot.instances():
            spec = InstanceSpecs.load().of(one.instance_type)
            vcpus = spec.vcpus if spec else None
            percent, baseline = BUSY.cpu_threshold(vcpus), baseline_percent(one.instance_type, vcpus)
            born = one.first_launched_at or one.launched_at
            writer.writerow((one.arn, one.state, born.isoformat(), min(percent, baseline or percent)))


def peak_mib() -> int:
    """The highest resident memory of this process so far (proc(5), VmHWM)."""
    gc.collect()
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) // 1024


if __name__ == "__main__":
    sys.exit(main())
