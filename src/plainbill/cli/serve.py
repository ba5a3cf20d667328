"""``plainbill serve``: the dashboard on one's own data."""

from __future__ import annotations

import argparse
import errno
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial

import uvicorn

from plainbill.app import RefreshProcess, check_exposure, create_app, missing_assets
from plainbill.app.refresh import DOCTOR_COMMAND
from plainbill.app.server import server_config
from plainbill.app.views.installation import AccessView
from plainbill.cli.codes import OK
from plainbill.cli.iam_policy import policy_text, role_policy_text, template_text
from plainbill.cli.output import say
from plainbill.cli.signals import terminable
from plainbill.errors import ConfigError
from plainbill.settings import Settings, load_settings
from plainbill.storage import Home

_WAITING = 2048  # connections that may wait to be accepted
_LAST_PORT = 65_535


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where to listen."""
    parser.add_argument("--host", help="address to listen on (default: PLAINBILL_HOST or 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default: PLAINBILL_PORT or 8585)")


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    settings = load_settings(host=args.host, port=args.port)
    with terminable(), listening(settings, "plainbill serve") as listener:
        return serve(settings, listener)


def serve(settings: Settings, listener: socket.socket) -> int:
    """Show what is stored and keep it fresh, until Ctrl-C or SIGTERM; both are an orderly end."""
    home = Home(settings.home)
    examiner = RefreshProcess(None, DOCTOR_COMMAND, name="diagnosis", progress="/api/doctor")
    access = partial(access_texts, settings)
    app = create_app(home, settings, RefreshProcess(home.lock), access=access, examiner=examiner)
    server = uvicorn.Server(server_config(app, settings))
    if missing := missing_assets():
        say(missing)
    say(f"Plainbill is at {address(settings.host, listener.getsockname()[1])} (Ctrl-C ends it)")
    with suppress(KeyboardInterrupt):  # uvicorn sends itself the signal again once it has shut down
        server.run(sockets=[listener])
    return OK


def access_texts(settings: Settings) -> list[AccessView]:
    """What to give Plainbill in AWS."""
    command = "plainbill iam-policy"
    return [
        AccessView(title="Policy of the identity that reads", command=command, text=policy_text(settings)),
        AccessView(title="Policy of a further account", command=f"{command} --role", text=role_policy_text()),
        *(
            AccessView(title=title, command=f"{command} --template {name}", text=template_text(name))
            for name, title in (
                ("cloudformation", "Role of a further account, CloudFormation"),
                ("terraform", "Role of a further account, Terraform"),
            )
        ),
    ]


@contextmanager
def listening(settings: Settings, command: str) -> Iterator[socket.socket]:
    """Take the port before anything else is started, so that a busy one is said at once.

    Raises ``ConfigError`` for a port or address that cannot be had, and for an address beyond loopback
    without a password.
    """
    check_exposure(settings)
    with closing(_listen(settings.host, settings.port, command)) as listener:
        yield listener


def _listen(host: str, port: int, command: str) -> socket.socket:
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:  # a part of the name may be empty or too long
        raise ConfigError("PLAINBILL_HOST", host, f"an address of this machine ({_why(error)})") from None
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(_WAITING)
    except OSError as error:
        listener.close()
        raise _refused(error, host, port, command) from None
    return listener


def _refused(error: OSError, host: str, port: int, command: str) -> ConfigError:
    if error.errno == errno.EADDRNOTAVAIL:
        return ConfigError("PLAINBILL_HOST", host, f"an address of this machine ({_why(error)})")
    other = port + 1 if port < _LAST_PORT else port - 1
    ways = f"`{command} --port {other}`, or PLAINBILL_PORT={other}, or with make PORT={other}"
    return ConfigError("PLAINBILL_PORT", port, f"a port that is free ({_why(error)}); for instance {ways}")


def _why(error: OSError | UnicodeError) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()


def address(host: str, port: int) -> str:
    """Return the URL to open."""
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
