"""Cost Explorer: how the Savings Plan is used, by the bill's own lines, and what AWS would buy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from plainbill.demo.answers_cost_explorer import sums_of_days
from plainbill.demo.bill_ec2 import PLAN_RATE
from plainbill.demo.call import Answer, Call, paged
from plainbill.demo.cell import UNITS, Cell
from plainbill.demo.cost_query import Query
from plainbill.demo.estate_commitments import savings_plans
from plainbill.demo.services import EC2
from plainbill.model.period import Period

_DAY = timedelta(days=1)
_LEARNT_FROM = 30
_COVERED, _FEE = "SavingsPlanCoveredUsage", "SavingsPlanRecurringFee"
_PLAN_TOKEN = ("NextToken", "NextToken")
_HOURS = 730


def days_of(call: Call) -> Iterator[date]:
    """Yield the days that a call asks about and that are over."""
    span = call.params["TimePeriod"]
    first, end = (date.fromisoformat(span[side]) for side in ("Start", "End"))
    return Period.of_days(max(first, call.company.bill.first_day), min(end, call.now.date())).dates()


@dataclass(frozen=True)
class _PlanDay:
    """The plan's lines of a day, in dollars."""

    fee: Decimal
    unused: Decimal
    covered: Decimal
    uncovered: Decimal


def _plan_days(call: Call) -> Mapping[date, _PlanDay]:
    days = list(days_of(call))
    query = Query.over(
        days[0],
        days[-1] + _DAY,
        "DAILY",
        ("RECORD_TYPE",),
        ("UnblendedCost", "AmortizedCost"),
        lambda cell: cell.record_type in {_COVERED, _FEE} or _is_eligible(cell),
    )
    found = {}
    for part in sums_of_days(call, query):
        sums = {keys[0]: [Decimal(one) / UNITS for one in each.amounts] for keys, each in part.groups.items()}
        fee = sums.get(_FEE, [Decimal(0)] * 2)
        zero = [Decimal(0)]
        found[part.start] = _PlanDay(fee[0], fee[1], sums.get(_COVERED, zero)[0], sums.get("Usage", zero)[0])
    return found


def _is_eligible(cell: Cell) -> bool:
    """Say whether a Compute Savings Plan may cover a charge: EC2 but Spot, at on-demand prices."""
    kinds = ("BoxUsage", "DedicatedUsage")
    return (
        cell.service == EC2 and cell.record_type == "Usage" and any(one in cell.usage_type for one in kinds)
    )


def _plan_figures(days: Iterable[_PlanDay]) -> dict[str, Any]:
    each = list(days)
    fee, unused, covered = (
        sum((getattr(one, name) for one in each), Decimal(0)) for name in ("fee", "unused", "covered")
    )
    share = (fee - unused) / fee * 100 if fee else Decimal(0)
    return {
        "Utilization": {
            "TotalCommitment": str(fee),
            "UsedCommitment": str(fee - unused),
            "UnusedCommitment": str(unused),
            "UtilizationPercentage": f"{share:.4f}",
        },
        "Savings": {"NetSavings": str(covered - fee), "OnDemandCostEquivalent": str(covered)},
        "AmortizedCommitment": {
            "AmortizedRecurringCommitment": str(fee),
            "AmortizedUpfrontCommitment": "0",
            "TotalAmortizedCommitment": str(fee),
        },
    }


def get_savings_plans_utilization(call: Call) -> Mapping[str, Any]:
    """Tell how the commitment was used by day; days without a plan are absent."""
    days = {day: one for day, one in _plan_days(call).items() if one.fee}
    return {
        "SavingsPlansUtilizationsByTime": [
            {"TimePeriod": a_day(day), **_plan_figures([one])} for day, one in days.items()
        ],
        "Total": _plan_figures(days.values()),
    }


def get_savings_plans_utilization_details(call: Call) -> Mapping[str, Any]:
    """Tell it of each plan; there is one at the most."""
    told = _plan_figures(_plan_days(call).values())
    details = [
        {
            "SavingsPlanArn": f"arn:aws:savingsplans::{plan.account_id}:savingsplan/{plan.name}",
            "Attributes": {"SavingsPlansType": "Compute", "PaymentOption": "No Upfront", "Status": "Active"},
            **told,
        }
        for plan in savings_plans(call.company)
    ]
    answer = paged(call, "SavingsPlansUtilizationDetails", details, token=_PLAN_TOKEN, default=20)
    return {**answer, "Total": told, "TimePeriod": call.params["TimePeriod"]}


