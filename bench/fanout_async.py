"""The asyncio ways of ``bench/fanout.py``, which starts it: needs aiobotocore, and nothing of Plainbill.

``aiobotocore`` is a client for each account, Region and service; ``raw asyncio`` is the bound: aiohttp, one
TLS context, each request signed by botocore and its answer only received.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import resource
import ssl
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from itertools import cycle, islice, product
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

ACCOUNTS, REGIONS = 20, 20
BODY = {
    "ec2": b"Action=DescribeInstances&Version=2016-11-15&MaxResults=100",
    "rds": b"Action=DescribeDBInstances&Version=2014-10-31",
}
Place = tuple[str, int, int]
Ask = Callable[[Place], Awaitable[object]]


async def with_aiobotocore(stack: AsyncExitStack, at_once: int) -> Ask:
    session = importlib.import_module("aiobotocore.session").get_session()
    clients: dict[Place, Any] = {}
    config = importlib.import_module("aiobotocore.config").AioConfig(max_pool_connections=at_once)
    assert isinstance(config, Config)

    async def ask(place: Place) -> object:
        service, region, _ = place
        if place not in clients:
            made = session.create_client(service, region_name=f"region-{region}", config=config)
            clients[place] = await stack.enter_async_context(made)
        client = clients[place]
        if service == "ec2":
            return await client.describe_instances(MaxResults=100)
        return await client.describe_db_instances()

    return ask


async def with_aiohttp(stack: AsyncExitStack, at_once: int) -> Ask:
    aiohttp, url = importlib.import_module("aiohttp"), os.environ["AWS_ENDPOINT_URL"]
    bundle = os.environ.get("AWS_CA_BUNDLE")
    connector = aiohttp.TCPConnector(limit=at_once, ssl=ssl.create_default_context(cafile=bundle))
    session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
    credentials = Credentials("AKIAIOSFODNN7EXAMPLE", "no-secret")

    async def ask(place: Place) -> object:
        service, region, _ = place
        request = AWSRequest("POST", f"{url}/", data=BODY[service])
        request.headers["Content-Type"] = "application/x-www-form-urlencoded"
        SigV4Auth(credentials, service, f"region-{region}").add_auth(request)
        async with session.post(f"{url}/", data=BODY[service], headers=dict(request.headers)) as answer:
            assert answer.status == 200
            return await answer.read()

    return ask


async def main(way: str, calls: int, at_once: int) -> None:
    places = list(islice(cycle(product(BODY, range(REGIONS), range(ACCOUNTS))), calls))
    room = asyncio.Semaphore(at_once)
    rounds = []
    async with AsyncExitStack() as stack:
        ask = await (with_aiobotocore if way == "aiobotocore" else with_aiohttp)(stack, at_once)

        async def bounded(place: Place) -> None:
            async with room:
                await ask(place)

        for _ in range(2):
            wall, cpu = time.perf_counter(), time.process_time()
            await asyncio.gather(*map(bounded, places))
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            cost = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "memory": memory}
            rounds.append(cost)
    print(json.dumps(rounds))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
