"""Counts what is sent to AWS, each attempt of it, and its price."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from plainbill.model.run import OperationCost
from plainbill.model.spending import COST_EXPLORER_REQUEST, METRIC_ASKED

CLOUDWATCH_REQUEST = Decimal("0.01") / 1000
"""US dollars for any other request of CloudWatch; the account's first million of a month are free."""
S3_LIST = Decimal("0.005") / 1000
"""US dollars for a request that S3 calls LIST, in us-east-1 (S3's price list)."""
S3_REQUEST = Decimal("0.0004") / 1000
"""US dollars for any other request that reads of S3, in us-east-1."""
STATISTICS_OF_A_METRIC = 5
"""How many statistics of one metric a request may ask for at the price of one metric."""

_PRICE_IN_CONTEXT = "plainbill_price"


class Price(NamedTuple):
    """US dollars for one attempt, by the lower and the higher reading of AWS's price list."""

    low: Decimal
    high: Decimal


_FREE = Price(Decimal(0), Decimal(0))


def price_of(service: str, operation: str, params: Mapping[str, Any]) -> Price:
    """Return what one request costs.

    GetMetricData has two readings: AWS's page says that up to five statistics of one metric in a request
    are one metric (low); others were billed for each statistic (high). Whether the free million of other
    CloudWatch requests is used up is not known here.
    """
    match service, operation:
        case "ce", _:
            return Price(COST_EXPLORER_REQUEST, COST_EXPLORER_REQUEST)
        case "cloudwatch", "GetMetricData":
            queries = params.get("MetricDataQueries", ())
            return Price(_metrics(queries) * METRIC_ASKED, len(queries) * METRIC_ASKED)
        case "cloudwatch", _:
            return Price(Decimal(0), CLOUDWATCH_REQUEST)
        case "s3", _:
            price = S3_LIST if operation.startswith("List") else S3_REQUEST
            return Price(price, price)
    return _FREE


def _metrics(queries: Any) -> int:
    statistics: dict[object, int] = defaultdict(int)
    for number, query in enumerate(queries):
        statistics[_metric_of(query) or number] += 1  # an expression counts for itself
    return sum(-(-count // STATISTICS_OF_A_METRIC) for count in statistics.values())


def _metric_of(query: Mapping[str, Any]) -> tuple[object, ...] | None:
    metric = query.get("MetricStat", {}).get("Metric")
    if metric is None:
        return None
    dimensions = frozenset((one["Name"], one["Value"]) for one in metric.get("Dimensions", ()))
    return (query.get("AccountId"), metric.get("Namespace"), metric.get("MetricName"), dimensions)


class Meter:
    """Counts attempts by operation; safe to use from any thread.

    A retry counts as much as a first attempt: whether AWS bills a throttled Cost Explorer request is not
    documented, so the sum is what the calls cost at the most.
    """

    told: Callable[[str, str, Price], None] | None = None
    """Is told of each attempt that costs something before it is sent: it is known though the process dies."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted: dict[tuple[str, str], tuple[int, Decimal, Decimal]] = {}

    def operations(self) -> tuple[OperationCost, ...]:
        """Return what was counted so far, by service and operation."""
        with self._lock:
            counted = sorted(self._counted.items())
        return tuple(
            OperationCost(service=service, operation=operation, calls=calls, low=low, high=high)
            for (service, operation), (calls, low, high) in counted
        )

    def count(self, service: str, operation: str, price: Price) -> None:
        """Count one attempt."""
        with self._lock:
            calls, low, high = self._counted.get((service, operation), (0, Decimal(0), Decimal(0)))
            self._counted[service, operation] = (calls + 1, low + price.low, high + price.high)
        if self.told is not None and price.high:
            self.told(service, operation, price)

    def watch(self, session: Any) -> None:
        """Count every attempt of every client that ``session``, a botocore session, makes from now on."""
        events = session.get_component("event_emitter")
        events.register("provide-client-params.*.*", self._price, unique_id="plainbill-price")
        events.register("request-created.*.*", self._sent, unique_id="plainbill-meter")

    @staticmethod
    def _price(params: Mapping[str, Any], model: Any, context: dict[str, Any], **_: object) -> None:
        service = model.service_model.service_name
        context[_PRICE_IN_CONTEXT] = (service, model.name, price_of(service, model.name, params))

    def _sent(self, request: Any, **_: object) -> None:
        self.count(*request.context[_PRICE_IN_CONTEXT])
