"""Stock clients and stock parsers: what the endpoint's answers must satisfy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import boto3
import botocore.parsers
import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from plainbill.aws_connector import Connector
from plainbill.data_fetcher import billed_usage
from plainbill.demo.answers_identity import access_key
from plainbill.demo.fleet import MANAGEMENT
from plainbill.demo.server import DemoEndpoint
from plainbill.model.billing import BilledUsage, UsageTable

NO_RETRY = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=30)


def client(
    aws: DemoEndpoint | str, service: str, account: str = MANAGEMENT, region: str = "us-east-1", **more: Any
) -> Any:
    """An unmodified boto3 client of an account; ``aws`` is the demo's endpoint or any URL."""
    return _session().client(
        service,
        region_name=region,
        endpoint_url=aws if isinstance(aws, str) else aws.url,
        aws_access_key_id=access_key(account),
        aws_secret_access_key="nothing",
        config=NO_RETRY.merge(Config(**more)),
    )


@cache
def _session() -> Any:
    return boto3.Session()  # loads AWS's models once


def refusal(error: pytest.ExceptionInfo[ClientError]) -> str:
    """AWS's code of an error that a client raised."""
    return str(error.value.response["Error"]["Code"])


def parsed(service: str, operation: str, protocol: str, body: bytes, status: int = 200) -> Any:
    """What botocore's own parser makes of a body."""
    parser = botocore.parsers.create_parser(protocol)
    response = {"body": body, "headers": {}, "status_code": status}
    answer = parser.parse(response, output_of(service, operation))
    answer.pop("ResponseMetadata", None)
    return answer


def known_to_the_model(service: str, operation: str, answer: Mapping[str, Any]) -> Any:
    """A recorded answer without what botocore's model does not know (any more), instants in UTC."""
    return _known(output_of(service, operation), answer)


@cache
def output_of(service: str, operation: str) -> Any:
    """botocore's own shape of an answer."""
    model = botocore.session.get_session().get_service_model(service)
    return model.operation_model(operation).output_shape


def _known(shape: Any, value: Any) -> Any:
    if shape.type_name == "structure":
        members = shape.members
        kept = {name: item for name, item in value.items() if name in members and item is not None}
        return {name: _known(members[name], item) for name, item in kept.items()}
    if shape.type_name == "list":
        return [_known(shape.member, item) for item in value]
    if shape.type_name == "map":
        return {key: _known(shape.value, item) for key, item in value.items()}
    if shape.type_name == "timestamp" and isinstance(value, str):
        value = datetime.fromisoformat(value)  # some recordings were edited by hand
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def paths(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Every key of an answer as a path, with the type of what is there."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from paths(item, f"{at}.{key}")
    elif isinstance(value, list):
        yield at, "list"
        for item in value:
            yield from paths(item, f"{at}[]")
    else:
        yield at, type(value).__name__


def bill_of(connector: Connector, now: datetime) -> BilledUsage:
    """The billed usage, as a refresh reads it of the management account."""
    period = billed_usage.window(now.date())
    by_operation, gaps = billed_usage.read(connector, MANAGEMENT, period, UsageTable.OPERATION, None)
    by_account, more = billed_usage.read(connector, MANAGEMENT, period, UsageTable.ACCOUNT, None)
    assert [*gaps, *more] == []
    return BilledUsage(by_operation=by_operation, by_account=by_account)
