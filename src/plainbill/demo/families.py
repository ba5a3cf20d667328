"""Families of the demo company, found by walking this package: a new file is all that a new one takes."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import plainbill.demo


class DoubleError(LookupError):
    """Two modules answer for the same thing."""


def collected(prefix: str, attribute: str) -> Mapping[str, Any]:
    """Return what every module of this package called ``prefix...`` exports as ``attribute``, together.

    Raises ``DoubleError`` for a key that two of them have.
    """
    names = sorted(module.name for module in iter_modules(plainbill.demo.__path__))
    modules = (name for name in names if name.startswith(prefix))
    return merged({name: getattr(import_module(f"plainbill.demo.{name}"), attribute) for name in modules})


def merged(parts: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """Put the parts of several modules, by the modules' names, into one; raises ``DoubleError``."""
    together: dict[str, Any] = {}
    owners: dict[str, str] = {}
    for module, part in parts.items():
        for key, value in part.items():
            if key in together:
                raise DoubleError(f"both {owners[key]} and {module} answer for {key}")
            together[key], owners[key] = value, module
    return together
