"""``plainbill demo``: a made-up company behind a local AWS endpoint, read by the ordinary refresh."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from pathlib import Path

from plainbill.analyzer.unit_csv import read_units
from plainbill.cli.output import say
from plainbill.cli.serve import add_arguments, listening, serve
from plainbill.cli.signals import terminable
from plainbill.demo.units import counted
from plainbill.errors import PlainbillError
from plainbill.model.period import utc_now
from plainbill.model.units import UnitSeries
from plainbill.settings import load_settings
from plainbill.storage import Home, State

__all__ = ["add_arguments", "run"]

# -P: a file called json.py in the folder that plainbill is started in is none of ours.
_ENDPOINT = (sys.executable, "-P", "-m", "plainbill.demo.server", "--port", "0")
_LOOPBACK = "127.0.0.1,localhost"
_PATIENCE = 5  # seconds that the endpoint gets to end


def run(args: argparse.Namespace) -> int:
    """Serve the demo until interrupted; nothing of it touches AWS or the user's own data."""
    with terminable(), _home() as home:
        isolate(os.environ, home)
        settings = load_settings(host=args.host, port=args.port)
        with listening(settings, "plainbill demo") as listener, endpoint() as environment:
            os.environ.update(environment)
            import_units(Home(settings.home))
            say("A made-up company with made-up prices: no AWS account is used, nothing leaves this machine.")
            return serve(load_settings(host=args.host, port=args.port), listener)


def import_units(home: Home) -> None:
    """Store what the company counts, as `plainbill units --import` would."""
    state, now = State(home.state_db), utc_now()
    for name, (kind, content) in counted(now.date()).items():
        grain, values = read_units(content)
        source = f"{name}.csv"
        state.save_units(
            UnitSeries(name=name, kind=kind, grain=grain, source=source, saved_at=now, values=values)
        )
    state.close()


@contextmanager
def endpoint() -> Iterator[Mapping[str, str]]:
    """Run the demo's AWS endpoint as a child; yield the variables that lead a session to it.

    The child ends when its standard input closes: with the block, or with this process however it ends.
    It is out of reach of the terminal's Ctrl-C, so that it outlives whoever still asks it.
    """
    with subprocess.Popen(
        _ENDPOINT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as child:
        assert child.stdin is not None  # noqa: S101  opened as a pipe
        assert child.stdout is not None  # noqa: S101  opened as a pipe
        try:
            ready = child.stdout.readline()
            if not ready:
                raise PlainbillError(f"the demo's AWS endpoint did not start (exit code {child.wait()})")
            yield json.loads(ready)["environment"]
        finally:
            child.stdin.close()
            _end(child)


def _end(child: subprocess.Popen[str]) -> None:
    child.terminate()
    try:
        child.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()


def isolate(environ: MutableMapping[str, str], home: Path) -> None:
    """Take everything of the user's own out of ``environ``: credentials, roles, ``.env``, proxies, data."""
    for name in [name for name in environ if name.startswith("AWS_")]:
        del environ[name]
    for name in ("PLAINBILL_ROLE_ARNS", "PLAINBILL_EXTERNAL_ID"):
        environ.pop(name, None)
    environ.update(
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        AWS_EC2_METADATA_DISABLED="true",
        BOTO_CONFIG=os.devnull,
        NO_PROXY=_LOOPBACK,
        no_proxy=_LOOPBACK,
        PLAINBILL_DOTENV=os.devnull,
        PLAINBILL_HOME=str(home),
    )
    environ.setdefault("PLAINBILL_COST_EXPLORER_REQUESTS_A_DAY", "40")  # the demo's own cost nothing


@contextmanager
def _home() -> Iterator[Path]:
    """Yield the demo's own folder: below PLAINBILL_HOME where that is set, else one that goes with it."""
    if own := os.environ.get("PLAINBILL_HOME"):
        yield Path(own).expanduser() / "demo"
        return
    with tempfile.TemporaryDirectory(prefix="plainbill-demo-") as folder:
        yield Path(folder)
