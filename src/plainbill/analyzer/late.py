"""Answers of one check whose words are made when somebody looks at them: thousands come, a page shows few."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any

from plainbill.analyzer.engine import Finding, Place, Report, Tally, Undecided, run_checks, tallies_of
from plainbill.analyzer.isolation import Failed, attempt
from plainbill.analyzer.registry import Check
from plainbill.analyzer.waste_check import Context
from plainbill.model.findings import Confidence, Head, Ok, Unknown, Waste
from plainbill.model.money import Money
from plainbill.model.resources import Resource

Tallies = Mapping[tuple[str, str, str], Tally]


class LateFinding(Finding):
    """A finding of which the saving and the confidence are known, and the rest is made by ``evaluate``.

    The saving is of the resource alone: a check whose savings have other parts has no ``heads``.
    """

    def __init__(self, check: Check, resource: Resource, head: Head, context: Context) -> None:
        self.__dict__.update(check=check, resource=resource, _head=head, _context=context)  # it is frozen

    @cached_property
    def waste(self) -> Waste:
        """The verdict in full."""
        said = self.check.evaluate(self.resource, self._context)
        assert isinstance(said, Waste)  # noqa: S101  a head is what evaluate comes to
        return said

    @property
    def saving(self) -> Money | None:
        """The head's."""
        return self._head.saving

    @property
    def confidence(self) -> Confidence:
        """The head's."""
        return self._head.confidence

    @cached_property
    def parts(self) -> dict[str, Money]:
        """The saving, of the resource itself."""
        return {} if self._head.saving is None else {self.resource.arn: self._head.saving}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Finding) and _fields(self) == _fields(other)

    def __hash__(self) -> int:
        return hash((self.check.id, self.resource.arn))

    _head: Head
    _context: Context


class LateUndecided(Undecided):
    """A resource that could not be judged; what was missing is said by ``evaluate``."""

    def __init__(self, check: Check, resource: Resource, context: Context) -> None:
        self.__dict__.update(check=check, resource=resource, _context=context)

    @cached_property
    def reason(self) -> str:
        """What was missing."""
        said = self.check.evaluate(self.resource, self._context)
        assert isinstance(said, Unknown)  # noqa: S101  a head is what evaluate comes to
        return said.reason

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Undecided) and _fields(self) == _fields(other)

    def __hash__(self) -> int:
        return hash((self.check.id, self.resource.arn))

    _context: Context


class LateReport(Report):
    """The report of one check; what could not be judged is listed when somebody wants it."""

    def __init__(
        self, findings: Sequence[Finding], undecided: Callable[[], Sequence[Undecided]], tallies: Tallies
    ) -> None:
        self.__dict__.update(findings=findings, tallies=tallies, _make=undecided)  # it is frozen

    @cached_property
    def undecided(self) -> Sequence[Undecided]:
        """Every resource that the check could not judge."""
        return self._make()

    def without(self, finding_ids: Collection[str]) -> Report:
        """Return the same without some findings."""
        kept = [one for one in self.findings if one.finding_id not in finding_ids]
        return LateReport(kept, self._make, self.tallies)

    _make: Callable[[], Sequence[Undecided]]


def judge_late(check: Check, context: Context, places: Iterable[Place]) -> Report:
    """Say what ``run_checks`` says of one check; its words come later where it has ``heads``."""
    heads = attempt(check.id, check.heads, context)
    if heads is None or isinstance(heads, Failed):
        return run_checks([check], context, places)
    judged = list(zip(context.inventory.resources.get(check.resource, ()), heads, strict=True))
    tallies = tallies_of([check], context, places)
    for (account_id, region, kind), count in Counter(
        (resource.account_id, resource.region, head.kind) for resource, head in judged
    ).items():
        tally = tallies.setdefault((check.id, account_id, region), Tally())
        tally.ok += count if kind is Ok else 0
        tally.unknown += count if kind is Unknown else 0
        tally.waste += count if kind is Waste else 0
    findings = [LateFinding(check, one, head, context) for one, head in judged if head.kind is Waste]
    return LateReport(
        sorted(findings, key=attrgetter("rank")),
        lambda: [LateUndecided(check, one, context) for one, head in judged if head.kind is Unknown],
        tallies,
    )


def _fields(one: Finding | Undecided) -> tuple[Any, ...]:
    return one.check, one.resource, one.waste if isinstance(one, Finding) else one.reason
