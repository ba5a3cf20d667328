"""Answers that broke off or say nothing at all: asked again, or told; never taken for an empty list."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aws import connected
from factories import NOW
from plainbill.aws_connector import Connector, Scope, attempts
from plainbill.aws_connector.errors import Unreachable, UnreadableAnswer
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
