"""One snapshot as all waste checks judge it: made once per edition, looked at by every view of findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from plainbill.analyzer.changed_report import Claims
from plainbill.analyzer.commitments import RealisableReport, realisable
from plainbill.analyzer.engine import Finding, Place, Report, run_checks
from plainbill.analyzer.isolation import SOURCE as FAILURES
from plainbill.analyzer.plan_room import all_active_since
from plainbill.analyzer.reading import context_of
from plainbill.analyzer.registry import Check
from plainbill.analyzer.second_opinion import Opinion, SecondOpinions, second_opinions
from plainbill.analyzer.waste_check import Context
from plainbill.app.views.cells import Cells
from plainbill.model.inventory import Gap
from plainbill.model.money import Money
from plainbill.model.resources.commitments import SavingsPlan
from plainbill.storage import Snapshot, covered_list_per_hour

_NOT_ENTERED = "this account is on the bill, but the last refresh did not look into it"


@dataclass(frozen=True)
class Judged:
    """What all checks said of one snapshot.

    ``not_entered`` says of each account that is known but in no place why nothing was looked at there.
    """

    checks: Sequence[Check]
    context: Context
    report: Report
    names: Mapping[str, str | None]
    not_entered: Mapping[str, Gap]
    covered_list_per_hour: Money | None = None
    """What Savings Plans covered in an average hour, at list price; None where the bill does not tell."""

    @cached_property
    def claims(self) -> Claims:
        """What the findings save of each billed thing, for what-if questions."""
        return Claims(self.report)

    @cached_property
    def realisable(self) -> RealisableReport:
        """What of the savings would really be saved while the commitments of today last."""
        return realisable(self.report, self.context, self.covered_list_per_hour)

    @cached_property
    def second_opinions(self) -> SecondOpinions:
        """AWS's word beside ours."""
        return second_opinions(self.report, self.context, self.checks)

    @cached_property
    def opinions(self) -> Mapping[str, Sequence[Opinion]]:
        """AWS's word beside ours, by the ARN of the resource."""
        by_arn: dict[str, list[Opinion]] = {}
        for one in self.second_opinions.opinions:
            by_arn.setdefault(one.arn or "", []).append(one)
        return by_arn

    @cached_property
    def by_id(self) -> Mapping[str, Finding]:
        """The findings by their ids."""
        return {finding.finding_id: finding for finding in self.report.findings}

    @cached_property
    def cells(self) -> Cells:
        """What was said where, added up."""
        return Cells(self.report.tallies)

    @cached_property
    def failures(self) -> Mapping[str, Sequence[Gap]]:
        """The gaps of the checks that failed themselves, by the check's id."""
        found: dict[str, list[Gap]] = {}
        for (check_id, _, _), tally in self.report.tallies.items():
            if tally.gap is not None and tally.gap.source == FAILURES:
                found.setdefault(check_id, []).append(tally.gap)
        return found

    @cached_property
    def counted_in(self) -> Mapping[str, Finding]:
        """The finding in which each billed thing is counted, by its ARN: the one that saves most of it."""
        best: dict[str, tuple[Decimal, Finding]] = {}
        for finding in self.report.findings:
            for arn, part in finding.parts.items():
                if arn not in best or part.amount > best[arn][0]:
                    best[arn] = (part.amount, finding)
        return {arn: finding for arn, (_, finding) in best.items()}

    @cached_property
    def touching(self) -> Mapping[str, Sequence[Finding]]:
        """The findings by the ARN of each thing that they are about."""
        found: dict[str, list[Finding]] = {}
        for finding in self.report.findings:
            for arn in {finding.resource.arn, *finding.parts}:
                found.setdefault(arn, []).append(finding)
        return found


def judge(snapshot: Snapshot, checks: Sequence[Check], refused: Sequence[Gap] = ()) -> Judged:
    """Run every check over a snapshot, as of the moment at which it was read.

    ``refused`` says which checks there are that cannot be used: what they look for is not known.
    """
    manifest = snapshot.manifest
    context = context_of(snapshot, (*manifest.gaps, *refused), manifest.taken_at, checks)
    places = manifest.places or _seen_places(context)
    report = run_checks(checks, context, places)
    not_entered = _not_entered(manifest.accounts, report, context.inventory.gaps)
    since = all_active_since(snapshot.resources(SavingsPlan) or ())
    covered = covered_list_per_hour(snapshot, since)
    return Judged(checks, context, report, manifest.accounts, not_entered, covered)


def _seen_places(context: Context) -> set[Place]:
    """Return where something was found, for a snapshot of a time that did not note where it looked."""
    return {(one.account_id, one.region) for some in context.inventory.resources.values() for one in some}


def _not_entered(accounts: Iterable[str], report: Report, gaps: Iterable[Gap]) -> dict[str, Gap]:
    entered = {account for _, account, _ in report.tallies}
    return {
        account: next((gap for gap in gaps if gap.account_id == account and gap.region is None), None)
        or Gap(
            source="accounts",
            account_id=account,
            region=None,
            kind="NotEntered",
            action=None,
            reason=_NOT_ENTERED,
            remedy="name a role of it in PLAINBILL_ROLE_ARNS, see `plainbill iam-policy`",
        )
        for account in accounts
        if account not in entered
    }
