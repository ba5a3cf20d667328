"""AWS's word beside ours: what is compared, and what is never taken for an opinion."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from advice_factories import (
    FINE,
    HERE,
    INSTANCE,
    VOLUME,
    OfInstances,
    beside,
    check,
    only,
    recommendation,
    usd,
    waste,
)
from factories import NOW, gap, volume
from plainbill.analyzer.comparison import Because, Stance
from plainbill.model.findings import Action, Unknown
from plainbill.model.inventory import Gap
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.capacity import CapacityReservation
from plainbill.model.resources.ebs import EbsVolume
from plainbill.model.resources.recommendation import AwsRecommendation

LOOKED = " Cost Optimization Hub looked at 32 days."

# --- nothing is taken for an opinion that is none ----------------------------------------------------


def test_where_neither_says_anything_there_is_no_opinion() -> None:
    said = beside(check(FINE))
    assert (said.opinions, said.unasked, said.gaps) == ([], [], [])
    assert said.counts == dict.fromkeys(Stance, 0)


@pytest.mark.parametrize("kind", ["NotEnabled", "AccessDenied", "Throttled"])
def test_advice_that_could_not_be_read_is_not_silence_of_aws(kind: str) -> None:
    off = gap(source=AwsRecommendation.source, region=None, kind=kind)
    said = beside(check(waste()), gaps=(off,))
    assert said.opinions == []
    assert [one.resource for one in said.unasked] == [VOLUME]
    assert said.gaps == [off]


def test_advice_that_was_never_asked_for_is_not_silence_of_aws() -> None:
    said = beside(check(waste()), advice=None)
    assert (said.opinions, len(said.unasked)) == ([], 1)


def test_an_account_without_advice_leaves_the_opinions_on_others_alone() -> None:
    other = volume(account_id="444455556666")
    off = gap(source=AwsRecommendation.source, account_id=other.account_id, region=None, kind="NotEnabled")
    places = (HERE, (other.account_id, other.region))
    said = beside(check(waste()), of=(VOLUME, other), gaps=(off,), places=places)
    assert only(said).resource == VOLUME
    assert [one.resource for one in said.unasked] == [other]


def test_gaps_of_our_own_reading_are_no_gaps_of_the_advice() -> None:
    assert beside(check(FINE), gaps=(gap(source="ebs_volumes"),)).gaps == []


# --- agreement -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Delete", Action.DELETE),
        ("Stop", Action.DELETE),
        ("Delete", Action.STOP),
        ("Rightsize", Action.RIGHTSIZE),
        ("ScaleIn", Action.RIGHTSIZE),
        ("Upgrade", Action.UPGRADE),
        ("MigrateToGraviton", Action.MIGRATE_TO_GRAVITON),
    ],
)
def test_actions_of_one_direction_agree(theirs: str, ours: Action) -> None:
    opinion = only(beside(check(waste(), ours), advice=(recommendation(action_type=theirs),)))
    assert (opinion.stance, opinion.because) == (Stance.AGREE, Because.SAME_ACTION)
    assert "AWS estimates 8.00 USD a month, we 8.00 USD a month." in opinion.why
    assert opinion.ours is not None
    assert opinion.ours.finding_id is not None


@pytest.mark.parametrize(
    ("theirs", "ours", "stance"),
    [
        pytest.param("10.00", "7.50", Stance.AGREE, id="a quarter apart"),
        pytest.param("10.00", "7.49", Stance.DISAGREE, id="more than a quarter apart"),
        pytest.param("7.49", "10.00", Stance.DISAGREE, id="the other way round"),
        pytest.param("1.10", "0.10", Stance.AGREE, id="a dollar apart"),
        pytest.param("1.11", "0.10", Stance.DISAGREE, id="more than a dollar apart"),
        pytest.param("0.00", "0.00", Stance.AGREE, id="nothing to save"),
        pytest.param("0.00", "5.00", Stance.DISAGREE, id="AWS sees no saving"),
    ],
)
def test_estimates_that_are_far_apart_are_a_disagreement_with_both_figures(
    theirs: str, ours: str, stance: Stance
) -> None:
    opinion = only(beside(check(waste(ours)), advice=(recommendation(monthly_saving=theirs),)))
    assert opinion.stance is stance
    assert f"AWS estimates {theirs} USD a month" in opinion.why
    assert f"we {ours} USD a month" in opinion.why
    assert (opinion.their_saving, opinion.our_saving) == (usd(theirs), usd(ours))


@pytest.mark.parametrize(
    ("changes", "saving"),
    [
        pytest.param({"monthly_saving": None}, "8.00", id="AWS gives no amount"),
        pytest.param({"currency": "EUR"}, "8.00", id="another currency"),
        pytest.param({}, None, id="our price is not known"),
    ],
)
def test_amounts_that_cannot_be_compared_are_not(changes: dict[str, Any], saving: str | None) -> None:
    opinion = only(beside(check(waste(saving)), advice=(recommendation(**changes),)))
    assert opinion.stance is Stance.AGREE
    assert "not to be compared" in opinion.why


def test_the_verdict_of_the_same_direction_is_compared_and_the_dearer_one_is_beside_it() -> None:
    smaller, gone = check(waste("3.00"), Action.RIGHTSIZE, "smaller"), check(waste("8.00"), name="gone")
    advice = recommendation(action_type="Rightsize", monthly_saving="3.00")
    opinion = only(beside(smaller, gone, advice=(advice,)))
    assert (opinion.stance, opinion.our_saving) == (Stance.AGREE, usd("3.00"))
    assert opinion.ours is not None
    assert opinion.ours.title == "Smaller"
    assert [one.title for one in opinion.others] == ["Gone"]


def test_a_disk_of_a_stopped_instance_is_compared_by_its_own_part_of_the_saving() -> None:
    part = waste("28.00", parts={VOLUME.arn: usd("8.00"), "arn:of:another": usd("20.00")})
    checks = (OfInstances(verdict=part), check(FINE))
    said = beside(*checks, advice=(recommendation(),), of=(VOLUME, INSTANCE), asked=(EbsVolume, Ec2Instance))
    opinion = only(said)
    assert (opinion.stance, opinion.our_saving) == (Stance.AGREE, usd("8.00"))
    assert opinion.resource == VOLUME


# --- disagreement --------------------------------------------------------------------------------------


def test_another_action_names_both_with_their_money_and_our_reason() -> None:
    advice = recommendation(action_type="Upgrade", monthly_saving="2.00")
    opinion = only(beside(check(waste()), check(FINE, Action.UPGRADE, "newer"), advice=(advice,)))
    assert (opinion.stance, opinion.because) == (Stance.DISAGREE, Because.OTHER_ACTION)
    assert opinion.why == (
        "AWS would replace it by a newer kind (2.00 USD a month); we would stop or delete it (8.00 USD a "
        "month). Of volumes: Nobody uses it. Newer: it is in use." + LOOKED
    )


def test_a_check_of_ours_that_clears_the_resource_says_why() -> None:
    opinion = only(beside(check(FINE), advice=(recommendation(),)))
    assert (opinion.stance, opinion.because) == (Stance.DISAGREE, Because.CLEARED)
    assert opinion.why == "AWS would stop or delete it; we would not. Of volumes: it is in use." + LOOKED
    assert (opinion.our_saving, opinion.their_saving) == (None, usd("8.00"))


def test_a_check_of_ours_that_cannot_tell_is_said_before_one_that_clears() -> None:
    checks = (check(FINE), check(Unknown("no metrics were read"), name="of_use"))
    opinion = only(beside(*checks, advice=(recommendation(),)))
    assert (opinion.stance, opinion.because) == (Stance.DISAGREE, Because.COULD_NOT_TELL)
    told = "AWS would stop or delete it; we could not tell. Of use: no metrics were read."
    assert opinion.why == told + LOOKED


# --- only theirs ---------------------------------------------------------------------------------------


def test_no_check_that_would_do_the_same_is_said_so_and_not_called_a_disagreement() -> None:
    opinion = only(beside(check(FINE, Action.UPGRADE), advice=(recommendation(),)))
    assert (opinion.stance, opinion.because) == (Stance.ONLY_THEIRS, Because.NO_CHECK)
    assert opinion.why == "Plainbill has no check that would stop or delete it." + LOOKED


def elsewhere(**changes: Any) -> AwsRecommendation:
    """Advice on a volume that was not read."""
    return recommendation(subject_arn=VOLUME.arn + "f", subject_id=VOLUME.volume_id + "f", **changes)


DENIED = gap(source="ebs_volumes", reason="Not permitted: ec2:DescribeVolumes.")


@pytest.mark.parametrize(
    ("advice", "gaps", "because", "why"),
    [
        (elsewhere(current_type="LambdaFunction"), (), Because.NO_CHECK, "no check on this kind"),
        (elsewhere(current_type=None), (), Because.NO_CHECK, "which AWS does not name"),
        (elsewhere(current_type="NatGateway"), (), Because.NO_CHECK, "no check on this kind"),
        (elsewhere(account_id="999900001111"), (), Because.NOT_READ, "the account 999900001111"),
        (elsewhere(region="eu-west-1"), (), Because.NOT_READ, "does not read eu-west-1"),
        (elsewhere(), (DENIED,), Because.NOT_READ, "could not look: Not permitted: ec2:DescribeVolumes."),
        (elsewhere(), (), Because.NOT_FOUND, "may be gone since. AWS looked on 2026-11-24."),
        (elsewhere(refreshed_at=None), (), Because.NOT_FOUND, "it may be gone since."),
        (recommendation(action_type="Hibernate"), (), Because.UNKNOWN_ACTION, "means by Hibernate"),
    ],
)
def test_what_only_aws_says_has_the_reason_why_we_do_not(
    advice: AwsRecommendation, gaps: tuple[Gap, ...], because: Because, why: str
) -> None:
    opinion = only(beside(check(FINE), advice=(advice,), gaps=gaps))
    assert (opinion.stance, opinion.because) == (Stance.ONLY_THEIRS, because)
    assert why in opinion.why
    assert opinion.their_saving == usd("8.00")


def test_a_kind_that_was_not_asked_for_is_not_a_kind_that_is_gone() -> None:
    opinion = only(beside(check(FINE), advice=(recommendation(),), of=(), asked=()))
    assert opinion.because is Because.NOT_READ


@pytest.mark.parametrize("action", ["PurchaseSavingsPlans", "PurchaseReservedInstances"])
def test_a_purchase_is_about_no_resource(action: str) -> None:
    advice = recommendation(action_type=action, subject_arn=None, subject_id=None, region="global")
    opinion = only(beside(check(FINE), advice=(advice,)))
    assert (opinion.stance, opinion.because, opinion.arn) == (Stance.ONLY_THEIRS, Because.PURCHASE, None)


# --- only ours -----------------------------------------------------------------------------------------


def test_what_aws_does_not_mention_is_ours_alone_with_the_rule_that_aws_goes_by() -> None:
    opinion = only(beside(check(waste())))
    assert (opinion.stance, opinion.because) == (Stance.ONLY_OURS, Because.AWS_SILENT)
    assert "attached to nothing for 32 days" in opinion.why
    assert (opinion.our_saving, opinion.their_saving, opinion.arn) == (usd("8.00"), None, VOLUME.arn)


def test_the_rule_of_aws_for_idle_things_is_not_held_against_an_upgrade() -> None:
    assert "32 days" not in only(beside(check(waste(), Action.UPGRADE))).why


def test_a_kind_that_aws_has_no_advice_on_is_told_apart_from_silence() -> None:
    reservation = CapacityReservation(
        account_id=VOLUME.account_id,
        region=VOLUME.region,
        reservation_id="cr-1",
        owner_id=VOLUME.account_id,
        instance_type="m5.large",
        platform="Linux/UNIX",
        tenancy="default",
        state="active",
        total_instances=1,
        available_instances=1,
        created_at=NOW - timedelta(days=90),
    )
    odd = check(waste(), Action.SCALE_IN, "unused_reservation", CapacityReservation)
    opinion = only(beside(odd, of=(reservation,), asked=(CapacityReservation,)))
    assert (opinion.stance, opinion.because) == (Stance.ONLY_OURS, Because.AWS_HAS_NONE)


def test_several_verdicts_on_one_resource_are_one_opinion_by_the_dearest() -> None:
    said = beside(check(waste("3.00"), Action.UPGRADE, "newer"), check(waste("8.00")))
    assert only(said).our_saving == usd("8.00")
    assert [one.title for one in only(said).others] == ["Newer"]


def test_no_verdict_of_ours_is_lost_whatever_aws_says_of_a_part_of_it() -> None:
    part = waste("28.00", parts={VOLUME.arn: usd("8.00"), "arn:of:another": usd("20.00")})
    said = beside(
        OfInstances(verdict=part),
        check(FINE),
        check(waste("1.00"), Action.UPGRADE, "newer_type", Ec2Instance),
        advice=(recommendation(),),
        of=(VOLUME, INSTANCE),
        asked=(EbsVolume, Ec2Instance),
    )
    assert [(one.stance, one.resource) for one in said.opinions] == [
        (Stance.AGREE, VOLUME),
        (Stance.ONLY_OURS, INSTANCE),
    ]
