"""Which accounts share their metrics with a monitoring account (CloudWatch cross-account observability)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope
from plainbill.aws_connector.errors import AwsCallError, CredentialsExpired
from plainbill.data_fetcher.source import Source, as_documented

METRICS = "AWS::CloudWatch::Metric"
"""The resource type that a link must share."""
_LOST = "which accounts share their metrics with the monitoring account: each is asked through its own role"


class ObservabilityLinks(Source):
    """The links that are attached to a monitoring account's sink, a Region at a time."""

    name = "observability_links"
    reads = (Read("oam", "ListSinks", _LOST), Read("oam", "ListAttachedLinks", _LOST))


@dataclass(frozen=True, slots=True)
class Links:
    """The accounts that share metrics in a Region; ``failure`` is AWS's code where that was not told."""

    region: str
    accounts: frozenset[str] = frozenset()
    failure: str | None = None


def fetch(connector: Connector, scope: Scope) -> Iterator[dict[str, Any]]:
    """Yield every page of the links to the account's sinks of the Region; raises ``AwsError``."""
    for page in connector.pages(scope, "oam", "ListSinks"):
        with as_documented(ObservabilityLinks.reads[0], scope):
            arns = [sink["Arn"] for sink in page["Items"]]
        for arn in arns:
            yield from connector.pages(scope, "oam", "ListAttachedLinks", SinkIdentifier=arn)


def parse(pages: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the accounts whose links share metrics: a link's ARN is of the account that shares."""
    return frozenset(
        link["LinkArn"].split(":")[4]
        for page in pages
        for link in page["Items"]
        if METRICS in link["ResourceTypes"]
    )


def read(connector: Connector, scope: Scope) -> Links:
    """Return the accounts that share metrics with ``scope``'s account in its Region.

    What could not be told costs nothing but calls, so it is said in ``failure``; only credentials that have
    expired are raised, as ``CredentialsExpired``.
    """
    try:
        with as_documented(ObservabilityLinks.reads[1], scope):
            return Links(scope.region, parse(fetch(connector, scope)))
    except CredentialsExpired:
        raise
    except AwsCallError as error:
        return Links(scope.region, failure=f"{error.iam_action}: {error.code or error.kind}")
