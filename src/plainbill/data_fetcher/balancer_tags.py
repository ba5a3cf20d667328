"""The tags of load balancers: ``DescribeTags`` of both generations, free of charge."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from plainbill.aws_connector import Connector, Read, Scope
from plainbill.aws_connector.errors import AwsCallError, gap_of
from plainbill.data_fetcher.collector import tags_of
from plainbill.data_fetcher.source import as_documented
from plainbill.model.inventory import Gap
from plainbill.model.resources.load_balancers import ClassicLoadBalancer, LoadBalancer

B = TypeVar("B", LoadBalancer, ClassicLoadBalancer)
_AT_ONCE = 20  # the most DescribeTags takes


@dataclass(frozen=True, slots=True)
class Tagging:
    """How one generation is asked: the parameter that takes names, and the field that gives them back."""

    read: Read
    parameter: str
    field: str

    def parse(self, answer: Mapping[str, Any]) -> dict[str, dict[str, str]]:
        """Return the tags by the name that was asked for."""
        return {one[self.field]: tags_of(one) for one in answer.get("TagDescriptions", ())}

    def tagged(
        self, connector: Connector, scope: Scope, source: str, found: Sequence[B], name: Callable[[B], str]
    ) -> tuple[list[B], list[Gap]]:
        """Return load balancers with their tags; without them, and a gap, where those were refused."""
        tags: dict[str, dict[str, str]] = {}
        try:
            with as_documented(self.read, scope):
                for start in range(0, len(found), _AT_ONCE):
                    asked = {self.parameter: [name(one) for one in found[start : start + _AT_ONCE]]}
                    tags |= self.parse(connector.call(scope, self.read.service, self.read.operation, **asked))
        except AwsCallError as error:
            return list(found), [gap_of(error, source)]
        return [replace(one, tags=tags.get(name(one), {})) for one in found], []
