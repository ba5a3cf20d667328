"""Whose metrics are asked of a monitoring account, and whose of the accounts themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial

from plainbill.aws_connector import Connector, Scope
from plainbill.data_fetcher.crew import Crew, Reading, Unit
from plainbill.data_fetcher.metric_statistics import FreeMetrics
from plainbill.data_fetcher.monitoring_account import Asking, MonitoringAccount, not_entered
from plainbill.data_fetcher.observability_links import Links, ObservabilityLinks, read
from plainbill.model.inventory import Gap


@dataclass(slots=True)
class Monitoring:
    """Reads what is linked to the monitoring account of the settings, None for none.

    Where metrics are asked one by one, within the free requests, there is nothing to gain: a request for one
    metric is one of its own account.
    """

    account_id: str | None
    free: FreeMetrics
    _links: Sequence[Future[Links | None]] = ()
    _account: MonitoringAccount | None = None

    @property
    def _is_wanted(self) -> bool:
        return self.account_id is not None and self.free.room == 0

    def start(
        self, crew: Crew, connector: Connector, enabled: Iterable[Scope], looked_into: Iterable[Scope]
    ) -> None:
        """Begin to read the links in every Region that is looked into, be it in another account."""
        if self._is_wanted:
            regions = {scope.region for scope in looked_into}
            places = [scope for scope in enabled if scope.region in regions]
            self._links = crew.start(self._units(connector, places))

    def _units(self, connector: Connector, places: Iterable[Scope]) -> Iterator[Unit[Links]]:
        for scope in places:
            if scope.account_id == self.account_id:
                look = partial(_read, connector, scope)
                yield Unit(ObservabilityLinks.name, scope.account_id, scope.region, look)

    def asking(self, crew: Crew) -> Asking:
        """Return how metrics are asked for, once the links are known."""
        if not self._is_wanted:
            return Asking(self.free.ask)
        links = crew.results(self._links)
        self._account = MonitoringAccount(str(self.account_id), links, self.free.ask)
        return self._account.asking

    def notes(self, connector: Connector) -> Iterable[Gap]:
        """Return remarks on what was asked otherwise than the settings want."""
        if self._account is None:
            return ()
        known = {one.account_id for one in connector.accounts}
        if self._account.account_id not in known:
            return (not_entered(self._account.account_id),)
        return self._account.notes()


def _read(connector: Connector, scope: Scope) -> Reading[Links]:
    links = read(connector, scope)
    return Reading(links, len(links.accounts))
