"""What AWS would buy, each with our check and in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from plainbill.analyzer.aws_advice import PURCHASES
from plainbill.analyzer.purchase_check import (
    Advice,
    PurchaseCheck,
    check_plan,
    check_reservation,
)
from plainbill.analyzer.removal import Removal, removals_of
from plainbill.app.formats import money, percent, plural
from plainbill.app.views.commitments import PLAN, RESERVED, USE_DAYS
from plainbill.app.views.commitments_shapes import OfferView
from plainbill.app.views.cost_answers import Answers
from plainbill.app.views.judged import Judged
from plainbill.app.views.outlook import ForecastView, SeriesForecastView
from plainbill.model.cost_answers import EC2, CoverageDay, Offer, PlanOffer, Question, ReservationOffer, Topic
from plainbill.model.resources.recommendation import AwsRecommendation
from plainbill.prices import HOURS_PER_MONTH
from plainbill.storage import Snapshot

_ONE = Decimal(1)
_TYPES: Mapping[str, str] = {
    "COMPUTE_SP": "Compute Savings Plan",
    "EC2_INSTANCE_SP": "EC2 Instance Savings Plan",
    "SAGEMAKER_SP": "SageMaker Savings Plan",
    "DATABASE_SP": "Database Savings Plan",
}


def offer_views(
    snapshot: Snapshot, judged: Judged | None, forecast: ForecastView
) -> tuple[Sequence[OfferView], str | None]:
    """Return AWS's offers with our check of each, or why there is none."""
    if judged is None:
        return [], "The findings are not known, so no purchase could be checked."
    removals = removals_of(judged.report.findings, judged.report, judged.context)
    answers, trend = Answers(snapshot), trend_of(forecast)
    plans, reserved = Topic(Question.PLANS_TO_BUY), Topic(Question.RESERVED_TO_BUY, EC2)
    lowest = _lowest_day(answers)
    found = [
        *(_plan(one, check_plan(one, removals, lowest, trend)) for one in answers.rows(plans, PlanOffer)),
        *(
            _reservation(one, check_reservation(one, removals, trend))
            for one in answers.rows(reserved, ReservationOffer)
        ),
    ]
    if not found:
        found = list(_of_the_hub(snapshot, removals))
    if found:
        return found, None
    if answers.of(plans) is None and answers.of(reserved) is None:
        return [], answers.why_not(plans)
    return [], "AWS recommends to buy nothing."


def trend_of(forecast: ForecastView) -> Decimal | None:
    """Return what stays of EC2's cost by the lowest of the coming months; None without a forecast.

    Of a month's expected cost a day against that of the last whole month.
    """
    ec2 = next((one for one in forecast.services if one.service == EC2), None)
    if ec2 is None or ec2.last_month is None or not ec2.months:
        return None
    return _lowest_ratio(ec2, ec2.last_month.actual)


def _lowest_ratio(ec2: SeriesForecastView, actual: Decimal) -> Decimal | None:
    assert ec2.last_month is not None  # noqa: S101  the caller has looked
    start = ec2.last_month.start
    days = (ec2.months[0].start - start).days
    if actual <= 0 or days <= 0:
        return None
    before = actual / days
    return min(month.expected / (month.end - month.start).days / before for month in ec2.months)


def _lowest_day(answers: Answers) -> Decimal | None:
    """Return the average hour of the lowest of the last days, of what no plan covered."""
    days = answers.rows(Topic(Question.PLANS_COVERAGE), CoverageDay)
    return min((one.on_demand / 24 for one in days[-USE_DAYS:]), default=None)


