"""The hours of load that the last snapshot holds, and that need not be read again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.cloudwatch import CPU, CloudWatch
from plainbill.data_fetcher.known_hours import KnownHours, fewer_calls
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance
from plainbill.storage import LoadFile, Snapshot

STILL_OPEN = timedelta(hours=48)
"""The last hours that were read are read again: datapoints may have come late."""
READ_WHOLE_AFTER = timedelta(days=7)
"""How long hours that were read may stand: what came later still, after a fault of AWS, is had by then."""


@dataclass(frozen=True, slots=True)
class KnownLoad:
    """What the last refresh read of instances; ``open_hours`` are those that are to be asked of them all.

    Of the accounts and Regions in ``incomplete`` something was missing, and nobody wrote down of whom. All
    hours were last read anew at ``whole_at``.
    """

    load: LoadFile
    open_hours: Period
    incomplete: frozenset[tuple[str | None, str | None]]
    whole_at: datetime

    def split(
        self, scope: Scope, running: Sequence[Ec2Instance], window: Period
    ) -> tuple[Sequence[Ec2Instance], Sequence[Ec2Instance]]:
        """Return of whom only the open hours are asked, and of whom all, at a place that is asked."""
        known = [one for one in running if one.arn in self.load and not self._is_incomplete(scope, one)]
        arns = {one.arn for one in known}
        rest = [one for one in running if one.arn not in arns]
        if fewer_calls(len(known), len(rest), window, self.open_hours, CPU):
            return known, rest
        return (), running

    def _is_incomplete(self, asked: Scope, instance: Ec2Instance) -> bool:
        """Say whether a gap may be of this instance: of its account, of the one asked for it, or of all."""
        accounts, regions = (instance.account_id, asked.account_id, None), (instance.region, None)
        return any((one, region) in self.incomplete for one in accounts for region in regions)

    def of(self, chunk: Iterable[Ec2Instance]) -> KnownHours:
        """Return what is known of some instances."""
        return KnownHours(self.load.several(one.arn for one in chunk), self.open_hours)


def known_load(last: Snapshot | None, window: Period) -> KnownLoad | None:
    """Return what the last snapshot holds of a window; None where that is of no use."""
    read = last.manifest.metrics_period if last else None
    hours = still_open(read, window) if read else None
    whole_at = last.manifest.load_whole_at if last else None
    if last is None or hours is None or whole_at is None or not is_recent(whole_at, window):
        return None
    gaps = (gap for gap in last.manifest.gaps if gap.source == CloudWatch.name)
    places = frozenset((gap.account_id, gap.region) for gap in gaps)
    return KnownLoad(last.utilization(), hours, places, whole_at)


def is_recent(whole_at: datetime, window: Period) -> bool:
    """Say whether all hours were read anew lately, by this clock: then they need not be again."""
    return timedelta(0) <= window.end - whole_at < READ_WHOLE_AFTER


def still_open(read: Period, window: Period) -> Period | None:
    """Return the hours of a window that are to be asked though others were read.

    None where the window begins before them, or too long after; and where they end after it: a clock is
    wrong, or was.
    """
    first = read.end - STILL_OPEN
    if read.start <= window.start < first and read.end <= window.end:
        return Period(first, window.end)
    return None
