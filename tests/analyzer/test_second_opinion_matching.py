"""What AWS advises on is found among our resources, and nothing else is taken for it."""

from __future__ import annotations

from datetime import timedelta

from advice_factories import (
    FINE,
    HERE,
    VOLUME,
    beside,
    check,
    only,
    recommendation,
    usd,
    waste,
)
from factories import NOW, context, volume
from plainbill.analyzer.aws_advice import RULES, SOURCES
from plainbill.analyzer.comparison import Because, Stance
from plainbill.analyzer.engine import run_checks
from plainbill.model.resources import all_kinds
from plainbill.model.resources.sagemaker import SageMakerVariant

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
    ours = check(waste(), name="idle_endpoint", kind=SageMakerVariant)
    arn = f"arn:aws:sagemaker:us-east-1:{VOLUME.account_id}:endpoint/ranking"
    advice = recommendation(subject_arn=arn, subject_id="ranking", current_type="SageMakerEndpoint")
    opinion = only(beside(ours, advice=(advice,), of=(variant,), asked=(SageMakerVariant,)))
    assert (opinion.stance, opinion.resource) == (Stance.AGREE, variant)


def test_two_pieces_of_advice_on_one_resource_are_two_opinions() -> None:
    shrink = recommendation(recommendation_id="b", action_type="Rightsize")
    said = beside(check(waste()), advice=(recommendation(), shrink))
    assert [one.stance for one in said.opinions] == [Stance.AGREE, Stance.DISAGREE]


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
