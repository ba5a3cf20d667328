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
from datetime import timedelta
from pathlib import Path

from plainbill.analyzer.unit_csv import read_units
from plainbill.cli.output import say
from plainbill.cli.serve import add_arguments as add_address
from plainbill.cli.serve import listening, serve
from plainbill.cli.signals import terminable
from plainbill.demo.budgets import budgets
from plainbill.demo.scenes import SCENES
from plainbill.demo.units import counted, requests
from plainbill.errors import ConfigError, PlainbillError
from plainbill.model.period import utc_now
from plainbill.model.units import UnitSeries
from plainbill.settings import load_settings
from plainbill.storage import Home, SnapshotStore, State

# -P: a file called json.py in the folder that Plainbill is started in is none of ours.
_ENDPOINT = (sys.executable, "-P", "-m", "plainbill.demo.server", "--port", "0")
_LOOPBACK = "127.0.0.1,localhost"
_PROMISE = "A made-up company with made-up prices: no AWS account is used, nothing leaves this machine."
_OWN_ACCOUNTS = ("ROLE_ARNS", "EXTERNAL_ID", "ORGANIZATION_ROLE", "PROFILES", "MONITORING_ACCOUNT")
_PATIENCE = 5  # seconds that the endpoint gets to end


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where to listen and what to show."""
    add_address(parser)
    told = "; ".join(f"{name}: {scene.about}" for name, scene in SCENES.items())
    parser.add_argument("--with", dest="scene", metavar="|".join(SCENES), help=told.replace("%", "%%"))


def run(args: argparse.Namespace) -> int:
    """Serve the demo until interrupted; nothing of it touches AWS or the user's own data."""
    if args.scene is not None and args.scene not in SCENES:
        raise ConfigError("--with", args.scene, ", ".join(SCENES))
    with terminable(), _home(args.scene) as home:
        isolate(os.environ, home)
        settings = load_settings(host=args.host, port=args.port)
        with listening(settings, "plainbill demo") as listener:
            if args.scene is not None:
                say(f"With {args.scene}: {SCENES[args.scene].about}.")
                read_before(args.scene)
            with endpoint(args.scene) as environment:
                os.environ.update(environment)
                if args.scene is None or SCENES[args.scene].is_company:
                    import_units(Home(settings.home))
                    set_budgets(Home(settings.home))
                say(_PROMISE)
                return serve(load_settings(host=args.host, port=args.port), listener)


def read_before(scene: str) -> None:
    """Read what a scene shows as old, by the clock of then; nothing where something is stored already."""
    from plainbill.cli.refresh import collect  # noqa: PLC0415  loads boto3

    days = SCENES[scene].days_old
    if days is None or SnapshotStore(Home(load_settings().home).snapshots).latest() is not None:
        return
    with endpoint(scene, days_ago=days) as environment:
        os.environ.update(environment)
        collect(load_settings(), lambda _: None, clock=lambda: utc_now() - timedelta(days=days))


def import_units(home: Home) -> None:
    """Store what the company counts, and name its metric, as `plainbill units` would."""
    state, now = State(home.state_db), utc_now()
    for name, (kind, content) in counted(now.date()).items():
        grain, values = read_units(content)
        source = f"{name}.csv"
        state.save_units(
            UnitSeries(name=name, kind=kind, grain=grain, source=source, saved_at=now, values=values)
        )
    metric = requests(now)
    if metric.name not in {one.name for one in state.unit_metrics()}:
        state.name_unit_metric(metric)
    state.close()


def set_budgets(home: Home) -> None:
    """Set what the company wants its months to cost, where nobody has set anything yet."""
    state = State(home.state_db)
    if not state.budget_changes():
        for budget in budgets(utc_now()):
            state.save_budget(budget)
    state.close()


@contextmanager
def endpoint(scene: str | None = None, days_ago: int = 0) -> Iterator[Mapping[str, str]]:
    """Run the demo's AWS endpoint as a child; yield the variables that lead a session to it.

    ``scene`` is one of ``SCENES``; the clock of the endpoint is ``days_ago`` behind.

    The child ends when its standard input closes: with the block, or with this process however it ends.
    It is out of reach of the terminal's Ctrl-C, so that it outlives whoever still asks it.
    """
    words = () if scene is None else ("--with", scene, "--days-ago", str(days_ago))
    with subprocess.Popen(
        (*_ENDPOINT, *words), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
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
    for name in _OWN_ACCOUNTS:
        environ.pop(f"PLAINBILL_{name}", None)
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
def _home(scene: str | None) -> Iterator[Path]:
    """Yield a folder of the scene's own: below PLAINBILL_HOME where set, else one that goes with it."""
    if own := os.environ.get("PLAINBILL_HOME"):
        yield Path(own).expanduser() / ("demo" if scene is None else f"demo-{scene}")
        return
    with tempfile.TemporaryDirectory(prefix="plainbill-demo-") as folder:
        yield Path(folder)
