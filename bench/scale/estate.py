"""A large company for measuring: the demo company many times over, each time in accounts of its own.

Resources, metrics and places keep the shares and the relations that they have in the demo (a copy's disks
hang on the copy's instances); each copy's load is shifted by whole weeks, so that copies are not alike.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
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
HOURS = ("cpu_average", "cpu_maximum", "network_in", "network_out")


def large_snapshot(folder: Path, instances: int, others: int) -> Snapshot:
    """Write and return a snapshot of so many EC2 instances and so many resources of other kinds."""
    with tempfile.TemporaryDirectory(prefix="plainbill-bench-") as scratch:
        seed = demo_snapshot(Path(scratch))
        return SnapshotStore(Home(folder).snapshots).write(many(seed, instances, others))


def demo_snapshot(folder: Path) -> Snapshot:
    """Refresh the demo company once and return what was read."""
    environment = dict(os.environ)
    isolate(environment, folder)
    with endpoint() as demo:
        refresh({**environment, **demo})
    seed = SnapshotStore(Home(Path(environment["PLAINBILL_HOME"])).snapshots).latest()
    assert seed is not None
    return seed


@dataclass
class Copies:
    """Copies of what one snapshot holds, as they come together; AWS's advice is left out."""

    seed: Snapshot
    instances: list[Ec2Instance] = field(default_factory=list)
    others: dict[type[Resource], list[Resource]] = field(default_factory=dict)
    load: dict[str, Utilization] = field(default_factory=dict)
    series: dict[tuple[str, str], Series] = field(default_factory=dict)
    accounts: dict[str, str | None] = field(default_factory=dict)
    places: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._load = dict(self.seed.utilization())
        self._series: dict[str, list[tuple[str, Series]]] = {}
        for (arn, key), values in self.seed.series().items():
            self._series.setdefault(arn, []).append((key, values))

    @property
    def number_of_others(self) -> int:
        return sum(map(len, self.others.values()))

    def add_instances(self, several: Sequence[Ec2Instance], names: Mapping[str, str], copy: int) -> None:
        for old, new in copied(several, names, copy):
            self.instances.append(new)
            if old.arn in self._load:
                self.load[new.arn] = shifted(self._load[old.arn], copy)

    def add_others(self, several: Sequence[Resource], names: Mapping[str, str], copy: int) -> None:
        for old, new in copied(several, names, copy):
            self.others.setdefault(type(old), []).append(new)
            self.series |= {(new.arn, key): values for key, values in self._series.get(old.arn, ())}

    def collected(self) -> Collected:
        """Return all of it as a refresh would hand it over."""
        return Collected(
            run_id="bench",
            taken_at=self.seed.manifest.taken_at,
            accounts=self.accounts,
            regions=tuple(sorted({region for _, region in self.places})),
            costs={},
            instances=self.instances,
            utilization=self.load,
            metrics_period=self.seed.manifest.metrics_period,
            gaps=(),
            resources={kind: self.others.get(kind, []) for kind in other_kinds()},
            series=self.series,
            places=tuple(self.places),
        )


def many(seed: Snapshot, instances: int, others: int) -> Collected:
    """Return copies of a snapshot until there are so many resources."""
    made, copy = Copies(seed), 0
    while len(made.instances) < instances or made.number_of_others < others:
        names = {account: f"{int(account) + copy:012}" for account in seed.manifest.accounts}
        made.accounts |= {names[one]: f"{name} {copy}" for one, name in seed.manifest.accounts.items()}
        made.places += [(names[account], region) for account, region in seed.manifest.places]
        made.add_instances(seed.instances()[: instances - len(made.instances)], names, copy)
        for kind in other_kinds():
            left = max(0, others - made.number_of_others)
            made.add_others((seed.resources(kind) or ())[:left], names, copy)
        copy += 1
    return made.collected()


def other_kinds() -> list[type[Resource]]:
    return [kind for kind in all_kinds() if kind not in {Ec2Instance, AwsRecommendation}]


def copied(resources: Sequence[Resource], names: Mapping[str, str], copy: int) -> Iterator[tuple[Any, Any]]:
    """Yield resources with their copies."""
    pattern = re.compile("|".join(map(re.escape, names)))
    for old in resources:
        new = renamed(old, names, pattern)
        if new.arn == old.arn and copy:  # named without an account, as buckets are
            new = replace(new, bucket_name=f"{new.bucket_name}-{copy}")
        yield old, new


def renamed(value: Any, names: Mapping[str, str], pattern: re.Pattern[str]) -> Any:
    """Return a value with other names wherever a text holds one of them."""
    match value:
        case str():
            return pattern.sub(lambda found: names[found[0]], value)
        case tuple():
            return tuple(renamed(one, names, pattern) for one in value)
        case Mapping():
            return {key: renamed(one, names, pattern) for key, one in value.items()}
        case _ if is_dataclass(value) and not isinstance(value, type):
            kept = [one.name for one in fields(value) if one.init]
            return replace(value, **{name: renamed(getattr(value, name), names, pattern) for name in kept})
        case _:
            return value


def shifted(load: Utilization, weeks: int) -> Utilization:
    """Return the same hours in another order, by whole weeks: weekdays stay weekdays."""
    by = weeks % (load.period.hours // WEEK) * WEEK if load.period.hours >= WEEK else 0
    return replace(load, **{name: getattr(load, name)[by:] + getattr(load, name)[:by] for name in HOURS})
