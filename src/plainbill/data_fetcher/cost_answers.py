"""Asks Cost Explorer one question beside the bill: which days, in which words, and what is kept of before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import islice

from plainbill.aws_connector import Connector, Scope
from plainbill.aws_connector.errors import PagesChanged
from plainbill.data_fetcher import aws_opinions, commitment_use, purchase_advice
from plainbill.data_fetcher.asking import Asking, Span
from plainbill.data_fetcher.cost_explorer import REGION, MayBegin, history_start
from plainbill.data_fetcher.source import as_documented
from plainbill.model.cost_answers import CommitmentDay, CostAnswer, CoverageDay, Question, Row, Topic
from plainbill.model.period import month_start

EACH_DAYS = 30
"""Whole days that single commitments are summed over."""
ANOMALY_DAYS = 90
"""Days that Cost Anomaly Detection keeps."""
FORECAST_MONTHS = 4
"""The month in progress and three more, as Plainbill's own forecast."""
_STILL_OPEN = 35
"""Days back that AWS may still change; older ones that were answered are kept as they are."""
_LATE = 1  # whole days that utilization is behind
_DAY = timedelta(days=1)
_BY_DAY = frozenset(
    {Question.PLANS_USED, Question.PLANS_COVERAGE, Question.RESERVED_USED, Question.RESERVED_COVERAGE}
)
ASKINGS: Mapping[Question, Asking] = {
    **commitment_use.ASKINGS,
    **purchase_advice.ASKINGS,
    **aws_opinions.ASKINGS,
}


def read(
    connector: Connector,
    account_id: str,
    topic: Topic,
    now: datetime,
    stored: CostAnswer | None,
    may_begin: MayBegin = lambda: True,
) -> CostAnswer:
    """Ask once, and once more where the pages changed in between; raises ``AwsError``.

    ``stored`` is the last answer: days that cannot change any more are not asked for again and stay.
    """
    span = span_of(topic, now.date(), stored)
    asking, scope = ASKINGS[topic.question], Scope(account_id, REGION)
    with as_documented(asking.read, scope):
        try:
            rows = _rows(connector, scope, asking, span)
        except PagesChanged:
            if not may_begin():
                raise
            rows = _rows(connector, scope, asking, span)
    if topic.question in _BY_DAY:
        rows = _with_closed_days(stored, rows, span, history_start(now.date()))
    start = min(span.start, stored.start) if stored and topic.question in _BY_DAY else span.start
    return CostAnswer(topic=topic, asked_at=now, start=start, end=span.end, rows=rows)


def is_kept(
    connector: Connector, account_id: str, topic: Topic, now: datetime, stored: CostAnswer | None
) -> bool:
    """Say whether a stopped refresh was answered this, or began to be: it is paid for."""
    asking, span = ASKINGS[topic.question], span_of(topic, now.date(), stored)
    read, scope = asking.read, Scope(account_id, REGION)
    return connector.is_kept(scope, read.service, read.operation, **asking.parameters(span))


def span_of(topic: Topic, today: date, stored: CostAnswer | None = None) -> Span:
    """Return the days to ask about on a day."""
    end = today - _LATE * _DAY
    match topic.question:
        case Question.FORECAST:
            return Span(start=today, end=month_start(today, FORECAST_MONTHS))
        case Question.ANOMALIES:
            return Span(start=today - ANOMALY_DAYS * _DAY, end=today)
        case Question.COMPARISON:
            return Span(start=month_start(today, -2), end=month_start(today))
        case one if one in _BY_DAY:
            start = min(end, stored.end) - _STILL_OPEN * _DAY if stored else history_start(today)
            return Span(start=start, end=end, service=topic.service)
    return Span(start=end - EACH_DAYS * _DAY, end=end, service=topic.service)


def _rows(connector: Connector, scope: Scope, asking: Asking, span: Span) -> tuple[Row, ...]:
    read = asking.read
    pages = connector.pages(scope, read.service, read.operation, **asking.parameters(span))
    return tuple(asking.parse(islice(pages, 1) if asking.is_one_page else pages, span))


def _with_closed_days(
    stored: CostAnswer | None, fresh: Iterable[Row], span: Span, oldest: date
) -> tuple[Row, ...]:
    """Return the days in order: those before the span as they were, those of it as they are now."""
    before = stored.rows if stored else ()
    days = {
        one.day: one
        for one in before
        if isinstance(one, CommitmentDay | CoverageDay) and oldest <= one.day < span.start
    }
    days |= {one.day: one for one in fresh if isinstance(one, CommitmentDay | CoverageDay)}
    return tuple(days[day] for day in sorted(days))
