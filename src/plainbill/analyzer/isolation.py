"""The one place where any error is caught: anybody may add a check, and none may break the rest.

Everywhere else only what can be named is caught. Here the code that runs is somebody else's, found through
an entry point, and no list of what it may raise can be complete. What it raised is never taken for an
answer: it becomes "could not check", with the name of the check and of the error's class.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from plainbill.model.findings import Unknown
from plainbill.model.inventory import Gap

SOURCE = "waste_checks"
"""The source of the gaps that checks leave by failing."""
P = ParamSpec("P")
T = TypeVar("T")
_logger = logging.getLogger(__name__)
_logged: set[tuple[str, str]] = set()


@dataclass(frozen=True, slots=True)
class Failed(Unknown):
    """Somebody's code ended with an error instead of an answer; ``error`` is the name of its class.

    The error's own words are in neither field: they may quote what AWS said, or a secret.
    """

    error: str


def attempt(name: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | Failed:
    """Return what ``work`` returns, or Failed where it raises; ``name`` is the check or the entry point.

    The first error of a class of each name is logged, with the way to it.
    """
    try:
        return work(*args, **kwargs)
    except Exception as error:  # noqa: BLE001 - code of other packages may raise anything, and the rest goes on
        _log_once(name, error)
        kind = type(error).__name__
        return Failed(f"{name} failed with {kind}", kind)


def failure_gap(failed: Failed, account_id: str | None, region: str | None) -> Gap:
    """Return the gap that a failure leaves in a place; None is everywhere."""
    return Gap(
        source=SOURCE,
        account_id=account_id,
        region=region,
        kind=failed.error,
        action=None,
        reason=f"{failed.reason}: what it would have said is not known.",
        remedy="Tell whoever wrote it; Plainbill's log has the traceback.",
    )


def _log_once(name: str, error: Exception) -> None:
    """Log where an error came from; not its message, which may hold what is not for a log."""
    key = (name, type(error).__name__)
    if key not in _logged:
        _logged.add(key)
        way = "".join(traceback.format_tb(error.__traceback__))
        _logger.error("%s failed with %s, the rest goes on; it came from\n%s", *key, way)
