"""What is worked out for all instances at once is what judging each of them says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import nan

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ec2_factories import agent_metric, hours_of
from factories import NOW, context, instance, last_hours, utilization, with_hours
from plainbill.analyzer.changed_report import Claims
from plainbill.analyzer.checks.ec2_instance_graviton import Ec2InstanceGraviton
from plainbill.analyzer.checks.ec2_instance_idle import Ec2InstanceIdle
from plainbill.analyzer.ec2_idle.fleet import fleet_of
from plainbill.analyzer.engine import run_checks
from plainbill.analyzer.waste_check import Context
from plainbill.analyzer.what_if import Value, variant_of, what_if
from plainbill.model.findings import Unknown
from plainbill.model.metrics import Series
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.agent_metric import GPU
from plainbill.model.utilization import Utilization

HERE = ("111122223333", "us-east-1")
OTHERS = (Ec2InstanceGraviton(),)
Life = tuple[Ec2Instance, Utilization | None, Series | None]
"""An instance, its load, and what its agent says of its GPU."""
SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "look_back_days": st.sampled_from([7, 10, 14, 21, 29, 30, 45, 60, 90]),
        "min_coverage": st.sampled_from([0.01, 0.5, 0.75, 0.9, 1.0]),
        "busy_vcpus": st.sampled_from([0.0, 0.02, 0.2, 1.0]),
        "least_busy_percent": st.sampled_from([0.0, 1.0, 5.0]),
        "most_busy_percent": st.sampled_from([5.0, 20.0, 60.0]),
        "busy_network_mb": st.sampled_from([0.0, 1.0, 100.0]),
    },
)
KINDS = st.fixed_dictionaries(
    {},
    optional={
        "instance_type": st.sampled_from(
            ["m5.large", "t3.micro", "c5.24xlarge", "m5d.large", "g4dn.xlarge", "x9.odd"]
        ),
        "lifecycle": st.sampled_from(["on-demand", "spot"]),
        "state": st.sampled_from(["running", "stopped"]),
        "managed_by": st.sampled_from([(), ("ecs",)]),
        "tags": st.sampled_from([{"Name": "dr"}, {"keep": "yes"}, {"aws:cloudformation:stack-name": "web"}]),
    },
)
BURSTS = st.lists(
    st.tuples(
        st.integers(0, 1500), st.sampled_from([1, 23, 24, 168, 336, 672, 720, 744, 2184]), st.integers(1, 5),
        st.sampled_from([1.5, 3.0, 8.0, 30.0]),
    ),
    max_size=4,
)  # fmt: skip
HOLES = st.lists(
    st.tuples(st.integers(0, 1500), st.integers(1, 400), st.sampled_from([None, nan])), max_size=3
)


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """An instance and its hours: quiet but for bursts, with holes, perhaps young, unmeasured or long gone."""
    machine = instance(**draw(KINDS))
    if draw(st.booleans()):
        since = NOW - timedelta(minutes=draw(st.integers(60, 60 * 24 * 40)))
        machine = replace(machine, launched_at=since, first_launched_at=since)
    elif draw(st.booleans()):
        machine = replace(machine, launched_at=NOW - timedelta(minutes=draw(st.integers(1, 60 * 24 * 30))))
    days = draw(st.sampled_from([5, 14, 28, 29, 60, 100]))
    end = NOW - timedelta(hours=draw(st.sampled_from([0, 0, 0, 5, 40, 60])))
    if draw(st.integers(0, 9)) == 0:
        return machine, None, None
    hours = days * 24
    back = {at + n * step: load for at, step, count, load in draw(BURSTS) for n in range(count)}
    cpu: list[float | None] = [back.get(hours - 1 - hour, 0.3) for hour in range(hours)]
    sent: list[float | None] = [1000.0 if hour % 7 else 400_000.0 for hour in range(hours)]
    stopped = int((machine.launched_at - (end - timedelta(hours=hours))) / timedelta(hours=1))
    for hour in range(max(0, stopped - draw(st.sampled_from([0, 1, 30, 400]))), min(stopped, hours)):
        cpu[hour] = sent[hour] = None
    for at, length, value in draw(HOLES):
        for hour in range(at, min(at + length, hours)):
            cpu[hour], sent[hour] = value, (value if at % 2 else sent[hour])
    used = Utilization(
        period=last_hours(hours, end),
        cpu_average=tuple(cpu),
        cpu_maximum=tuple(cpu),
        network_in=tuple(sent),
        network_out=tuple(None if value is None else 1000.0 for value in sent),
    )
    gpu = [9.0 if hours - 1 - hour in back else 0.0 for hour in range(hours)] if draw(st.booleans()) else None
    return machine, used, None if gpu is None else hours_of(gpu, end)


def read(some: list[Life]) -> Context:
    """What one reading knows of them, nothing judged yet."""
    machines = [replace(one, instance_id=f"i-{number:017x}") for number, (one, _, _) in enumerate(some)]
    agents = {one.arn: agent_metric(one, GPU[0].name) for one in machines}
    named = list(zip(machines, some, strict=True))
    measured = {(agents[one.arn].arn, GPU[0]): gpu for one, (_, _, gpu) in named if gpu is not None}
    used = {one.arn: load for one, (_, load, _) in named if load is not None}
    seen = [agents[one.arn] for one, (_, _, gpu) in named if gpu is not None]
    return context(*machines, *seen, series=measured, utilization=used)


@settings(max_examples=150, deadline=None)
@given(some=st.lists(lives(), min_size=1, max_size=5), asked=SETTINGS, usual=SETTINGS)
@example(some=[], asked={"look_back_days": 14}, usual={})
def test_the_answer_is_that_of_judging_everything_anew(
    some: list[Life], asked: dict[str, Value], usual: dict[str, Value]
) -> None:
    check = variant_of(Ec2InstanceIdle(), usual)
    known = read(some)
    before = run_checks([*OTHERS, check], known, [HERE])
    said = what_if(before, known, check, asked, Claims(before))
    variant = variant_of(check, asked)
    fresh = read(some)
    anew = run_checks([*OTHERS, variant], fresh, [HERE])
    after = said.after
    assert after.tallies == anew.tallies
    assert after.monthly_saving == anew.monthly_saving
    assert after.unknown_price == anew.unknown_price
    assert {one.finding_id: after.counted_of(one) for one in after.findings} == {
        one.finding_id: anew.counted_of(one) for one in anew.findings
    }
    assert [(one.finding_id, one.saving, one.confidence, one.parts) for one in after.findings] == [
        (one.finding_id, one.saving, one.confidence, one.parts) for one in anew.findings
    ]
    assert [one.waste for one in after.findings] == [one.waste for one in anew.findings]
    assert list(after.undecided) == list(anew.undecided)
    for moved in (*said.gone, *said.came):
        judge = variant if moved in said.gone else check
        alone = judge.evaluate(moved.finding.resource, fresh)
        assert moved.instead == alone
        assert moved.is_unknown is isinstance(alone, Unknown)


def test_limits_that_part_other_hours_look_at_the_rhythm_again() -> None:
    """Three wakes four weeks apart are a job; where the limit hides the first of them, two are a doubt."""
    four_weeks, hours = 28 * 24, 60 * 24
    loads: dict[int, float | None] = {hours - 90 - n * four_weeks: (30.0, 30.0, 8.0)[n] for n in range(3)}
    used = utilization(average=0.3, days=60, cpu_average=with_hours(0.3, loads, hours))
    machine, check = instance(), Ec2InstanceIdle()
    known = context(machine, utilization={machine.arn: used})
    before = run_checks([check], known, [HERE])
    lax: dict[str, Value] = {"busy_vcpus": 0.4, "most_busy_percent": 20.0}
    near: dict[str, Value] = {"least_busy_percent": 5.5}
    questions = [(near, 0), (lax, 1), (near, 0), (lax, 1)]
    for asked, findings in questions:
        after = what_if(before, known, check, asked).after
        assert len(after.findings) == findings
        assert list(after.findings) == run_checks([variant_of(check, asked)], known.aside(), [HERE]).findings


def test_the_hour_of_a_restart_counts_as_the_judge_counts_it() -> None:
    """The start cuts an hour in two: seen and busy it was one of running, seen and quiet it was not."""
    hours, minutes = 28 * 24, timedelta(minutes=30)
    started = 400
    gone: dict[int, float | None] = dict.fromkeys(range(started - 48, started))
    for load in (0.3, 8.0):
        cpu, sent = with_hours(0.3, {**gone, started: load}, hours), with_hours(500.0, gone, hours)
        used = utilization(days=28, cpu_average=cpu, network_in=sent, network_out=sent)
        again = used.period.start + timedelta(hours=started) + minutes
        machine, check = instance(launched_at=again), Ec2InstanceIdle()
        known = context(machine, utilization={machine.arn: used})
        assert not fleet_of(known).exactly
        before = run_checks([check], known, [HERE])
        questions: list[dict[str, Value]] = [
            {"look_back_days": 26},
            {"look_back_days": 27},
            {"min_coverage": 1.0},
        ]
        for asked in questions:
            after = what_if(before, known, check, asked).after
            anew = run_checks([variant_of(check, asked)], known.aside(), [HERE])
            assert (list(after.findings), after.tallies) == (anew.findings, anew.tallies)
