"""Several of AWS's voices on one thing are one opinion; what each measured stands in the reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from advice_factories import (
    FINE,
    INSTANCE,
    VOLUME,
    beside,
    check,
    flag,
    of_volume,
    only,
    recommendation,
    usd,
    waste,
)
from factories import NOW, context, gap, utilization, volume
from plainbill.analyzer.aws_measured import measured, outside_window
from plainbill.analyzer.comparison import Because, Stance
from plainbill.model.findings import Action
from plainbill.model.resources.addresses import ElasticIp
from plainbill.model.resources.aws_advice import KEEP, ComputeOptimizerRecommendation
from plainbill.model.resources.recommendation import AwsRecommendation

LEFT = of_volume(action_type=KEEP, finding="Optimized", monthly_saving=None, lookback_days=14)


def test_what_aws_would_leave_as_it_is_is_no_advice() -> None:
    assert beside(check(FINE), advice=(LEFT,)).opinions == []


def test_advice_on_other_things_or_to_do_other_things_stays_apart() -> None:
    other = replace(volume(), volume_id="vol-2")
    apart = of_volume(subject_arn=other.arn, subject_id="vol-2")
    assert len(beside(check(waste()), advice=(recommendation(), apart), of=(VOLUME, other)).opinions) == 2
    smaller = of_volume(action_type="Rightsize")
    assert len(beside(check(waste()), advice=(recommendation(), smaller)).opinions) == 2


def test_three_voices_on_one_thing_are_one_opinion_with_the_hub_s_saving() -> None:
    said = beside(check(waste()), advice=(flag(), of_volume(), recommendation()))
    opinion = only(said)
    assert opinion.stance is Stance.AGREE
    assert opinion.speakers == ("Cost Optimization Hub", "Compute Optimizer", "Trusted Advisor")
    assert opinion.their_saving == usd("8.00")
    assert "Compute Optimizer looked at 32 days: VolumeReadOpsPerSecond Maximum 0.00." in opinion.why
    assert "Trusted Advisor looked at 7 days" in opinion.why


def test_compute_optimizer_speaks_for_itself_where_there_is_no_hub() -> None:
    opinion = only(beside(check(waste()), advice=(flag(), of_volume())))
    assert (opinion.speakers, opinion.their_saving) == (("Compute Optimizer", "Trusted Advisor"), usd("9.00"))


def test_one_voice_that_was_read_is_enough_to_call_aws_silent() -> None:
    off = gap(source=AwsRecommendation.source, region=None, kind="NotEnabled")
    said = beside(check(waste()), gaps=(off,), asked=(type(VOLUME), ComputeOptimizerRecommendation))
    assert (only(said).because, said.unasked) == (Because.AWS_SILENT, [])


def test_no_voice_that_was_read_is_no_silence() -> None:
    gaps = tuple(
        gap(source=source, region=None, kind="NotEnabled")
        for source in (AwsRecommendation.source, ComputeOptimizerRecommendation.source)
    )
    said = beside(check(waste()), gaps=gaps, asked=(type(VOLUME), ComputeOptimizerRecommendation))
    assert (said.opinions, len(said.unasked), said.gaps) == ([], 1, list(gaps))


@pytest.mark.parametrize("finding", ["Optimized", "Underprovisioned"])
def test_aws_calls_it_right_where_we_would_make_it_smaller(finding: str) -> None:
    said = beside(check(waste(), Action.RIGHTSIZE), advice=(replace(LEFT, finding=finding),))
    opinion = only(said)
    assert (opinion.stance, opinion.because) == (Stance.DISAGREE, Because.AWS_CLEARED)
    assert f"Compute Optimizer finds it {finding}" in opinion.why
    assert "looked at 14 days" in opinion.why


@pytest.mark.parametrize(
    ("finding", "action"), [("Unavailable", Action.RIGHTSIZE), ("Optimized", Action.DELETE)]
)
def test_what_aws_cannot_tell_or_does_not_look_for_is_no_disagreement(finding: str, action: Action) -> None:
    opinion = only(beside(check(waste(), action), advice=(replace(LEFT, finding=finding),)))
    assert (opinion.stance, opinion.because) == (Stance.ONLY_OURS, Because.AWS_SILENT)
    assert f"Compute Optimizer finds it {finding}" in opinion.why


def test_an_address_is_found_by_itself_for_aws_knows_no_more_of_it() -> None:
    address = ElasticIp(
        account_id=VOLUME.account_id,
        region=VOLUME.region,
        public_ip="192.0.2.20",
        allocation_id="eipalloc-1",
    )
    advice = flag(subject_arn=None, subject_id="192.0.2.20", current_type="ElasticIp", check_id="Z4AUBRNSmz")
    opinion = only(beside(check(FINE), advice=(advice,), of=(address,), asked=(ElasticIp,)))
    assert opinion.resource == address


# --- what was measured ---------------------------------------------------------------------------------


def test_only_what_measures_something_is_told_of_trusted_advisor() -> None:
    cells = {"Region/AZ": "us-east-1a", "Instance Name": "x" * 500, "14-Day Average CPU Utilization": "2.1%"}
    told = measured(flag(measured=cells, lookback_days=14))
    assert told == "Trusted Advisor looked at 14 days: 14-Day Average CPU Utilization 2.1%."


def test_a_figure_of_any_length_is_cut() -> None:
    assert len(measured(flag(measured={"CPU": "9" * 1000}))) < 120


@pytest.mark.parametrize(("days", "is_outside"), [(28, True), (10, False)])
def test_the_busy_hour_before_aws_s_window_is_named(days: int, is_outside: bool) -> None:
    load = utilization(1.0, 2.0, days=days)
    busy = replace(load, cpu_maximum=(60.0, *load.cpu_maximum[1:]))
    known = replace(context(INSTANCE), utilization={INSTANCE.arn: busy})
    told = outside_window(recommendation(lookback_days=14, refreshed_at=NOW), INSTANCE, known)
    assert bool(told) is is_outside
    if is_outside:
        assert f"{busy.period.start:%Y-%m-%d} (CPU 60 %), before the 14 days" in told


def test_nothing_is_said_of_hours_that_were_not_measured() -> None:
    assert outside_window(recommendation(), INSTANCE, context(INSTANCE)) == ""
    assert outside_window(recommendation(lookback_days=None), INSTANCE, context(INSTANCE)) == ""
