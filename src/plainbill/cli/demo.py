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

from plainbill.cli.serve import serve
from plainbill.errors import PlainbillError
from plainbill.settings import load_settings

_ENDPOINT = (sys.executable, "-m", "plainbill.demo.server", "--port", "0")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where to listen."""
    parser.add_argument("--host", help="address to listen on (default: PLAINBILL_HOST or 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default: PLAINBILL_PORT or 8585)")


def run(args: argparse.Namespace) -> int:
    """Serve the demo until interrupted; nothing of it touches AWS or the user's own data."""
    with endpoint() as environment, _home() as home:
        isolate(os.environ, environment, home)
        return serve(load_settings(host=args.host, port=args.port))


@contextmanager
def endpoint() -> Iterator[Mapping[str, str]]:
    """Run the demo's AWS endpoint as a child; yield the variables that lead a session to it.

    The child ends when its standard input closes: with the block, or with this process however it ends.
    """
    with subprocess.Popen(_ENDPOINT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None  # noqa: S101  opened as a pipe
        assert child.stdout is not None  # noqa: S101  opened as a pipe
        ready = child.stdout.readline()
        if not ready:
            raise PlainbillError(f"the demo's AWS endpoint did not start (exit code {child.wait()})")
        try:
            yield json.loads(ready)["environment"]
        finally:
            child.stdin.close()
            child.terminate()


def isolate(environ: MutableMapping[str, str], demo: Mapping[str, str], home: Path) -> None:
    """Make ``environ`` the demo's: no credential, role or ``.env`` of the user's own is used or seen."""
    for name in [name for name in environ if name.startswith("AWS_")]:
        del environ[name]
    for name in ("PLAINBILL_ROLE_ARNS", "PLAINBILL_EXTERNAL_ID"):
        environ.pop(name, None)
    environ.update(
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        AWS_EC2_METADATA_DISABLED="true",
        PLAINBILL_DOTENV=os.devnull,
        PLAINBILL_HOME=str(home),
    )
    environ.update(demo)


@contextmanager
def _home() -> Iterator[Path]:
    """Yield the demo's own folder: below PLAINBILL_HOME where that is set, else one that goes with it."""
    if own := os.environ.get("PLAINBILL_HOME"):
        yield Path(own) / "demo"
        return
    with tempfile.TemporaryDirectory(prefix="plainbill-demo-") as folder:
        yield Path(folder)
