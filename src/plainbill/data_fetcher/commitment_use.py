"""How much of Savings Plans and reservations was used, and how much usage they covered: $0.01 a request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypedDict

from plainbill.aws_connector import Read
from plainbill.data_fetcher.asking import Asking, Page, Span, amount, amount_or_none, day_of
from plainbill.data_fetcher.source import Source
from plainbill.model.cost_answers import CommitmentDay, CommitmentUse, CoverageDay, Question

_PAGE = 500
"""Rows of a page; AWS's own default of 20 would multiply the price."""
_PLANS_USED = Read("ce", "GetSavingsPlansUtilization", "how much of the Savings Plans goes unused, by day")
_PLANS_EACH = Read("ce", "GetSavingsPlansUtilizationDetails", "which Savings Plan goes unused")
_PLANS_COVERAGE = Read("ce", "GetSavingsPlansCoverage", "how much usage no Savings Plan covers")
_RESERVED_USED = Read("ce", "GetReservationUtilization", "how much of the reservations goes unused")
_RESERVED_COVERAGE = Read("ce", "GetReservationCoverage", "how many hours no reservation covers")


class CommitmentUseSource(Source):
    """Utilization and coverage of commitments; asked of the account that pays, where there are any."""

    name = "commitment_use"
    reads = (_PLANS_USED, _PLANS_EACH, _PLANS_COVERAGE, _RESERVED_USED, _RESERVED_COVERAGE)


def _daily(span: Span) -> dict[str, Any]:
    return {"TimePeriod": span.time_period, "Granularity": "DAILY"}


def _of_service(span: Span) -> dict[str, Any]:
    return {"Filter": {"Dimensions": {"Key": "SERVICE", "Values": [span.service]}}}


class _Figures(TypedDict):
    """What ``Committed`` holds."""

    committed: Decimal
    used: Decimal
    unused: Decimal
    on_demand: Decimal | None
    saved: Decimal | None


def _plan_figures(one: Mapping[str, Any]) -> _Figures:
    used, savings = one["Utilization"], one.get("Savings", {})
    return {
        "committed": amount(used["TotalCommitment"]),
        "used": amount(used["UsedCommitment"]),
        "unused": amount(used["UnusedCommitment"]),
        "on_demand": amount_or_none(savings.get("OnDemandCostEquivalent")),
        "saved": amount_or_none(savings.get("NetSavings")),
    }


def _reservation_figures(one: Mapping[str, Any]) -> _Figures:
    """The fee is split by AWS's own cost of the hours that went unused."""
    fee, unused = amount(one["TotalAmortizedFee"]), amount(one["RICostForUnusedHours"])
    return {
        "committed": fee,
        "used": fee - unused,
        "unused": unused,
        "on_demand": amount_or_none(one.get("OnDemandCostOfRIHoursUsed")),
        "saved": amount_or_none(one.get("NetRISavings")),
    }


def _plan_days(pages: Iterable[Page], _: Span) -> Iterator[CommitmentDay]:
    for page in pages:
        for one in page["SavingsPlansUtilizationsByTime"]:
            yield CommitmentDay(day=day_of(one["TimePeriod"]["Start"]), **_plan_figures(one))


def _plans(pages: Iterable[Page], _: Span) -> Iterator[CommitmentUse]:
    for page in pages:
        for one in page["SavingsPlansUtilizationDetails"]:
            yield CommitmentUse(commitment_id=one["SavingsPlanArn"], **_plan_figures(one))


def _plan_coverage(pages: Iterable[Page], _: Span) -> Iterator[CoverageDay]:
    for page in pages:
        for one in page["SavingsPlansCoverages"]:
            coverage = one["Coverage"]
            yield CoverageDay(
                day=day_of(one["TimePeriod"]["Start"]),
                covered=amount(coverage["SpendCoveredBySavingsPlans"]),
                on_demand=amount(coverage["OnDemandCost"]),
            )


def _reserved_days(pages: Iterable[Page], _: Span) -> Iterator[CommitmentDay]:
    for page in pages:
        for one in page["UtilizationsByTime"]:
            if one.get("Total"):
                figures = _reservation_figures(one["Total"])
                yield CommitmentDay(day=day_of(one["TimePeriod"]["Start"]), **figures)


def _reservations(pages: Iterable[Page], _: Span) -> Iterator[CommitmentUse]:
    for page in pages:
        for part in page["UtilizationsByTime"]:
            for one in part["Groups"]:
                figures = _reservation_figures(one["Utilization"])
                yield CommitmentUse(commitment_id=_reservation_id(one), **figures)


def _reservation_id(group: Mapping[str, Any]) -> str:
    """Return the inventory's id, from the end of the ARN; the subscription's where there is none."""
    arn = str(group.get("Attributes", {}).get("reservationARN") or "")
    return arn.rpartition("/")[2] or arn.rpartition(":")[2] or str(group["Value"])


def _reserved_coverage(pages: Iterable[Page], _: Span) -> Iterator[CoverageDay]:
    for page in pages:
        for one in page["CoveragesByTime"]:
            if hours := one.get("Total", {}).get("CoverageHours"):
                yield CoverageDay(
                    day=day_of(one["TimePeriod"]["Start"]),
                    covered=amount(hours["ReservedHours"]),
                    on_demand=amount(hours["OnDemandHours"]),
                )


ASKINGS: Mapping[Question, Asking] = {
    Question.PLANS_USED: Asking(read=_PLANS_USED, parameters=_daily, parse=_plan_days),
    Question.PLANS_EACH: Asking(
        read=_PLANS_EACH,
        parameters=lambda span: {"TimePeriod": span.time_period, "MaxResults": _PAGE},
        parse=_plans,
    ),
    Question.PLANS_COVERAGE: Asking(
        read=_PLANS_COVERAGE,
        parameters=lambda span: {**_daily(span), "MaxResults": _PAGE},
        parse=_plan_coverage,
    ),
    Question.RESERVED_USED: Asking(
        read=_RESERVED_USED,
        parameters=lambda span: {**_daily(span), **_of_service(span)},
        parse=_reserved_days,
    ),
    Question.RESERVED_EACH: Asking(
        read=_RESERVED_USED,
        parameters=lambda span: {
            "TimePeriod": span.time_period,
            **_of_service(span),
            "GroupBy": [{"Type": "DIMENSION", "Key": "SUBSCRIPTION_ID"}],
            "MaxResults": _PAGE,
        },
        parse=_reservations,
    ),
    Question.RESERVED_COVERAGE: Asking(
        read=_RESERVED_COVERAGE,
        parameters=lambda span: {**_daily(span), **_of_service(span), "MaxResults": _PAGE},
        parse=_reserved_coverage,
    ),
}
"""Daily answers where the question is about days, sums of the span where it is about each commitment."""
