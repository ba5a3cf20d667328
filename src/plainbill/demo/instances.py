"""The demo company's instances, one by one: facts, running hours, load and the verdict they deserve."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from hashlib import sha256

from plainbill.demo.fleet import FLEETS, Fleet
from plainbill.demo.habits import HABITS, Expected, Habit
from plainbill.demo.load import METRICS, Curve
from plainbill.demo.regions import LOCAL_TIME
from plainbill.demo.series import Series, clipped
from plainbill.model.period import midnight
from plainbill.model.resources import Ec2Instance

_SEED_DAYS = 14
HOSTILE = (
    "<img src=x onerror=alert(document.domain)>",
    '"><script>alert(1)</script>',
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "{{7*7}}${7*7}",
    "'; DROP TABLE costs;--",
    "\u202egnp.exe\u2066",
    "javascript:alert(1)//\n\tx",
)


@dataclass(frozen=True)
class DemoInstance:
    """One instance; hours are counted since the epoch, ``runs`` are half-open spans of them."""

    instance_id: str
    number: int
    fleet: Fleet
    habit: Habit
    tags: Mapping[str, str]
    first_launched_at: datetime
    launched_at: datetime
    stopped_at: datetime | None
    runs: tuple[tuple[int, int | None], ...]
    seed: int
    today: date
    _curves: dict[str, Curve] = field(default_factory=dict, compare=False, repr=False)

    @property
    def state(self) -> str:
        """``running`` or ``stopped``."""
        return "running" if self.stopped_at is None else "stopped"

    @property
    def account_id(self) -> str:
        """The owner."""
        return self.fleet.account

    @property
    def region(self) -> str:
        """Where it runs."""
        return self.fleet.region

    @property
    def availability_zone(self) -> str:
        """One of three zones of the region."""
        return self.region + "abc"[self.seed % 3]

    @property
    def managed_by(self) -> tuple[str, ...]:
        """Of: autoscaling, eks."""
        return (
            ("autoscaling", "eks")
            if self.fleet.managed == "eks"
            else tuple(filter(None, [self.fleet.managed]))
        )

    @cached_property
    def architecture(self) -> str:
        """``arm64`` for the families whose name says g after the generation (m6g, t4g)."""
        return "arm64" if self.fleet.instance_type.partition(".")[0].endswith("g") else "x86_64"

    @cached_property
    def resource(self) -> Ec2Instance:
        """The instance in Plainbill's own words, made without the wire."""
        return Ec2Instance(
            instance_id=self.instance_id,
            account_id=self.account_id,
            region=self.region,
            instance_type=self.fleet.instance_type,
            state=self.state,
            platform=self.fleet.platform,
            tenancy=self.fleet.tenancy,
            lifecycle=self.fleet.market,
            launched_at=self.launched_at,
            first_launched_at=self.first_launched_at,
            availability_zone=self.availability_zone,
            architecture=self.architecture,
            managed_by=self.managed_by,
            stopped_at=self.stopped_at,
            tags=self.tags,
        )

    def billed_hours(self, first: int, end: int) -> int:
        """Return how many hours of ``[first, end)`` it ran."""
        spans = ((max(start, first), min(end if stop is None else stop, end)) for start, stop in self.runs)
        return sum(max(0, stop - start) for start, stop in spans)

    def measured_spans(self, first: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the parts of ``[first, end)`` in which CloudWatch has data of it."""
        return clipped(self.runs if self.habit.is_measured else (), first, end)

    def curve(self, metric: str) -> Curve:
        """Return the formula of one metric; raises ``KeyError`` for a metric EC2 does not publish here."""
        if metric not in self._curves:
            offset = LOCAL_TIME[self.region]
            seed = self.seed ^ zlib.crc32(metric.encode())
            vigour = 1 - self.habit.spread * (self.seed % 997) / 997
            self._curves[metric] = Curve.of_instance(METRICS[metric], self.habit.level, seed, offset, vigour)
        return self._curves[metric]

    def series(self, metric: str) -> Series:
        """Return one metric as CloudWatch has it; raises ``KeyError`` as ``curve`` does."""
        spans = self.runs if self.habit.is_measured else ()
        return Series(self.curve(metric), METRICS[metric].unit, spans)

    @property
    def expected(self) -> Expected | None:
        """What the seed rule must say of it over the last 14 days; None for a stopped one (not judged).

        A maximum over the threshold acquits however young; otherwise too few days are too few.
        """
        if self.state != "running":
            return None
        is_new = (self.today - self.first_launched_at.date()).days <= _SEED_DAYS
        was_away = self.fleet.pause is not None
        if self.habit.expected is Expected.IDLE and (is_new or was_away):
            return Expected.COULD_NOT_TELL
        return self.habit.expected


def instances_of(today: date, *, hostile: bool = False) -> tuple[DemoInstance, ...]:
    """Make every instance as it stands on a day; with ``hostile`` every name and tag attacks its reader."""
    made = [
        _instance(fleet, index, number, today)
        for number, (fleet, index) in enumerate((fleet, n) for fleet in FLEETS for n in range(fleet.count))
    ]
    return tuple(_attacking(instance) for instance in made) if hostile else tuple(made)


def _instance(fleet: Fleet, index: int, number: int, today: date) -> DemoInstance:
    key = f"{fleet.account}/{fleet.region}/{fleet.name}/{index}"
    seed = zlib.crc32(key.encode())
    low, high = fleet.age
    born = midnight(today) - timedelta(days=low + seed % (high - low + 1))
    born += timedelta(hours=seed // 7 % 10, minutes=seed // 11 % 60, seconds=seed // 13 % 60)
    launched = born
    stopped = None
    runs: tuple[tuple[int, int | None], ...] = ((_next_hour(born), None),)
    if fleet.pause:
        gone, back = (midnight(today) - timedelta(days=days) + timedelta(hours=9) for days in fleet.pause)
        launched = back
        runs = ((_next_hour(born), _next_hour(gone)), (_next_hour(back), None))
    if fleet.stopped is not None:
        stopped = midnight(today) - timedelta(days=fleet.stopped) + timedelta(hours=17, minutes=seed % 60)
        runs = ((_next_hour(born), _next_hour(stopped)),)
    return DemoInstance(
        instance_id="i-0" + sha256(key.encode()).hexdigest()[:16],
        number=number,
        fleet=fleet,
        habit=HABITS[fleet.habit],
        tags=_tags(fleet, index),
        first_launched_at=born,
        launched_at=launched,
        stopped_at=stopped,
        runs=runs,
        seed=seed,
        today=today,
    )


def _next_hour(moment: datetime) -> int:
    return -(-int(moment.timestamp()) // 3600)


def _tags(fleet: Fleet, index: int) -> dict[str, str]:
    name = f"{fleet.name}-{index + 1:02d}" if fleet.count > 1 else fleet.name
    environment = {"444455556666": "production", "777788889999": "development"}.get(fleet.account, "security")
    tags = {"Name": name, "team": fleet.team, "environment": environment}
    if fleet.managed:
        tags["aws:autoscaling:groupName"] = fleet.name
    if fleet.managed == "eks":
        tags["eks:cluster-name"] = "hearth-" + environment
        tags["eks:nodegroup-name"] = fleet.name
        tags["kubernetes.io/cluster/hearth-" + environment] = "owned"
    if fleet.name in {"sandbox", "legacy-catalog"}:
        del tags["team"]  # nobody tags everything
    return tags


def _attacking(instance: DemoInstance) -> DemoInstance:
    attack = HOSTILE[instance.number % len(HOSTILE)]
    tags = {
        name: attack if not name.startswith(("aws:", "eks:")) else value
        for name, value in instance.tags.items()
    }
    return replace(instance, tags=tags | {attack[:128]: attack}, _curves={})
