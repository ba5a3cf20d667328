"""The rhythm of every source of resources: ask page by page, parse purely, say what is missing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from inspect import isabstract
from typing import Any, ClassVar

from plainbill.aws_connector import Connector, Scope
from plainbill.data_fetcher.source import Source, all_sources, as_documented
from plainbill.model.inventory import Gap
from plainbill.model.money import plain
from plainbill.model.resources import Resource

Page = Mapping[str, Any]


class Collector(Source, ABC):
    """Reads one kind of resource in one account and Region.

    ``reads[0]`` is the operation whose pages ``fetch`` yields. A service that is not divided into Regions
    sets ``is_global`` and is asked once an account, in the Region of the first calls. ``is_advice`` is what
    AWS itself recommends: it is read though no check looks at it, and an account may go without. What says
    more of running EC2 instances and has its price sets ``beside_running`` and is not asked elsewhere.
    ``billed_as`` is the service, as Cost Explorer names it, without which on its bill no account is asked.
    """

    kind: ClassVar[type[Resource]]
    is_global: ClassVar[bool] = False
    always: ClassVar[bool] = False  # read also where no check looks at the kind
    is_advice: ClassVar[bool] = False
    beside_running: ClassVar[bool] = False
    billed_as: ClassVar[str | None] = None

    @classmethod
    @abstractmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield every page; only asks. Raises ``AwsError``."""

    @classmethod
    @abstractmethod
    def parse(cls, page: Page, scope: Scope) -> Iterable[Resource]:
        """Turn one page into resources: ``raw["X"]`` for what AWS always says, ``.get`` for the rest."""

    @classmethod
    def read(cls, connector: Connector, scope: Scope) -> tuple[list[Resource], list[Gap]]:
        """Return the resources and what is missing from them; raises ``AwsError``."""
        with as_documented(cls.reads[0], scope):
            return [one for page in cls.fetch(connector, scope) for one in cls.parse(page, scope)], []


def all_collectors() -> tuple[type[Collector], ...]:
    """Return every collector, by name, found by walking the package."""
    return tuple(
        source for source in all_sources() if issubclass(source, Collector) and not isabstract(source)
    )


def decimals(amount: float | str | None) -> str | None:
    """Write an amount as AWS's own digits; raises ``ValueError`` for what is none."""
    return None if amount is None else plain(Decimal(str(amount)))


def tags_of(raw: Mapping[str, Any], field: str = "Tags") -> dict[str, str]:
    """Return AWS's list of ``Key`` and ``Value`` as a mapping; the services disagree on the letters' case."""
    tags = raw.get(field) or ()
    if isinstance(tags, Mapping):
        return {str(key): str(value or "") for key, value in tags.items()}
    return {
        str(tag.get("Key", tag.get("key"))): str(tag.get("Value", tag.get("value")) or "") for tag in tags
    }
