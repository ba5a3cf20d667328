"""CloudWatch cross-account observability: which accounts share their metrics with a monitoring account."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

METRICS = "AWS::CloudWatch::Metric"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link from a source account to the sink of a monitoring account of the same Region.

    ``namespaces`` are those that its filter shares, None for all.
    """

    source: str
    monitoring: str
    region: str
    resource_types: tuple[str, ...] = (METRICS,)
    namespaces: frozenset[str] | None = None

    @property
    def arn(self) -> str:
        """The link's ARN, which is of the source account."""
        return f"arn:aws:oam:{self.region}:{self.source}:link/{_made_of(self.source, self.monitoring)}"

    @property
    def sink_arn(self) -> str:
        """The ARN of the monitoring account's one sink of the Region."""
        return f"arn:aws:oam:{self.region}:{self.monitoring}:sink/{_made_of(self.monitoring, self.region)}"


def is_shared(links: Iterable[Link], source: str, monitoring: str, region: str, namespace: str) -> bool:
    """Say whether a monitoring account sees a source account's metrics of a namespace in a Region."""
    return any(
        (link.source, link.monitoring, link.region) == (source, monitoring, region)
        and METRICS in link.resource_types
        and (link.namespaces is None or namespace in link.namespaces)
        for link in links
    )


def _made_of(*parts: str) -> str:
    digest = hashlib.sha256("/".join(parts).encode()).hexdigest()
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))
