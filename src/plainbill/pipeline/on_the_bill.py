"""What is asked only where the bill shows the service that it is of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from plainbill.aws_connector import Connector, Scope
from plainbill.data_fetcher import cost_explorer
from plainbill.data_fetcher.collector import Collector
from plainbill.data_fetcher.crew import Unit
from plainbill.model.cost import AnyTable, CostMetric, CostTable
from plainbill.model.period import Period
from plainbill.pipeline.expected import Expected
from plainbill.pipeline.resources import Resources, resource_units
from plainbill.storage import Snapshot

LOOKED_BACK = timedelta(days=35)
"""How far back the bill is looked at: the fee of a month is on its first day."""


def units_on_the_bill(
    connector: Connector,
    collectors: Iterable[type[Collector]],
    scopes: Sequence[Scope],
    expected: Expected,
    billed: Mapping[str, frozenset[str]] | None,
) -> Iterator[Unit[Resources]]:
    """One unit a collector, account and Region where the account is billed for what the collector is of.

    ``billed`` are the accounts by service; None is not known, and then all are asked.
    """
    for collector in collectors:
        accounts = None if billed is None else billed.get(collector.billed_as or "", frozenset())
        places = [scope for scope in scopes if accounts is None or scope.account_id in accounts]
        yield from resource_units(connector, (collector,), places, expected)


def accounts_by_service(
    costs: Mapping[AnyTable, cost_explorer.CostReading], last: Snapshot | None, today: date
) -> Mapping[str, frozenset[str]] | None:
    """Return which accounts had costs of a service in the last weeks; None where no bill of them is known."""
    weeks = Period.of_days(today - LOOKED_BACK, today + timedelta(days=1))
    fresh = costs.get(CostTable.SERVICE)
    span = last.manifest.span(CostTable.SERVICE) if last else None
    if fresh is None and (span is None or span.as_of.date() < weeks.first_day):
        return None
    pairs = {
        (one.key, one.account_id)
        for one in (fresh.records if fresh else ())
        if weeks.first_day <= one.day < weeks.end_day
    }
    if last:
        pairs |= last.cost_sums(CostTable.SERVICE, weeks, CostMetric.UNBLENDED).keys()
    found: dict[str, set[str]] = {}
    for service, account in pairs:
        found.setdefault(service or "", set()).add(account or "")
    return {service: frozenset(accounts) for service, accounts in found.items()}
