"""AWS on the wire, for tests: an endpoint with canned answers, and moto as a server."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl

import httpx2
from moto.server import ThreadedMotoServer

CALLER = "111122223333"


@dataclass(frozen=True)
class Answer:
    """One canned HTTP answer."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    operation: str
    access_key: str
    region: str
    params: dict[str, Any]


def json_answer(value: object, **headers: str) -> Answer:
    return Answer(json.dumps(value).encode(), 200, {"x-amzn-RequestId": "request-1", **headers})


def json_error(code: str, words: str = "no", status: int = 400, **headers: str) -> Answer:
    return Answer(json.dumps({"__type": code, "message": words}).encode(), status, headers)


def ec2_error(code: str, words: str = "no", status: int = 403, **headers: str) -> Answer:
    body = (
        f"<Response><Errors><Error><Code>{code}</Code><Message>{words}</Message></Error></Errors>"
        "<RequestID>request-1</RequestID></Response>"
    )
    return Answer(body.encode(), status, headers)


def sts_error(code: str, words: str = "no", status: int = 403, **headers: str) -> Answer:
    body = f"<ErrorResponse><Error><Code>{code}</Code><Message>{words}</Message></Error></ErrorResponse>"
    return Answer(body.encode(), status, headers)


def caller_identity(account_id: str = CALLER, partition: str = "aws") -> Answer:
    return _sts(
        "GetCallerIdentity",
        f"<Arn>arn:{partition}:iam::{account_id}:user/reader</Arn><Account>{account_id}</Account>",
    )


def assumed(
    account_id: str, key: str, secret: str, token: str, expiration: str, operation: str = "AssumeRole"
) -> Answer:
    return _sts(
        operation,
        f"<AssumedRoleUser><AssumedRoleId>AROA:plainbill</AssumedRoleId>"
        f"<Arn>arn:aws:sts::{account_id}:assumed-role/reader/plainbill</Arn></AssumedRoleUser>"
        f"<Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey>"
        f"<SessionToken>{token}</SessionToken><Expiration>{expiration}</Expiration></Credentials>",
    )


def _sts(operation: str, result: str) -> Answer:
    body = (
        f'<{operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{operation}Result>{result}'
        f"</{operation}Result><ResponseMetadata><RequestId>request-1</RequestId></ResponseMetadata></{operation}Response>"
    )
    return Answer(body.encode(), 200, {"content-type": "text/xml"})


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # or callers that come together are turned away


class CannedAws:
    """Answers each operation with what was queued for it; the last answer stays for ever."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._answers: dict[str, list[Answer]] = defaultdict(list)
        self._lock = Lock()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.answer("GetCallerIdentity", caller_identity())

    def answer(self, operation: str, *answers: Answer) -> None:
        self._answers[operation] = list(answers)

    def count(self, operation: str) -> int:
        return sum(asked.operation == operation for asked in self.asked)

    def take(self, asked: Asked) -> Answer:
        with self._lock:
            self.asked.append(asked)
            queue = self._answers[asked.operation]
            if not queue:
                return Answer(b"", 404)
            return queue.pop(0) if len(queue) > 1 else queue[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                self._reply(endpoint.take(_asked(self.headers, body)))

            def do_GET(self) -> None:
                """Answer single sign-on, the one read here that is no POST."""
                path, _, query = self.path.partition("?")
                operation = {"/federation/credentials": "GetRoleCredentials"}.get(path, path)
                self._reply(endpoint.take(Asked(operation, "", "", dict(parse_qsl(query)))))

            def _reply(self, answer: Answer) -> None:
                self.send_response_only(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

        return Handler

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def _asked(headers: Any, body: bytes) -> Asked:
    unsigned = "Credential=///"  # as a web identity's request is
    signed = headers.get("authorization", unsigned)
    scope = signed.partition("Credential=")[2].partition(",")[0].split("/")
    if target := headers.get("x-amz-target"):
        return Asked(target.rpartition(".")[2], scope[0], scope[2], json.loads(body))
    params = dict(parse_qsl(body.decode()))
    return Asked(params.pop("Action"), scope[0], scope[2], params)


@contextmanager
def moto_server() -> Iterator[str]:
    """moto as a server on a free port, with nothing in its accounts."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    try:
        httpx2.post(f"{url}/moto-api/reset", timeout=60).raise_for_status()
        yield url
    finally:
        server.stop()
