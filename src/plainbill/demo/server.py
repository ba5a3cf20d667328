"""The demo endpoint on a socket: ``python -m plainbill.demo.server --port 0``.

Prints one JSON line when it is ready ({"endpoint_url": ..., "environment": {...}}) and serves until its
standard input closes or SIGTERM comes, so it never outlives whoever started it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import socket
import sys
import threading
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from types import TracebackType
from typing import Any, Self

import uvicorn

from plainbill.demo.allotted import COST_CATEGORY, COST_TAG, SECOND_TAG
from plainbill.demo.answers_identity import access_key
from plainbill.demo.call import Answer, Options
from plainbill.demo.company import EXTERNAL_ID, Company
from plainbill.demo.endpoint import Endpoint, Request
from plainbill.demo.large_answers import LARGE_ANSWERS
from plainbill.demo.large_company import LargeCompany
from plainbill.demo.large_estate import LargeEstate
from plainbill.demo.large_shape import Shape
from plainbill.demo.scenery import scenery
from plainbill.demo.scenes import SCENES
from plainbill.demo.tearing import Receive, Send, Tearable, tear
from plainbill.demo.tls import Certificate, throw_away
from plainbill.model.period import utc_now

Scope = MutableMapping[str, Any]
_LOOPBACK = "127.0.0.1"
_STDIN_CHUNK = 65_536


def application(endpoint: Endpoint) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """Return the ASGI application that lets the endpoint answer over HTTP.

    An answer's latency is waited for without keeping other answers waiting.
    """
    waits = random.Random(0)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
        target = f"{path}?{query}" if query else path
        reply = endpoint.answer(headers, body, scope["method"], target)
        if seconds := _latency(endpoint.options, waits):
            await asyncio.sleep(seconds)
        if reply.torn:
            await tear(tuple(scope["client"]), receive, send, reply)
            return
        length = (b"content-length", str(len(reply.body)).encode())
        told = [*reply.headers, length]
        if b"date" not in dict(told):
            told.append((b"date", formatdate(usegmt=True).encode()))
        start = {"type": "http.response.start", "status": reply.status, "headers": told}
        await send(start)
        await send({"type": "http.response.body", "body": reply.body})

    return serve


def _latency(options: Options, waits: random.Random) -> float:
    return max(0.0, options.latency + waits.uniform(-options.jitter, options.jitter))


def environment_of(url: str, company: Company, certificate: Certificate | None = None) -> dict[str, str]:
    """Return the variables that point any AWS client, and Plainbill, at the demo company."""
    trust = {"AWS_CA_BUNDLE": str(certificate.certificate)} if certificate else {}
    return trust | {
        "AWS_ACCESS_KEY_ID": access_key(company.payer),
        "AWS_SECRET_ACCESS_KEY": "demo-secret-of-nothing",
        "AWS_ENDPOINT_URL": url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "PLAINBILL_ROLE_ARNS": ",".join(company.role_arns),
        "PLAINBILL_EXTERNAL_ID": company.external_id or EXTERNAL_ID,
        "PLAINBILL_COST_TAG": f"{COST_TAG},{SECOND_TAG}",
        "PLAINBILL_COST_CATEGORY": COST_CATEGORY,
        "PLAINBILL_COST_EXPLORER_REQUESTS_A_DAY": "40",  # which cost nothing here
    }


def scene_endpoint(name: str, clock: Callable[[], datetime]) -> Endpoint:
    """Return the endpoint of a scene (``scenes.SCENES``)."""
    of = scenery(name, utc_now())
    return Endpoint(clock, of.options, answers=of.answers, make=of.make)


def _endpoint(
    clock: Callable[[], datetime], options: Options, *, hostile: bool, shape: Shape | None
) -> Endpoint:
    if shape is None:
        return Endpoint(clock, options, hostile)
    return Endpoint(
        clock, options, answers=LARGE_ANSWERS, make=lambda today: LargeCompany(today, shape=shape)
    )


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((_LOOPBACK, port))
    listener.listen(128)
    return listener


def _url(listener: socket.socket, certificate: Certificate | None) -> str:
    return f"{'https' if certificate else 'http'}://{_LOOPBACK}:{listener.getsockname()[1]}"


def _server(endpoint: Endpoint, certificate: Certificate | None) -> uvicorn.Server:
    config = uvicorn.Config(
        application(endpoint),
        lifespan="off",
        log_config=None,
        access_log=False,
        ws="none",
        http=Tearable,
        date_header=False,  # a clock that is wrong is told by ours
        timeout_keep_alive=75,
        ssl_certfile=certificate.certificate if certificate else None,
        ssl_keyfile=certificate.key if certificate else None,
    )
    return uvicorn.Server(config)


@dataclass
class DemoEndpoint:
    """The endpoint in a thread of this process, for tests: ``with DemoEndpoint(now=...) as aws: ...``

    ``now`` freezes its clock; ``options`` sets pages, throttles, denials and faults; ``hostile`` gives
    every name and tag the payload of an attacker; ``answers`` takes the place of the company's own;
    ``is_tls`` serves over HTTPS, with a certificate that only ``environment`` makes a client trust;
    ``shape`` serves an estate of any size in the place of the demo company.
    """

    now: datetime | None = None
    options: Options = field(default_factory=Options)
    hostile: bool = False
    port: int = 0
    answers: Mapping[str, Answer] | None = None
    is_tls: bool = False
    shape: Shape | None = None

    def __post_init__(self) -> None:
        fixed = self.now
        clock = utc_now if fixed is None else lambda: fixed.astimezone(UTC)
        self.endpoint = _endpoint(clock, self.options, hostile=self.hostile, shape=self.shape)
        if self.answers is not None:
            self.endpoint.answers = self.answers
        self.url = ""
        self._certificate: Certificate | None = None
        self._stack = ExitStack()

    @property
    def company(self) -> Company:
        """The truth, without the wire."""
        return self.endpoint.company

    @property
    def estate(self) -> LargeEstate:
        """The truth of an estate of any size; raises ``TypeError`` where no ``shape`` was given."""
        company = self.endpoint.company
        if not isinstance(company, LargeCompany):
            raise TypeError("the demo company is small: ask ``company``")
        return company.estate

    @property
    def requests(self) -> list[Request]:
        """What was asked so far."""
        return self.endpoint.requests

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables that point an AWS client here."""
        return environment_of(self.url, self.company, self._certificate)

    def change(self, **options: Any) -> None:
        """Change options of the running endpoint, by their names in ``Options``."""
        self.options = self.endpoint.options = replace(self.endpoint.options, **options)

    def __enter__(self) -> Self:
        self._certificate = self._stack.enter_context(throw_away()) if self.is_tls else None
        listener = _listen(self.port)
        self.url = _url(listener, self._certificate)
        self._server = _server(self.endpoint, self._certificate)
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._server.serve([listener])), daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._stack.close()


