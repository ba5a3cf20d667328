"""The one password of the dashboard, over HTTP Basic, with a growing pause after wrong ones."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable

from pydantic import SecretStr
from starlette.responses import Response

from plainbill.app.problems import problem

_FREE_FAILURES = 5
_LONGEST_PAUSE = 60.0  # seconds
_DOUBLINGS = 10  # enough to reach the longest pause
_REMEMBERED = 4096  # addresses


class Attempts:
    """Wrong passwords by address: the first few cost nothing, then each doubles the pause."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def pause(self, address: str) -> float:
        """Return for how many seconds this address is not listened to."""
        count, last = self._failures.get(_neighbourhood(address), (0, 0.0))
        if count < _FREE_FAILURES:
            return 0.0
        length = min(2.0 ** min(count - _FREE_FAILURES, _DOUBLINGS), _LONGEST_PAUSE)
        return max(0.0, last + length - self._clock())

    def failed(self, address: str) -> None:
        """Count one wrong password."""
        key = _neighbourhood(address)
        count, _ = self._failures.pop(key, (0, 0.0))
        self._failures[key] = (count + 1, self._clock())
        while len(self._failures) > _REMEMBERED:
            self._failures.popitem(last=False)

    def succeeded(self, address: str) -> None:
        """Forget the wrong passwords of an address that knows the right one."""
        self._failures.pop(_neighbourhood(address), None)


class PasswordGate:
    """Asks every request for the password; None means that no password is set."""

    def __init__(self, password: SecretStr | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._digest = None if password is None else _digest(password.get_secret_value().encode("utf-8"))
        self._attempts = Attempts(clock)

    def refusal(self, authorization: bytes | None, address: str) -> Response | None:
        """Return the answer to a request that may not pass, None for one that may."""
        if self._digest is None:
            return None
        if authorization is None:
            return _ask("this dashboard asks for a password; any user name will do")
        if pause := self._attempts.pause(address):
            seconds = str(int(pause) + 1)
            return problem(
                429, f"too many wrong passwords; try again in {seconds} s", headers={"Retry-After": seconds}
            )
        if not hmac.compare_digest(_digest(_password_of(authorization)), self._digest):
            self._attempts.failed(address)
            return _ask("the password is wrong")
        self._attempts.succeeded(address)
        return None


def _ask(detail: str) -> Response:
    return problem(401, detail, headers={"WWW-Authenticate": 'Basic realm="plainbill", charset="UTF-8"'})


def _digest(password: bytes) -> bytes:
    """Equal lengths for the comparison, so that its time tells nothing, not even a length."""
    return hashlib.sha256(password).digest()


def _password_of(authorization: bytes) -> bytes:
    scheme, _, encoded = authorization.partition(b" ")
    if scheme.lower() != b"basic":
        return b""
    try:
        return base64.b64decode(encoded.strip(), validate=True).partition(b":")[2]
    except binascii.Error:
        return b""


def _neighbourhood(address: str) -> str:
    """An IPv6 host owns its whole /64, so that is what is counted."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
