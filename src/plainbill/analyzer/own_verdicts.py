"""What we said of each resource, whoever of us said it: to be held against what others say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from plainbill.analyzer.engine import Finding, Report, verdict_of
from plainbill.analyzer.registry import Check
from plainbill.analyzer.waste_check import Context
from plainbill.model.findings import Action, Ok, Unknown, Verdict, Waste
from plainbill.model.money import Money
from plainbill.model.resources import Resource


@dataclass(frozen=True, slots=True)
class Judged:
    """One verdict of a check on one resource: its title, and what it would do about waste.

    ``finding_id`` is that of the finding in the report; None for a verdict that is no finding.
    """

    title: str
    action: Action
    resource: Resource
    verdict: Verdict
    finding_id: str | None = None

    def saving_on(self, arn: str) -> Money | None:
        """Return what it would save on one billed thing; None where that is not known."""
        if not isinstance(self.verdict, Waste):
            return None
        return self.verdict.parts.get(arn, self.verdict.monthly_saving)

    @property
    def arns(self) -> tuple[str, ...]:
        """The resource and the further things that the saving comes from: a stopped instance's disks."""
        parts = self.verdict.parts if isinstance(self.verdict, Waste) else {}
        return tuple(dict.fromkeys((self.resource.arn, *parts)))


def of_findings(report: Report) -> Iterator[Judged]:
    """Yield the findings of a report."""
    return map(_of_finding, report.findings)


def _of_finding(one: Finding) -> Judged:
    return Judged(one.check.title, one.action, one.resource, one.waste, one.finding_id)


def of_checks(checks: Iterable[Check], resource: Resource, context: Context) -> list[Judged]:
    """Judge one resource by the checks of its kind; waste is left out, for the report has it."""
    said = (
        Judged(check.title, check.action, resource, verdict_of(check, resource, context))
        for check in checks
        if isinstance(resource, check.resource)
    )
    return [one for one in said if not isinstance(one.verdict, Waste)]


def by_arn(judged: Iterable[Judged]) -> Mapping[str, Sequence[Judged]]:
    """Return verdicts by every ARN they are about."""
    found: dict[str, list[Judged]] = {}
    for one in judged:
        for arn in one.arns:
            found.setdefault(arn, []).append(one)
    return found


def reason_of(judged: Judged) -> str:
    """Return a verdict as a clause: ``Idle EC2 instance: CPU reached 40.0 %``."""
    match judged.verdict:
        case Ok(reason):
            return f"{judged.title}: {reason or 'it works for its money'}"
        case Unknown(reason) | Waste(reason):
            return f"{judged.title}: {reason}"
