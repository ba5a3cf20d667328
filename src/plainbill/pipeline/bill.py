"""The part of a refresh that reads the bill: what is worth most first, within the day's requests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from threading import Lock
from typing import TypeVar

from plainbill.aws_connector import Connector
from plainbill.aws_connector.errors import AccessDenied, AwsCallError, NotEnabled, Throttled
from plainbill.data_fetcher import billed_usage, cost_explorer
from plainbill.data_fetcher.crew import Reading, Unit
from plainbill.model.billing import BillTable, UsageSpan, UsageTable, bill_source
from plainbill.model.cost import AnyTable
from plainbill.model.inventory import Gap
from plainbill.model.progress import Progress
from plainbill.pipeline.cost_requests import CostRequests
from plainbill.storage import Snapshot
from plainbill.storage.snapshot.asked import (
    BASE_TABLES,
    asked_today,
    day_asked,
    gaps_of_figures,
    when_asked,
)
from plainbill.storage.snapshot.named import tables_of

USAGE_TABLES = (UsageTable.OPERATION, UsageTable.ACCOUNT)
"""Usage comes after the costs that are always asked for: for prices, and as proof. Details come last."""
T = TypeVar("T")
U = TypeVar("U")
CostPart = tuple[AnyTable, cost_explorer.CostReading]
UsagePart = tuple[UsageTable, UsageSpan]


@dataclass(frozen=True, slots=True)
class Details:
    """The further tables of costs, most worth first, and the names of tags and cost categories by table."""

    tables: Sequence[AnyTable] = ()
    names: Mapping[AnyTable, str] = field(default_factory=dict)

    @classmethod
    def of(cls, details: Sequence[str], last: Snapshot | None) -> Details:
        """Return what the settings ask for, such as ``region`` or ``tag:team``."""
        tables = tables_of(details, last)
        names = {table: detail.partition(":")[2] for detail, table in tables.items() if ":" in detail}
        return cls(tuple(tables.values()), names)


NO_DETAILS = Details()


class Bill:
    """What is to be asked of the paying account, and what stays as it was read earlier.

    What was asked today is not asked again unless ``again``: AWS changes it a few times a day at the most.
    What is not asked for lack of requests is a gap; its last figures stay. Of the details what was asked
    longest ago comes first, so that over the days each has its turn. ``kept`` are the gaps of the figures
    that stay. Its units are for one thread, one after another.
    """

    def __init__(
        self,
        connector: Connector,
        last: Snapshot | None,
        today: date,
        requests: CostRequests,
        details: Details = NO_DETAILS,
        *,
        again: bool,
    ) -> None:
        self._connector, self._last, self._today = connector, last, today
        self._payer = connector.accounts[0].account_id
        self._currency = last.manifest.currency if last and last.manifest.tables else None
        self.requests = requests
        self._refused: cost_explorer.Refused | None = None
        self._closed: AwsCallError | None = None
        self._manifest = last.manifest if last else None
        stays = () if again else asked_today(self._manifest, today)
        self._names = details.names
        self._costs = [one for one in BASE_TABLES if one not in stays]
        self._usage = [one for one in USAGE_TABLES if one not in stays]
        self._details = [one for one in details.tables if one not in stays]
        self._details.sort(key=lambda table: day_asked(self._manifest, table) or date.min)
        self.kept = tuple(gaps_of_figures(self._manifest, *stays))
        requests.expect(len(self._costs) + len(self._usage) + len(self._details))

    @property
    def is_all_there_was(self) -> bool:
        """Whether figures of today stay and are as much as the last refresh could read: nothing is lost."""
        stays = len(self._costs) < len(BASE_TABLES)
        return stays and self._last is not None and not self._last.manifest.places

    def cost_units(self) -> Iterator[Unit[CostPart]]:
        """Yield one unit for each table of costs that is to be asked."""
        yield from map(self._cost_unit, self._costs)

    def detail_units(self) -> Iterator[Unit[CostPart]]:
        """Yield one unit for each further table of costs that is to be asked."""
        yield from map(self._cost_unit, self._details)

    def _cost_unit(self, table: AnyTable) -> Unit[CostPart]:
        read = partial(self._unless_closed, self._read_costs, table)
        return Unit(bill_source(table), self._payer, None, read)

    def usage_units(self) -> Iterator[Unit[UsagePart]]:
        """Yield one unit for each table of usage; the whole window each time, for its days move."""
        for table in self._usage:
            yield Unit(
                bill_source(table), self._payer, None, partial(self._unless_closed, self._read_usage, table)
            )

    def is_answered(self, costs: Collection[AnyTable]) -> bool:
        """Say whether each table of costs that was to be asked was answered."""
        return set(self._costs) <= set(costs)

    def note(self) -> Iterable[Gap]:
        """Return what is to be said of all of it once it was asked."""
        passed = self.requests.passed(self._payer)
        return [passed] if passed else []

    def _unless_closed(self, read: Callable[[T], Reading[U]], table: T) -> Reading[U]:
        """Spend no request on hearing of a further table what holds for Cost Explorer as a whole."""
        if self._closed:
            raise self._closed
        try:
            return read(table)
        except (AccessDenied, NotEnabled, Throttled) as error:
            if error.code not in cost_explorer.REFUSES_OLD_DAYS:  # which may be of this table's days alone
                self._closed = error
            raise

    def _read_costs(self, table: AnyTable) -> Reading[CostPart]:
        first = None
        if self._last:
            oldest = cost_explorer.history_start(self._today, table)
            first = self._last.oldest_open_day(table, self._today, oldest)
        period, name = cost_explorer.open_period(self._today, first, table), self._names.get(table)
        is_paid = partial(cost_explorer.is_kept, self._connector, self._payer, period, table, name)
        if not (self.requests.may_begin() or is_paid()):
            return Reading(None, 0, self._not_asked(table))
        reading, gaps = cost_explorer.read(
            self._connector,
            self._payer,
            period,
            table,
            self._currency,
            self.requests.may_begin,
            self._refused,
            name,
        )
        if reading is None:
            return Reading(None, 0, gaps)
        self._refused = reading.refused or self._refused
        return Reading((table, reading), len(reading.records), gaps)

    def _read_usage(self, table: UsageTable) -> Reading[UsagePart]:
        window = billed_usage.window(self._today)
        is_paid = partial(billed_usage.is_kept, self._connector, self._payer, window, table)
        if not (self.requests.may_begin() or is_paid()):
            return Reading(None, 0, self._not_asked(table))
        span, gaps = billed_usage.read(
            self._connector, self._payer, window, table, self._currency, self.requests.may_begin
        )
        return Reading((table, span) if span else None, len(span.records) if span else 0, gaps)

    def _not_asked(self, table: BillTable) -> list[Gap]:
        used_up = self.requests.used_up(bill_source(table), self._payer, when_asked(self._manifest, table))
        return [used_up, *gaps_of_figures(self._manifest, table)]


def in_turn(report: Callable[[Progress], None]) -> Callable[[Progress], None]:
    """Return the same for several crews: told of one step at a time."""
    lock = Lock()

    def told(progress: Progress) -> None:
        with lock:
            report(progress)

    return told