def _exit_with_stdin(server: uvicorn.Server) -> None:
    """Stop serving when standard input ends: whoever started us is gone."""
    while os.read(sys.stdin.fileno(), _STDIN_CHUNK):
        pass
    server.should_exit = True


def main(arguments: list[str] | None = None) -> int:
    """Serve the demo company until standard input closes or SIGTERM or SIGINT comes."""
    parser = argparse.ArgumentParser(prog="plainbill.demo.server", description=main.__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on loopback; 0 takes a free one")
    parser.add_argument("--throttle", action="store_true", help="limit calls as AWS does")
    parser.add_argument("--hostile", action="store_true", help="every name and tag attacks its reader")
    parser.add_argument("--latency-ms", type=float, default=0, help="what an answer takes besides computing")
    parser.add_argument("--jitter-ms", type=float, default=0, help="more or less than that, evenly spread")
    parser.add_argument("--tls", action="store_true", help="HTTPS, with a certificate for AWS_CA_BUNDLE")
    parser.add_argument("--instances", type=int, help="an estate of so many instead of the demo company")
    parser.add_argument("--accounts", type=int, default=10, help="accounts of the estate, at most 500")
    parser.add_argument("--regions", type=int, default=5, help="Regions of the estate, at most 30")
    parser.add_argument("--seed", type=int, default=1, help="tells estates of one size apart")
    parser.add_argument("--with", dest="scene", choices=SCENES, help="a scene of the demo")
    parser.add_argument("--days-ago", type=int, default=0, help="how far the clock of a scene is behind")
    given = parser.parse_args(arguments)
    if given.scene:
        behind = timedelta(days=given.days_ago)
        endpoint = scene_endpoint(given.scene, lambda: utc_now() - behind)
        _serve(endpoint, _listen(given.port), None, SCENES[given.scene].settings)
        return 0
    if given.hostile and given.instances is not None:
        parser.error("an estate of any size is not hostile")
    try:
        sizes = (given.instances, given.accounts, given.regions, given.seed)
        shape = None if given.instances is None else Shape(*sizes)
    except ValueError as error:
        parser.error(str(error))
    options = Options(
        is_throttled=given.throttle, latency=given.latency_ms / 1000, jitter=given.jitter_ms / 1000
    )
    with ExitStack() as stack:
        certificate = stack.enter_context(throw_away()) if given.tls else None
        endpoint = _endpoint(utc_now, options, hostile=given.hostile, shape=shape)
        _serve(endpoint, _listen(given.port), certificate)
    return 0


def _serve(
    endpoint: Endpoint,
    listener: socket.socket,
    certificate: Certificate | None,
    settings: Mapping[str, str] | None = None,
) -> None:
    """Say where the endpoint is and with which ``settings`` it is to be read; serve it until it is to end."""
    url = _url(listener, certificate)
    server = _server(endpoint, certificate)
    threading.Thread(target=_exit_with_stdin, args=(server,), daemon=True).start()
    environment = environment_of(url, endpoint.company, certificate) | dict(settings or {})
    ready = {"endpoint_url": url, "environment": environment}
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    asyncio.run(server.serve([listener]))


if __name__ == "__main__":
    sys.exit(main())
