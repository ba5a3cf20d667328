"""Judging a snapshot: all of it here, or half of a large fleet in a second process meanwhile.

The second process (``judging_part``) reads its half of the instances from the stored files itself, and only
its findings come back: neither process holds what the other one judges twice. It ends when this one does,
however that ends: it reads its standard input, which then closes.
"""

from __future__ import annotations

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

FEWEST_INSTANCES = 20_000
"""From how many on a second process is worth its start and what it takes to hand over its findings."""
_OWN = "plainbill."


def judged(
    snapshot: Snapshot, context: Context, checks: Sequence[Check], fewest: int = FEWEST_INSTANCES
) -> Report:
    """Return what the checks say of a snapshot, whose ``context`` it is.

    Raises ``JudgingError`` where the second process, used for ``fewest`` instances or more, ends too early.
    """
    places, instances = snapshot.manifest.places, snapshot.instances()
    divided = [check for check in checks if _is_divided(check)]
    if not divided or len(instances) < fewest or _cores() < 2:
        return run_checks(checks, context, places)
    half = len(instances) // 2
    part = Part(snapshot.folder, tuple(divided), half, len(instances))
    with _beside(part) as answers:
        others = [check for check in checks if check not in divided]
        first: dict[type[Resource], Sequence[Resource]] = dict(context.inventory.resources)
        first[Ec2Instance] = instances[:half]
        own = replace(context, inventory=replace(context.inventory, resources=first))
        here = [run_checks(others, context, places), run_checks(divided, own, places)]
        return joined([*here, _report(answers, divided, instances[half:])])


def _is_divided(check: Check) -> bool:
    """Say whether a check is ours, looks at the hours of each instance by itself.

    Those that tell at once of whom they are surely Ok do, and are nearly all of the work.
    """
    is_quick_for_many = type(check).is_surely_ok is not WasteCheck.is_surely_ok
    return check.resource is Ec2Instance and is_quick_for_many and type(check).__module__.startswith(_OWN)


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _beside(part: Part) -> Iterator[Connection]:
    """Start the second process on a part; yield where it answers. It never outlives this."""
    command = [sys.executable, "-c", "from plainbill.pipeline.judging_part import main; main()"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, start_new_session=True) as process:
        assert process.stdin  # noqa: S101 - for mypy: both are pipes
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
            process.kill()


def _report(answers: Connection, checks: Sequence[Check], instances: Sequence[Ec2Instance]) -> Report:
    """Read what the second process found, in the words of this one's own objects."""
    findings: list[Finding] = []
    while isinstance(found := answers.recv(), Found):
        rows = zip(found.checks, found.rows, found.wastes, found.rates, strict=True)
        findings.extend(
            Finding(checks[check], instances[row], waste, rates) for check, row, waste, rates in rows
        )
    ended: Ended = found
    if ended.error is not None:
        raise JudgingError(ended.error)
    undecided = [Undecided(checks[check], instances[row], reason) for check, row, reason in ended.undecided]
    return Report(findings=findings, undecided=undecided, tallies=ended.tallies)
