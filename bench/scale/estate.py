"""A large company for measuring: the demo company many times over, each time in accounts of its own.

Resources, metrics and places keep the shares and the relations that they have in the demo (a copy's disks hang
on the copy's instances); each copy's load is shifted by whole weeks, so that copies are not the same hours.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from bench.refresh import refresh
from plainbill.cli.demo import endpoint, isolate
from plainbill.model.metrics import Series
from plainbill.model.resources import Ec2Instance, Resource, all_kinds
from plainbill.model.resources.recommendation import AwsRecommendation
from plainbill.model.utilization import Utilization
from plainbill.storage import Collected, Home, Snapshot, SnapshotStore

WEEK = 7 * 24


def large_snapshot(folder: Path, instances: int, others: int) -> Snapshot:
    """Write and return a snapshot of so many EC2 instances and so many resources of other kinds."""
    environment = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="plainbill-bench-") as demo_home:
        isolate(environment, Path(demo_home))
        with endpoint() as demo:
            refresh({**environment, **demo})
        seed = SnapshotStore(Home(Path(environment["PLAINBILL_HOME"])).snapshots).latest()
        assert seed is not None
        return SnapshotStore(Home(folder).snapshots).write(many(seed, instances, others))


def many(seed: Snapshot, instances: int, others: int) -> Collected:
    """Return copies of a snapshot until there are so many resources; AWS's advice is left out."""
    kinds = [kind for kind in all_kinds() if kind not in {Ec2Instance, AwsRecommendation}]
    stored = {kind: seed.resources(kind) or () for kind in kinds}
    load = dict(seed.utilization())
    series: dict[str, list[tuple[str, Series]]] = {}
    for (arn, key), values in seed.series().items():
        series.setdefault(arn, []).append((key, values))
    machines: list[Ec2Instance] = []
    found: dict[type[Resource], list[Resource]] = {kind: [] for kind in kinds}
    used: dict[str, Utilization] = {}
    measured: dict[tuple[str, str], Series] = {}
    manifest, copy, left = seed.manifest, 0, others
    accounts: dict[str, str | None] = {}
    places: list[tuple[str, str]] = []
    while len(machines) < instances or left > 0:
        names = {account: f"{int(account) + copy:012}" for account in manifest.accounts}
        accounts |= {names[account]: f"{name} {copy}" for account, name in manifest.accounts.items()}
        places += [(names[account], region) for account, region in manifest.places]
        for old, new in copied(seed.instances(), names, copy, instances - len(machines)):
            machines.append(new)
            if old.arn in load:
                used[new.arn] = shifted(load[old.arn], copy)
        for kind, several in stored.items():
            for old, new in copied(several, names, copy, max(0, left)):
                left -= 1
                found[kind].append(new)
                measured |= {(new.arn, key): values for key, values in series.get(old.arn, ())}
        copy += 1
    return Collected(
        run_id="bench",
        taken_at=manifest.taken_at,
        accounts=accounts,
        regions=manifest.regions,
        costs={},
        instances=machines,
        utilization=used,
        metrics_period=manifest.metrics_period,
        gaps=(),
        resources=found,
        series=measured,
        places=tuple(places),
    )


def copied(
    resources: Sequence[Resource], names: Mapping[str, str], copy: int, most: int
) -> Iterator[tuple[Any, Any]]:
    """Yield resources with their copies, ``most`` of them."""
    for old in resources[:most]:
        new = renamed(old, names)
        if new.arn == old.arn and copy:  # named without an account, as buckets are
            new = replace(new, bucket_name=f"{new.bucket_name}-{copy}")
        yield old, new


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    """Return a value with other account ids wherever a text holds them."""
    match value:
        case str():
            for old, new in names.items():
                value = value.replace(old, new)
            return value
        case tuple():
            return tuple(renamed(one, names) for one in value)
        case Mapping():
            return {key: renamed(one, names) for key, one in value.items()}
        case _ if is_dataclass(value) and not isinstance(value, type):
            changes = {
                one.name: renamed(getattr(value, one.name), names) for one in fields(value) if one.init
            }
            return replace(value, **changes)
        case _:
            return value


def shifted(load: Utilization, weeks: int) -> Utilization:
    """Return the same hours some weeks later, the last ones first: weekdays stay weekdays."""
    names = ("cpu_average", "cpu_maximum", "network_in", "network_out")
    by = weeks % (load.period.hours // WEEK) * WEEK if load.period.hours >= WEEK else 0
    return replace(load, **{name: getattr(load, name)[by:] + getattr(load, name)[:by] for name in names})
