"""What the built-in table holds, and what must not be read into it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from plainbill.errors import PlainbillError
from plainbill.prices import Item, ListPrices, Origin, PriceBook, Unit, items
from plainbill.prices.items import Deployment, Licence, LoadBalancerKind, Processor
from plainbill.prices.list_prices import parse

HOME = "us-east-1"
HEADER = "service,item,region,unit,price,currency,as_of,source\n"


@pytest.fixture
def prices() -> ListPrices:
    return ListPrices.load()


# --- what has no price ---------------------------------------------------------------------


@pytest.mark.parametrize("region", ["eu-west-1", "us-east-2", "cn-north-1", "us-gov-west-1", ""])
def test_a_region_without_facts_never_borrows_the_prices_of_another(prices: ListPrices, region: str) -> None:
    held = {item for _, item in prices.items}
    assert held
    assert [item for item in held if prices.rate(region, item) is not None] == []


@pytest.mark.parametrize(
    "item",
    [
        items.ebs_storage("gp9"),
        items.ebs_throughput("gp2"),
        items.load_balancer(LoadBalancerKind.GATEWAY),
        items.load_balancer_capacity(LoadBalancerKind.CLASSIC),
        items.rds_instance("db.t3.large", "postgres", Deployment.MULTI_AZ),
        items.rds_instance("db.t3.large", "oracle-se2", licence=Licence.OWN),
        items.rds_storage("io2"),
        items.cache_node("cache.r5.4xlarge", "valkey"),
        items.fargate_vcpu(Processor.ARM64),
        items.ec2_instance("m5.large", "windows"),
        items.ec2_instance("m99.large"),
        items.sagemaker_instance("ml.m5.large", "endpoint"),
        items.workspace("STANDARD", "ALWAYS_ON"),
        Item("ebs", "gp3", Unit.HOUR),
    ],
    ids=str,
)
def test_what_the_facts_do_not_hold_is_unknown(prices: ListPrices, item: Item) -> None:
    assert prices.rate(HOME, item) is None


def test_no_price_is_zero_and_none_is_a_float(prices: ListPrices) -> None:
    rates = [prices.rate(region, item) for region, item in prices.items]
    assert len(rates) > 130
    for rate in rates:
        assert rate is not None
        assert isinstance(rate.price.amount, Decimal)
        assert rate.price.amount > 0


# --- what has one, with its proof ------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "price"),
    [
        (items.ebs_storage("gp3"), "0.08"),
        (items.ebs_iops("io2", 3), "0.03185"),
        (items.PUBLIC_IPV4_IDLE, "0.005"),
        (items.NAT_GATEWAY_HOUR, "0.045"),
        (items.load_balancer(LoadBalancerKind.APPLICATION), "0.0225"),
        (items.load_balancer_capacity(LoadBalancerKind.NETWORK), "0.006"),
        (items.rds_instance("db.t3.large", "mysql", Deployment.MULTI_AZ), "0.272"),
        (items.rds_instance("db.t3.large", "postgres"), "0.145"),
        (items.cache_node("cache.m6g.12xlarge", "redis"), "3.557"),
        (items.DYNAMODB_READ_CAPACITY, "0.00013"),
        (items.lambda_duration(Processor.ARM64), "0.0000133334"),
        (items.fargate_memory(Processor.X86_64), "0.004445"),
        (items.s3_storage("DEEP_ARCHIVE"), "0.00099"),
        (items.EKS_CLUSTER_EXTENDED_SUPPORT, "0.60"),
        (items.ec2_instance("m5.large"), "0.096"),
        (items.ec2_instance("t3.medium", "windows"), "0.06"),
    ],
    ids=str,
)
def test_published_prices_are_found_by_name(prices: ListPrices, item: Item, price: str) -> None:
    rate = prices.rate(HOME, item)
    assert rate is not None
    assert rate.price.amount == Decimal(price)
    assert rate.price.currency == "USD"
    assert rate.unit is item.unit


def test_every_price_says_of_which_day_it_is_and_who_says_so(prices: ListPrices) -> None:
    for region, item in prices.items:
        rate = prices.rate(region, item)
        assert rate is not None
        assert date(2024, 1, 1) < rate.as_of < date(2027, 1, 1)
        assert rate.source
        assert rate.origin is Origin.BUILT_IN


def test_linux_instances_are_priced_in_every_region_of_the_price_book(prices: ListPrices) -> None:
    book = PriceBook.load()
    for region in book.regions:
        rate = prices.rate(region, items.ec2_instance("c5.large"))
        assert rate is not None
        assert rate.price == book.of_type(region, "c5.large")
        assert rate.as_of == book.as_of_region(region)


# --- a table that cannot be trusted ----------------------------------------------------------

ROW = 'ebs,gp3,us-east-1,gb_month,0.08,USD,2024-07-01,"somebody"\n'


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(HEADER + ROW.replace("0.08", "0"), id="a price of nothing"),
        pytest.param(HEADER + ROW.replace("0.08", "-1"), id="a negative price"),
        pytest.param(HEADER + ROW + ROW.replace("0.08", "0.09"), id="two prices of one item"),
        pytest.param("service,item,price\nebs,gp3,0.08\n", id="columns of another edition"),
    ],
)
def test_a_table_that_is_wrong_is_refused(table: str) -> None:
    with pytest.raises(PlainbillError, match="write it again"):
        parse(table)
