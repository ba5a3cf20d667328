"""The contract of a source, and how all of them are found."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import isabstract
from typing import ClassVar

from plainbill import data_fetcher
from plainbill.aws_connector import CONNECTOR_READS, Read, Scope
from plainbill.aws_connector.errors import Asked, UnreadableAnswer


class Source:
    """One kind of thing that is read from AWS: one file in this package holds one subclass.

    ``name`` is the source's name in gaps and progress; ``reads`` are all the operations it may call.
    What is not declared here is refused by the connector's guard and is not in the IAM policy. The file
    also holds ``fetch()``, which only asks, and ``parse()``, which only turns an answer into values.
    """

    name: ClassVar[str]
    reads: ClassVar[tuple[Read, ...]]


@contextmanager
def as_documented(read: Read, scope: Scope) -> Iterator[None]:
    """Say of an answer that lacks what AWS's documentation promises that it cannot be read.

    Put it around ``parse()``: one odd answer then is a gap of its own and stops nothing else. Raises
    ``UnreadableAnswer``, which names the field or the value that was at fault.
    """
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        asked = Asked(read.service, read.operation, scope.account_id, scope.region)
        raise UnreadableAnswer(asked, type(error).__name__, str(error)) from error


def all_sources() -> tuple[type[Source], ...]:
    """Return every source, by name, found by walking the package: adding a file is all it takes."""
    for module in pkgutil.walk_packages(data_fetcher.__path__, f"{data_fetcher.__name__}."):
        importlib.import_module(module.name)
    found = (source for source in _below(Source) if not isabstract(source))
    return tuple(sorted(found, key=lambda source: source.name))


def _below(source: type[Source]) -> Iterator[type[Source]]:
    for one in source.__subclasses__():
        yield one
        yield from _below(one)


def all_reads() -> tuple[Read, ...]:
    """Return every operation Plainbill may call, the connector's own first, none twice."""
    declared = [*CONNECTOR_READS, *(read for source in all_sources() for read in source.reads)]
    return tuple({(read.service, read.operation): read for read in reversed(declared)}.values())[::-1]
