"""Everything that pages, in one loop: what botocore has a paginator for, and what it has none for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import jmespath  # type: ignore[import-untyped]  # boto3's own language for page tokens; it ships no types

from plainbill.aws_connector.errors import Asked, PagesChanged
from plainbill.aws_connector.service_models import Operation, Paging

Page = dict[str, Any]

_TOKENS = (
    ("NextPageToken", "NextPageToken"),
    ("NextToken", "NextToken"),
    ("nextToken", "nextToken"),
    ("ContinuationToken", "NextContinuationToken"),  # before those of one name: S3 gives back what was asked
    ("Marker", "NextMarker"),  # as Route 53 does
    ("NextMarker", "NextMarker"),
    ("Marker", "Marker"),
    ("PaginationToken", "PaginationToken"),
    ("position", "position"),
    ("ExclusiveStartTableName", "LastEvaluatedTableName"),
    ("ExclusiveStartGlobalTableName", "LastEvaluatedGlobalTableName"),
)
"""Page tokens by their names in the request and in the answer, the first that an operation has counts."""


def pages(ask: Callable[[Mapping[str, Any]], Page], operation: Operation, asked: Asked) -> Iterator[Page]:
    """Yield every page of ``operation``; ``ask`` is called with the tokens of the page, none for the first.

    How it pages is botocore's paginator definition, or else the first token that both request and answer
    have; an operation without any has one page. Raises ``PagesChanged`` when a token comes twice, which
    would go on for ever.
    """
    seen: set[tuple[object, ...]] = set()
    tokens: Mapping[str, Any] = {}
    while True:
        page = ask(tokens)
        yield page
        tokens = next_tokens(operation, page)
        if not tokens:
            return
        if (mark := tuple(map(str, tokens.values()))) in seen:
            raise PagesChanged(asked, "RepeatedToken", "the same page token came twice")
        seen.add(mark)


def paging_of(operation: Operation) -> Paging | None:
    """Return how an operation pages, None where it has one page."""
    return operation.paging or _paging_by_hand(operation)


def _paging_by_hand(operation: Operation) -> Paging | None:
    """Describe the paging of an operation botocore has no paginator for: GetCostAndUsage, for one."""
    if operation.input is None or operation.output is None:
        return None
    asked, given = operation.input.members, operation.output.members
    token = next((pair for pair in _TOKENS if pair[0] in asked and pair[1] in given), None)
    if token is None:
        return None
    return Paging(
        input_tokens=token[:1],
        output_tokens=token[1:],
        result_keys=(),
        limit_key=None,
        more_results="IsTruncated" if "IsTruncated" in given else None,
    )


def next_tokens(operation: Operation, page: Page) -> Mapping[str, Any]:
    """Return the parameters that ask for the page after this one; none after the last."""
    paging = operation.paging or _paging_by_hand(operation)
    if paging is None:
        return {}
    if paging.more_results and not jmespath.search(paging.more_results, page):
        return {}
    found = (jmespath.search(token, page) for token in paging.output_tokens)
    return {name: token for name, token in zip(paging.input_tokens, found, strict=True) if token}
