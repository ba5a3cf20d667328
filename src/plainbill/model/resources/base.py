"""What every resource has, and how all kinds of them are found."""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from inspect import isabstract
from types import ModuleType
from typing import ClassVar

_PARTITIONS = {"cn": "aws-cn", "us-gov": "aws-us-gov", "eusc-de": "aws-eusc"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(ABC):
    """Something AWS bills for, as AWS describes it; what AWS does not say is None, never an empty string.

    One file of this package holds one kind, or a few that belong together. A field is a ``str``, ``int``,
    ``float``, ``bool``, ``datetime``, one of these or None, a ``tuple[str, ...]`` or a ``Mapping[str, str]``:
    what can be stored as a column.
    """

    source: ClassVar[str]
    """The name of the source that reads this kind, in gaps and progress: ``ebs_volumes``."""
    table: ClassVar[str] = ""
    """The name of the stored table, where it is not that of the source."""

    account_id: str
    region: str
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    @abstractmethod
    def resource_id(self) -> str:
        """What AWS calls it: ``vol-0123``, a name, never an ARN."""

    @property
    @abstractmethod
    def arn(self) -> str:
        """The ARN; unique over all kinds, accounts and regions."""

    @property
    def name(self) -> str | None:
        """What people call it: the Name tag, unless the kind has a name of its own."""
        return self.tags.get("Name")

    @property
    def dimensions(self) -> Mapping[str, str]:
        """CloudWatch's dimensions of the kind's metrics; empty for a kind without metrics."""
        return {}

    def publishes(self, namespace: str) -> bool:
        """Whether CloudWatch has metrics of this very resource in a namespace.

        A kind of several types may have a namespace for each; what has no dimensions has no metrics.
        """
        return bool(namespace and self.dimensions)


def arn_of(service: str, region: str, account_id: str, rest: str) -> str:
    """Return an ARN in the partition of the region; ``rest`` is ``volume/vol-0123`` or ``db:orders``."""
    return f"arn:{_partition(region)}:{service}:{region}:{account_id}:{rest}"


@lru_cache(maxsize=256)
def _partition(region: str) -> str:
    return _PARTITIONS.get(region.rsplit("-", 2)[0], "aws")


def table_of(kind: type[Resource]) -> str:
    """Return the name of the stored table of a kind."""
    return kind.table or kind.source


@cache
def all_kinds() -> tuple[type[Resource], ...]:
    """Return every kind of resource, by source, found by walking this package.

    Not by ``__subclasses__``: ``slots=True`` leaves behind the class it was made from. Raises
    ``TypeError`` for two kinds of one source.
    """
    package = importlib.import_module(__name__.rpartition(".")[0])
    found: dict[str, type[Resource]] = {}
    for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        for kind in _kinds_in(importlib.import_module(info.name)):
            if found.setdefault(kind.source, kind) is not kind:
                raise TypeError(f"{kind.source} is the source of two kinds of resources")
    return tuple(kind for _, kind in sorted(found.items()))


def _kinds_in(module: ModuleType) -> Iterator[type[Resource]]:
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Resource) and not isabstract(value):
            yield value
