"""Answers that broke off or say nothing at all: asked again, or told; never taken for an empty list."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aws import connected
from factories import NOW
from plainbill.aws_connector import Connector, Scope, attempts
from plainbill.aws_connector.errors import NotEnabled, Unreachable, UnreadableAnswer
from plainbill.data_fetcher.trusted_advisor import TrustedAdvisor
from plainbill.demo.fault_catalogue import CATALOGUE
from plainbill.demo.faults import Fault
from plainbill.demo.fleet import PRODUCTION
from plainbill.demo.injection import Injected
from plainbill.demo.server import DemoEndpoint

HERE = Scope(PRODUCTION, "us-east-1")
READS = [("dynamodb", "ListTables"), ("ec2", "DescribeVolumes"), ("lambda", "ListFunctions"),
         ("s3", "ListBuckets"), ("elbv2", "DescribeLoadBalancers")]  # fmt: skip


@pytest.fixture(scope="module")
def shared() -> Iterator[DemoEndpoint]:
    with DemoEndpoint(now=NOW) as endpoint:
        yield endpoint


@pytest.fixture
def demo(shared: DemoEndpoint, monkeypatch: pytest.MonkeyPatch) -> Iterator[DemoEndpoint]:
    monkeypatch.setattr("time.sleep", lambda _: None)
    yield shared
    shared.change(injected=())


@pytest.fixture
def connector(demo: DemoEndpoint) -> Iterator[Connector]:
    with connected(demo.environment, read_timeout=0.4) as opened:
        yield opened


@pytest.mark.parametrize(("service", "operation"), READS)
def test_an_answer_of_no_bytes_is_none(
    demo: DemoEndpoint, connector: Connector, service: str, operation: str
) -> None:
    demo.change(injected=(Injected(effect=CATALOGUE["empty"]),))
    with pytest.raises(UnreadableAnswer):
        connector.call(HERE, service, operation)


@pytest.mark.parametrize(("service", "operation"), READS)
def test_an_answer_that_broke_off_is_asked_for_again(
    demo: DemoEndpoint, connector: Connector, service: str, operation: str
) -> None:
    whole = connector.call(HERE, service, operation)
    demo.change(injected=(Injected(effect=CATALOGUE["torn_cut"], times=2),))
    again = connector.call(HERE, service, operation)
    del whole["ResponseMetadata"], again["ResponseMetadata"]
    assert again == whole


def test_an_answer_that_breaks_off_each_time_is_a_matter_of_the_connection(
    demo: DemoEndpoint, connector: Connector
) -> None:
    demo.change(injected=(Injected(effect=CATALOGUE["torn_cut"]),))
    demo.requests.clear()
    with pytest.raises(Unreachable, match=r"IncompleteRead: \d+ of \d+ bytes came") as error:
        connector.call(HERE, "dynamodb", "ListTables")
    assert error.value.account_id == PRODUCTION
    assert len(demo.requests) == attempts.MOST


def test_a_refusal_is_not_asked_for_again(demo: DemoEndpoint, connector: Connector) -> None:
    demo.change(injected=(Injected(effect=Fault("AccessDeniedException")),))
    demo.requests.clear()
    with pytest.raises(Exception, match="Not permitted"):
        connector.call(HERE, "dynamodb", "ListTables")
    assert len(demo.requests) == 1


def test_an_account_that_cannot_be_entered_is_missing_in_every_region(demo: DemoEndpoint) -> None:
    denied = CATALOGUE["denied"]
    demo.change(injected=(Injected(effect=denied, action="sts:AssumeRole", about=PRODUCTION),))
    with connected(demo.environment) as opened:
        (gap,) = opened.account_gaps
    assert (gap.account_id, gap.region, gap.kind) == (PRODUCTION, None, "AccessDenied")


def test_advice_that_is_asked_for_in_one_region_is_missing_in_all(
    demo: DemoEndpoint, connector: Connector
) -> None:
    action = "support:DescribeTrustedAdvisorCheckResult"
    demo.change(injected=(Injected(effect=CATALOGUE["denied"], action=action),))
    _, (gap,) = TrustedAdvisor.read(connector, HERE)
    assert (gap.account_id, gap.region, gap.kind) == (PRODUCTION, None, "AccessDenied")


def test_a_service_that_an_account_is_not_signed_up_for_is_not_a_refusal(
    demo: DemoEndpoint, connector: Connector
) -> None:
    demo.change(injected=(Injected(effect=CATALOGUE["not_subscribed"]),))
    with pytest.raises(NotEnabled):
        connector.call(HERE, "s3", "ListBuckets")
