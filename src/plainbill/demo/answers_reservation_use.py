"""Cost Explorer: how reservations are used, and which ones AWS would buy.

The reservations are not on the bill (``estate_commitments``): their use is worked out from what runs of their
families.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from plainbill.demo.answers_plan_use import a_day, days_of
from plainbill.demo.bill_ec2 import hourly_price
from plainbill.demo.call import Answer, Call, paged
from plainbill.demo.cell import UNITS
from plainbill.demo.company import Company
from plainbill.demo.estate_commitments import Reserved, reserved_instances
from plainbill.demo.fleet import LINUX
from plainbill.demo.services import EC2

_TOKEN = ("NextPageToken", "NextPageToken")
_HOURS = 730
_FIGURES = (
    "PurchasedHours",
    "TotalActualHours",
    "UnusedHours",
    "OnDemandCostOfRIHoursUsed",
    "NetRISavings",
    "AmortizedUpfrontFee",
    "AmortizedRecurringFee",
    "TotalAmortizedFee",
    "RICostForUnusedHours",
)
_SIZES = {"medium": 2, "large": 4, "xlarge": 8, "2xlarge": 16, "4xlarge": 32}


@dataclass(frozen=True)
class _ReservedDay:
    """One reservation on one day: hours of its instances, and dollars."""

    reserved: Reserved
    bought: Decimal
    used: Decimal
    on_demand_price: Decimal

    @property
    def figures(self) -> Mapping[str, Decimal]:
        """AWS's figures, by its names."""
        hourly = Decimal(str(self.reserved.hourly))
        fee, unused = self.bought * hourly, (self.bought - self.used) * hourly
        worth = self.used * self.on_demand_price
        return {
            "PurchasedHours": self.bought,
            "TotalActualHours": self.used,
            "UnusedHours": self.bought - self.used,
            "OnDemandCostOfRIHoursUsed": worth,
            "NetRISavings": worth - fee,
            "AmortizedUpfrontFee": Decimal(0),
            "AmortizedRecurringFee": fee,
            "TotalAmortizedFee": fee,
            "RICostForUnusedHours": unused,
        }


def _units(instance_type: str) -> int:
    return _SIZES.get(instance_type.partition(".")[2], 1)


def _family(instance_type: str) -> str:
    return instance_type.partition(".")[0]


def _all_reserved(company: Company) -> list[Reserved]:
    places = [(one.account_id, region) for one in company.accounts for region in company.enabled_regions]
    return [one for place in places for one in reserved_instances(company).at(*place)]


def _running_units(company: Company, region: str, family: str, day: date) -> Decimal:
    """Return the unit-hours on demand of a family; reservations are shared by the whole organization."""
    first = (day - date(1970, 1, 1)).days * 24
    hours = (
        one.billed_hours(first, first + 24) * _units(one.fleet.instance_type)
        for one in company.instances
        if one.fleet.region == region
        and _family(one.fleet.instance_type) == family
        and one.fleet.market == "on-demand"
        and one.fleet.platform == LINUX
        and one.fleet.tenancy == "default"
    )
    return Decimal(sum(hours))


def _reserved_days(call: Call, day: date) -> Iterator[_ReservedDay]:
    left: dict[tuple[str, str], Decimal] = {}
    for one in _all_reserved(call.company):
        if not one.created_at.date() < day < one.end.date():
            continue
        key = (one.region, _family(one.instance_type))
        have = left.get(key)
        have = _running_units(call.company, *key, day) if have is None else have
        bought = Decimal(one.count * 24)
        used = min(bought, have / _units(one.instance_type))
        left[key] = have - used * _units(one.instance_type)
        yield _ReservedDay(one, bought, used, _price_of(call.company, one))


def _price_of(company: Company, reserved: Reserved) -> Decimal:
    found = (one for one in company.instances if one.fleet.instance_type == reserved.instance_type)
    plain = next(
        (one for one in found if one.fleet.platform == LINUX and one.fleet.market == "on-demand"), None
    )
    if plain is None:
        return Decimal(str(reserved.hourly)) * 2
    return Decimal(hourly_price(plain.resource, company.prices)) / UNITS


def _reservation_figures(days: Sequence[_ReservedDay]) -> dict[str, str]:
    sums = dict.fromkeys(_FIGURES, Decimal(0))
    for one in days:
        for name, value in one.figures.items():
            sums[name] += value
    bought = sums["PurchasedHours"]
    share = sums["TotalActualHours"] / bought * 100 if bought else Decimal(0)
    return {name: str(value) for name, value in sums.items()} | {"UtilizationPercentage": f"{share:.4f}"}


