"""EC2's filters, for whatever is described: any value of a filter will do, every filter must match."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from plainbill.demo.call import Call
from plainbill.demo.wire_scope import WireError

Filters = Mapping[str, Callable[[Any], list[str]]]
"""What each filter of an operation compares; tags (``tag:<key>``, ``tag-key``) need no entry."""


def filtered(items: Iterable[Any], call: Call, known: Filters) -> list[Any]:
    """Keep what every filter matches; within a filter any value will do, ``*`` and ``?`` are wildcards."""
    kept = list(items)
    for wanted in call.params.get("Filters", ()):
        name, values = wanted.get("Name", ""), wanted.get("Values", [])
        read = _reader(name, known)
        kept = [
            item for item in kept if any(fnmatchcase(have, value) for have in read(item) for value in values)
        ]
    return kept


def _reader(name: str, known: Filters) -> Callable[[Any], list[str]]:
    if name in known:
        return known[name]
    if name == "tag-key":
        return lambda item: list(item.tags)
    if name.startswith("tag:"):
        key = name.removeprefix("tag:")
        return lambda item: [item.tags[key]] if key in item.tags else []
    raise WireError("InvalidParameterValue", f"The filter '{name}' is invalid")
