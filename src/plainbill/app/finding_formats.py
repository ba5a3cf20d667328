"""How the values of findings read on the page, in addition to ``formats``: text, never markup."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from plainbill.app.formats import UNKNOWN, byte_size, day, moment, money, plural, short_day
from plainbill.app.series_drawing import series_drawing
from plainbill.app.views.finding_shapes import ChartView, PrecisionView
from plainbill.app.views.shapes import Setting

_SPACE = "\N{NO-BREAK SPACE}"
_SERVICES = {
    "autoscaling": "Auto Scaling",
    "cloudtrail": "CloudTrail",
    "cloudwatch": "CloudWatch",
    "dynamodb": "DynamoDB",
    "elasticache": "ElastiCache",
    "kinesis": "Kinesis",
    "lambda": "Lambda",
    "logs": "CloudWatch Logs",
    "memorydb": "MemoryDB",
    "nat": "NAT gateways",
    "opensearch": "OpenSearch",
    "redshift": "Redshift",
    "sagemaker": "SageMaker",
    "secretsmanager": "Secrets Manager",
    "workspaces": "WorkSpaces",
}
_ACTIONS = {
    "MigrateToGraviton": "Migrate to Graviton",
    "PurchaseReservedInstances": "Buy reserved instances",
    "PurchaseSavingsPlans": "Buy Savings Plans",
    "ScaleIn": "Scale in",
}
_EFFORTS = {"VeryLow": "very low", "VeryHigh": "very high"}


def sums(amounts: Mapping[str, Decimal]) -> str:
    """Amounts by currency: ``$12.00 and EUR 3.00``; none at all is not known."""
    return " and ".join(money(amount, currency) for currency, amount in sorted(amounts.items())) or UNKNOWN


def quantity(value: float | str | None, unit: str = "") -> str:
    """A measured value with its unit: at most four digits after the point, thousands apart."""
    if value is None:
        return UNKNOWN
    if isinstance(value, str):
        return f"{value}{_SPACE}{unit}" if unit else value
    if unit.casefold() == "bytes":
        return byte_size(value)
    text = f"{value:,.4f}".rstrip("0").rstrip(".")
    if value and text in {"0", "-0"}:
        text = f"{value:.2g}"
    return f"{text}{_SPACE}{unit}" if unit else text


def setting(value: Setting) -> str:
    """What a threshold is set to."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def service_name(service: str) -> str:
    """A service as people write it: ``ebs`` becomes ``EBS``."""
    return _SERVICES.get(service) or service.upper()


def action_name(action: str) -> str:
    """``ScaleIn`` becomes ``Scale in``."""
    return _ACTIONS.get(action, action)


def effort_name(effort: str) -> str:
    """``VeryLow`` becomes ``very low``."""
    return _EFFORTS.get(effort, effort.lower())


def step_name(hours: float) -> str:
    """How long a step of a series is."""
    return {24.0: "a day each", 1.0: "an hour each"}.get(hours, f"{hours:g} hours each")


def folding(chart: ChartView) -> str:
    """What a column stands for, where it is more than one step: ``; a column is the sum of 12 hours``."""
    count = series_drawing(chart).steps_in_column
    if count == 1:
        return ""
    word = {"Sum": "sum", "Average": "mean", "Minimum": "lowest"}.get(chart.statistic, "highest")
    return f"; a column is the {word} of {plural(count, 'hour' if chart.step_hours == 1 else 'step')}"


def holes(charts: Iterable[ChartView]) -> bool:
    """Whether some series lacks a step."""
    return any(chart.known < chart.expected for chart in charts)


def steps(chart: ChartView) -> Iterator[tuple[str, float | None]]:
    """Every step of a series: when it began, and its value."""
    for place, value in enumerate(chart.values):
        start = chart.start + place * timedelta(hours=chart.step_hours)
        yield (short_day(start) if chart.step_hours >= 24 else moment(start)), value


def state_name(state: str) -> str:
    """How a finding stands: ``acted`` is ``done, says a person``."""
    return {"acted": "done, to be seen by the next refresh"}.get(state, state)


def precision(view: PrecisionView) -> str:
    """How right a check was here."""
    return f"so far {view.held:,} of {plural(view.told, 'flag')} held for {plural(view.days, 'day')}"


FINDING_FILTERS: Mapping[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        sums, quantity, setting, service_name, action_name, effort_name, step_name, steps, folding,
        holes, series_drawing, state_name, precision, day,
    )
}  # fmt: skip
"""What the templates of findings need besides ``FILTERS``."""
