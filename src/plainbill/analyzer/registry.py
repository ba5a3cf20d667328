"""Every waste check: our own, found by walking ``checks/``, and those that other packages offer."""

from __future__ import annotations

import importlib
import logging
import pkgutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from inspect import isabstract
from types import ModuleType
from typing import Any

from plainbill.analyzer import checks
from plainbill.analyzer.isolation import SOURCE, Failed, attempt, failure_gap
from plainbill.analyzer.waste_check import WasteCheck
from plainbill.errors import PlainbillError
from plainbill.model.inventory import Gap

ENTRY_POINT = "plainbill.checks"
"""The group under which another package names a module, or a package of modules, with checks."""

Check = WasteCheck[Any]
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Registered:
    """All checks by id, and why those of other packages are not among them that cannot be used."""

    checks: tuple[Check, ...]
    refused: tuple[Gap, ...] = ()


@cache
def registered() -> Registered:
    """Return one instance of every check with its default thresholds.

    What another package offers is refused, and the rest goes on, where it cannot be imported, where a check
    cannot be described, where an id differs from its module's name and where it is taken: ours come first,
    then the entry points by their names. Raises ``PlainbillError`` for such a fault of our own.
    """
    found = {check.id: check for check in checks_in(checks)}
    refused: list[Gap] = []
    for entry in sorted(entry_points(group=ENTRY_POINT), key=lambda entry: (entry.name, entry.value)):
        offered = attempt(f"the entry point {entry.name}", _offered_by, entry)
        if isinstance(offered, Failed):
            refused.append(failure_gap(offered, None, None))
            continue
        for made in offered.checks:
            if made.id in found:
                problem = f"two waste checks are called {made.id}: rename the one of {entry.name}"
                refused.append(_refusal(problem))
            found.setdefault(made.id, made)
        refused.extend(map(_refusal, offered.problems))
    return Registered(tuple(check for _, check in sorted(found.items())), tuple(refused))


def all_checks() -> tuple[Check, ...]:
    """Return one instance of every check that can be used, by id; raises as ``registered`` does."""
    return registered().checks


def checks_in(module: ModuleType) -> Iterator[Check]:
    """Yield the checks of a module, or of all modules of a package; raises ``PlainbillError``."""
    if hasattr(module, "__path__"):
        for info in pkgutil.iter_modules(module.__path__, f"{module.__name__}."):
            yield from checks_in(importlib.import_module(info.name))
        return
    for value in list(vars(module).values()):
        is_check = isinstance(value, type) and issubclass(value, WasteCheck) and not isabstract(value)
        if is_check and value.__module__ == module.__name__:
            if value.id != module.__name__.rpartition(".")[2]:
                raise PlainbillError(f"the waste check {value.id} must be in a file {value.id}.py")
            yield value()


@dataclass(frozen=True, slots=True)
class _Offered:
    checks: Sequence[Check] = ()
    problems: Sequence[str] = ()


def _offered_by(entry: EntryPoint) -> _Offered:
    """Load what an entry point names; raises whatever its code raises."""
    try:
        made = list(checks_in(entry.load()))
    except PlainbillError as error:
        return _Offered(problems=[str(error)])
    for one in made:
        _describe(one)
    return _Offered(checks=made)


def _describe(check: Check) -> object:
    """Ask a check for all that pages say of it, so that one that cannot answer is refused at once."""
    described = (check.title, check.action.value, check.effort.value, check.rule_text, check.source)
    return described, check.explanation, check.kinds(), sorted(check.metrics), check.thresholds()


def _refusal(problem: str) -> Gap:
    _logger.warning("a waste check of another package is not used: %s", problem)
    return Gap(
        source=SOURCE,
        account_id=None,
        region=None,
        kind="Refused",
        action=None,
        reason=f"A waste check of another package is not used: {problem}.",
        remedy="Tell whoever wrote it, or install another version of it.",
    )
