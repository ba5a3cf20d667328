"""What is worked out for all instances at once is what judging each of them says."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from analyzer.fleets import Life, lives, read
from factories import context, instance, utilization, with_hours
from plainbill.analyzer.changed_report import Claims
from plainbill.analyzer.checks.ec2_instance_graviton import Ec2InstanceGraviton
from plainbill.analyzer.checks.ec2_instance_idle import Ec2InstanceIdle
from plainbill.analyzer.ec2_idle.fleet import fleet_of
from plainbill.analyzer.engine import run_checks
from plainbill.analyzer.what_if import Value, variant_of, what_if
from plainbill.model.findings import Unknown

HERE = ("111122223333", "us-east-1")
OTHERS = (Ec2InstanceGraviton(),)
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


@settings(max_examples=150)
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
