"""Every waste check: our own, found by walking ``checks/``, and those that other packages offer."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from inspect import isabstract
from types import ModuleType
from typing import Any

from plainbill.analyzer import checks
from plainbill.analyzer.waste_check import WasteCheck
from plainbill.errors import PlainbillError

ENTRY_POINT = "plainbill.checks"
"""The group under which another package names a module, or a package of modules, with checks."""

Check = WasteCheck[Any]


@cache
def all_checks() -> tuple[Check, ...]:
    """Return one instance of every check with its default thresholds, by id.

    Raises ``PlainbillError`` for an id that is taken twice or that differs from its module's name.
    """
    modules = [checks, *(entry.load() for entry in entry_points(group=ENTRY_POINT))]
    found: dict[str, Check] = {}
    for module in modules:
        for made in checks_in(module):
            if made.id in found:
                raise PlainbillError(f"two waste checks are called {made.id}: rename one of them")
            found[made.id] = made
    return tuple(check for _, check in sorted(found.items()))


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


def check_of(check_id: str) -> Check | None:
    """Return the check of an id, None where there is none."""
    return next((check for check in all_checks() if check.id == check_id), None)
