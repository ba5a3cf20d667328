"""Dedicated Hosts over HTTP: read by the collector, judged as the company says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aws import connected
from demo.stock import client
from factories import context
from plainbill.analyzer.checks.ec2_host_empty import Ec2HostEmpty
from plainbill.aws_connector import Connector, Scope
from plainbill.data_fetcher.ec2_hosts import Ec2Hosts
from plainbill.demo.estate_hosts import hosts
from plainbill.demo.fleet import DEVELOPMENT, PRODUCTION, VIRGINIA
from plainbill.demo.server import DemoEndpoint
from plainbill.model.findings import Waste
from plainbill.model.resources.ec2_host import DedicatedHost


@pytest.fixture
def connector(aws: DemoEndpoint) -> Iterator[Connector]:
    with connected(aws.environment, aws.url) as connector:
        yield connector


def test_a_stock_client_sees_them_by_pages(aws: DemoEndpoint) -> None:
    pages = (
        client(aws, "ec2", PRODUCTION)
        .get_paginator("describe_hosts")
        .paginate(PaginationConfig={"PageSize": 5})
    )
    told = [one["HostId"] for page in pages for one in page["Hosts"]]
    assert told == [one.name for one in hosts(aws.company).at(PRODUCTION, VIRGINIA)]


def test_each_is_judged_as_the_company_says(aws: DemoEndpoint, connector: Connector) -> None:
    said = {}
    for account in (PRODUCTION, DEVELOPMENT):
        found, gaps = Ec2Hosts.read(connector, Scope(account, VIRGINIA))
        assert gaps == []
        for one in found:
            assert isinstance(one, DedicatedHost)
            said[one.host_id] = isinstance(Ec2HostEmpty().evaluate(one, context(one)), Waste)
    assert said == {one.name: one.is_expected for one in hosts(aws.company).all}
