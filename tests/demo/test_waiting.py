"""The endpoint as far away as AWS is: over TLS, and with a latency that holds up nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import boto3
import pytest
from botocore.exceptions import SSLError

from factories import NOW
from plainbill.demo.call import Options
from plainbill.demo.endpoint import Endpoint
from plainbill.demo.fleet import MANAGEMENT
from plainbill.demo.server import DemoEndpoint, application


def sts(aws: DemoEndpoint, **more: Any) -> Any:
    told = aws.environment
    return boto3.Session().client(
        "sts",
        region_name="us-east-1",
        endpoint_url=aws.url,
        aws_access_key_id=told["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=told["AWS_SECRET_ACCESS_KEY"],
        **more,
    )


def test_a_client_that_was_not_told_the_certificate_refuses_the_endpoint() -> None:
    with DemoEndpoint(now=NOW, is_tls=True) as aws, pytest.raises(SSLError):
        sts(aws).get_caller_identity()
    assert aws.requests == []


def test_with_the_bundle_of_the_environment_a_stock_client_speaks_tls() -> None:
    with DemoEndpoint(now=NOW, is_tls=True) as aws:
        assert aws.url.startswith("https://")
        client = sts(aws, verify=aws.environment["AWS_CA_BUNDLE"])
        assert client.get_caller_identity()["Account"] == MANAGEMENT


def test_without_tls_no_bundle_is_told() -> None:
    with DemoEndpoint(now=NOW) as aws:
        assert "AWS_CA_BUNDLE" not in aws.environment


async def _asked(endpoint: Endpoint, count: int) -> list[MutableMapping[str, Any]]:
    """Ask so often at once; return what was sent when every call had its turn."""
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope = {"headers": [], "raw_path": b"/", "query_string": b"", "method": "POST"}
    serve = application(endpoint)

    async def call() -> None:
        await serve(scope, receive, send)

    calls = [asyncio.create_task(call()) for _ in range(count)]
    await asyncio.sleep(0)
    for one in calls:
        one.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
    return sent


@pytest.mark.parametrize(("latency", "sent"), [(0.0, 8 * 2), (3600.0, 0)])
def test_an_answer_that_is_on_its_way_keeps_no_other_waiting(latency: float, sent: int) -> None:
    endpoint = Endpoint(lambda: NOW, Options(latency=latency))
    assert len(asyncio.run(_asked(endpoint, 8))) == sent
    assert len(endpoint.requests) == 8
