"""How the findings of a reading stand: what is remembered of each, and what people set aside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import TypedDict

from plainbill.analyzer.lifecycle import HELD_FOR, advance, awake, own_precision
from plainbill.analyzer.reading import arns
from plainbill.app.views.finding_shapes import PrecisionView
from plainbill.app.views.judged import Judged
from plainbill.model.lifecycle import DECISIONS, FindingRecord, FindingState

LISTED = frozenset({FindingState.OPEN.value, FindingState.ACTED.value})
"""The states of what can stop being paid for: only these are in sums."""


class Life(TypedDict):
    """The fields of a row that come from the record; without a record all but the state are unknown."""

    state: str
    state_since: datetime | None
    until: datetime | None
    note: str | None
    who: str | None
    first_seen: datetime | None
    last_seen: datetime | None
    wasted: Decimal | None
    unpriced: bool
    regressions: int


@dataclass(frozen=True)
class Standing:
    """One reading as it was judged, with the record of every finding that there ever was, by its id."""

    judged: Judged | None
    records: Mapping[str, FindingRecord]

    @cached_property
    def listed(self) -> Judged | None:
        """The reading without what people set aside: a sum counts only what is left."""
        if self.judged is None:
            return None
        if not self.set_aside:
            return self.judged
        return replace(self.judged, report=self.judged.report.without(self.set_aside))

    @cached_property
    def set_aside(self) -> frozenset[str]:
        """The ids of what people set aside; what is gone and was found again is open."""
        kept = {*LISTED, FindingState.GONE.value}
        return frozenset(name for name, record in self.records.items() if record.state.value not in kept)

    @cached_property
    def precision(self) -> Mapping[str, PrecisionView]:
        """How many flags of each check held, by its id; a check of whose flags nothing is told is absent."""
        if self.judged is None:
            return {}
        by_check: defaultdict[str, list[FindingRecord]] = defaultdict(list)
        for record in self.records.values():
            by_check[record.check_id].append(record)
        told = {
            check: own_precision(records, check, self.judged.context.now)
            for check, records in by_check.items()
        }
        return {
            check: PrecisionView(held=one.held, told=one.told, days=HELD_FOR.days)
            for check, one in told.items()
            if one.told
        }

    def is_behind(self, finding_id: str) -> bool:
        """Say whether this reading has a finding that its record does not know of, or not any more."""
        if self.judged is None or finding_id not in self.judged.by_id:
            return False
        record = self.records.get(finding_id)
        if record is None:
            return True
        return record.state is FindingState.GONE and record.state_since < self.judged.context.now

    def caught_up(self, finding_id: str, records: Iterable[FindingRecord]) -> list[FindingRecord]:
        """Return one finding's record as it is after this reading, as the refresh would have left it."""
        if self.judged is None or finding_id not in self.judged.by_id:
            return []
        context, found = self.judged.context, self.judged.by_id[finding_id]
        report = replace(self.judged.report, findings=[found])
        own = [record for record in records if record.finding_id == finding_id]
        return advance(own, report, arns(context), context.now)

    def life(self, finding_id: str) -> Life:
        """Return how a finding of this reading stands; one that nothing is remembered of is open.

        A finding of the reading is not gone, whatever the record says: it was not brought up to date yet.
        """
        record = self.records.get(finding_id)
        if record is None:
            return Life(
                state=FindingState.OPEN.value, state_since=None, until=None, note=None, who=None,
                first_seen=None, last_seen=None, wasted=None, unpriced=False, regressions=0,
            )  # fmt: skip
        life = life_of(record)
        if record.state is FindingState.GONE:
            life["state"], life["state_since"] = FindingState.OPEN.value, None
        return life


def standing_of(judged: Judged | None, records: Iterable[FindingRecord], at: datetime) -> Standing:
    """Return how the findings stand at an instant: a snooze that is over by then is no more."""
    return Standing(judged, {record.finding_id: awake(record, at) for record in records})


def life_of(record: FindingRecord) -> Life:
    """Return what a record says; the words of a person only while the state is by that person's decision."""
    is_decided = record.state in DECISIONS - {FindingState.OPEN}
    is_unknown = not record.wasted and (record.unpriced or record.monthly_saving is None)
    return Life(
        state=record.state.value,
        state_since=record.state_since,
        until=record.until,
        note=record.note if is_decided else None,
        who=record.who if is_decided else None,
        first_seen=record.first_seen,
        last_seen=record.last_seen,
        wasted=None if is_unknown else record.wasted,
        unpriced=record.unpriced,
        regressions=record.regressions,
    )
