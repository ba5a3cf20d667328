"""Whatever goes wrong with links or with the monitoring account, no account's load is lost in silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from aws import connected
from factories import NOW
from plainbill.aws_connector import Connector, Scope
from plainbill.aws_connector.errors import CredentialsExpired
from plainbill.data_fetcher import cloudwatch, ec2_instances, observability_links
from plainbill.data_fetcher.monitoring_account import MonitoringAccount
from plainbill.demo.call import Options
from plainbill.demo.fault_catalogue import CATALOGUE, OF_METRICS
from plainbill.demo.faults import Effect
from plainbill.demo.fleet import DEVELOPMENT, MANAGEMENT, PRODUCTION
from plainbill.demo.injection import Injected
from plainbill.demo.links import Link
from plainbill.demo.server import DemoEndpoint
from plainbill.model.inventory import Gap
from plainbill.model.resources import Ec2Instance

HERE = Scope(MANAGEMENT, "us-east-1")
WINDOW = cloudwatch.window(NOW, 2)
LINKS = tuple(
    Link(source=source, monitoring=MANAGEMENT, region="us-east-1") for source in (PRODUCTION, DEVELOPMENT)
)
OF_LINKS = sorted(set(CATALOGUE) - {"expired"})
OF_THE_ACCOUNT = {**CATALOGUE, **OF_METRICS}
Load = dict[str, list[float | None]]


@dataclass
class Bench:
    """A company with links, some of its instances, and their load as each account tells it."""

    demo: DemoEndpoint
    instances: list[Ec2Instance]
    truth: Load

    def read(self, effect: Effect, action: str) -> tuple[observability_links.Links, Load, list[Gap], int]:
        """Read links and load while ``action`` of the monitoring account fails; say also how often it did."""
        fault = Injected(effect=effect, account=MANAGEMENT, region="us-east-1", action=action)
        options = Options(links=LINKS, list_page=1, injected=(fault,))
        self.demo.options = self.demo.endpoint.options = options
        with connected(self.demo.environment, read_timeout=0.5) as connector:
            links = observability_links.read(connector, HERE)
            account = MonitoringAccount(MANAGEMENT, [links])
            load, gaps = Load(), list[Gap]()
            places = {Scope(one.account_id, one.region): None for one in self.instances}
            by_place = (
                (place, [one for one in self.instances if one.account_id == place.account_id])
                for place in places
            )
            for place, lists in account.asking.together(by_place).items():
                some = [one for several in lists for one in several]
                found, missing = load_of(connector, place, some, account.ask)
                load |= found
                gaps += missing
        return links, load, gaps, sum(self.demo.endpoint.injector.hits.values())


def load_of(
    connector: Connector, scope: Scope, instances: list[Ec2Instance], ask: cloudwatch.Ask
) -> tuple[Load, list[Gap]]:
    asked = cloudwatch.queries(instances, cloudwatch.CPU, scope.account_id)
    answer = ask(connector, scope, asked, WINDOW)
    told = cloudwatch.answered(instances, answer, cloudwatch.CPU)
    gaps = list(cloudwatch.gaps_of(instances, answer, scope, cloudwatch.CPU))
    return {one.arn: list(hours[1]) for one, hours in told}, gaps


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    instances: list[Ec2Instance] = []
    truth: Load = {}
    with DemoEndpoint(now=NOW) as demo, pytest.MonkeyPatch.context() as patched:
        patched.setattr("time.sleep", lambda _: None)
        with connected(demo.environment) as connector:
            for account in (PRODUCTION, DEVELOPMENT):
                here = Scope(account, "us-east-1")
                several, _ = ec2_instances.read(connector, here)
                running = [one for one in several if one.state == "running"][:3]
                instances += running
                truth |= load_of(connector, here, running, cloudwatch.ask)[0]
        assert len(truth) == len(instances)
        yield Bench(demo, instances, truth)


@pytest.mark.parametrize("action", ["oam:ListSinks", "oam:ListAttachedLinks"])
@pytest.mark.parametrize("fault", OF_LINKS)
def test_what_goes_wrong_with_links_changes_no_figure(bench: Bench, fault: str, action: str) -> None:
    links, load, gaps, hits = bench.read(CATALOGUE[fault], action)
    assert hits
    assert (load, gaps) == (bench.truth, [])
    assert links.failure or links.accounts == {PRODUCTION, DEVELOPMENT}


@pytest.mark.parametrize("fault", sorted(set(OF_THE_ACCOUNT) - {"expired"}))
def test_what_goes_wrong_with_the_monitoring_account_changes_no_figure(bench: Bench, fault: str) -> None:
    _, load, gaps, hits = bench.read(OF_THE_ACCOUNT[fault], "cloudwatch:GetMetricData")
    assert hits
    assert (load, gaps) == (bench.truth, [])


@pytest.mark.parametrize("action", ["oam:ListSinks", "oam:ListAttachedLinks", "cloudwatch:GetMetricData"])
def test_expired_credentials_end_it_all(bench: Bench, action: str) -> None:
    with pytest.raises(CredentialsExpired):
        bench.read(CATALOGUE["expired"], action)
