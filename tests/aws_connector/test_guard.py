"""The read-only guard, against every operation of every service that botocore knows."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ParamValidationError

from plainbill.aws_connector.credentials import sign_in_session
from plainbill.aws_connector.errors import UndeclaredOperation
from plainbill.aws_connector.guard import SIGN_IN_OPERATIONS, Guard
from plainbill.aws_connector.reads import CONNECTOR_READS, Read
from plainbill.aws_connector.service_models import service_names

DECLARED = (
    *CONNECTOR_READS,
    Read("ce", "GetCostAndUsage", "costs"),
    Read("ec2", "DescribeInstances", "instances"),
    Read("cloudwatch", "GetMetricData", "metrics"),
)


class SentError(Exception):
    """A request came as far as the network."""


def _refuse_network(**_: object) -> None:
    raise SentError


def _guarded_session(guard: Guard) -> Any:
    session = botocore.session.Session()
    session.set_credentials("AKIAIOSFODNN7EXAMPLE", "secret")
    session.get_component("event_emitter").register("before-send", _refuse_network)
    guard.watch(session)
    return session


def _fate(client: Any, operation: str) -> str:
    """What becomes of a call without parameters: refused by the guard, sent, or turned down by botocore."""
    try:
        client._make_api_call(operation, {})
    except UndeclaredOperation as refusal:
        return "refused" if refusal.operation == operation else "refused as something else"
    except SentError:
        return "sent"
    except ParamValidationError:
        return "passed the guard"
    raise AssertionError(f"{operation} was answered without a network")


def test_of_all_operations_of_aws_only_the_declared_pass() -> None:
    session = _guarded_session(Guard.of(DECLARED))
    fates: dict[str, set[tuple[str, str]]] = {"refused": set(), "sent": set(), "passed the guard": set()}
    for service in service_names():
        client = session.create_client(service, region_name="us-east-1", endpoint_url="http://127.0.0.1:9")
        for operation in client.meta.service_model.operation_names:
            fates[_fate(client, operation)].add((service, operation))
    declared = {(read.service, read.operation) for read in DECLARED}
    assert fates["sent"] | fates["passed the guard"] == declared
    assert len(fates["refused"]) > 19_000
    assert not fates["refused"] & declared


def test_a_handler_of_another_cannot_run_before_the_guard() -> None:
    session = _guarded_session(Guard.of(DECLARED))
    ran: list[str] = []
    events = session.get_component("event_emitter")
    events.register("provide-client-params.ec2.TerminateInstances", lambda **_: ran.append("early"))
    client = session.create_client("ec2", region_name="us-east-1")
    with pytest.raises(UndeclaredOperation, match=r"ec2:TerminateInstances"):
        client.terminate_instances(InstanceIds=["i-0a1b2c3d4e5f60718"])
    assert ran == []


def test_signing_in_may_ask_nothing_but_what_signing_in_takes() -> None:
    session = sign_in_session()
    session.set_credentials("AKIAIOSFODNN7EXAMPLE", "secret")
    session.get_component("event_emitter").register("before-send", _refuse_network)
    for service, operation in sorted(SIGN_IN_OPERATIONS):
        client = session.create_client(service, region_name="us-east-1")
        assert _fate(client, operation) != "refused"
        others = [
            name
            for name in client.meta.service_model.operation_names
            if (service, name) not in SIGN_IN_OPERATIONS
        ]
        assert {_fate(client, name) for name in others} <= {"refused"}
