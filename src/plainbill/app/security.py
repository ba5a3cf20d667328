"""The outermost layer: who may ask, from where, by which name, and the headers of every answer."""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Callable

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from plainbill.app.password import PasswordGate
from plainbill.app.problems import OWN_PAGES_ONLY, problem
from plainbill.errors import ConfigError
from plainbill.settings import Settings

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
SAFE_METHODS = frozenset({"GET", "HEAD"})
OPEN_PATH = "/healthz"  # says only that the process lives
_WIRE_HEADERS = [(name.lower().encode("ascii"), value.encode("ascii")) for name, value in HEADERS.items()]
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?")
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


def is_loopback(host: str) -> bool:
    """Say whether listening on ``host`` is certain to be reachable from this machine only."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


def check_exposure(settings: Settings) -> None:
    """Refuse to show a company's costs to a network without a password; raises ``ConfigError``."""
    if settings.password is None and not is_loopback(settings.host):
        allowed = "127.0.0.1, ::1 or localhost; any other address once PLAINBILL_PASSWORD is set"
        raise ConfigError("PLAINBILL_HOST", settings.host, allowed)


class Security:
    """Host, password and origin checks around the whole application, static files included.

    The Host allow-list stops DNS rebinding, the origin check forged requests of other pages.
    """

    def __init__(self, app: ASGIApp, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._names = _LOOPBACK_NAMES | {name.lower() for name in (settings.host, *settings.allowed_hosts)}
        self._is_exposed = not is_loopback(settings.host)
        self._gate = PasswordGate(settings.password, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here when it may not pass."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_WIRE_HEADERS]
            await send(message)

        answer = self._refusal(scope) or self._app
        await answer(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> Response | None:
        said: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            if name == b"host" and name in said:
                return problem(400, "the request names two hosts")
            said[name] = value
        host = said.get(b"host", b"").decode("latin-1").lower()
        if not self._answers_to(host):
            return problem(403, "this host name is not allowed; PLAINBILL_ALLOWED_HOSTS adds further ones")
        if scope["path"] != OPEN_PATH:
            client = scope.get("client")
            refusal = self._gate.refusal(said.get(b"authorization"), client[0] if client else "unknown")
            if refusal is not None:
                return refusal
        if scope["method"] not in SAFE_METHODS and not _is_own_page(said, host):
            return problem(403, f"{OWN_PAGES_ONLY} (Sec-Fetch-Site, Origin)")
        return None

    def _answers_to(self, host: str) -> bool:
        match = _HOST.fullmatch(host)
        if match is None:
            return False
        name = match[1].strip("[]").removesuffix(".")
        return name in self._names or (self._is_exposed and _is_address(name))


def _is_address(name: str) -> bool:
    """A page can point a name of its own at us, but not an address: rebinding needs a name."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_own_page(said: dict[bytes, bytes], host: str) -> bool:
    """Browsers say where a request comes from; older ones say at least the origin of an unsafe one.

    What says neither is no browser: a program acts for its owner, and no page can make it.
    """
    site = said.get(b"sec-fetch-site")
    if site is not None:
        return site in {b"same-origin", b"none"}
    origin = said.get(b"origin")
    return origin is None or origin.decode("latin-1").lower() in {f"http://{host}", f"https://{host}"}
