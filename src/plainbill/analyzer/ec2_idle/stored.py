"""The stored hours of a window, as the rules of vendors look at them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from plainbill.analyzer.ec2_idle.load import HOUR, MEGABYTE
from plainbill.analyzer.evidence import numbers_of
from plainbill.model.utilization import Hours, Utilization

Known = Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The last ``days`` x 24 hours (as many as are stored); None is an hour without a datapoint.

    ``peak`` is the highest sample of the hour in percent, at least its mean; ``network`` is bytes in and
    out, known where both are. Where the network was not asked, none of its hours is known.
    """

    days: int
    vcpus: int | None
    start: datetime
    cpu: Hours
    peak: Hours
    network_in: Hours
    network_out: Hours
    network: Hours
    is_network_asked: bool = True

    @property
    def hours(self) -> int:
        """How many hours the window should have."""
        return self.days * 24

    def last(self, days: int) -> Stored:
        """Return the window's last days only."""
        count = min(len(self.cpu), days * 24)
        start = len(self.cpu) - count
        return Stored(
            days=days,
            vcpus=self.vcpus,
            start=self.start + start * HOUR,
            cpu=self.cpu[start:],
            peak=self.peak[start:],
            network_in=self.network_in[start:],
            network_out=self.network_out[start:],
            network=self.network[start:],
            is_network_asked=self.is_network_asked,
        )

    def by_day(self) -> Iterator[tuple[Hours, Hours]]:
        """Yield CPU and network of each day of UTC that is touched."""
        place = 0
        while place < len(self.cpu):
            end = place + 24 - (self.start + place * HOUR).hour
            yield self.cpu[place:end], self.network[place:end]
            place = end


def stored_hours(utilization: Utilization, vcpus: int | None, days: int) -> Stored:
    """Return the last hours of a utilization; a value that is no number is no measurement."""
    count = min(utilization.period.hours, days * 24)
    start = utilization.period.hours - count
    nothing = [None] * utilization.period.hours
    cpu, peak, coming, going = (
        numbers_of(hours[start:])
        for hours in (
            utilization.cpu_average,
            utilization.cpu_maximum,
            *(utilization.network or (nothing, nothing)),
        )
    )
    return Stored(
        days=days,
        vcpus=vcpus,
        start=utilization.period.start + start * HOUR,
        cpu=cpu,
        peak=[a if m is None else m for a, m in zip(cpu, peak, strict=True)],
        network_in=coming,
        network_out=going,
        network=[None if i is None or o is None else i + o for i, o in zip(coming, going, strict=True)],
        is_network_asked=utilization.network is not None,
    )


def known(hours: Hours) -> list[float]:
    """Return what was measured."""
    return [value for value in hours if value is not None]


def mean(hours: Hours) -> float | None:
    """Return the mean of what was measured, each hour weighing the same; None of nothing."""
    values = known(hours)
    return sum(values) / len(values) if values else None


def highest(hours: Hours) -> float | None:
    """Return the highest measured value; None of nothing."""
    return max(known(hours), default=None)


def percentile(hours: Hours, share: float) -> float | None:
    """Return the value that ``share`` percent of the measured hours do not pass (nearest rank)."""
    values = sorted(known(hours))
    return values[max(0, ceil(share / 100 * len(values)) - 1)] if values else None


def megabytes_a_day(hours: Hours) -> float | None:
    """Return mean hourly bytes as MB a day; None of nothing."""
    average = mean(hours)
    return None if average is None else average * 24 / MEGABYTE
