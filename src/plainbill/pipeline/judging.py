"""Judging a snapshot: all of it here, or half of a large fleet in a second process meanwhile.

The second process (``judging_part``) reads its half of the instances from the stored files itself, and only
its findings come back: neither process holds what the other one judges twice. It is started while the
snapshot is stored, so that its imports are done when there is something to judge. It ends when this one does,
however that ends: it reads its standard input, which then closes.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection

from plainbill.analyzer.engine import Finding, Report, Undecided, joined, run_checks
from plainbill.analyzer.registry import Check
from plainbill.analyzer.waste_check import Context, WasteCheck
from plainbill.errors import JudgingError
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.pipeline.judging_part import Ended, Found, Part
from plainbill.storage import Snapshot

FEWEST_HOURS = 8_000_000
"""From how many hours of load on a second process is worth what it takes (docs/decisions/0011)."""
_HOURS_AN_INSTANCE = 500
"""What judging an instance takes besides its hours, in hours."""
_FEWEST = 2  # there are halves of
_OWN = "plainbill."
_log = logging.getLogger(__name__)


class Second:
    """The second process, once it is started; it never outlives this object's ``end``."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_started(self) -> bool:
        """Whether there is one."""
        return self._process is not None

    def start_for(self, instances: int, hours: int, fewest: int = FEWEST_HOURS) -> None:
        """Start it where so many instances with so many hours of load are work enough, and there is a core.

        Where the machine cannot start it, there is none.
        """
        if instances < _FEWEST or instances * (hours + _HOURS_AN_INSTANCE) < fewest or _cores() < 2:
            return
        command = [sys.executable, "-c", "from plainbill.pipeline.judging_part import main; main()"]
        pipe = subprocess.PIPE
        try:
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, start_new_session=True)
        except OSError as error:
            _log.warning("one process judges all of the fleet, for no second one could start: %s", error)

    def end(self) -> None:
        """End it, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    @contextmanager
    def judging(self, part: Part) -> Iterator[Connection]:
        """Have it judge a part; yield where it answers. Raises ``JudgingError`` where it ends before."""
        process = self._process
        assert process  # noqa: S101 - for mypy: who calls it asked ``is_started``
        assert process.stdin  # noqa: S101 - as above: both are pipes
        assert process.stdout  # noqa: S101 - as above
        asked = Connection(os.dup(process.stdin.fileno()), readable=False)
        answers = Connection(os.dup(process.stdout.fileno()), writable=False)
        try:
            with asked, answers:
                asked.send(part)
                yield answers
        except (EOFError, BrokenPipeError, ConnectionResetError):
            process.kill()
            code = process.wait()
            how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
            raise JudgingError(
                f"The process that judged half of the instances {how} before it was done. What was read is "
                "kept, the findings are those of the last refresh: refresh again; where it is ended again, "
                "look whether the machine is short of memory."
            ) from None
        finally:
            self.end()


def judged(
    snapshot: Snapshot, context: Context, checks: Sequence[Check], second: Second | None = None
) -> Report:
    """Return what the checks say of a snapshot, whose ``context`` it is; half of it by a second process.

    Raises ``JudgingError`` where the second process ends too early.
    """
    places, instances = snapshot.manifest.places, snapshot.instances()
    divided = [check for check in checks if _is_divided(check)]
    if not divided or second is None or not second.is_started:
        return run_checks(checks, context, places)
    half = len(instances) // 2
    part = Part(snapshot.folder, tuple(divided), half, len(instances))
    with second.judging(part) as answers:
        others = [check for check in checks if check not in divided]
        first: dict[type[Resource], Sequence[Resource]] = dict(context.inventory.resources)
        first[Ec2Instance] = instances[:half]
        own = replace(context, inventory=replace(context.inventory, resources=first))
        here = [run_checks(others, context, places), run_checks(divided, own, places)]
        return joined([*here, _report(answers, divided, instances[half:])])


def _is_divided(check: Check) -> bool:
    """Say whether a check is ours, looks at the hours of each instance by itself.

    Those that work out something for many at once do, and are nearly all of the work.
    """
    looks_ahead = type(check).look_ahead is not WasteCheck.look_ahead
    return check.resource is Ec2Instance and looks_ahead and type(check).__module__.startswith(_OWN)


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _report(answers: Connection, checks: Sequence[Check], instances: Sequence[Ec2Instance]) -> Report:
    """Read what the second process found, in the words of this one's own objects."""
    findings: list[Finding] = []
    while isinstance(found := answers.recv(), Found):
        rows = zip(found.checks, found.rows, found.put_together(), found.rates, strict=True)
        findings.extend(
            Finding(checks[check], instances[row], waste, rates) for check, row, waste, rates in rows
        )
    ended: Ended = found
    if ended.error is not None:
        raise JudgingError(ended.error)
    undecided = [Undecided(checks[check], instances[row], reason) for check, row, reason in ended.undecided]
    return Report(findings=findings, undecided=undecided, tallies=ended.tallies)
