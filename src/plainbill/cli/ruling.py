"""By which thresholds a command judges; without the web application, which most commands do not need."""

from __future__ import annotations

from plainbill.analyzer.policy import Ruled, under
from plainbill.analyzer.registry import registered
from plainbill.cli.output import say
from plainbill.settings import load_settings
from plainbill.storage import Home, State
from plainbill.storage.home import STATE_NAME


def ruled_checks() -> Ruled:
    """Return the checks as they are in force; nothing is made where nothing is stored yet."""
    root, checks = load_settings().home.expanduser(), registered().checks
    if not (root / STATE_NAME).is_file():
        return under(checks, None)
    return under(checks, State(Home(root).state_db).policy_in_force())


def say_policy(ruled: Ruled) -> None:
    """Say by what findings are judged, where that is not as usual."""
    if ruled.policy is not None:
        say(f"judged by the policy {ruled.policy!r}, not by the usual thresholds")
    for problem in ruled.problems:
        say(f"it cannot be followed wholly: {problem}")
