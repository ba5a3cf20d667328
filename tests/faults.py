"""A proxy between the connector and an AWS-compatible endpoint: counts what is asked, fails on demand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

_SIGNATURE = re.compile(r"Credential=(?P<key>[^/]+)/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/")
_HOPS = {"connection", "transfer-encoding", "content-length", "date", "server"}


@dataclass(frozen=True)
class Call:
    """One request as it came over the wire."""

    service: str  # by the signature: ce, ec2, monitoring, sts
    operation: str
    region: str
    access_key: str
    parameters: Mapping[str, Any]


@dataclass
class Fault:
    """What is answered in the endpoint's place, ``times`` times (None: always) where ``applies``."""

    applies: Callable[[Call], bool]
    status: int
    body: Callable[[Call], bytes]
    times: int | None = None


@dataclass
class FaultProxy:
    """A context manager; ``url`` is to be AWS_ENDPOINT_URL, ``upstream`` the endpoint behind."""

    upstream: str
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def refuse(
        self,
        operation: str,
        code: str,
        *,
        status: int = 400,
        words: str = "refused by the test",
        region: str | None = None,
        times: int | None = None,
    ) -> None:
        """Answer ``operation`` with an error of AWS, everywhere or in one Region."""

        def applies(call: Call) -> bool:
            return call.operation == operation and region in {None, call.region}

        def body(call: Call) -> bytes:
            return _error(call.service, code, words)

        self.faults.append(Fault(applies, status, body, times))

    def answer(
        self, operation: str, make: Callable[[Call], Mapping[str, Any]], times: int | None = None
    ) -> None:
        """Answer a JSON operation with what ``make`` says of the call."""

        def body(call: Call) -> bytes:
            return json.dumps(make(call)).encode()

        self.faults.append(Fault(lambda call: call.operation == operation, 200, body, times))

    def count(self, operation: str) -> int:
        """How often an operation was asked for."""
        return sum(call.operation == operation for call in self.calls)

    @property
    def url(self) -> str:
        """Where the proxy listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._lock = Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = False  # closing waits for the last answer
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def fault_for(self, call: Call) -> Fault | None:
        """Note the call and return the fault that is due, if any."""
        with self._lock:
            self.calls.append(call)
            for fault in self.faults:
                if fault.times != 0 and fault.applies(call):
                    fault.times = None if fault.times is None else fault.times - 1
                    return fault
        return None


def _handler(proxy: FaultProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            call = _call(self.command, self.path, self.headers, body)
            if fault := proxy.fault_for(call):
                self._send(fault.status, {"Content-Type": "application/x-amz-json-1.1"}, fault.body(call))
            else:
                self._send(*_forwarded(proxy.upstream, self.command, self.path, self.headers, body))

        do_GET = do_PUT = do_DELETE = do_POST  # noqa: N815 - the names http.server calls

        def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing: tests read ``calls``."""

    return Handler


def _call(method: str, path: str, headers: Message, body: bytes) -> Call:
    signed = _SIGNATURE.search(headers["Authorization"])
    assert signed, headers["Authorization"]
    target = headers.get("X-Amz-Target")
    parameters: Mapping[str, Any]
    if target:
        operation, parameters = target.rpartition(".")[2], json.loads(body or b"{}")
    else:
        parameters = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        operation = str(
            parameters.get("Action", f"{method} {path}")
        )  # the REST protocols have no name for it
    return Call(signed["service"], operation, signed["region"], signed["key"], parameters)


def _forwarded(
    upstream: str, method: str, path: str, headers: Message, body: bytes
) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection(urlsplit(upstream).netloc, timeout=60)
    try:
        connection.request(method, path, body, dict(headers))
        answer = connection.getresponse()
        kept = {name: value for name, value in answer.getheaders() if name.lower() not in _HOPS}
        return answer.status, kept, answer.read()
    finally:
        connection.close()


def _error(service: str, code: str, words: str) -> bytes:
    """Write an error in the protocol of the service."""
    if service == "ec2":
        inner = f"<Errors><Error><Code>{code}</Code><Message>{words}</Message></Error></Errors>"
        return f"<Response>{inner}<RequestID>r</RequestID></Response>".encode()
    if service == "sts":
        inner = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{words}</Message></Error>"
        return f"<ErrorResponse>{inner}<RequestId>r</RequestId></ErrorResponse>".encode()
    return json.dumps({"__type": code, "message": words}).encode()
