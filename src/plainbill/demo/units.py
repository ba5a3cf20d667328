"""What Harbor & Hearth counts besides money: customers and orders in CSV files, requests in CloudWatch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from plainbill.demo.cell import noise
from plainbill.demo.estate_balancers import path_of
from plainbill.demo.fleet import PRODUCTION, VIRGINIA
from plainbill.model.units import UnitKind, UnitMetric, UnitStatistic

DAYS = 400
FORGOTTEN = (11, 12, 13)
"""Days ago on which nobody counted the orders: they are not in the file, and not zero."""
_CUSTOMERS, _ORDERS_OF_ONE = 18_400, 0.21
_GROWTH = 0.00055
"""Of customers, a day."""
_NAMES = {"customers": UnitKind.LEVEL, "orders": UnitKind.FLOW}


def counted(today: date) -> Mapping[str, tuple[UnitKind, bytes]]:
    """Return each file by the name of what it counts, up to the day before ``today``."""
    lines = {name: ["date,value"] for name in _NAMES}
    for name, line in _lines(today):
        lines[name].append(line)
    return {name: (kind, "\n".join([*lines[name], ""]).encode()) for name, kind in _NAMES.items()}


def requests(now: datetime) -> UnitMetric:
    """Return the metric of the requests to the shop's API, which a refresh reads from the endpoint."""
    return UnitMetric(
        name="requests",
        namespace="AWS/ApplicationELB",
        metric="RequestCount",
        dimensions=(("LoadBalancer", path_of("application", "storefront-api")),),
        statistic=UnitStatistic.SUM,
        account_id=PRODUCTION,
        region=VIRGINIA,
        saved_at=now,
    )


def _lines(today: date) -> Iterator[tuple[str, str]]:
    for ago in range(DAYS, 0, -1):
        day = today - timedelta(days=ago)
        customers = round(_CUSTOMERS * (1 - _GROWTH) ** ago)
        yield "customers", f"{day},{customers}"
        weekend = 1.3 if day.weekday() >= 5 else 1.0
        orders = round(customers * _ORDERS_OF_ONE * weekend * (1 + 0.08 * noise("orders", str(day))))
        if ago not in FORGOTTEN:
            yield "orders", f"{day},{orders}"
