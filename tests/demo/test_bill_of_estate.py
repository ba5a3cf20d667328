"""The bill has every resource that runs, under AWS's names, at a price that can be worked out from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from aws import connected
from demo.stock import bill_of
from factories import NOW, TODAY
from plainbill.demo.cell import UNITS, Cell
from plainbill.demo.company import Company
from plainbill.demo.estate_datastores import warehouses
from plainbill.demo.estate_network import gateways
from plainbill.demo.estate_volumes import volumes
from plainbill.demo.fleet import DEVELOPMENT, IRELAND, OREGON, PRODUCTION, VIRGINIA
from plainbill.demo.server import DemoEndpoint
from plainbill.model.billing import BilledUsage, UsageSpan
from plainbill.prices import ListPrices, Origin, items
from plainbill.prices.billed import billed_rates

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(scope="module")
def bill(aws: DemoEndpoint) -> Iterator[BilledUsage]:
    with connected(aws.environment, aws.url) as connector:
        yield bill_of(connector, NOW)


def lines(company: Company, usage_type: str, *place: str, day: object = YESTERDAY) -> list[Cell]:
    assert day in (YESTERDAY, TODAY)
    cells = company.bill.cells(YESTERDAY if day == YESTERDAY else TODAY)
    return [
        cell
        for cell in cells
        if cell.usage_type == usage_type and (cell.account_id, cell.region) == place
        and cell.record_type == "Usage"
    ]  # fmt: skip


def test_what_is_stopped_or_free_is_not_on_the_bill(company: Company) -> None:
    for cell in company.bill.cells(YESTERDAY):
        assert not cell.usage_type.startswith("VpcEndpoint-Gateway")
    paused = [one for one in warehouses(company).all if one.status == "paused"]
    assert {one.account_id for one in paused} == {DEVELOPMENT}
    assert lines(company, "Node:dc2.large", DEVELOPMENT, VIRGINIA) == []


def test_nothing_went_through_the_standby_gateway_and_its_hours_are_billed(company: Company) -> None:
    (hours,) = lines(company, "USW2-NatGateway-Hours", PRODUCTION, OREGON)
    assert hours.quantity == 24 * UNITS
    assert lines(company, "USW2-NatGateway-Bytes", PRODUCTION, OREGON) == []


def test_gateways_are_billed_each_of_their_hours_from_the_day_they_were_made(company: Company) -> None:
    (hours,) = lines(company, "NatGateway-Hours", PRODUCTION, VIRGINIA)
    here = gateways(company).at(PRODUCTION, VIRGINIA)
    assert hours.quantity == len(here) * 24 * UNITS
    month_ago = TODAY - timedelta(days=30)
    before = [cell for cell in company.bill.cells(month_ago) if cell.usage_type == "NatGateway-Hours"]
    made = sum(one.created_at.date() < month_ago for one in gateways(company).all if one.region == VIRGINIA)
    assert sum(cell.quantity for cell in before) == made * 24 * UNITS
    assert 0 < made < sum(one.region == VIRGINIA for one in gateways(company).all)


def test_a_whole_month_of_a_volume_is_its_gibibytes(company: Company) -> None:
    october = [TODAY.replace(month=10, day=day) for day in range(1, 32)]
    billed = sum(
        cell.quantity
        for day in october
        for cell in company.bill.cells(day)
        if cell.usage_type == "EBS:VolumeUsage.piops"
    )
    sizes = [one.gib for one in volumes(company).all if one.volume_type == "io1"]
    assert abs(Decimal(billed) / UNITS - sum(sizes)) < Decimal("0.0001")


def operation_table(bill: BilledUsage) -> UsageSpan:
    assert bill.by_operation is not None
    return bill.by_operation


def test_both_tables_sum_to_the_same_cost(bill: BilledUsage) -> None:
    assert bill.by_account is not None
    by_account = sum(record.cost for record in bill.by_account.records)
    assert by_account == sum(record.cost for record in operation_table(bill).records) > 0


@pytest.mark.parametrize(
    ("item", "region", "price"),
    [
        (items.NAT_GATEWAY_HOUR, VIRGINIA, "0.045"),
        (items.NAT_GATEWAY_HOUR, IRELAND, "0.04995"),
        (items.VPC_ENDPOINT_INTERFACE_HOUR, IRELAND, "0.0111"),
        (items.EKS_CLUSTER, IRELAND, "0.111"),
        (items.LOGS_STORAGE, IRELAND, "0.0333"),
        (items.EBS_SNAPSHOT, IRELAND, "0.0555"),
        (items.PUBLIC_IPV4_IN_USE, OREGON, "0.005"),
        (items.ec2_instance("m6i.large"), OREGON, "0.096"),
    ],
)
def test_the_bill_gives_prices_where_the_built_in_table_has_none(
    bill: BilledUsage, item: items.Item, region: str, price: str
) -> None:
    found = billed_rates(operation_table(bill)).rate(region, item)
    assert found is not None
    assert (found.price.amount, found.origin) == (Decimal(price), Origin.BILLED)


def test_the_bill_s_prices_are_those_of_the_table_in_its_own_region(bill: BilledUsage) -> None:
    """They were worked out from quantities and costs, so this is a check of both."""
    rates, table = billed_rates(operation_table(bill)), ListPrices.load()
    known = [item for region, item in table.items if region == VIRGINIA]
    both = [(rates.rate(VIRGINIA, item), table.rate(VIRGINIA, item)) for item in known]
    priced = [(mine, theirs) for mine, theirs in both if mine and theirs]
    assert len(priced) > 30
    for mine, theirs in priced:
        assert abs(mine.price.amount / theirs.price.amount - 1) < Decimal("0.00001"), mine.source