def _plan(offer: PlanOffer, check: PurchaseCheck) -> OfferView:
    what = " ".join(filter(None, [_TYPES.get(offer.plan_type, offer.plan_type), offer.family, offer.region]))
    unit = offer.currency

    def an_hour(amount: Decimal | None) -> str:
        return f"{money(amount, unit)} an hour"

    said = f"AWS would commit to {an_hour(offer.hourly)}"
    if check.stable is not None:
        said += f"; the lowest use of its look-back is {an_hour(check.stable)}"
    said += _less(check, an_hour(check.removed))
    says = {
        Advice.BUY: "What stays would still fill it.",
        Advice.LESS: f"What stays fills {an_hour(check.safe)} at the most: do not commit to more.",
        Advice.NOT: "Nothing stays that it would be for: act on the findings first.",
        Advice.UNKNOWN: "What stays is not known, so neither is whether to buy.",
    }
    return _offer(PLAN, what, offer, check, offer.hourly, f"{said}. {says[check.advice]}{_even(check)}")


def _reservation(offer: ReservationOffer, check: PurchaseCheck) -> OfferView:
    what = f"{offer.instance_type}, {offer.platform or 'any platform'}, {offer.region}"
    said = f"AWS would reserve {offer.count.normalize():f}"
    if check.stable is not None:
        said += f"; at least {check.stable.normalize():f} were used in each hour"
    said += _less(check, f"{check.removed.quantize(Decimal('0.1')).normalize():f} of the same kind")
    says = {
        Advice.BUY: "What stays would still use them.",
        Advice.LESS: f"Reserve {check.safe or 0:f} at the most.",
        Advice.NOT: "Nothing stays that they would be for: act on the findings first.",
        Advice.UNKNOWN: "What stays is not known, so neither is whether to buy.",
    }
    return _offer(RESERVED, what, offer, check, offer.count, f"{said}. {says[check.advice]}{_even(check)}")


def _less(check: PurchaseCheck, removed: str) -> str:
    said = (
        f"; the findings would take {removed} away" if check.removed else "; no finding takes any of it away"
    )
    if check.trend is not None and check.trend < _ONE:
        said += f"; by the forecast {percent(float(check.trend * 100))} of it stays"
    return said


def _even(check: PurchaseCheck) -> str:
    if check.break_even_months is None:
        return ""
    return f" It pays once that use lasts {check.break_even_months.quantize(Decimal('0.1'))} months."


def _offer(
    kind: str,
    title: str,
    offer: Offer,
    check: PurchaseCheck,
    offered: Decimal,
    sentence: str,
) -> OfferView:
    return OfferView(
        kind=kind,
        title=title,
        term_months=offer.term_months,
        payment=offer.payment,
        offered=offered,
        upfront=offer.upfront,
        currency=offer.currency,
        their_monthly_saving=offer.monthly_saving,
        advice=check.advice.value,
        stable=check.stable,
        removed=check.removed,
        trend=check.trend,
        safe=check.safe,
        monthly_saving=check.monthly_saving,
        break_even_months=check.break_even_months,
        sentence=sentence,
    )


def _of_the_hub(snapshot: Snapshot, removals: Iterable[Removal]) -> Iterator[OfferView]:
    """Yield what Cost Optimization Hub, which is free, would buy: without terms there is less to check."""
    each = list(removals)
    findings = {one.finding_id for one in each}
    removed = sum((one.saving.amount for one in each), Decimal(0))
    for one in snapshot.resources(AwsRecommendation) or ():
        if one.action not in PURCHASES:
            continue
        first = (
            f"First act on the {plural(len(findings), 'finding')} that would take "
            f"{money(removed, one.currency or 'USD')} a month off compute."
            if each
            else "No finding takes compute away."
        )
        yield OfferView(
            kind=PLAN if one.action_type == "PurchaseSavingsPlans" else RESERVED,
            title=one.recommended_summary or one.recommended_type or "not named",
            term_months=None,
            payment=None,
            offered=None,
            upfront=None,
            currency=one.currency or snapshot.manifest.currency,
            their_monthly_saving=one.saving.amount if one.saving else None,
            advice=Advice.UNKNOWN.value,
            stable=None,
            removed=removed / HOURS_PER_MONTH,
            trend=None,
            safe=None,
            monthly_saving=None,
            break_even_months=None,
            sentence=f"Cost Optimization Hub says so and gives no terms to check. {first}",
        )
