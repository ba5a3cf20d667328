"""How long a what-if question takes beside judging everything from scratch, over a generated fleet.

    make bench BENCH=bench/what_if.py
    PYTHONPATH=.:tests .venv/bin/python bench/what_if.py --instances 100000

Four weeks of hours for each instance, drawn from 40 histories (a third idle, a tenth of the hours of some not
seen), so that memory holds a large fleet; every instance is judged by itself. Both are timed in one run.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from factories import context, instance, utilization, with_hours
from plainbill.analyzer.checks.ec2_instance_idle import Ec2InstanceIdle
from plainbill.analyzer.engine import Report, run_checks
from plainbill.analyzer.registry import all_checks
from plainbill.analyzer.waste_check import Context
from plainbill.analyzer.what_if import Value, what_if
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import Utilization

HISTORIES, HOURS = 40, 28 * 24
PLACE = ("111122223333", "us-east-1")
GOAL = 0.1
QUESTIONS: tuple[Mapping[str, Value], ...] = (
    {"min_coverage": 0.7},
    {"min_coverage": 0.95},
    {"look_back_days": 14},
    {"look_back_days": 21, "min_coverage": 0.5},
)


def history(number: int) -> Utilization:
    """The load of one kind of instance: idle, busy by day, or busy all the time, with or without holes."""
    if number % 3 == 0:
        at: dict[int, float | None] = {HOURS - 24 * (number % 20) - 5: 40.0} if number % 2 else {}
        cpu = with_hours(0.3, at, HOURS)
    elif number % 3 == 1:
        cpu = tuple(30.0 if 8 <= hour % 24 < 18 and hour // 24 % 7 < 5 else 0.5 for hour in range(HOURS))
    else:
        cpu = tuple(20.0 + (hour * number) % 50 for hour in range(HOURS))
    if number % 5 == 0:
        cpu = tuple(None if hour % 10 == 3 else value for hour, value in enumerate(cpu))
    return replace(utilization(days=28), cpu_average=cpu, cpu_maximum=cpu)


def fleet(size: int) -> Context:
    """The instances and what is known of them, nothing judged yet."""
    histories = [history(number) for number in range(HISTORIES)]
    machines = [instance(instance_id=f"i-{number:017x}") for number in range(size)]
    used = {one.arn: histories[number % HISTORIES] for number, one in enumerate(machines)}
    return context(*machines, utilization=used)


def timed(work: Callable[[], Report]) -> tuple[float, Report]:
    """Return the wall seconds of some work, and its report."""
    start = time.perf_counter()
    report = work()
    return time.perf_counter() - start, report


def main() -> int:
    """Print the wall time of each question, of the first answer to it and of judging everything."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--instances", type=int, default=10_000, help="how many there are")
    size = parser.parse_args().instances
    checks = [check for check in all_checks() if check.resource is Ec2Instance]
    known = fleet(size)
    scratch, report = timed(lambda: run_checks(checks, known, [PLACE]))
    print(f"{size:,} instances; everything from scratch by {len(checks)} checks: {scratch * 1000:,.0f} ms")
    for question in QUESTIONS:
        took, after = timed(lambda: asked(report, known, question))  # noqa: B023 - run at once
        verdict = "within" if took < GOAL else "beyond"
        words = ", ".join(f"{name}={value}" for name, value in question.items())
        print(
            f"  {words}: {took * 1000:,.0f} ms ({verdict} {GOAL * 1000:.0f} ms), {scratch / took:.1f} times "
            f"as fast; {len(report.findings):,} findings before, {len(after.findings):,} after"
        )
    return 0


def asked(report: Report, known: Context, question: Mapping[str, Value]) -> Report:
    """Answer one question to the end: what goes and comes, and every sum."""
    said = what_if(report, known, Ec2InstanceIdle(), question)
    assert said.gone is not None
    assert said.came is not None
    assert said.after.monthly_saving is not None
    return said.after


if __name__ == "__main__":
    main()