def get_reservation_utilization(call: Call) -> Mapping[str, Any]:
    """Tell how reservations are used, by day, or each over all days; of EC2 only, the others have none."""
    by_day = {day: list(_reserved_days(call, day)) for day in days_of(call)} if _is_ec2(call) else {}
    everything = [one for several in by_day.values() for one in several]
    if not call.params.get("GroupBy"):
        parts = [
            {"TimePeriod": a_day(day), "Groups": [], "Total": _reservation_figures(several)}
            for day, several in by_day.items()
            if several
        ]
        return {"UtilizationsByTime": parts, "Total": _reservation_figures(everything)}
    groups = [_group(one, everything) for one in _all_reserved(call.company) if everything]
    page = paged(call, "Groups", groups, token=_TOKEN)
    rest = {"NextPageToken": page["NextPageToken"]} if "NextPageToken" in page else {}
    part = {"TimePeriod": call.params["TimePeriod"], "Groups": page["Groups"]}
    return {"UtilizationsByTime": [part], "Total": _reservation_figures(everything)} | rest


def _group(one: Reserved, everything: Sequence[_ReservedDay]) -> dict[str, Any]:
    arn = f"arn:aws:ec2:{one.region}:{one.account_id}:reserved-instances/{one.name}"
    return {
        "Key": "SUBSCRIPTION_ID",
        "Value": str(one.seed),
        "Attributes": {"reservationARN": arn, "instanceType": one.instance_type, "region": one.region},
        "Utilization": _reservation_figures([day for day in everything if day.reserved is one]),
    }


def _is_ec2(call: Call) -> bool:
    wanted = call.params.get("Filter", {}).get("Dimensions", {})
    return wanted.get("Key") != "SERVICE" or EC2 in wanted.get("Values", ())


def get_reservation_coverage(call: Call) -> Mapping[str, Any]:
    """Tell by day how many hours reservations covered, and how many ran on demand."""
    parts = [_coverage(call, day) for day in days_of(call)] if _is_ec2(call) else []
    return paged(call, "CoveragesByTime", parts, token=_TOKEN)


def _coverage(call: Call, day: date) -> dict[str, Any]:
    first = (day - date(1970, 1, 1)).days * 24
    ran = sum(
        one.billed_hours(first, first + 24)
        for one in call.company.instances
        if one.fleet.market == "on-demand"
    )
    reserved = min(Decimal(ran), sum((one.used for one in _reserved_days(call, day)), Decimal(0)))
    hours = {
        "OnDemandHours": str(ran - reserved),
        "ReservedHours": str(reserved),
        "TotalRunningHours": str(ran),
        "CoverageHoursPercentage": f"{reserved / ran * 100 if ran else 0:.4f}",
    }
    return {"TimePeriod": a_day(day), "Groups": [], "Total": {"CoverageHours": hours}}


def get_reservation_purchase_recommendation(call: Call) -> Mapping[str, Any]:
    """Advise to reserve the largest steady fleet, whether or not its instances do anything."""
    details = [] if call.params["Service"] != EC2 else list(_offers(call))
    asked = ("AccountScope", "LookbackPeriodInDays", "TermInYears", "PaymentOption")
    told = {name: call.params[name] for name in asked if name in call.params}
    advice = [{**told, "RecommendationDetails": details}] if details else []
    return {"Metadata": {"RecommendationId": "demo"}, "Recommendations": advice}


def _offers(call: Call) -> Iterator[dict[str, Any]]:
    """The type and Region of which most run now, that nothing of its family is reserved of."""
    taken = {(one.region, _family(one.instance_type)) for one in _all_reserved(call.company)}
    counts: dict[tuple[str, str], list[Any]] = {}
    for one in call.company.instances:
        key = (one.fleet.region, one.fleet.instance_type)
        plain = (one.fleet.platform, one.fleet.tenancy, one.fleet.market) == (LINUX, "default", "on-demand")
        if one.state == "running" and plain and (key[0], _family(key[1])) not in taken:
            counts.setdefault(key, []).append(one)
    if not counts:
        return
    region, instance_type = max(counts, key=lambda key: (len(counts[key]), key))
    several = counts[region, instance_type]
    price = Decimal(hourly_price(several[0].resource, call.company.prices)) / UNITS
    count, fee = len(several), price * len(several) * _HOURS * 63 / 100
    yield {
        "AccountId": several[0].account_id,
        "InstanceDetails": {
            "EC2InstanceDetails": {
                "Family": _family(instance_type),
                "InstanceType": instance_type,
                "Region": region,
                "Platform": LINUX,
                "Tenancy": "Shared",
                "CurrentGeneration": True,
                "SizeFlexEligible": True,
            }
        },
        "RecommendedNumberOfInstancesToPurchase": str(count),
        "MinimumNumberOfInstancesUsedPerHour": str(count),
        "AverageNumberOfInstancesUsedPerHour": str(count),
        "AverageUtilization": "100",
        "EstimatedBreakEvenInMonths": "7.6",
        "CurrencyCode": "USD",
        "EstimatedMonthlySavingsAmount": f"{price * count * _HOURS - fee:.4f}",
        "EstimatedMonthlyOnDemandCost": f"{price * count * _HOURS:.4f}",
        "UpfrontCost": "0",
        "RecurringStandardMonthlyCost": f"{fee:.4f}",
    }


ANSWERS: Mapping[str, Answer] = {
    "ce:GetReservationUtilization": get_reservation_utilization,
    "ce:GetReservationCoverage": get_reservation_coverage,
    "ce:GetReservationPurchaseRecommendation": get_reservation_purchase_recommendation,
}
