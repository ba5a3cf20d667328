"""Which Savings Plans and reservations AWS recommends to buy: $0.01 a request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Read
from plainbill.data_fetcher.asking import Asking, Page, Span, amount, amount_or_none
from plainbill.data_fetcher.source import Source
from plainbill.model.cost_answers import PlanOffer, Question, ReservationOffer

_PLANS = Read("ce", "GetSavingsPlansPurchaseRecommendation", "which Savings Plan AWS recommends to buy")
_RESERVED = Read("ce", "GetReservationPurchaseRecommendation", "which reservations AWS recommends to buy")
_TERMS = {"ONE_YEAR": 12, "THREE_YEARS": 36}
_LOOKED_BACK = {"SEVEN_DAYS": 7, "THIRTY_DAYS": 30, "SIXTY_DAYS": 60}
_PAGE = 200
_CAUTIOUS = {
    "TermInYears": "ONE_YEAR",
    "PaymentOption": "NO_UPFRONT",
    "LookbackPeriodInDays": "THIRTY_DAYS",
    "AccountScope": "PAYER",
    "PageSize": _PAGE,
}
"""The shortest term, nothing paid ahead, a month of use: what binds least. Others have the same shape."""


class PurchaseAdvice(Source):
    """What AWS would buy; asked of the account that pays, where there are commitments already."""

    name = "purchase_advice"
    reads = (_PLANS, _RESERVED)


def _plan_offers(pages: Iterable[Page], _: Span) -> Iterator[PlanOffer]:
    for page in pages:
        advice = page.get("SavingsPlansPurchaseRecommendation") or {}
        for one in advice.get("SavingsPlansPurchaseRecommendationDetails", ()):
            details = one.get("SavingsPlansDetails", {})
            yield PlanOffer(
                plan_type=advice["SavingsPlansType"],
                term_months=_TERMS[advice["TermInYears"]],
                payment=_payment(advice),
                lookback_days=_LOOKED_BACK[advice["LookbackPeriodInDays"]],
                hourly=amount(one["HourlyCommitmentToPurchase"]),
                upfront=amount(one["UpfrontCost"]),
                monthly_saving=amount(one["EstimatedMonthlySavingsAmount"]),
                currency=one["CurrencyCode"],
                account_id=one.get("AccountId") or None,
                region=details.get("Region") or None,
                family=details.get("InstanceFamily") or None,
                utilization=amount_or_none(one.get("EstimatedAverageUtilization")),
                lowest=amount_or_none(one.get("CurrentMinimumHourlyOnDemandSpend")),
                average=amount_or_none(one.get("CurrentAverageHourlyOnDemandSpend")),
                highest=amount_or_none(one.get("CurrentMaximumHourlyOnDemandSpend")),
            )


def _reservation_offers(pages: Iterable[Page], span: Span) -> Iterator[ReservationOffer]:
    for page in pages:
        for advice in page.get("Recommendations", ()):
            for one in advice.get("RecommendationDetails", ()):
                details: Mapping[str, Any] = next(iter(one.get("InstanceDetails", {}).values()), {})
                yield ReservationOffer(
                    service=span.service,
                    instance_type=_type_of(details),
                    region=details["Region"],
                    count=amount(one["RecommendedNumberOfInstancesToPurchase"]),
                    term_months=_TERMS[advice["TermInYears"]],
                    payment=_payment(advice),
                    lookback_days=_LOOKED_BACK[advice["LookbackPeriodInDays"]],
                    upfront=amount(one["UpfrontCost"]),
                    monthly_fee=amount(one["RecurringStandardMonthlyCost"]),
                    monthly_saving=amount(one["EstimatedMonthlySavingsAmount"]),
                    currency=one["CurrencyCode"],
                    account_id=one.get("AccountId") or None,
                    platform=details.get("Platform") or details.get("DatabaseEngine") or None,
                    break_even_months=amount_or_none(one.get("EstimatedBreakEvenInMonths")),
                    utilization=amount_or_none(one.get("AverageUtilization")),
                    lowest=amount_or_none(one.get("MinimumNumberOfInstancesUsedPerHour")),
                    average=amount_or_none(one.get("AverageNumberOfInstancesUsedPerHour")),
                )


def _payment(advice: Mapping[str, Any]) -> str:
    """``NO_UPFRONT`` as the inventories say it: ``No Upfront``."""
    return str(advice["PaymentOption"]).replace("_", " ").title()


def _type_of(details: Mapping[str, Any]) -> str:
    named = details.get("InstanceType") or details.get("NodeType")
    return str(named or f"{details['InstanceClass']}.{details['InstanceSize']}")


ASKINGS: Mapping[Question, Asking] = {
    Question.PLANS_TO_BUY: Asking(
        read=_PLANS,
        parameters=lambda _: {"SavingsPlansType": "COMPUTE_SP", **_CAUTIOUS},
        parse=_plan_offers,
    ),
    Question.RESERVED_TO_BUY: Asking(
        read=_RESERVED,
        parameters=lambda span: {"Service": span.service, **_CAUTIOUS},
        parse=_reservation_offers,
    ),
}
