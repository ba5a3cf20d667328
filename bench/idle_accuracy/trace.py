"""The public trace, cut into cases: what was known of a VM on one day, and what it did afterwards.

Protocol: origins on days 28, 35, 42, 49, 56 and 61 of the trace; 28 days of look-back before the origin, 30
days after it; a case needs more than 80 % of the 5-minute samples on both sides. Days are UTC days, counted
from the day of the first sample. A missing hour is None, never zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from math import inf
from pathlib import Path

import pyarrow.parquet as pq

from plainbill.analyzer.ec2_idle import InstanceFacts, Resize
from plainbill.analyzer.ec2_idle.load import HOUR, MEGABYTE
from plainbill.model.period import Period
from plainbill.model.utilization import Utilization

ORIGINS = (28, 35, 42, 49, 56, 61)
LOOK_BACK, AHEAD = 28, 30
FEWEST_SAMPLES = 0.8
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COLUMNS = ("vm", "h", "cpu", "cpumax", "net_mb", "cores", "n")

Row = tuple[float, float, float, int, int]
"""Mean CPU %, highest 5-minute CPU %, bytes in and out, vCPUs, 5-minute samples of one hour."""


@dataclass(frozen=True, slots=True)
class InUse:
    """When a VM counts as in use: so many days with an hour of so much CPU or traffic."""

    cpu_percent: float = 10.0
    megabytes: float = 50.0
    vcpu: float = 0.1
    days: int = 3

    def busy(self, row: Row) -> bool:
        """Whether the hour is busy; CPU counts from ``vcpu`` vCPUs on."""
        by_cpu = row[0] >= self.cpu_percent and row[0] * row[3] / 100 >= self.vcpu
        return by_cpu or row[2] >= self.megabytes * MEGABYTE


OUTCOME = InUse()
OUTCOMES: Mapping[str, InUse] = {
    "10 % or 50 MB, 3 days (used everywhere else)": OUTCOME,
    "10 % or 50 MB, 1 day": InUse(days=1),
    "20 % or 200 MB, 3 days": InUse(20.0, 200.0),
    "20 % or 200 MB, 1 day": InUse(20.0, 200.0, days=1),
    "5 % or 20 MB, 3 days": InUse(5.0, 20.0, 0.05),
    "5 % or 20 MB, 1 day": InUse(5.0, 20.0, 0.05, days=1),
    "10 % CPU alone, 3 days": InUse(megabytes=inf),
    "10 % CPU alone, 1 day": InUse(megabytes=inf, days=1),
    "5 % or 20 MB, 5 days": InUse(5.0, 20.0, 0.05, days=5),
}


@dataclass(frozen=True, eq=False)
class Case:
    """One VM at one origin; ``rows`` are the hours of the trace by their number, absent where missing."""

    vm: int
    origin: int
    first_hour: int  # hours since 1970 of the first day's midnight
    rows: Mapping[int, Row]

    def hours(self, first_day: int, end_day: int) -> Iterator[tuple[int, Row]]:
        """Yield the day and the measured hours of these days of the trace."""
        for hour in range(first_day * 24, end_day * 24):
            if (row := self.rows.get(hour)) is not None:
                yield hour // 24, row

    def utilization(self, days: int = LOOK_BACK) -> Utilization:
        """Return the hours before the origin as the product stores them.

        The trace has in and out together; they are halved.
        """
        end = self.origin * 24
        hours = [self.rows.get(hour) for hour in range(max(0, end - days * 24), end)]
        half = tuple(None if row is None else row[2] / 2 for row in hours)
        return Utilization(
            period=Period(self.now - len(hours) * HOUR, self.now),
            cpu_average=tuple(None if row is None else row[0] for row in hours),
            cpu_maximum=tuple(None if row is None else row[1] for row in hours),
            network_in=half,
            network_out=half,
        )

    @cached_property
    def seen(self) -> Utilization:
        """The look-back of 28 days."""
        return self.utilization()

    @cached_property
    def now(self) -> datetime:
        """The origin as an instant."""
        return _EPOCH + timedelta(hours=self.first_hour + self.origin * 24)

    @cached_property
    def vcpus(self) -> int:
        """The size in the last measured hour before the origin, else in the first after it."""
        before = [row[3] for _, row in self.hours(self.origin - LOOK_BACK, self.origin)]
        return before[-1] if before else next(self.hours(self.origin, self.origin + AHEAD))[1][3]

    @cached_property
    def facts(self) -> InstanceFacts:
        """The changes of size in all that came before."""
        resizes, last = [], None
        for hour in range(self.origin * 24):
            row = self.rows.get(hour)
            if row is None:
                continue
            if last is not None and row[3] != last:
                until = _EPOCH + timedelta(hours=self.first_hour + hour)
                resizes.append(Resize(until=until, vcpus=last))
            last = row[3]
        return InstanceFacts(resizes=tuple(resizes))

    def unused(self, outcome: InUse = OUTCOME) -> bool:
        """Whether the next 30 days had fewer busy days than being in use takes."""
        after = self.hours(self.origin, self.origin + AHEAD)
        return len({day for day, row in after if outcome.busy(row)}) < outcome.days

    @cached_property
    def is_unused(self) -> bool:
        """The answer by the usual definition."""
        return self.unused()

    def share_seen(self, first_day: int, end_day: int) -> float:
        """Return the share of the 5-minute samples that these days have."""
        samples = sum(row[4] for _, row in self.hours(first_day, end_day))
        return samples / ((end_day - first_day) * 288)


def read_trace(file: Path) -> tuple[list[Case], list[Case]]:
    """Return the cases, and those that only their look-back of too few samples keeps out."""
    columns = pq.read_table(file, columns=list(_COLUMNS)).to_pydict()
    first_hour = min(columns["h"]) // 24 * 24
    vms: dict[int, dict[int, Row]] = {}
    for vm, hour, cpu, peak, megabytes, cores, samples in zip(*map(columns.get, _COLUMNS), strict=True):
        row = (cpu, peak, megabytes * MEGABYTE, cores, samples)
        vms.setdefault(vm, {})[hour - first_hour] = row
    every = [Case(vm, origin, first_hour, rows) for vm, rows in sorted(vms.items()) for origin in ORIGINS]
    after = [c for c in every if c.share_seen(c.origin, c.origin + AHEAD) > FEWEST_SAMPLES]
    whole = {id(c) for c in after if c.share_seen(c.origin - LOOK_BACK, c.origin) > FEWEST_SAMPLES}
    return [c for c in after if id(c) in whole], [c for c in after if id(c) not in whole]


def vms_of(cases: Sequence[Case]) -> list[int]:
    """Return the numbers of the VMs, sorted."""
    return sorted({case.vm for case in cases})
