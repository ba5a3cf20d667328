"""The part of a refresh that reads the load of instances, and stores it as it comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from plainbill.analyzer.ec2_idle.second_phase import SecondPhase, second_phase
from plainbill.analyzer.idle import IdleRule
from plainbill.analyzer.registry import Check
from plainbill.aws_connector import Connector, Scope
from plainbill.data_fetcher import cloudwatch, ec2_load
from plainbill.data_fetcher.crew import FIRST, Crew, Reading, Unit
from plainbill.data_fetcher.metric_statistics import FreeMetrics
from plainbill.data_fetcher.monitoring_account import Asking
from plainbill.model.load_block import LoadBlock
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance
from plainbill.pipeline.known_load import KnownLoad, known_load
from plainbill.settings import Settings
from plainbill.storage import LoadFile, LoadWriter, Snapshot

AT_ONCE = 16
"""Chunks that are read or wait to be stored: what bounds memory."""


@dataclass(frozen=True, slots=True)
class LoadReader:
    """Reads the hours of ``window``: CPU of all, network where ``phase`` wants it.

    ``free`` puts the questions, ``writer`` gets what was read. What is ``known`` is not asked again where
    that saves calls.
    """

    window: Period
    phase: SecondPhase
    free: FreeMetrics
    writer: LoadWriter
    known: KnownLoad | None = None

    @property
    def whole_at(self) -> datetime:
        """The end of the window in which all hours were last asked, whatever was known of them."""
        return self.known.whole_at if self.known else self.window.end

    def keep(
        self,
        crew: Crew,
        connector: Connector,
        instances: Iterable[Sequence[Ec2Instance]],
        asking: Asking | None = None,
    ) -> LoadFile:
        """Read the load of all that run, store each chunk when it is there, and return what is stored.

        ``asking`` is how, where it is not by ``free``. Raises ``OSError`` where it cannot be stored.
        """
        units = self._units(connector, instances, asking or Asking(self.free.ask))
        for blocks in crew.stream(units, AT_ONCE):
            for block in blocks:
                self.writer.add(block)
        return self.writer.finish()

    def _units(
        self, connector: Connector, instances: Iterable[Sequence[Ec2Instance]], asking: Asking
    ) -> Iterator[Unit[list[LoadBlock]]]:
        """Many running instances of one Region are several units, so that they are asked at the same time."""
        by_place = ((Scope(some[0].account_id, some[0].region), some) for some in instances if some)
        for scope, several in asking.together(by_place).items():
            running = [one for some in several for one in some if one.state == "running"]
            for chunk, known in self._chunks(scope, running):
                read = partial(self._read, connector, scope, chunk, asking.ask, known)
                about = tuple(dict.fromkeys(one.account_id for one in chunk))
                yield Unit(cloudwatch.CloudWatch.name, scope.account_id, scope.region, read, FIRST, about)

    def _chunks(
        self, scope: Scope, running: Sequence[Ec2Instance]
    ) -> Iterator[tuple[Sequence[Ec2Instance], KnownLoad | None]]:
        rest = running
        if self.known:
            known, rest = self.known.split(scope, running, self.window)
            for chunk in ec2_load.chunks(known, self.window, self.known.open_hours):
                yield chunk, self.known
        for chunk in ec2_load.chunks(rest, self.window):
            yield chunk, None

    def _read(
        self,
        connector: Connector,
        scope: Scope,
        chunk: Sequence[Ec2Instance],
        ask: cloudwatch.Ask,
        known: KnownLoad | None,
    ) -> Reading[list[LoadBlock]]:
        hours = known.of(chunk) if known else None
        blocks, gaps = ec2_load.read(connector, scope, chunk, self.window, self.phase.wanted, ask, hours)
        return Reading(blocks, sum(len(block) for block in blocks), gaps)


def load_reader(
    settings: Settings,
    checks: Iterable[Check],
    now: datetime,
    free: FreeMetrics,
    writer: LoadWriter,
    last: Snapshot | None = None,
) -> LoadReader:
    """Return what reads as much as settings say and as these checks, with their thresholds, need.

    ``last`` is the snapshot whose hours need not be read again.
    """
    window = cloudwatch.window(now, max(settings.idle_days, settings.metric_days))
    phase = second_phase(checks, IdleRule(days=settings.idle_days), now)
    return LoadReader(window, phase, free, writer, known_load(last, window))
