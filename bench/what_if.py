"""How long a what-if question takes beside judging everything from scratch, over a generated fleet.

    make bench BENCH=bench/what_if.py
    PYTHONPATH=.:tests .venv/bin/python bench/what_if.py --instances 100000

63 days of hours for each instance, as a refresh stores them, drawn from 40 histories (a third idle, some of
them woken four weeks apart, a tenth of the hours of some not seen), so that memory holds a large fleet; every
instance is judged by itself. A tenth was stopped for a day and started again. Every threshold of the checks
of instances is asked for. All is timed in one run, answers in full: what goes, comes and changes, and every
sum; the words of each are made as they are looked at, of which the last line tells: a page's rows, and all.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from resource import RUSAGE_SELF, getrusage
from statistics import fmean
from typing import TypeVar

from factories import NOW, context, instance, utilization, with_hours
from plainbill.analyzer.changed_report import Claims
from plainbill.analyzer.checks.ec2_instance_idle import Ec2InstanceIdle
from plainbill.analyzer.checks.ec2_instance_stopped import Ec2InstanceStopped
from plainbill.analyzer.engine import Report, run_checks
from plainbill.analyzer.registry import Check, all_checks
from plainbill.analyzer.waste_check import Context
from plainbill.analyzer.what_if import Value, WhatIf, what_if
from plainbill.app.settled import settle
from plainbill.app.views.judged import Judged
from plainbill.app.views.standing import Standing
from plainbill.app.views.what_if import what_if_view, whole
from plainbill.app.wire import encode
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.model.resources.ebs import EbsVolume
from plainbill.model.utilization import Utilization

T = TypeVar("T")
HISTORIES, DAYS = 40, 63
HOURS = DAYS * 24
STOPPED_DAYS_AGO, STOPPED_HOURS = 10, 24
PLACE = ("111122223333", "us-east-1")
GOAL = 0.1
SHOWN = 100
IDLE, STOPPED = Ec2InstanceIdle(), Ec2InstanceStopped()
QUESTIONS: tuple[tuple[Check, Mapping[str, Value]], ...] = (
    (IDLE, {"min_coverage": 0.7}),
    (IDLE, {"min_coverage": 0.95}),
    (IDLE, {"look_back_days": 14}),
    (IDLE, {"look_back_days": 21, "min_coverage": 0.5}),
    (IDLE, {"look_back_days": 60}),
    (IDLE, {"busy_vcpus": 0.5, "most_busy_percent": 50.0}),
    (IDLE, {"busy_vcpus": 0.005, "least_busy_percent": 0.1}),
    (IDLE, {"least_busy_percent": 8.0}),
    (IDLE, {"most_busy_percent": 3.0}),
    (IDLE, {"busy_network_mb": 0.0005}),
    (STOPPED, {"min_days": 300}),
)


def history(number: int) -> Utilization:
    """The load of one kind of instance: idle, busy by day, or busy all the time, with or without holes."""
    if number % 3 == 0:
        at: dict[int, float | None] = {HOURS - 24 * (number % 20) - 5: 40.0} if number % 2 else {}
        at |= {HOURS - back: 40.0 for back in (100, 100 + 28 * 24)} if number % 4 == 2 else {}
        cpu = with_hours(0.3, at, HOURS)
    elif number % 3 == 1:
        cpu = tuple(30.0 if 8 <= hour % 24 < 18 and hour // 24 % 7 < 5 else 0.5 for hour in range(HOURS))
    else:
        cpu = tuple(20.0 + (hour * number) % 50 for hour in range(HOURS))
    if number % 5 == 0:
        cpu = tuple(None if hour % 10 == 3 else value for hour, value in enumerate(cpu))
    return replace(utilization(days=DAYS), cpu_average=cpu, cpu_maximum=cpu)


def restarted(used: Utilization) -> Utilization:
    """The same load without the hours of a stop."""
    start = HOURS - STOPPED_DAYS_AGO * 24
    gone: dict[int, float | None] = dict.fromkeys(range(start - STOPPED_HOURS, start))
    cpu = tuple(map(gone.get, range(HOURS), used.cpu_average))
    network = with_hours(500.0, gone, HOURS)
    return replace(used, cpu_average=cpu, cpu_maximum=cpu, network_in=network, network_out=network)


def fleet(size: int) -> Context:
    """The instances and what is known of them, nothing judged yet."""
    histories = [history(number) for number in range(HISTORIES)]
    stopped = [restarted(one) for one in histories]
    machines = [instance(instance_id=f"i-{number:017x}") for number in range(size)]
    again = NOW - timedelta(days=STOPPED_DAYS_AGO)
    machines[::10] = [replace(one, launched_at=again) for one in machines[::10]]
    used = {
        one.arn: (histories if number % 10 else stopped)[number // 10 % HISTORIES]
        for number, one in enumerate(machines)
    }
    known = context(*machines, utilization=used)
    resources: dict[type[Resource], Sequence[Resource]] = {**known.inventory.resources, EbsVolume: ()}
    return replace(known, inventory=replace(known.inventory, resources=resources))


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Return the wall seconds of some work, and what it made."""
    start = time.perf_counter()
    made = work()
    return time.perf_counter() - start, made


