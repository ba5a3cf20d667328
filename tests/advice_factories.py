"""Generated advice of AWS, and checks that say what they are told: say only what the test is about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from factories import context, instance, volume
from plainbill.analyzer.engine import run_checks
from plainbill.analyzer.registry import Check
from plainbill.analyzer.second_opinion import Opinion, SecondOpinions, second_opinions
from plainbill.analyzer.waste_check import Context, WasteCheck
from plainbill.model.findings import Action, Effort, Ok, Verdict, Waste
from plainbill.model.inventory import Gap
from plainbill.model.money import Money
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.model.resources.aws_advice import (
    ComputeOptimizerRecommendation,
    TrustedAdvisorRecommendation,
)
from plainbill.model.resources.ebs import EbsVolume
from plainbill.model.resources.lambda_function import LambdaFunction
from plainbill.model.resources.recommendation import AwsRecommendation

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


def check(
    verdict: Verdict,
    action: Action = Action.DELETE,
    name: str = "of_volumes",
    kind: type[Resource] = EbsVolume,
) -> Check:
    titled = {"id": name, "title": name.replace("_", " ").capitalize(), "action": action, "resource": kind}
    made: Check = type(name, (OfVolumes,), titled)(verdict=verdict)
    return made


def beside(
    *checks: Check,
    advice: tuple[AwsRecommendation, ...] | None = (),
    of: tuple[Resource, ...] = (VOLUME,),
    gaps: tuple[Gap, ...] = (),
    places: tuple[tuple[str, str], ...] = (HERE,),
    asked: tuple[type[Resource], ...] = (EbsVolume,),
) -> SecondOpinions:
    """Hold the checks' verdicts against advice; None is advice that was never asked for."""
    voices = () if advice is None else {AwsRecommendation, *map(type, advice)}
    known = context(*of, *(advice or ()), gaps=gaps, asked=(*asked, *voices))
    return second_opinions(run_checks(checks, known, places), known, checks)


def only(said: SecondOpinions) -> Opinion:
    (opinion,) = said.opinions
    return opinion


def recommendation(**changes: Any) -> AwsRecommendation:
    """AWS would delete the plain volume of the factories, which it says saves $8.00 a month."""
    subject = volume()
    plain = AwsRecommendation(
        account_id=subject.account_id,
        region=subject.region,
        recommendation_id="MTExMTIyMjIzMzMzX2Fi",
        action_type="Delete",
        subject_arn=subject.arn,
        subject_id=subject.volume_id,
        effort_level="Low",
        monthly_saving="8.00",
        monthly_cost="8.00",
        currency="USD",
        lookback_days=32,
        origin="ComputeOptimizer",
        refreshed_at=datetime(2026, 11, 24, 3, 0, tzinfo=UTC),
        current_type="EbsVolume",
        current_summary="100 GB gp3",
    )
    return replace(plain, **changes)


def function(**changes: Any) -> LambdaFunction:
    """A function of 1,536 MB."""
    plain = LambdaFunction(
        account_id=VOLUME.account_id,
        region=VOLUME.region,
        function_name="thumbnail-maker",
        memory_mib=1536,
        architecture="x86_64",
    )
    return replace(plain, **changes)


def of_function(**changes: Any) -> ComputeOptimizerRecommendation:
    """Compute Optimizer would give the plain function half of its memory."""
    subject = function()
    plain = ComputeOptimizerRecommendation(
        account_id=subject.account_id,
        region=subject.region,
        recommendation_id="LambdaFunction/Rightsize/thumbnail-maker",
        action_type="Rightsize",
        subject_arn=subject.arn,
        subject_id=subject.function_name,
        monthly_saving="11.27",
        currency="USD",
        lookback_days=14,
        origin="ComputeOptimizer",
        refreshed_at=datetime(2026, 11, 24, 4, 0, tzinfo=UTC),
        current_type="LambdaFunction",
        current_summary="1536 MB",
        recommended_summary="768 MB",
        finding="NotOptimized",
        reason_codes=("MemoryOverprovisioned",),
        measured={"Memory Maximum": "402.00"},
    )
    return replace(plain, **changes)


def of_volume(**changes: Any) -> ComputeOptimizerRecommendation:
    """Compute Optimizer would delete the plain volume, as the Hub would."""
    subject = volume()
    plain = ComputeOptimizerRecommendation(
        account_id=subject.account_id,
        region=subject.region,
        recommendation_id=f"EbsVolume/Delete/{subject.volume_id}",
        action_type="Delete",
        subject_arn=subject.arn,
        subject_id=subject.volume_id,
        monthly_saving="9.00",
        currency="USD",
        lookback_days=32,
        origin="ComputeOptimizer",
        current_type="EbsVolume",
        finding="Unattached",
        measured={"VolumeReadOpsPerSecond Maximum": "0.00"},
    )
    return replace(plain, **changes)


def flag(**changes: Any) -> TrustedAdvisorRecommendation:
    """Trusted Advisor flags the plain volume."""
    subject = volume()
    plain = TrustedAdvisorRecommendation(
        account_id=subject.account_id,
        region=subject.region,
        recommendation_id="DAvU99Dc4C/1",
        action_type="Delete",
        subject_arn=subject.arn,
        subject_id=subject.volume_id,
        monthly_saving="8.00",
        currency="USD",
        lookback_days=7,
        origin="TrustedAdvisor",
        current_type="EbsVolume",
        check_id="DAvU99Dc4C",
        finding="Underutilized Amazon EBS Volumes",
        status="warning",
        measured={"Volume ID": subject.volume_id, "Volume Size": "100"},
    )
    return replace(plain, **changes)
