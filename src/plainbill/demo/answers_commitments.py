"""EC2 and Savings Plans: what the company has committed itself to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plainbill.demo.call import Answer, Call, marked, paged
from plainbill.demo.ec2_filters import Filters, filtered
from plainbill.demo.estate_commitments import (
    Nodes,
    Plan,
    Reserved,
    reserved_instances,
    reserved_nodes,
    savings_plans,
    uuid_of,
)

_FILTERS: Filters = {
    "state": lambda _: ["active"],
    "instance-type": lambda one: [one.instance_type],
    "scope": lambda one: ["Availability Zone" if one.zone else "Region"],
}
_SECONDS_IN_A_YEAR = 31_536_000


def describe_savings_plans(call: Call) -> Mapping[str, Any]:
    """List the plans that the account bought, by pages; every plan is active."""
    wanted = call.params.get("states")
    ids = call.params.get("savingsPlanIds")
    told = [
        _plan(plan)
        for plan in savings_plans(call.company)
        if plan.account_id == call.account
        and (not wanted or "active" in wanted)
        and (not ids or plan.name in ids)
    ]
    token = ("nextToken", "nextToken")
    return paged(call, "savingsPlans", told, limit="maxResults", token=token, most=1000)


def _plan(plan: Plan) -> dict[str, Any]:
    commitment = f"{plan.commitment:.8f}"
    return {
        "offeringId": "b2c0f7d1-5e0a-4d3e-9f3b-7a1c64e8d205",
        "savingsPlanId": plan.name,
        "savingsPlanArn": f"arn:aws:savingsplans::{plan.account_id}:savingsplan/{plan.name}",
        "description": "1 year No Upfront Compute Savings Plan",
        "start": f"{plan.start:%Y-%m-%dT%H:%M:%S}.000Z",
        "end": f"{plan.end:%Y-%m-%dT%H:%M:%S}.000Z",
        "state": "active",
        "savingsPlanType": "Compute",
        "paymentOption": "No Upfront",
        "productTypes": ["Fargate", "Lambda", "EC2"],
        "currency": "USD",
        "commitment": commitment,
        "upfrontPaymentAmount": "0.0",
        "recurringPaymentAmount": commitment,
        "termDurationInSeconds": _SECONDS_IN_A_YEAR,
        "tags": dict(plan.tags),
    }


def describe_reserved_instances(call: Call) -> Mapping[str, Any]:
    """List the Reserved Instances of one account in one region; AWS does not page them."""
    here = reserved_instances(call.company).at(call.account, call.region)
    wanted = call.params.get("ReservedInstancesIds")
    chosen = filtered((one for one in here if not wanted or one.name in wanted), call, _FILTERS)
    return {"ReservedInstances": [_reserved(one) for one in chosen]}


def _reserved(one: Reserved) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "CurrencyCode": "USD",
        "InstanceTenancy": "default",
        "OfferingClass": "standard",
        "OfferingType": "No Upfront",
        "RecurringCharges": [{"Amount": one.hourly, "Frequency": "Hourly"}],
        "Scope": "Availability Zone" if one.zone else "Region",
        "Tags": one.tag_list,
        "ReservedInstancesId": one.name,
        "InstanceType": one.instance_type,
        "Start": one.created_at,
        "End": one.end,
        "Duration": _SECONDS_IN_A_YEAR,
        "UsagePrice": 0.0,
        "FixedPrice": 0.0,
        "InstanceCount": one.count,
        "ProductDescription": "Linux/UNIX",
        "State": "active",
    }
    return facts | ({"AvailabilityZone": one.zone} if one.zone else {})


def describe_reserved_db_instances(call: Call) -> Mapping[str, Any]:
    """List the reserved DB instances of one account in one region, by pages."""
    told = [
        {
            **_terms(one),
            "ReservedDBInstanceId": one.name,
            "ReservedDBInstanceArn": one.arn("rds", f"ri:{one.name}"),
            "DBInstanceClass": one.node_type,
            "DBInstanceCount": one.count,
            "MultiAZ": False,
            "ProductDescription": one.product,
            "CurrencyCode": "USD",
        }
        for one in _here(call, "rds")
    ]
    return marked(call, "ReservedDBInstances", told)


def describe_reserved_cache_nodes(call: Call) -> Mapping[str, Any]:
    """List the reserved cache nodes of one account in one region, by pages."""
    told = [
        {
            **_terms(one),
            "ReservedCacheNodeId": one.name,
            "ReservationARN": one.arn("elasticache", f"reserved-instance:{one.name}"),
            "CacheNodeType": one.node_type,
            "CacheNodeCount": one.count,
            "ProductDescription": one.product,
        }
        for one in _here(call, "elasticache")
    ]
    return marked(call, "ReservedCacheNodes", told)


def describe_reserved_search(call: Call) -> Mapping[str, Any]:
    """List the reserved instances of OpenSearch of one account in one region, by pages."""
    told = [
        {
            **{name: value for name, value in _terms(one).items() if name != "OfferingType"},
            "ReservationName": one.name,
            "ReservedInstanceId": uuid_of(f"{one.service}.{one.name}"),
            "InstanceType": one.node_type,
            "InstanceCount": one.count,
            "PaymentOption": "ALL_UPFRONT" if one.upfront else "NO_UPFRONT",
            "CurrencyCode": "USD",
        }
        for one in _here(call, "opensearch")
    ]
    token = ("NextToken", "NextToken")
    return paged(call, "ReservedInstances", told, limit="MaxResults", token=token, most=100)


def describe_reserved_nodes(call: Call) -> Mapping[str, Any]:
    """List the reserved nodes of Redshift of one account in one region, by pages."""
    told = [
        {
            **_terms(one),
            "ReservedNodeId": uuid_of(f"{one.service}.{one.name}"),
            "NodeType": one.node_type,
            "NodeCount": one.count,
            "CurrencyCode": "USD",
        }
        for one in _here(call, "redshift")
    ]
    return marked(call, "ReservedNodes", told)


def _here(call: Call, service: str) -> list[Nodes]:
    here = reserved_nodes(call.company).at(call.account, call.region)
    return [one for one in here if one.service == service]


def _terms(one: Nodes) -> dict[str, Any]:
    return {
        "State": "active",
        "StartTime": one.created_at,
        "Duration": _SECONDS_IN_A_YEAR,
        "OfferingType": "All Upfront" if one.upfront else "No Upfront",
        "FixedPrice": one.upfront,
        "UsagePrice": 0.0,
        "RecurringCharges": [{"RecurringChargeAmount": one.hourly, "RecurringChargeFrequency": "Hourly"}],
    }


ANSWERS: Mapping[str, Answer] = {
    "savingsplans:DescribeSavingsPlans": describe_savings_plans,
    "ec2:DescribeReservedInstances": describe_reserved_instances,
    "rds:DescribeReservedDBInstances": describe_reserved_db_instances,
    "elasticache:DescribeReservedCacheNodes": describe_reserved_cache_nodes,
    "opensearch:DescribeReservedInstances": describe_reserved_search,
    "redshift:DescribeReservedNodes": describe_reserved_nodes,
}
