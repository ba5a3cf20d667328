"""What a reading does not find only because other thresholds are in force than when it was last found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from plainbill.analyzer.engine import Report
from plainbill.analyzer.late import judge_late
from plainbill.analyzer.lifecycle import is_out_of_sight
from plainbill.analyzer.policy import unusual_of, with_only
from plainbill.analyzer.registry import Check
from plainbill.analyzer.waste_check import Context
from plainbill.analyzer.what_if import SettingError
from plainbill.model.lifecycle import FindingRecord, FindingState


def unasked(
    records: Iterable[FindingRecord], report: Report, context: Context, checks: Iterable[Check]
) -> frozenset[str]:
    """Return the ids of findings that nobody asks for any more: nothing says that they were cleared.

    ``report`` is what the ``checks`` said of the context. A finding that it lacks is judged once more by the
    thresholds that last found it: where these still find it, or cannot tell, or cannot be set any more, it
    is not the resource that changed.
    """
    by_id = {check.id: check for check in checks}
    found = {finding.finding_id for finding in report.findings}
    changed: defaultdict[tuple[str, tuple[tuple[str, str], ...]], list[FindingRecord]] = defaultdict(list)
    for record in records:
        check = by_id.get(record.check_id)
        if check is None or record.finding_id in found or record.state is FindingState.GONE:
            continue
        if record.thresholds != unusual_of(check):
            changed[check.id, tuple(sorted(record.thresholds.items()))].append(record)
    return frozenset(
        record.finding_id
        for (check_id, texts), lost in changed.items()
        for record in _not_cleared(lost, by_id[check_id], dict(texts), report, context)
    )


def _not_cleared(
    records: list[FindingRecord], check: Check, texts: dict[str, str], report: Report, context: Context
) -> list[FindingRecord]:
    try:
        before = with_only(check, texts)
    except SettingError:
        return records
    places = {(account_id, region) for name, account_id, region in report.tallies if name == check.id}
    said = judge_late(before, context.aside(), places)
    found = {finding.resource.arn for finding in said.findings}
    undecided = {(check.id, one.resource.arn) for one in said.undecided}
    return [one for one in records if one.arn in found or is_out_of_sight(one, said, undecided)]
