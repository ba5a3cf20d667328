"""AWS's word beside ours: what is compared with what, and what is never taken for an opinion."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from advice_factories import recommendation
from factories import NOW, context, gap, instance, utilization, volume
from plainbill.analyzer.aws_advice import RULES, SOURCES
from plainbill.analyzer.comparison import Because, Stance
from plainbill.analyzer.engine import run_checks
from plainbill.analyzer.idle import IdleRule, idle_report
from plainbill.analyzer.own_verdicts import Judged, of_idle
from plainbill.analyzer.registry import Check
from plainbill.analyzer.second_opinion import Opinion, SecondOpinions, second_opinions
from plainbill.analyzer.waste_check import Context, WasteCheck
from plainbill.model.findings import Action, Effort, Ok, Unknown, Verdict, Waste
from plainbill.model.inventory import Gap
from plainbill.model.money import Money
from plainbill.model.resources import Ec2Instance, Resource, all_kinds
from plainbill.model.resources.capacity import CapacityReservation
from plainbill.model.resources.ebs import EbsVolume
from plainbill.model.resources.recommendation import AwsRecommendation
from plainbill.model.resources.sagemaker import SageMakerVariant

VOLUME, INSTANCE = volume(), instance()
HERE = (VOLUME.account_id, VOLUME.region)
FINE = Ok("it is in use")


def usd(amount: str) -> Money:
    return Money(Decimal(amount))


def waste(saving: str | None = "8.00", **more: Any) -> Waste:
    return Waste("Nobody uses it.", None if saving is None else usd(saving), **more)


@dataclass(frozen=True)
class OfVolumes(WasteCheck[EbsVolume]):
    """Says of every volume what it was told to say."""

    id, title = "of_volumes", "Unused volume"
    resource, action, effort = EbsVolume, Action.DELETE, Effort.LOW
    rule = "None."

    verdict: Verdict = FINE

    def evaluate(self, resource: EbsVolume, context: Context) -> Verdict:
        assert resource
        assert context
        return self.verdict


@dataclass(frozen=True)
class OfInstances(WasteCheck[Ec2Instance]):
    """Says of every instance what it was told to say."""

    id, title = "of_instances", "Stopped instance"
    resource, action, effort = Ec2Instance, Action.DELETE, Effort.LOW
    rule = "None."

    verdict: Verdict = FINE

    def evaluate(self, resource: Ec2Instance, context: Context) -> Verdict:
        assert resource
        assert context
        return self.verdict


def check(verdict: Verdict, action: Action = Action.DELETE, name: str = "of_volumes") -> Check:
    titled = {"id": name, "title": name.replace("_", " ").capitalize(), "action": action}
    made: Check = type(name, (OfVolumes,), titled)(verdict=verdict)
    return made


def beside(
    *checks: Check,
    advice: tuple[AwsRecommendation, ...] | None = (),
    of: tuple[Resource, ...] = (VOLUME,),
    gaps: tuple[Gap, ...] = (),
    places: tuple[tuple[str, str], ...] = (HERE,),
    asked: tuple[type[Resource], ...] = (EbsVolume,),
    also: tuple[Judged, ...] = (),
) -> SecondOpinions:
    known = context(*of, *(advice or ()), gaps=gaps, asked=asked)
    return second_opinions(run_checks(checks, known, places), advice, known, checks, also)


def only(said: SecondOpinions) -> Opinion:
    (opinion,) = said.opinions
    return opinion


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
        "month). Of volumes: Nobody uses it. Newer: it is in use."
    )


def test_a_check_of_ours_that_clears_the_resource_says_why() -> None:
    opinion = only(beside(check(FINE), advice=(recommendation(),)))
    assert (opinion.stance, opinion.because) == (Stance.DISAGREE, Because.CLEARED)
    assert opinion.why == "AWS would stop or delete it; we would not. Of volumes: it is in use."
    assert (opinion.our_saving, opinion.their_saving) == (None, usd("8.00"))


def test_a_check_of_ours_that_cannot_tell_is_said_before_one_that_clears() -> None:
    checks = (check(FINE), check(Unknown("no metrics were read"), name="of_use"))
    opinion = only(beside(*checks, advice=(recommendation(),)))
    assert (opinion.stance, opinion.because) == (Stance.DISAGREE, Because.COULD_NOT_TELL)
    assert opinion.why == "AWS would stop or delete it; we could not tell. Of use: no metrics were read."


# --- only theirs ---------------------------------------------------------------------------------------


def test_no_check_that_would_do_the_same_is_said_so_and_not_called_a_disagreement() -> None:
    opinion = only(beside(check(FINE, Action.UPGRADE), advice=(recommendation(),)))
    assert (opinion.stance, opinion.because) == (Stance.ONLY_THEIRS, Because.NO_CHECK)
    assert opinion.why == "plainbill has no check that would stop or delete it."


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
    odd = Judged("Unused reservation", Action.SCALE_IN, reservation, waste())
    opinion = only(beside(also=(odd,), of=(reservation,)))
    assert (opinion.stance, opinion.because) == (Stance.ONLY_OURS, Because.AWS_HAS_NONE)


def test_several_verdicts_on_one_resource_are_one_opinion_by_the_dearest() -> None:
    said = beside(check(waste("3.00"), Action.UPGRADE, "newer"), check(waste("8.00")))
    assert only(said).our_saving == usd("8.00")
    assert [one.title for one in only(said).others] == ["Newer"]


def test_no_verdict_of_ours_is_lost_whatever_aws_says_of_a_part_of_it() -> None:
    part = waste("28.00", parts={VOLUME.arn: usd("8.00"), "arn:of:another": usd("20.00")})
    newer = Judged("Newer type", Action.UPGRADE, INSTANCE, waste("1.00"))
    said = beside(
        OfInstances(verdict=part),
        check(FINE),
        advice=(recommendation(),),
        of=(VOLUME, INSTANCE),
        asked=(EbsVolume, Ec2Instance),
        also=(newer,),
    )
    assert [(one.stance, one.resource) for one in said.opinions] == [
        (Stance.AGREE, VOLUME),
        (Stance.ONLY_OURS, INSTANCE),
    ]


# --- what is matched with what -------------------------------------------------------------------------


def test_without_an_arn_the_id_counts_only_within_the_kind_that_aws_names() -> None:
    by_id = recommendation(subject_arn=None)
    opinion = only(beside(check(waste()), advice=(by_id,)))
    assert (opinion.stance, opinion.resource, opinion.arn) == (Stance.AGREE, VOLUME, VOLUME.arn)
    other_kind = recommendation(subject_arn=None, current_type="NatGateway")
    assert beside(check(waste()), advice=(other_kind,)).counts[Stance.ONLY_THEIRS] == 1


def test_the_id_of_another_account_or_region_is_another_resource() -> None:
    for changes in ({"account_id": "444455556666"}, {"region": "eu-west-1"}):
        advice = recommendation(subject_arn=None, **changes)
        counts = beside(check(waste()), advice=(advice,)).counts
        assert (counts[Stance.AGREE], counts[Stance.ONLY_THEIRS], counts[Stance.ONLY_OURS]) == (0, 1, 1)


def test_advice_does_not_pass_for_the_resource_it_is_about() -> None:
    opinion = only(beside(check(FINE), advice=(recommendation(),), of=()))
    assert (opinion.because, opinion.resource) == (Because.NOT_FOUND, None)


def test_an_endpoint_is_found_by_the_variants_that_are_billed() -> None:
    variant = SageMakerVariant(
        account_id=VOLUME.account_id,
        region=VOLUME.region,
        endpoint_name="ranking",
        variant_name="AllTraffic",
        created_at=NOW - timedelta(days=90),
        status="InService",
    )
    ours = Judged("Idle endpoint", Action.DELETE, variant, waste())
    arn = f"arn:aws:sagemaker:us-east-1:{VOLUME.account_id}:endpoint/ranking"
    advice = recommendation(subject_arn=arn, subject_id="ranking", current_type="SageMakerEndpoint")
    opinion = only(beside(also=(ours,), advice=(advice,), of=(variant,)))
    assert (opinion.stance, opinion.resource) == (Stance.AGREE, variant)


def test_two_pieces_of_advice_on_one_resource_are_two_opinions() -> None:
    shrink = recommendation(recommendation_id="b", action_type="Rightsize")
    said = beside(check(waste()), advice=(recommendation(), shrink))
    assert [one.stance for one in said.opinions] == [Stance.AGREE, Stance.DISAGREE]


# --- the idle rule, which is no check ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("average", "maximum", "days", "stance", "why"),
    [
        (1.0, 2.0, 14, Stance.AGREE, "Both would stop or delete it"),
        (1.0, 60.0, 14, Stance.DISAGREE, "we would not. Idle EC2 instance: CPU reached 60.0 %"),
        (1.0, 2.0, 3, Stance.DISAGREE, "we could not tell. Idle EC2 instance: only 72 hours"),
    ],
)
def test_the_idle_rule_speaks_as_a_check_does(
    average: float, maximum: float, days: int, stance: Stance, why: str
) -> None:
    load = {INSTANCE.arn: utilization(average, maximum, days=days)}
    advice = recommendation(
        action_type="Stop",
        subject_arn=INSTANCE.arn,
        subject_id=INSTANCE.instance_id,
        current_type="Ec2Instance",
        monthly_saving="70.08",
    )
    known = replace(context(INSTANCE, advice), utilization=load)
    idle = idle_report([INSTANCE], load, IdleRule(), known.prices)
    report = run_checks([], known, [HERE])
    said = second_opinions(report, [advice], known, [], of_idle(idle, [INSTANCE], known))
    assert only(said).stance is stance
    assert why in only(said).why


# --- sums ----------------------------------------------------------------------------------------------


def test_the_dearest_come_first_within_a_stance_and_counts_are_of_opinions() -> None:
    second = volume(volume_id="vol-2")
    cheap = recommendation(monthly_saving="1.00", recommendation_id="a", subject_arn=second.arn)
    said = beside(check(waste(None)), advice=(cheap, recommendation()), of=(VOLUME, second))
    assert [one.their_saving for one in said.of(Stance.AGREE)] == [usd("8.00"), usd("1.00")]
    assert said.counts == {
        Stance.AGREE: 2,
        Stance.DISAGREE: 0,
        Stance.ONLY_THEIRS: 0,
        Stance.ONLY_OURS: 0,
    }


def test_our_total_is_the_same_with_and_without_the_advice() -> None:
    checks, dear = [check(waste("8.00"))], recommendation(monthly_saving="900.00")
    without = run_checks(checks, context(VOLUME), [HERE])
    beside_it = run_checks(checks, context(VOLUME, dear), [HERE])
    assert without.monthly_saving == beside_it.monthly_saving == {"USD": usd("8.00")}


def test_every_kind_that_aws_advises_on_is_a_kind_of_ours() -> None:
    assert set(SOURCES.values()) <= {kind.source for kind in all_kinds()}
    assert set(RULES) <= set(SOURCES.values())
