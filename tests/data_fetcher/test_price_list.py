"""AWS's price list: one price where all that is listed under a usage agrees, none in every other case."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from plainbill.aws_connector import Scope
from plainbill.aws_connector.errors import UnreadableAnswer
from plainbill.data_fetcher.price_list import Batch, PriceList, batches, has_list, parse, request
from plainbill.data_fetcher.source import as_documented
from plainbill.model.money import Money
from plainbill.prices import Listed, Origin, Unit, UsageKey, items
from plainbill.prices.usage_types import usage_key

TODAY = date(2026, 11, 24)
IRELAND = "eu-west-1"
NAT = UsageKey(IRELAND, "AmazonEC2", "NatGateway-Hours")
OWN = "Bring your own license"
HOSTILE = "'\"><script>alert(1)</script>\n=HYPERLINK(1)"


def tier(price: str, begin: str = "0", unit: str = "Hrs", currency: str = "USD") -> dict[str, Any]:
    return {
        "unit": unit,
        "beginRange": begin,
        "endRange": "Inf",
        "description": HOSTILE,
        "appliesTo": [],
        "rateCode": f"S.T.{begin}",
        "pricePerUnit": {currency: price},
    }


def product(
    *tiers: dict[str, Any],
    usage_type: str = "EU-NatGateway-Hours",
    operation: str = "NatGateway",
    service: str = "AmazonEC2",
    region: str = IRELAND,
    terms: int = 1,
    **attributes: str,
) -> str:
    """One entry of ``PriceList``, as AWS writes it."""
    names = {
        "servicecode": service,
        "regionCode": region,
        "locationType": "AWS Region",
        "usagetype": usage_type,
        "operation": operation,
    }
    dimensions = {f"S.T.{number}": one for number, one in enumerate(tiers)}
    term = {"priceDimensions": dimensions, "sku": "S", "effectiveDate": "2026-11-01T00:00:00Z"}
    return json.dumps(
        {
            "product": {"productFamily": HOSTILE, "attributes": names | attributes, "sku": "S"},
            "serviceCode": service,
            "terms": {"OnDemand": {f"S.{number}": term for number in range(terms)}} if terms else {},
            "publicationDate": "2026-11-20T00:00:00Z",
        }
    )


def answered(*products: str, key: UsageKey = NAT, unit: Unit = Unit.HOUR) -> Listed:
    batch = Batch(key.region, key.service, key.operation, ((key, unit),))
    with as_documented(PriceList.reads[0], Scope("111122223333", "us-east-1")):
        (found,) = parse([{"PriceList": list(products)}], batch, TODAY)
    return found


# --- no price -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "products",
    [
        pytest.param([], id="not sold there"),
        pytest.param([product(tier("0.048")), product(tier("0.05"))], id="two prices"),
        pytest.param([product(tier("0.00"))], id="free"),
        pytest.param([product()], id="no tier"),
        pytest.param([product(tier("0.048"), terms=0)], id="reserved only"),
        pytest.param([product(tier("0.048"), terms=2)], id="two terms"),
        pytest.param([product(tier("0.34", currency="CNY"))], id="yuan outside China"),
        pytest.param([product(tier("0.04", currency="EUR"))], id="another currency"),
        pytest.param([product({**tier("0"), "pricePerUnit": {"USD": "1", "CNY": "1"}})], id="two currencies"),
        pytest.param([product(tier("0.048", unit="GB"))], id="another unit"),
        pytest.param([product(tier("0.048", unit=HOSTILE))], id="a unit nobody knows"),
        pytest.param([product(tier("0.048"), region="eu-west-2")], id="another region"),
        pytest.param([product(tier("0.048"), service="AmazonVPC")], id="another service"),
        pytest.param([product(tier("0.048"), usage_type="EU-NatGateway-Bytes")], id="another usage"),
        pytest.param([product(tier("0.048"), usage_type="LHR1-NatGateway-Hours")], id="a Local Zone's code"),
        pytest.param([product(tier("0.048"), locationType="AWS Local Zone")], id="a Local Zone"),
        pytest.param([product(tier("0.048"), licenseModel=OWN)], id="own licence"),
    ],
)  # fmt: skip
def test_what_the_list_does_not_tell_for_certain_has_no_price(products: list[str]) -> None:
    assert answered(*products) == Listed(NAT, TODAY, None)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("", id="nothing"),
        pytest.param("[]", id="a list"),
        pytest.param('{"product": {}}', id="half a product"),
        pytest.param(product(tier("much")), id="a price in words"),
        pytest.param(product(tier("NaN")), id="no number"),
        pytest.param(product(tier("Infinity")), id="infinite"),
        pytest.param(product(tier("-0.048")), id="negative"),
        pytest.param(product(tier("0.048", begin="x")), id="a tier that begins nowhere"),
    ],
)
def test_an_answer_that_is_not_as_documented_is_a_failure_not_a_price(raw: str) -> None:
    with pytest.raises(UnreadableAnswer):
        answered(raw)


# --- one price ----------------------------------------------------------------------------------


def test_a_price_says_whose_it_is_and_of_which_day_in_words_of_our_own() -> None:
    found = answered(product(tier("0.0480000000")))
    assert found.rate is not None
    assert found.rate.price == Money(Decimal("0.048"))
    assert (found.rate.origin, found.rate.as_of, found.rate.unit) == (Origin.PRICE_LIST, TODAY, Unit.HOUR)
    assert found.rate.source == "AmazonEC2 NatGateway-Hours"


def test_several_products_of_one_price_are_one_price() -> None:
    found = answered(product(tier("0.048")), product(tier("0.0480", unit="Hours"), operation="Other"))
    assert found.rate is not None
    assert found.rate.price == Money(Decimal("0.048"))


def test_of_tiers_the_first_that_costs_something_counts() -> None:
    key = UsageKey("us-east-1", "AmazonDynamoDB", "TimedStorage-ByteHrs")
    tiers = (tier("0.20", "1000", "GB-Mo"), tier("0.25", "25", "GB-Mo"), tier("0.0", "0", "GB-Mo"))
    raw = product(
        *tiers,
        usage_type="TimedStorage-ByteHrs", operation="", service="AmazonDynamoDB", region="us-east-1",
    )  # fmt: skip
    found = answered(raw, key=key, unit=Unit.GB_MONTH)
    assert found.rate is not None
    assert found.rate.price == Money(Decimal("0.25"))


def test_throughput_is_listed_by_the_gib_and_sold_by_the_mib() -> None:
    key = usage_key(IRELAND, items.ebs_throughput("gp3"))
    assert key
    raw = product(tier("45.056", unit="GiBps-mo"), usage_type="EU-EBS:VolumeP-Throughput.gp3", operation="")
    found = answered(raw, key=key, unit=Unit.MIBPS_MONTH)
    assert found.rate is not None
    assert found.rate.price == Money(Decimal("0.044"))


def test_china_is_priced_in_yuan() -> None:
    key = UsageKey("cn-north-1", "AmazonEC2", "NatGateway-Hours")
    raw = product(tier("0.37", currency="CNY"), region="cn-north-1", usage_type="CNN1-NatGateway-Hours")
    found = answered(raw, key=key)
    assert found.rate is not None
    assert found.rate.price == Money(Decimal("0.37"), "CNY")


def test_a_system_is_told_by_its_operation_and_a_tenancy_by_its_usage_type() -> None:
    windows = items.ec2_instance("m5.large", "windows")
    mine = items.ec2_instance("m5.large", "windows", is_dedicated=True)
    listed = [
        product(tier("0.107"), usage_type="EU-BoxUsage:m5.large", operation="RunInstances"),
        product(tier("0.199"), usage_type="EU-BoxUsage:m5.large", operation="RunInstances:0002"),
        product(tier("0.107"), usage_type="EU-BoxUsage:m5.large", operation="RunInstances:0800"),
        product(tier("0.205"), usage_type="EU-DedicatedUsage:m5.large", operation="RunInstances:0002"),
    ]
    for item, price in ((windows, "0.199"), (mine, "0.205")):
        key = usage_key(IRELAND, item)
        assert key
        found = answered(*listed, key=key)
        assert found.rate is not None
        assert found.rate.price == Money(Decimal(price))


# --- the question -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("partition", "has_one"),
    [("aws", True), ("aws-cn", True), ("aws-us-gov", False), ("aws-eusc", False)],
)
def test_some_partitions_have_no_price_list(partition: str, *, has_one: bool) -> None:
    assert has_list(f"arn:{partition}:iam::111122223333:user/kim") is has_one


def test_a_region_whose_billing_code_is_not_known_is_not_asked_for() -> None:
    assert list(batches({UsageKey("xx-moon-1", "AmazonEC2", "NatGateway-Hours"): Unit.HOUR})) == []


def test_usages_of_one_region_service_and_operation_are_one_call() -> None:
    wanted = {
        UsageKey(region, "AmazonEC2", f"BoxUsage:{name}", "RunInstances"): Unit.HOUR
        for region in (IRELAND, "us-west-2")
        for name in ("m5.large", "c5.large")
    } | {NAT: Unit.HOUR}
    found = list(batches(wanted))
    assert [(one.region, one.operation, len(one.wanted)) for one in found] == [
        (IRELAND, "RunInstances", 2), ("us-west-2", "RunInstances", 2), (IRELAND, "", 1),
    ]  # fmt: skip
    asked = request(found[0])
    assert asked["Filters"] == [
        {"Type": "TERM_MATCH", "Field": "regionCode", "Value": IRELAND},
        {
            "Type": "ANY_OF",
            "Field": "usagetype",
            "Value": "EU-BoxUsage:m5.large,EUW1-BoxUsage:m5.large,"
            "EU-BoxUsage:c5.large,EUW1-BoxUsage:c5.large",
        },
        {"Type": "TERM_MATCH", "Field": "operation", "Value": "RunInstances"},
    ]


def test_no_filter_is_longer_than_aws_takes_and_no_usage_is_lost() -> None:
    wanted = {
        UsageKey(IRELAND, "AmazonEC2", f"BoxUsage:m{number}.large", "RunInstances"): Unit.HOUR
        for number in range(100)
    }
    found = list(batches(wanted))
    assert len(found) > 1
    assert all(len(request(one)["Filters"][1]["Value"]) <= 1024 for one in found)
    assert [key for one in found for key, _ in one.wanted] == list(wanted)