def peak() -> float:
    """Return the largest memory so far, in MB."""
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Print the wall time of judging everything, of the first question and of each of the others."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--instances", type=int, default=10_000, help="how many there are")
    size = parser.parse_args().instances
    checks = [check for check in all_checks() if check.resource is Ec2Instance]
    known = fleet(size)
    before = peak()
    scratch, report = timed(lambda: run_checks(checks, known, [PLACE]))
    print(f"{size:,} instances; everything from scratch by {len(checks)} checks: {scratch * 1000:,.0f} ms")
    settle(report)  # as the application does with what it judged
    judged = peak()
    made, claims = timed(lambda: Claims(report))
    arrays, _ = timed(lambda: asked(report, known, IDLE, {}, claims))
    first, _ = timed(lambda: asked(report, known, IDLE, {"look_back_days": 20}, claims))
    print(f"  opening the page, which makes the arrays: {(made + arrays) * 1000:,.0f} ms")
    print(f"  the first question: {first * 1000:,.0f} ms")
    times = [_ask(report, known, claims, check, question) for check, question in QUESTIONS]
    print(
        f"  {len(times)} later questions: {fmean(times) * 1000:,.0f} ms on average, "
        f"{max(times) * 1000:,.0f} ms the slowest "
        f"({sum(took < GOAL for took in times)} within {GOAL * 1000:.0f} ms)"
    )
    print(
        f"  memory: {before:,.0f} MB of instances, {judged:,.0f} MB judged, {peak():,.0f} MB after questions"
    )
    _answer(Judged(checks, known, report, {}, {}))
    return 0


def _ask(
    report: Report, known: Context, claims: Claims, check: Check, question: Mapping[str, Value]
) -> float:
    took, said = timed(lambda: asked(report, known, check, question, claims))
    words = ", ".join(f"{name}={value}" for name, value in question.items())
    verdict = "within" if took < GOAL else "beyond"
    print(
        f"  {check.id} {words}: {took * 1000:,.0f} ms ({verdict} {GOAL * 1000:.0f} ms); "
        f"{len(said.gone):,} go, {len(said.came):,} come, {len(said.changed):,} change"
    )
    return took


def asked(
    report: Report, known: Context, check: Check, question: Mapping[str, Value], claims: Claims
) -> WhatIf:
    """Answer one question to the end: what goes, comes and changes, and every sum."""
    said = what_if(report, known, check, question, claims)
    assert said.gone is not None
    assert said.came is not None
    assert said.changed is not None
    assert said.after.monthly_saving is not None
    assert all(said.after.counted_of(one) for one in said.after.of_check(check.id))
    return said


def _answer(judged: Judged) -> None:
    """Print how long a view takes: with the rows that a page shows, and as JSON with all."""
    standing = Standing(judged, {})
    what_if_view(standing, IDLE, {"look_back_days": 14})
    question: Mapping[str, Value] = {"look_back_days": 13}
    took, view = timed(lambda: what_if_view(standing, IDLE, question))
    rows, _ = timed(lambda: [(one.finding, one.reason) for one in (*view.gone, *view.came)[:SHOWN]])
    more, _ = timed(lambda: view.changed[:SHOWN])
    every, json = timed(lambda: encode(whole(view)))
    print(
        f"  look_back_days=13 as a view: {took * 1000:,.0f} ms, a page's rows "
        f"{(rows + more) * 1000:,.0f} ms; as JSON with all "
        f"{len(view.gone) + len(view.came) + len(view.changed):,} rows another "
        f"{every * 1000:,.0f} ms, {len(json) / 1e6:,.1f} MB"
    )


if __name__ == "__main__":
    main()
