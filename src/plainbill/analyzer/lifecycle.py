"""How findings move on from one reading to the next, and what people may decide about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from plainbill.analyzer.engine import Finding, Report
from plainbill.analyzer.policy import unusual_of
from plainbill.model.exact import finest
from plainbill.model.lifecycle import DECISIONS, Ending, FindingRecord, FindingState
from plainbill.model.money import Money
from plainbill.model.policy import Thresholds
from plainbill.prices import HOURS_PER_MONTH

HELD_FOR = timedelta(days=30)
"""A flag has held when nothing cleared it for so long (the horizon of docs/idle-accuracy.md's table)."""


def advance(
    records: Iterable[FindingRecord],
    report: Report,
    present: Collection[str],
    now: datetime,
    unasked: Collection[str] = (),
    policy: str | None = None,
) -> list[FindingRecord]:
    """Return all records as they stand after a reading.

    A finding is gone only where its check could look: its place was read without a gap and its resource
    was judged, or is no more. ``present`` are the ARNs of all resources of the reading; ``now`` is its
    instant. ``unasked`` are the ids of findings that only other thresholds have ended (analyzer/unasked.py),
    those of a ``policy`` or the usual ones.
    """
    before = {record.finding_id: record for record in records}
    found = {finding.finding_id: finding for finding in report.findings}
    undecided = {(one.check.id, one.resource.arn) for one in report.undecided}
    checks = {finding.check.id: finding.check for finding in report.findings}
    unusual = {check_id: unusual_of(check) for check_id, check in checks.items()}
    seen = [
        _seen(before.get(finding_id), finding, unusual[finding.check.id], now)
        for finding_id, finding in found.items()
    ]
    unseen = [
        record
        if is_out_of_sight(record, report, undecided)
        else _unasked(awake(record, now), policy, now)
        if finding_id in unasked
        else _gone(record, present, now)
        for finding_id, record in before.items()
        if finding_id not in found
    ]
    return sorted((*seen, *(awake(record, now) for record in unseen)), key=lambda one: one.finding_id)


def is_out_of_sight(record: FindingRecord, report: Report, undecided: Collection[tuple[str, str]]) -> bool:
    """Say whether this reading can tell nothing about a finding that it did not find."""
    tally = report.tallies.get((record.check_id, record.account_id, record.region))
    return tally is None or tally.gap is not None or (record.check_id, record.arn) in undecided


def _seen(
    before: FindingRecord | None, finding: Finding, thresholds: Thresholds, now: datetime
) -> FindingRecord:
    saving = finding.waste.monthly_saving
    if before is None:
        return FindingRecord(
            finding_id=finding.finding_id,
            check_id=finding.check.id,
            arn=finding.resource.arn,
            resource_id=finding.resource.resource_id,
            account_id=finding.resource.account_id,
            region=finding.resource.region,
            first_seen=now,
            last_seen=now,
            state=FindingState.OPEN,
            state_since=now,
            monthly_saving=saving,
            features=_features(finding),
            thresholds=thresholds,
        )
    before = replace(before, thresholds=thresholds)
    if before.unasked_at is not None:
        return _asked_again(before, saving, now)
    if before.state is FindingState.GONE:
        return replace(
            before,
            last_seen=now,
            state=FindingState.OPEN,
            state_since=now,
            monthly_saving=saving,
            regressions=before.regressions + 1,
        )
    return awake(replace(_with_waste_until(before, now), last_seen=now, monthly_saving=saving), now)


def _with_waste_until(record: FindingRecord, now: datetime) -> FindingRecord:
    """Count what was wasted between the last two readings, at the saving known at the first of them."""
    if record.monthly_saving is None:
        return replace(record, unpriced=True)
    hours = Decimal((now - record.last_seen) // timedelta(seconds=1)) / 3600
    wasted = record.monthly_saving.amount * max(hours, Decimal(0)) / HOURS_PER_MONTH
    return replace(record, wasted=record.wasted + finest(wasted))


def _gone(record: FindingRecord, present: Collection[str], now: datetime) -> FindingRecord:
    if record.state is FindingState.GONE:
        return record
    ending = Ending.CLEARED if record.arn in present else Ending.DELETED
    return replace(
        record,
        state=FindingState.GONE,
        state_since=now,
        gone_at=record.gone_at or now,
        ending=record.ending or ending,
        until=None,
        unasked_at=None,
        unasked_by=None,
    )


def _unasked(record: FindingRecord, policy: str | None, now: datetime) -> FindingRecord:
    """End a finding that other thresholds do not ask for; what people set aside stays set aside."""
    if record.state is FindingState.GONE:
        return record
    if record.unasked_at is None:
        record = replace(record, unasked_at=now, unasked_by=policy)
    if not record.is_listed:
        return record
    return replace(record, state=FindingState.GONE, state_since=now, until=None)


def _asked_again(record: FindingRecord, saving: Money | None, now: datetime) -> FindingRecord:
    """Take up a finding again that was never cleared: it did not come back, and nothing decided is lost."""
    record = replace(record, last_seen=now, monthly_saving=saving, unasked_at=None, unasked_by=None)
    if record.state is FindingState.GONE:
        return replace(record, state=FindingState.OPEN, state_since=now)
    return awake(record, now)


def awake(record: FindingRecord, now: datetime) -> FindingRecord:
    """Open a finding again whose snooze is over."""
    if record.state is FindingState.SNOOZED and record.until is not None and record.until <= now:
        return replace(record, state=FindingState.OPEN, state_since=record.until, until=None)
    return record


def _features(finding: Finding) -> Mapping[str, str]:
    return {one.label: "" if one.value is None else str(one.value) for one in finding.waste.evidence}


def decide(
    record: FindingRecord,
    state: FindingState,
    now: datetime,
    *,
    until: datetime | None = None,
    note: str | None = None,
    who: str | None = None,
) -> FindingRecord:
    """Return the record with a person's decision.

    Raises ``ValueError`` for a state that only a reading can reach, a snooze without an end to come, an
    end without a snooze, and a decision on what is gone.
    """
    if state not in DECISIONS or record.state is FindingState.GONE:
        raise ValueError(f"{record.finding_id} is {record.state} and cannot become {state} by a decision")
    if (state is FindingState.SNOOZED) != (until is not None):
        raise ValueError("a snooze has an end, and nothing else has one")
    if until is not None and until <= now:
        raise ValueError(f"a snooze ends in the future, not at {until.isoformat()}")
    return replace(record, state=state, state_since=now, until=until, note=note, who=who)


@dataclass(frozen=True, slots=True)
class OwnPrecision:
    """How many flags of a check held, of those that are old enough to tell."""

    held: int
    told: int


def own_precision(records: Iterable[FindingRecord], check_id: str, now: datetime) -> OwnPrecision:
    """Return how many of a check's flags nothing cleared within 30 days.

    A flag is told when it is 30 days old and its resource was there all that time: one that somebody
    deleted or acted on says nothing about whether the flag was right, nor does one that other thresholds
    ended before.
    """
    held = told = 0
    for record in records:
        is_old = record.check_id == check_id and now - record.first_seen >= HELD_FOR
        end = record.gone_at
        was_cleared = end is not None and end - record.first_seen < HELD_FOR
        was_deleted = was_cleared and record.ending is Ending.DELETED
        if not is_old or was_deleted or _was_acted_on(record) or (end is None and _was_unasked_soon(record)):
            continue
        told += 1
        held += not was_cleared
    return OwnPrecision(held, told)


def _was_unasked_soon(record: FindingRecord) -> bool:
    return record.unasked_at is not None and record.unasked_at - record.first_seen < HELD_FOR


def _was_acted_on(record: FindingRecord) -> bool:
    return record.state is FindingState.ACTED or record.who is not None
