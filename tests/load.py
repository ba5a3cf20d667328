"""All four series of instances asked at once and made into loads: what a refresh asks in two phases."""

from __future__ import annotations

from collections.abc import Sequence

from plainbill.aws_connector import Connector, Scope
from plainbill.data_fetcher.cloudwatch import SERIES, Ask, MetricAnswer, answered, ask, gaps_of, queries
from plainbill.model.inventory import Gap
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import Utilization


def read_load(
    connector: Connector, scope: Scope, batch: Sequence[Ec2Instance], period: Period, ask_by: Ask = ask
) -> tuple[dict[str, Utilization], list[Gap]]:
    """Return the load of one batch by ARN, and what is missing from it; raises ``AwsError``."""
    answer = ask_by(connector, scope, queries(batch), period)
    return utilizations(batch, answer, period), list(gaps_of(batch, answer, scope))


def utilizations(
    batch: Sequence[Ec2Instance], answer: MetricAnswer, period: Period
) -> dict[str, Utilization]:
    """Return the load of each instance whose four series were all answered, by ARN."""
    fields = [series.field for series in SERIES]
    return {
        one.arn: Utilization(period=period, **dict(zip(fields, map(tuple, hours), strict=True)))
        for one, hours in answered(batch, answer, SERIES)
    }