def get_savings_plans_coverage(call: Call) -> Mapping[str, Any]:
    """Tell by day what the plan covered and what it left."""
    rows = []
    for day, one in _plan_days(call).items():
        whole = one.covered + one.uncovered
        coverage = {
            "SpendCoveredBySavingsPlans": str(one.covered),
            "OnDemandCost": str(one.uncovered),
            "TotalCost": str(whole),
            "CoveragePercentage": f"{one.covered / whole * 100 if whole else 0:.4f}",
        }
        rows.append({"Attributes": {}, "Coverage": coverage, "TimePeriod": a_day(day)})
    return paged(call, "SavingsPlansCoverages", rows, token=_PLAN_TOKEN, default=20)


def get_savings_plans_purchase_recommendation(call: Call) -> Mapping[str, Any]:
    """Advise to cover the average of the last month, as if all of it were to run for ever."""
    asked = {"TimePeriod": {"Start": str(call.now.date() - _LEARNT_FROM * _DAY), "End": str(call.now.date())}}
    days = _plan_days(Call(**{**_fields(call), "params": asked}))
    hourly = [one.uncovered / 24 for one in days.values()]
    average = sum(hourly, Decimal(0)) / len(hourly)
    rate = Decimal(PLAN_RATE) / 100
    commitment = (average * rate).quantize(Decimal("0.001"))
    utilization = Decimal("0.96")
    covered = commitment * utilization / rate
    saving = covered - commitment
    one = {
        "SavingsPlansDetails": {"OfferingId": "b2c0f7d1-5e0a-4d3e-9f3b-7a1c64e8d205"},
        "AccountId": call.account,
        "UpfrontCost": "0",
        "EstimatedROI": f"{saving / commitment * 100 if commitment else 0:.2f}",
        "CurrencyCode": "USD",
        "EstimatedSPCost": f"{commitment * 24 * _LEARNT_FROM:.4f}",
        "EstimatedOnDemandCost": f"{(average - covered) * 24 * _LEARNT_FROM:.4f}",
        "EstimatedOnDemandCostWithCurrentCommitment": f"{average * 24 * _LEARNT_FROM:.4f}",
        "EstimatedSavingsAmount": f"{saving * 24 * _LEARNT_FROM:.4f}",
        "EstimatedSavingsPercentage": f"{saving / average * 100 if average else 0:.2f}",
        "HourlyCommitmentToPurchase": str(commitment),
        "EstimatedAverageUtilization": f"{utilization * 100:.2f}",
        "EstimatedMonthlySavingsAmount": f"{saving * _HOURS:.4f}",
        "CurrentMinimumHourlyOnDemandSpend": f"{min(hourly):.4f}",
        "CurrentMaximumHourlyOnDemandSpend": f"{max(hourly):.4f}",
        "CurrentAverageHourlyOnDemandSpend": f"{average:.4f}",
    }
    asked_for = ("AccountScope", "SavingsPlansType", "TermInYears", "PaymentOption", "LookbackPeriodInDays")
    told = {name: call.params.get(name, "PAYER") for name in asked_for}
    details = {"SavingsPlansPurchaseRecommendationDetails": [one] if commitment else []}
    return {
        "Metadata": {"RecommendationId": "demo", "GenerationTimestamp": f"{call.now:%Y-%m-%dT00:00:00Z}"},
        "SavingsPlansPurchaseRecommendation": {**told, **details},
    }


def _fields(call: Call) -> dict[str, Any]:
    return {name: getattr(call, name) for name in call.__dataclass_fields__}


def a_day(day: date) -> dict[str, str]:
    """Return a day as Cost Explorer writes it."""
    return {"Start": str(day), "End": str(day + _DAY)}


ANSWERS: Mapping[str, Answer] = {
    "ce:GetSavingsPlansUtilization": get_savings_plans_utilization,
    "ce:GetSavingsPlansUtilizationDetails": get_savings_plans_utilization_details,
    "ce:GetSavingsPlansCoverage": get_savings_plans_coverage,
    "ce:GetSavingsPlansPurchaseRecommendation": get_savings_plans_purchase_recommendation,
}
