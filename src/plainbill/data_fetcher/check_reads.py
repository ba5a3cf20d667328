"""Which reads a waste check rests on, from the kinds of resources that it looks at."""

from __future__ import annotations

from collections.abc import Iterable

from plainbill.aws_connector import Read
from plainbill.data_fetcher.cloudwatch import CloudWatch
from plainbill.data_fetcher.source import all_sources
from plainbill.model.resources import Resource


def reads_of(kinds: Iterable[type[Resource]], *, has_metrics: bool) -> tuple[Read, ...]:
    """Return every operation that brings these kinds, and their metrics where there are any."""
    names = {kind.source for kind in kinds} | ({CloudWatch.name} if has_metrics else set())
    return tuple(read for source in all_sources() if source.name in names for read in source.reads)


def unread_kinds(kinds: Iterable[type[Resource]]) -> list[str]:
    """Return the kinds that no source brings; there should be none."""
    brought = {source.name for source in all_sources()}
    return sorted(kind.__name__ for kind in kinds if kind.source not in brought)
