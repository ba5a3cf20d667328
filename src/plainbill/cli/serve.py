"""``plainbill serve``: the dashboard on one's own data."""

from __future__ import annotations

import argparse
import socket
import sys
from contextlib import closing

import uvicorn

from plainbill.app import create_app
from plainbill.app.refresh import RefreshProcess
from plainbill.app.security import check_exposure
from plainbill.errors import ConfigError
from plainbill.settings import Settings, load_settings
from plainbill.storage import Home


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where to listen."""
    parser.add_argument("--host", help="address to listen on (default: PLAINBILL_HOST or 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default: PLAINBILL_PORT or 8585)")


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    return serve(load_settings(host=args.host, port=args.port))


def serve(settings: Settings) -> int:
    """Listen first, so that a busy port is said at once, then serve.

    Raises ``ConfigError`` for a busy port and for an address beyond loopback without a password.
    """
    check_exposure(settings)
    with closing(listen(settings.host, settings.port)) as listener:
        home = Home(settings.home)
        app = create_app(home, settings, RefreshProcess(home.lock))
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
        print(
            f"Plainbill is at {address(settings.host, listener.getsockname()[1])}",
            file=sys.stderr,
            flush=True,
        )
        uvicorn.Server(config).run(sockets=[listener])
    return 0


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; raises ``ConfigError`` that says what to do when the port is taken."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(2048)
    except OSError as error:
        reason = error.strerror or str(error)
        allowed = f"a free port of {host} ({reason}); try PLAINBILL_PORT={port + 1} or --port {port + 1}"
        raise ConfigError("PLAINBILL_PORT", port, allowed) from None
    return listener


def address(host: str, port: int) -> str:
    """Return the URL to open."""
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
