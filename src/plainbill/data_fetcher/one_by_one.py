"""Further calls for what no list tells: one that fails leaves a gap, and the others go on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope
from plainbill.aws_connector.errors import (
    AccessDenied,
    AwsCallError,
    InvalidRequest,
    NotFound,
    ServerFailure,
    Throttled,
    UnreadableAnswer,
    gap_of,
)
from plainbill.model.inventory import Gap

_OF_ONE_CALL = (AccessDenied, InvalidRequest, ServerFailure, Throttled, UnreadableAnswer)
"""Failures that say nothing of the next call; after all others it is no use to go on asking."""


@dataclass(slots=True)
class OneByOne:
    """Asks one read with many parameters, and remembers which failed."""

    connector: Connector
    scope: Scope
    read: Read
    asked: int = 0
    failures: list[AwsCallError] = field(default_factory=list)

    def answers(self, several: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        """Yield what AWS answers to each set of parameters.

        What is gone since it was listed is left out: it is not billed any more. Raises ``AwsCallError``
        for a failure that the next call would share.
        """
        for parameters in several:
            self.asked += 1
            try:
                answer = self.connector.call(self.scope, self.read.service, self.read.operation, **parameters)
            except NotFound:
                continue
            except _OF_ONE_CALL as error:
                self.failures.append(error)
            else:
                yield answer

    def gaps(self, source: str) -> list[Gap]:
        """Return one gap for all calls that failed, none where none did."""
        if not self.failures:
            return []
        first = gap_of(self.failures[0], source)
        count = f"{len(self.failures)} of {self.asked} calls of {self.read.operation} failed"
        reason = f"{count}; the first: {first.reason}"
        return [replace(first, reason=reason, account_id=self.scope.account_id, region=self.scope.region)]
