"""Hours of load that were read before: only those after them are asked of CloudWatch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from plainbill.data_fetcher import cloudwatch
from plainbill.data_fetcher.cloudwatch import OneSeries
from plainbill.model.load_block import Floats, floats_of
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import NotAsked, Utilization

_SAID_UNTIL = 8
"""Hours before the end of what was read within which a datapoint must be: so the clock was right then."""


@dataclass(frozen=True, slots=True)
class KnownHours:
    """What was read of some instances, by ARN; of what is before ``open_hours`` nothing will change."""

    loads: Mapping[str, Utilization]
    open_hours: Period

    def head(self, arn: str, period: Period, series: Sequence[OneSeries]) -> list[Floats] | None:
        """Return the hours of ``period`` that stand, an array a series.

        None where not all of them were read, or where the very last ones have no datapoint at all: by a clock
        that was ahead, hours would count as settled whose datapoints may still have come.
        """
        used = self.loads.get(arn)
        if used is None or used.period.start > period.start or self.open_hours.end != period.end:
            return None
        first, end = (_hours(used.period, one) for one in (period.start, self.open_hours.start))
        if not first < end < used.period.hours or np.isnan(floats_of(used.cpu_average)[-_SAID_UNTIL:]).all():
            return None
        fields = [getattr(used, one.field) for one in series]
        if any(isinstance(values, NotAsked) for values in fields):
            return None
        return [floats_of(values)[first:end] for values in fields]


@dataclass(frozen=True, slots=True)
class Part:
    """Instances whose ``period`` is asked, and the hours before it of each by ARN, where it is not all."""

    instances: Sequence[Ec2Instance]
    period: Period
    heads: Mapping[str, Sequence[Floats]]

    def whole(self, instance: Ec2Instance, answered: list[Floats]) -> list[Floats]:
        """Return what was answered of an instance, with the hours that were known before it."""
        if not self.heads:
            return answered
        return [np.concatenate(pair) for pair in zip(self.heads[instance.arn], answered, strict=True)]


def parts(
    instances: Sequence[Ec2Instance], period: Period, series: Sequence[OneSeries], known: KnownHours | None
) -> Iterator[Part]:
    """Yield what is to be asked: all hours of all, unless it takes fewer calls to join what is known."""
    if known is None:
        yield Part(instances, period, {})
        return
    heads = {one.arn: known.head(one.arn, period, series) for one in instances}
    found = {arn: head for arn, head in heads.items() if head is not None}
    later = [one for one in instances if one.arn in found]
    rest = [one for one in instances if one.arn not in found]
    if fewer_calls(len(later), len(rest), period, known.open_hours, series):
        yield Part(later, known.open_hours, found)
        yield Part(rest, period, {})
    else:
        yield Part(instances, period, {})


def fewer_calls(
    known: int, unknown: int, period: Period, open_hours: Period, series: Sequence[OneSeries]
) -> bool:
    """Say whether to ask only ``open_hours`` of those that are known takes fewer calls than all of all."""
    joined = _calls(known, open_hours, series) + _calls(unknown, period, series)
    return joined < _calls(known + unknown, period, series)


def _calls(instances: int, period: Period, series: Sequence[OneSeries]) -> int:
    return -(-instances // cloudwatch.batch_size(period, series))


def _hours(period: Period, instant: datetime) -> int:
    return int((instant - period.start).total_seconds() // cloudwatch.HOUR)
