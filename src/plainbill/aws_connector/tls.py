"""One TLS context for all clients that trust the same authorities, its CA bundle loaded once.

botocore makes a context for each client, and urllib3 loads the whole CA bundle into it again for each new
connection, which costs more than the handshake (docs/decisions/0009-fan-out.md). Here all clients of a
session get the first one's context, as botocore made it, and loading a bundle that is in it already does
nothing. All else stays: botocore names the bundle (``AWS_CA_BUNDLE``, the profile's ``ca_bundle``, or
certifi's), urllib3 demands a valid chain and compares the host's name with the certificate.

That reaches into attributes that botocore does not promise. Where they are not as expected, and through a
proxy, nothing is shared and all is stock, only slower.
"""

from __future__ import annotations

import ssl
from threading import Lock
from typing import Any


class SharedTls:
    """What the clients of one session have in common; safe to use from any thread.

    All of them must trust the same bundle, as those of one session do.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._context: ssl.SSLContext | None = None

    def share_with(self, client: Any) -> bool:
        """Give a client of botocore's, before it connects, the common context; tell whether it took it."""
        settings = _pool_settings(client)
        if settings is None:
            return False
        with self._lock:
            if self._context is None:
                self._context = _loading_once(settings["ssl_context"])
            settings["ssl_context"] = self._context
        return True


def _pool_settings(client: Any) -> dict[str, Any] | None:
    """Return what a client's connection pools are made from; None where botocore is not as expected."""
    session = getattr(getattr(client, "_endpoint", None), "http_session", None)
    settings = getattr(getattr(session, "_manager", None), "connection_pool_kw", None)
    is_known = isinstance(settings, dict) and isinstance(settings.get("ssl_context"), ssl.SSLContext)
    return settings if is_known else None


def _loading_once(context: ssl.SSLContext) -> ssl.SSLContext:
    """Let ``context`` load one bundle once, however often it is told to; refuse a second one."""
    load, lock, loaded = context.load_verify_locations, Lock(), set[tuple[object, ...]]()

    def load_once(cafile: Any = None, capath: Any = None, cadata: Any = None) -> None:
        with lock:
            if (bundle := (cafile, capath, cadata)) in loaded:
                return
            if loaded:
                raise ssl.SSLError(f"{cafile or capath} is not the CA bundle that this session trusts")
            load(cafile, capath, cadata)
            loaded.add(bundle)

    # On the instance: a context made anew could miss a setting that botocore made or will make some day.
    setattr(context, "load_verify_locations", load_once)  # noqa: B010 - a method, which mypy lets nobody assign
    return context
