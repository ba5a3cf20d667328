"""The demo's price list as a stock client sees it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError

from demo.stock import client, refusal
from plainbill.demo.bill_ec2 import hourly_price
from plainbill.demo.cell import UNITS
from plainbill.demo.company import Company
from plainbill.demo.price_list import price_list
from plainbill.demo.server import DemoEndpoint
from plainbill.prices.ec2 import instance_item
from plainbill.prices.usage_types import usage_key


def asked(aws: DemoEndpoint, **filters: str) -> list[dict[str, Any]]:
    wanted = [{"Type": "ANY_OF", "Field": field, "Value": value} for field, value in filters.items()]
    answer = client(aws, "pricing").get_products(ServiceCode="AmazonEC2", Filters=wanted)
    return [json.loads(one) for one in answer["PriceList"]]


def test_what_is_not_sold_is_not_listed(aws: DemoEndpoint) -> None:
    assert asked(aws, regionCode="eu-west-1", usagetype="EU-BoxUsage:x99.large") == []
    assert asked(aws, regionCode="eu-central-1") == []


def test_a_filter_that_the_demo_does_not_know_is_refused_not_passed_over(aws: DemoEndpoint) -> None:
    with pytest.raises(ClientError) as error:
        asked(aws, tenancy="Shared")
    assert refusal(error) == "InvalidParameterException"


def test_usages_are_found_by_region_name_and_operation(aws: DemoEndpoint) -> None:
    found = asked(
        aws,
        regionCode="eu-west-1",
        usagetype="EU-NatGateway-Hours,EU-BoxUsage:m5.large",
        operation=",RunInstances:0002",
    )
    names = {
        (one["product"]["attributes"]["usagetype"], one["product"]["attributes"]["operation"])
        for one in found
    }
    assert names == {("EU-NatGateway-Hours", ""), ("EU-BoxUsage:m5.large", "RunInstances:0002")}
    assert all("demo" in json.dumps(one["terms"]) for one in found)


def test_all_pages_are_all_products(aws: DemoEndpoint) -> None:
    pages = client(aws, "pricing").get_paginator("get_products")
    wanted = [{"Type": "TERM_MATCH", "Field": "regionCode", "Value": "us-west-2"}]
    found = [len(page["PriceList"]) for page in pages.paginate(ServiceCode="AmazonEC2", Filters=wanted)]
    assert max(found) == 100
    assert sum(found) == len(price_list()["AmazonEC2", "us-west-2"])


def test_the_list_and_the_bill_of_the_demo_are_at_one(company: Company) -> None:
    listed = {one.key: one.price for several in price_list().values() for one in several}
    compared = 0
    for found in company.instances:
        item = instance_item(found.resource)
        key = None if item is None else usage_key(found.resource.region, item)
        if key in listed:
            billed = Decimal(hourly_price(found.resource, company.prices)) / UNITS
            assert abs(listed[key] - billed) < Decimal("0.0001"), key
            compared += 1
    assert compared > 50


def test_one_kind_of_thing_has_no_price_on_purpose() -> None:
    assert not [service for service, _ in price_list() if service == "AmazonWorkSpaces"]
