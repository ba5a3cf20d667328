"""The company's commitments over HTTP: as a stock client sees them, and what they leave of its savings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from aws import connected
from demo.stock import client
from factories import NOW, TODAY, context
from plainbill.analyzer.checks.ec2_instance_graviton import Ec2InstanceGraviton
from plainbill.analyzer.commitments import realisable
from plainbill.analyzer.engine import Finding, Report
from plainbill.aws_connector import Connector, Scope
from plainbill.data_fetcher.ec2_reserved_instances import Ec2ReservedInstances
from plainbill.data_fetcher.savings_plans import SavingsPlans
from plainbill.demo.estate_commitments import EXPECTED, reserved_instances, savings_plans
from plainbill.demo.fleet import MANAGEMENT, PRODUCTION
from plainbill.demo.server import DemoEndpoint
from plainbill.model.cost import CostMetric
from plainbill.model.findings import Action, Waste
from plainbill.model.money import Money, total
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.model.resources.commitments import ReservedInstance, SavingsPlan
from plainbill.prices.ec2 import monthly_ec2_instance
from plainbill.prices.list_prices import ListPrices


class Stopping(Ec2InstanceGraviton):
    """Stands for a check that says to stop an instance."""

    id, action = "stopping", Action.STOP


@pytest.fixture
def connector(aws: DemoEndpoint) -> Iterator[Connector]:
    with connected(aws.environment, aws.url) as connector:
        yield connector


def read(connector: Connector, aws: DemoEndpoint) -> list[Resource]:
    """Every plan and reservation of every account, as the collectors read them."""
    found: list[Resource] = []
    for account in aws.company.accounts:
        plans, gaps = SavingsPlans.read(connector, Scope(account.account_id, "us-east-1"))
        assert gaps == []
        found += plans
        for region in aws.company.enabled_regions:
            found += Ec2ReservedInstances.read(connector, Scope(account.account_id, region))[0]
    return found


def stop(one: Ec2Instance) -> Finding:
    saving = monthly_ec2_instance(ListPrices.load(), one)
    return Finding(Stopping(), one, Waste("idle", saving, saving))


def test_a_plan_is_told_to_the_account_that_bought_it_only(aws: DemoEndpoint) -> None:
    assert client(aws, "savingsplans", PRODUCTION).describe_savings_plans()["savingsPlans"] == []
    bought = client(aws, "savingsplans", MANAGEMENT)
    (told,) = bought.describe_savings_plans(states=["active"])["savingsPlans"]
    assert (told["savingsPlanType"], told["commitment"]) == ("Compute", "3.96000000")
    assert bought.describe_savings_plans(states=["retired"])["savingsPlans"] == []


def test_the_plan_is_the_one_on_the_bill(aws: DemoEndpoint) -> None:
    (plan,) = savings_plans(aws.company)
    first = plan.start.date()

    def fee(before: int) -> Decimal:
        day = Period.last_days(1, first + timedelta(days=before))
        return aws.company.bill.total(day, CostMetric.UNBLENDED, record_type="SavingsPlanRecurringFee")

    assert [fee(0), fee(1), fee(2)] == [0, plan.commitment * 24, plan.commitment * 24]


def test_reservations_are_told_where_they_are(aws: DemoEndpoint) -> None:
    told = client(aws, "ec2", PRODUCTION).describe_reserved_instances()["ReservedInstances"]
    truth = reserved_instances(aws.company).at(PRODUCTION, "us-east-1")
    assert [one["ReservedInstancesId"] for one in told] == [one.name for one in truth]
    assert all(one["Start"] < NOW < one["End"] for one in told)


def test_the_collectors_read_all_of_them(aws: DemoEndpoint, connector: Connector) -> None:
    found = read(connector, aws)
    (plan,) = (one for one in found if isinstance(one, SavingsPlan))
    assert plan.start_at == savings_plans(aws.company)[0].start
    reserved = {one.reservation_id: one for one in found if isinstance(one, ReservedInstance)}
    assert {one.name: one.count for one in reserved_instances(aws.company).all} == {
        name: one.count for name, one in reserved.items()
    }


def test_each_saving_is_as_realisable_as_the_company_says(aws: DemoEndpoint, connector: Connector) -> None:
    bill, fortnight = aws.company.bill, Period.last_days(14, TODAY - timedelta(days=1))
    covered = bill.total(fortnight, CostMetric.UNBLENDED, record_type="SavingsPlanCoveredUsage")
    known = context(*(one.resource for one in aws.company.instances), *read(connector, aws))
    idle: dict[str, list[Finding]] = {name: [] for name in EXPECTED}
    for one in aws.company.instances:
        if one.fleet.name in idle:
            idle[one.fleet.name].append(stop(one.resource))
    findings = [finding for some in idle.values() for finding in some]
    report = Report(findings=findings, undecided=[], tallies={})
    said = realisable(report, known, Money(covered / fortnight.hours))
    for name, is_all in EXPECTED.items():
        assert idle[name]
        for finding in idle[name]:
            alone = said.findings[finding.finding_id]
            assert alone.realisable == (alone.at_list if is_all else Money(Decimal(0))), alone.reason
    lost = [one.waste.monthly_saving for one in idle["session-cache-old"]]
    assert said.at_list["USD"] - said.realisable["USD"] == total(one for one in lost if one)
