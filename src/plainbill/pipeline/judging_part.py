"""What the second process of judging does, and what it is told and tells."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from multiprocessing.connection import Connection
from operator import attrgetter
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

from plainbill.analyzer.engine import Finding, Tally, run_checks
from plainbill.analyzer.reading import context_of
from plainbill.analyzer.registry import Check
from plainbill.errors import PlainbillError, StorageError
from plainbill.model.billing import BilledUsage
from plainbill.model.findings import Measurement, Waste
from plainbill.model.metrics import Series
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.model.utilization import Utilization
from plainbill.pipeline.memory import sparing_memory
from plainbill.prices import Rate, UsageKey, UsedRate
from plainbill.storage import Snapshot, open_snapshot

R = TypeVar("R", bound=Resource)
_AT_ONCE = 2_000
"""Findings in a message."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is to be judged: the instances ``[first, end)`` of a snapshot, by some checks."""

    snapshot: Path
    checks: Sequence[Check]
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """Findings by the column; checks and instances by their places in the part.

    ``wastes`` and their measurements are the values of their fields: an object for each costs as much to hand
    over as to find it.
    """

    checks: Sequence[int]
    rows: Sequence[int]
    wastes: Sequence[tuple[Any, ...]]
    measurements: Sequence[Sequence[tuple[Any, ...]]]
    rates: Sequence[tuple[UsedRate, ...]]

    @classmethod
    def of(cls, findings: Sequence[Finding], checks: Sequence[int], rows: Sequence[int]) -> Found:
        """Take findings to pieces."""
        return cls(
            checks=checks,
            rows=rows,
            wastes=[_FIELDS(one.waste) for one in findings],
            measurements=[list(map(_MEASURED, one.waste.evidence)) for one in findings],
            rates=[one.rates for one in findings],
        )

    def put_together(self) -> Iterator[Waste]:
        """Yield what was found as it was."""
        for values, measured in zip(self.wastes, self.measurements, strict=True):
            evidence = tuple(Measurement(*one) for one in measured)
            yield Waste(**dict(zip(_NAMES, values, strict=True)), evidence=evidence)


_NAMES = tuple(one.name for one in fields(Waste) if one.name != "evidence")
_FIELDS, _MEASURED = attrgetter(*_NAMES), attrgetter(*(one.name for one in fields(Measurement)))


@dataclass(frozen=True, slots=True)
class Ended:
    """What comes last: the rest of the answer, or why there is none."""

    undecided: Sequence[tuple[int, int, str]] = ()
    tallies: Mapping[tuple[str, str, str], Tally] = field(default_factory=dict)
    error: str | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    """A snapshot with some of its instances."""

    whole: Snapshot
    instances: Sequence[Ec2Instance]

    def resources(self, kind: type[R]) -> Sequence[R] | None:
        return self.instances if kind is Ec2Instance else self.whole.resources(kind)  # type: ignore[return-value]

    def series(self) -> Mapping[tuple[str, str], Series]:
        return self.whole.series()

    def utilization(self) -> Mapping[str, Utilization]:
        return self.whole.utilization()

    def billed(self) -> BilledUsage | None:
        return self.whole.billed()

    def listed_rates(self) -> Mapping[UsageKey, Rate]:
        return self.whole.listed_rates()


def main() -> None:
    """Judge the part that standard input will name; end at once where whoever asks for it is gone."""
    asked, answers = Connection(os.dup(0), writable=False), Connection(os.dup(1), readable=False)
    os.dup2(2, 1)  # what anything prints is no answer
    try:
        part: Part = asked.recv()
    except EOFError:
        return  # nothing was to be judged after all
    Thread(target=_end_with, args=(asked,), daemon=True).start()
    try:
        with sparing_memory():
            _answer(answers, part)
    except (PlainbillError, OSError) as error:
        answers.send(Ended(error=f"The process that judged half of the instances failed: {error}"))


def _answer(answers: Connection, part: Part) -> None:
    snapshot = open_snapshot(part.snapshot)
    if snapshot is None:
        raise StorageError(f"the snapshot {part.snapshot} is gone")
    instances = snapshot.some(Ec2Instance, part.first, part.end)
    manifest, reading = snapshot.manifest, _Reading(snapshot, instances)
    context = context_of(reading, manifest.gaps, manifest.taken_at, part.checks)
    report = run_checks(part.checks, context, manifest.places)
    rows = {one.arn: row for row, one in enumerate(instances)}
    numbers = {check.id: number for number, check in enumerate(part.checks)}
    for first in range(0, len(report.findings), _AT_ONCE):
        some = report.findings[first : first + _AT_ONCE]
        answers.send(
            Found.of(
                some,
                checks=[numbers[one.check.id] for one in some],
                rows=[rows[one.resource.arn] for one in some],
            )
        )
    undecided = [(numbers[one.check.id], rows[one.resource.arn], one.reason) for one in report.undecided]
    answers.send(Ended(undecided, report.tallies))


def _end_with(asked: Connection) -> None:
    """End this process when the other end of its standard input is closed."""
    try:
        asked.recv_bytes()
    except (EOFError, OSError):
        os._exit(1)
