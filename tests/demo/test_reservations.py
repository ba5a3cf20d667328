"""Capacity Reservations over HTTP: read by the collector, judged as the company says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from aws import connected
from demo.stock import client
from factories import NOW, context
from plainbill.analyzer.checks.ec2_capacity_reservation_unused import Ec2CapacityReservationUnused
from plainbill.analyzer.waste_check import metrics_of
from plainbill.aws_connector import Connector, Scope
from plainbill.data_fetcher import resource_metrics
from plainbill.data_fetcher.ec2_capacity_reservations import Ec2CapacityReservations
from plainbill.demo.estate_reservations import reservations
from plainbill.demo.fleet import PRODUCTION
from plainbill.demo.server import DemoEndpoint
from plainbill.model.findings import Ok, Waste
from plainbill.model.metrics import Series
from plainbill.model.resources import Resource
from plainbill.model.resources.capacity import CapacityReservation

CHECK = Ec2CapacityReservationUnused()
DAYS = 63


@pytest.fixture
def connector(aws: DemoEndpoint) -> Iterator[Connector]:
    with connected(aws.environment, aws.url) as connector:
        yield connector


def test_a_stock_client_sees_them(aws: DemoEndpoint) -> None:
    told = client(aws, "ec2", PRODUCTION).describe_capacity_reservations()["CapacityReservations"]
    truth = reservations(aws.company).at(PRODUCTION, "us-east-1")
    assert [one["CapacityReservationId"] for one in told] == [one.name for one in truth]
    assert all(one["CreateDate"] < NOW for one in told)


def test_each_is_judged_as_the_company_says(aws: DemoEndpoint, connector: Connector) -> None:
    said = {}
    for one in reservations(aws.company).all:
        scope = Scope(one.account_id, one.region)
        found, gaps = Ec2CapacityReservations.read(connector, scope)
        assert gaps == []
        (resource,) = (each for each in found if each.resource_id == one.name)
        assert isinstance(resource, CapacityReservation)
        known = replace(context(resource), series=measured(connector, resource))
        said[one.name] = CHECK.evaluate(resource, known)
    assert {name: isinstance(verdict, Waste) for name, verdict in said.items()} == {
        one.name: one.is_expected for one in reservations(aws.company).all
    }
    assert all(isinstance(verdict, Waste | Ok) for verdict in said.values())


def measured(connector: Connector, resource: Resource) -> dict[tuple[str, str], Series]:
    asked = list(resource_metrics.wanted([resource], lambda one: metrics_of([CHECK], one)))
    if not asked:
        return {}
    scope = Scope(resource.account_id, resource.region)
    series, gaps = resource_metrics.read(connector, scope, asked, NOW, DAYS)
    assert gaps == []
    return series
