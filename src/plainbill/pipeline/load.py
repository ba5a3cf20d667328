"""The part of a refresh that reads the load of instances, and stores it as it comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from plainbill.analyzer.ec2_idle.second_phase import SecondPhase
from plainbill.aws_connector import Connector, Scope
from plainbill.data_fetcher import cloudwatch, ec2_load
from plainbill.data_fetcher.crew import Crew, Reading, Unit
from plainbill.model.load_block import LoadBlock
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance
from plainbill.storage import LoadFile, LoadWriter

AT_ONCE = 16
"""Chunks that are read or wait to be stored: what bounds memory."""


def keep_load(
    crew: Crew,
    connector: Connector,
    instances: Iterable[Sequence[Ec2Instance]],
    window: Period,
    phase: SecondPhase,
    writer: LoadWriter,
) -> LoadFile:
    """Read the load of all that run, store each chunk when it is there, and return what is stored.

    Raises ``OSError`` where it cannot be stored.
    """
    for blocks in crew.stream(_units(connector, instances, window, phase), AT_ONCE):
        for block in blocks:
            writer.add(block)
    return writer.finish()


def _units(
    connector: Connector, instances: Iterable[Sequence[Ec2Instance]], window: Period, phase: SecondPhase
) -> Iterator[Unit[list[LoadBlock]]]:
    """Many running instances of one Region are several units, so that they are asked at the same time."""
    for several in instances:
        running = (instance for instance in several if instance.state == "running")
        for chunk in ec2_load.chunks(running, window):
            scope = Scope(chunk[0].account_id, chunk[0].region)
            read = partial(_read, connector, scope, chunk, window, phase)
            yield Unit(cloudwatch.CloudWatch.name, scope.account_id, scope.region, read)


def _read(
    connector: Connector, scope: Scope, chunk: Sequence[Ec2Instance], window: Period, phase: SecondPhase
) -> Reading[list[LoadBlock]]:
    blocks, gaps = ec2_load.read(connector, scope, chunk, window, phase.wanted)
    return Reading(blocks, sum(len(block) for block in blocks), gaps)
