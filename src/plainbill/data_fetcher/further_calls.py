"""Further calls, one a resource, where no list tells what is needed: a failure is a gap, not an end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from plainbill.aws_connector.errors import AwsCallError, CredentialsError, NotFound, gap_of
from plainbill.model.inventory import Gap

T = TypeVar("T")


@dataclass(slots=True)
class FurtherCalls:
    """Asks, and counts what failed: one gap for each operation, kind of failure and place.

    ``source`` is the collector's name. A resource that is gone meanwhile leaves no gap.
    """

    source: str
    _failed: dict[tuple[str, str, str | None], tuple[Gap, int]] = field(default_factory=dict)

    def ask(self, call: Callable[[], T], answers: Mapping[str, T] | None = None) -> T | None:
        """Return what ``call`` returns, None where it failed.

        ``answers`` are AWS's error codes that are an answer (``NoSuchLifecycleConfiguration``), with what
        they mean. Credentials that do not work end everything: ``CredentialsError`` is raised.
        """
        try:
            return call()
        except CredentialsError:
            raise
        except AwsCallError as error:
            if answers is not None and error.code in answers:
                return answers[error.code]
            if not isinstance(error, NotFound):
                self._count(error)
            return None

    def gaps(self) -> list[Gap]:
        """Return what is missing, each gap saying of how many resources."""
        return [_of_several(gap, count) for gap, count in self._failed.values()]

    def _count(self, error: AwsCallError) -> None:
        key = (error.operation, error.kind, error.region)
        gap, count = self._failed.get(key, (gap_of(error, self.source), 0))
        self._failed[key] = (gap, count + 1)


def _of_several(gap: Gap, count: int) -> Gap:
    return gap if count == 1 else replace(gap, reason=f"{gap.reason} The same for {count} resources in all.")
