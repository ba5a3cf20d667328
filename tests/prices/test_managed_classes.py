"""Classes of databases, caches and search domains: what their names say, and which is cheaper."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from plainbill.model.money import Money
from plainbill.prices import InstanceSpecs, Item, ListPrices, Origin, PriceBook, Rate, Unit, items
from plainbill.prices.managed_classes import (
    managed_class,
    newer_cache_nodes,
    newer_opensearch_nodes,
    newer_rds_classes,
    one_class_down,
)

HOME = "us-east-1"
SPECS = InstanceSpecs.load()


def listed(prices: dict[Item, str]) -> ListPrices:
    day = date(2026, 11, 1)
    rates = {
        (HOME, item): Rate(Money(Decimal(price)), Unit.HOUR, day, "list", Origin.PRICE_LIST)
        for item, price in prices.items()
    }
    return ListPrices(rates, PriceBook({}))


def databases(engine: str, **prices: str) -> ListPrices:
    return listed({items.rds_instance(f"db.{name}.large", engine): price for name, price in prices.items()})


# --- what a name does not say ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["db.serverless", "ra3.4xlarge", "db.m99.large", "", "db.", "cache.m5"])
def test_a_name_without_an_instance_type_is_not_understood(name: str) -> None:
    assert managed_class(name, SPECS) is None
    assert one_class_down(name, SPECS) is None


def test_without_prices_no_class_is_called_cheaper() -> None:
    built_in = ListPrices.load()
    assert newer_rds_classes(built_in, HOME, SPECS, "db.m5.large", "mysql") == ()
    assert newer_rds_classes(built_in, HOME, SPECS, "db.m4.large", "mysql") == ()


def test_a_newer_class_that_costs_more_is_not_offered() -> None:
    prices = databases("mysql", m5="0.171", m6g="0.152", m7i="0.190", m6i="0.171")
    assert newer_rds_classes(prices, HOME, SPECS, "db.m5.large", "mysql") == ("db.m6g.large",)


def test_another_region_s_prices_are_not_used() -> None:
    prices = databases("mysql", m5="0.171", m6g="0.152")
    assert newer_rds_classes(prices, "eu-west-1", SPECS, "db.m5.large", "mysql") == ()


@pytest.mark.parametrize("engine", ["sqlserver-se", "oracle-se2"])
def test_engines_that_do_not_run_on_graviton_are_not_sent_there(engine: str) -> None:
    prices = databases(engine, m5="0.30", m6g="0.10", m6i="0.28")
    assert newer_rds_classes(prices, HOME, SPECS, "db.m5.large", engine) == ("db.m6i.large",)


# --- what it does ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "vcpus", "is_arm"),
    [
        ("db.m5.large", 2, False),
        ("db.r6g.2xlarge", 8, True),
        ("cache.t4g.micro", 2, True),
        ("c4.2xlarge.search", 8, False),
    ],
)
def test_a_name_tells_vcpus_and_architecture(name: str, vcpus: int, is_arm: bool) -> None:
    found = managed_class(name, SPECS)
    assert found is not None
    assert (found.vcpus, found.is_arm) == (vcpus, is_arm)


@pytest.mark.parametrize(
    ("name", "smaller"),
    [
        ("db.m5.xlarge", "db.m5.large"),
        ("cache.r6g.2xlarge", "cache.r6g.xlarge"),
        ("r6g.xlarge.search", "r6g.large.search"),
        ("db.t3.micro", "db.t3.nano"),
    ],
)
def test_the_next_smaller_class_keeps_the_service_s_dress(name: str, smaller: str) -> None:
    assert one_class_down(name, SPECS) == smaller


def test_cheaper_newer_classes_come_cheapest_first() -> None:
    prices = databases("postgres", m4="0.182", m5="0.178", m6g="0.159", m7g="0.168")
    assert newer_rds_classes(prices, HOME, SPECS, "db.m4.large", "postgres") == (
        "db.m6g.large",
        "db.m7g.large",
        "db.m5.large",
    )


def test_cheaper_newer_cache_and_search_nodes_are_found() -> None:
    caches = listed(
        {
            items.cache_node("cache.m4.large", "redis"): "0.156",
            items.cache_node("cache.m6g.large", "redis"): "0.149",
        }
    )
    assert newer_cache_nodes(caches, HOME, SPECS, "cache.m4.large", "redis") == ("cache.m6g.large",)
    assert newer_cache_nodes(caches, HOME, SPECS, "cache.m4.large", "memcached") == ()
    nodes = listed(
        {
            items.opensearch_node("c4.large.search"): "0.159",
            items.opensearch_node("c6g.large.search"): "0.113",
        }
    )
    assert newer_opensearch_nodes(nodes, HOME, SPECS, "c4.large.search") == ("c6g.large.search",)
