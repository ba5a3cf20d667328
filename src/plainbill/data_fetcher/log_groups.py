"""CloudWatch Logs: ``DescribeLogGroups`` in every enabled Region, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.collector import Collector, Page
from plainbill.model.resources.logs import LogGroup

_PAGE = 50  # the most the API gives


class LogGroups(Collector):
    """Every log group; their tags would take a call each and are not read."""

    name = "log_groups"
    kind = LogGroup
    reads = (Read("logs", "DescribeLogGroups", "the log groups, and so none that keeps its logs for ever"),)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeLogGroups``."""
        return connector.pages(scope, "logs", "DescribeLogGroups", limit=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[LogGroup]:
        """Yield the log groups of a page."""
        return (_group(raw, scope) for raw in page.get("logGroups", ()))


def _group(raw: Mapping[str, Any], scope: Scope) -> LogGroup:
    return LogGroup(
        account_id=scope.account_id,
        region=scope.region,
        log_group_name=raw["logGroupName"],
        created_at=instant(raw["creationTime"] / 1000),  # milliseconds
        stored_bytes=int(raw["storedBytes"]),
        log_class=raw.get("logGroupClass") or "STANDARD",
        retention_days=raw.get("retentionInDays"),
    )
