"""What a refresh hands over to be kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from plainbill.model.billing import UsageSpan, UsageTable
from plainbill.model.cost import AnyTable, CostRecord
from plainbill.model.cost_answers import CostAnswer
from plainbill.model.inventory import Gap
from plainbill.model.metrics import Series
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.model.utilization import Utilization
from plainbill.prices import Listed


@dataclass(frozen=True, slots=True)
class CostSpan:
    """One cost table as freshly read for ``period``.

    A day of the period without records was answered with "no cost"; a day in ``missing_days`` was not
    answered at all: what is stored of it stays, and it will be asked again.
    """

    period: Period
    records: Sequence[CostRecord]
    missing_days: frozenset[date] = frozenset()

    def days(self) -> frozenset[date]:
        """Return the days that AWS answered."""
        return frozenset(self.period.dates()) - self.missing_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """All that one refresh read.

    A cost table that could not be read is absent from ``costs`` and is carried over from the previous
    snapshot with its own age. ``accounts`` maps account ids to names (None: not known), ``utilization``
    is by instance ARN. ``base_account`` is the account whose Cost Explorer was asked: costs of another
    one are never merged with it. ``resources`` holds every other kind that was asked for, ``series`` their
    metrics by (ARN, ``Metric.key``), ``places`` the accounts and Regions that were to be looked into.
    ``usage`` are the tables of billed usage that were read; one that was not is carried over as well.
    ``listed`` is what AWS's price list answered, now or before. ``skipped`` are places that were left out,
    each with the day of the last look. ``answers`` are all of Cost Explorer's to be kept, new and old.
    ``load_whole_at`` is when all hours of load were last read anew.
    """

    run_id: str
    taken_at: datetime
    accounts: Mapping[str, str | None]
    regions: tuple[str, ...]
    costs: Mapping[AnyTable, CostSpan]
    instances: Sequence[Ec2Instance]
    utilization: Mapping[str, Utilization]
    metrics_period: Period | None
    gaps: Sequence[Gap]
    base_account: str | None = None
    resources: Mapping[type[Resource], Sequence[Resource]] = field(default_factory=dict)
    series: Mapping[tuple[str, str], Series] = field(default_factory=dict)
    places: tuple[tuple[str, str], ...] = ()
    usage: Mapping[UsageTable, UsageSpan] = field(default_factory=dict)
    listed: Sequence[Listed] = ()
    skipped: tuple[tuple[str, str, date], ...] = ()
    answers: Sequence[CostAnswer] = ()
    load_whole_at: datetime | None = None
