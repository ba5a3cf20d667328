"""Runs every check over everything that was read, and counts no saving twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from operator import attrgetter

from plainbill.analyzer.isolation import Failed, attempt, failure_gap
from plainbill.analyzer.registry import Check
from plainbill.analyzer.waste_check import Context
from plainbill.model.findings import Action, Confidence, Effort, Ok, Unknown, Verdict, Waste
from plainbill.model.inventory import Gap
from plainbill.model.money import Money, total
from plainbill.model.resources import Resource
from plainbill.prices import UsedRate

Place = tuple[str, str]
"""An account and a region."""
Pair = tuple[Check, Resource]
_ZERO = Decimal(0)
_AT_ONCE = 250
_VERDICTS = (Ok, Unknown, Waste)


@dataclass(frozen=True)
class Finding:
    """One resource that one check calls waste."""

    check: Check
    resource: Resource
    waste: Waste
    rates: tuple[UsedRate, ...] = ()
    """Every price that was looked at when it was judged, those of what could take its place included."""

    @cached_property
    def finding_id(self) -> str:
        """The same for the same check and resource in every run: 16 hexadecimal digits."""
        return sha256(f"{self.check.id}\n{self.resource.arn}".encode()).hexdigest()[:16]

    @property
    def action(self) -> Action:
        """What would end it."""
        return self.check.action

    @property
    def effort(self) -> Effort:
        """How much work that is."""
        return self.check.effort

    @property
    def confidence(self) -> Confidence:
        """How sure the verdict is."""
        return self.waste.confidence

    @property
    def saving(self) -> Money | None:
        """What would stop being billed in a month; None where that is not known."""
        return self.waste.monthly_saving

    @cached_property
    def parts(self) -> Mapping[str, Money]:
        """The saving by the ARN of what it comes from; empty where it is not known."""
        if self.waste.monthly_saving is None:
            return {}
        return self.waste.parts or {self.resource.arn: self.waste.monthly_saving}

    @cached_property
    def rank(self) -> tuple[bool, Decimal, str, str]:
        """What findings are sorted by: the saving, unknown ones last, then the check and the ARN."""
        saving = self.saving
        return (saving is None, -(saving.amount if saving else _ZERO), self.check.id, self.resource.arn)


@dataclass(frozen=True)
class Undecided:
    """One resource that a check could not judge, and what was missing."""

    check: Check
    resource: Resource
    reason: str


@dataclass(slots=True)
class Tally:
    """The answers of one check in one account and region; ``gap`` is why it could not look at all."""

    ok: int = 0
    waste: int = 0
    unknown: int = 0
    gap: Gap | None = None


@dataclass(frozen=True)
class Report:
    """Everything that all checks said of one reading.

    ``tallies`` has an entry for every check in every place that was asked, also where it found nothing
    and where it could not look.
    """

    findings: Sequence[Finding]
    undecided: Sequence[Undecided]
    tallies: Mapping[tuple[str, str, str], Tally]

    @cached_property
    def counted(self) -> Mapping[str, Money]:
        """What is counted of each finding, by its id: all of its saving, a part, or nothing.

        Findings on one billed thing are alternatives: of each thing only the largest saving counts.
        A finding of unknown saving is absent.
        """
        parts = self.counted_parts
        return {
            finding.finding_id: total(
                parts[finding.finding_id].values(), next(iter(finding.parts.values())).currency
            )
            for finding in self.findings
            if finding.parts
        }

    @cached_property
    def counted_parts(self) -> Mapping[str, Mapping[str, Money]]:
        """What is counted of each finding, by its id and by the ARN of what it comes from."""
        best: dict[str, tuple[Decimal, str]] = {}
        for finding in self.findings:
            for arn, part in finding.parts.items():
                if arn not in best or part.amount > best[arn][0]:
                    best[arn] = (part.amount, finding.finding_id)
        return {
            finding.finding_id: {
                arn: part for arn, part in finding.parts.items() if best[arn][1] == finding.finding_id
            }
            for finding in self.findings
        }

    def counted_of(self, finding: Finding) -> Money | None:
        """Return what is counted of one of the findings; None where its saving is unknown."""
        return self.counted.get(finding.finding_id)

    def of_check(self, check_id: str) -> Sequence[Finding]:
        """Return the findings of one check, in order."""
        return self._by_check.get(check_id, ())

    def undecided_of(self, check_id: str) -> Sequence[Undecided]:
        """Return what one check could not judge."""
        return self._undecided_by_check.get(check_id, ())

    def without(self, finding_ids: Collection[str]) -> Report:
        """Return the same without some findings."""
        kept = [one for one in self.findings if one.finding_id not in finding_ids]
        return replace(self, findings=kept)

    @cached_property
    def _undecided_by_check(self) -> Mapping[str, Sequence[Undecided]]:
        found: dict[str, list[Undecided]] = {}
        for one in self.undecided:
            found.setdefault(one.check.id, []).append(one)
        return found

    @cached_property
    def _by_check(self) -> Mapping[str, Sequence[Finding]]:
        found: dict[str, list[Finding]] = {}
        for finding in self.findings:
            found.setdefault(finding.check.id, []).append(finding)
        return found

    @cached_property
    def monthly_saving(self) -> Mapping[str, Money]:
        """The sum of what is counted, by currency; empty where no saving is known."""
        totals: dict[str, Money] = {}
        for money in self.counted.values():
            totals[money.currency] = totals.get(money.currency, Money(_ZERO, money.currency)) + money
        return totals

    @property
    def unknown_price(self) -> int:
        """How many findings have a saving that is not known, and so are in no sum."""
        return sum(finding.saving is None for finding in self.findings)


def run_checks(checks: Iterable[Check], context: Context, places: Iterable[Place]) -> Report:
    """Judge every resource by every check of its kind.

    ``places`` are the accounts and regions that were to be read: a check whose kind could not be read in
    one of them has a gap there, not a clean bill. So has a check that failed on a resource there: what it
    said of the others stands, and nothing there is clean or gone because of it.
    """
    wanted = sorted(checks, key=lambda check: check.id)
    tallies = tallies_of(wanted, context, places)
    findings: list[Finding] = []
    undecided: list[Undecided] = []
    noting, receipt = context.noting()
    for check, resource in pairs(wanted, noting):
        tally = tallies.setdefault((check.id, resource.account_id, resource.region), Tally())
        receipt.begin()
        verdict = verdict_of(check, resource, noting)
        if isinstance(verdict, Failed):
            tally.gap = tally.gap or failure_gap(verdict, resource.account_id, resource.region)
        match verdict:
            case Ok():
                tally.ok += 1
            case Unknown(reason):
                tally.unknown += 1
                undecided.append(Undecided(check, resource, reason))
            case Waste():
                tally.waste += 1
                findings.append(Finding(check, resource, verdict, receipt.used))
    return _report(findings, undecided, tallies)


def _report(
    findings: list[Finding], undecided: list[Undecided], tallies: Mapping[tuple[str, str, str], Tally]
) -> Report:
    """Return what was found in the order of a report."""
    findings.sort(key=attrgetter("rank"))
    undecided.sort(key=lambda one: one.check.id)
    return Report(findings=findings, undecided=undecided, tallies=tallies)


def joined(reports: Sequence[Report]) -> Report:
    """Return as one what several reports say of other resources each, or by other checks.

    Equal to the report on all of them, where those on the resources of one check come in their order.
    """
    tallies: dict[tuple[str, str, str], Tally] = {}
    for report in reports:
        for key, more in report.tallies.items():
            one = tallies.setdefault(key, Tally())
            one.ok, one.waste, one.unknown = (
                one.ok + more.ok,
                one.waste + more.waste,
                one.unknown + more.unknown,
            )
            one.gap = one.gap or more.gap
    findings = [finding for report in reports for finding in report.findings]
    undecided = [one for report in reports for one in report.undecided]
    return _report(findings, undecided, tallies)


def verdict_of(check: Check, resource: Resource, context: Context) -> Verdict:
    """Return what a check says of a resource; ``Failed``, an Unknown, where it raises or says no verdict."""
    verdict = attempt(check.id, check.evaluate, resource, context)
    return verdict if isinstance(verdict, _VERDICTS) else attempt(check.id, _refuse, verdict)


def _refuse(verdict: object) -> Failed:
    raise TypeError(f"a check says Ok, Unknown or Waste, not {type(verdict).__name__}")


def tallies_of(
    checks: Iterable[Check], context: Context, places: Iterable[Place]
) -> dict[tuple[str, str, str], Tally]:
    """Return the tallies of checks that have not judged anything yet, with the gaps of their own kinds."""
    known_places = sorted(set(places))
    return {
        (check.id, account_id, region): Tally(gap=_gap(check, context, account_id, region))
        for check in checks
        for account_id, region in known_places
    }


def pairs(checks: Iterable[Check], context: Context, *, ahead: bool = True) -> Iterator[Pair]:
    """Yield every resource that was read, with each check of its kind: what they share is made once.

    With ``ahead`` the checks may work out together what they will look at of the next few resources: worth it
    where most of them are judged.
    """
    by_kind: dict[type[Resource], list[Check]] = {}
    for check in checks:
        by_kind.setdefault(check.resource, []).append(check)
    for kind, of_kind in by_kind.items():
        resources = context.inventory.resources.get(kind, ())
        for first in range(0, len(resources), _AT_ONCE):
            some = resources[first : first + _AT_ONCE]
            for check in of_kind if ahead else ():
                attempt(check.id, check.look_ahead, some, context)
            for resource in some:
                for check in of_kind:
                    yield check, resource


def _gap(check: Check, context: Context, account_id: str, region: str) -> Gap | None:
    """Return why the check's own kind is not wholly known in a place."""
    return context.inventory.gap(check.resource, account_id, region)
