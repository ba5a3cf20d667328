"""A report with the answers of one check replaced, whose sums come from the old ones and from what changed.

Of each billed thing the largest saving counts. Who knows, for each thing, what the other checks save of it
can say what another answer of one check changes, without counting everything again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from operator import attrgetter

from plainbill.analyzer.engine import Finding, Report, Tally, Undecided
from plainbill.model.money import Money, total

_ZERO = Decimal(0)
_Claim = tuple[Finding, Money]
"""A finding and the part of its saving that comes from one thing."""


class Claims:
    """What the findings of a report save of each billed thing; made once for a report."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._by_arn: dict[str, list[_Claim]] = {}
        for finding in report.findings:
            for arn, part in finding.parts.items():
                self._by_arn.setdefault(arn, []).append((finding, part))
        self._best_of_others: dict[str, dict[str, _Claim | None]] = {}
        self._others: dict[str, Mapping[str, Decimal]] = {}
        self._without: dict[frozenset[str], Claims] = {}

    def without(self, finding_ids: frozenset[str]) -> Claims:
        """Return the claims without those of some findings; of the latest such question they are kept."""
        if finding_ids not in self._without:
            self._without = {finding_ids: Claims(self.report.without(finding_ids))}
        return self._without[finding_ids]

    def best_of_others(self, arn: str, check_id: str) -> _Claim | None:
        """Return the claim on a thing that counts where a check had said nothing; None without one."""
        known = self._best_of_others.setdefault(check_id, {})
        if arn not in known:
            known[arn] = _best(one for one in self._by_arn.get(arn, ()) if one[0].check.id != check_id)
        return known[arn]

    def sums_of_others(self, check_id: str) -> Mapping[str, Decimal]:
        """Return what is counted, by currency, where a check had said nothing."""
        if check_id not in self._others:
            self._others[check_id] = self._sums_without(check_id)
        return self._others[check_id]

    def _sums_without(self, check_id: str) -> Mapping[str, Decimal]:
        sums = {currency: money.amount for currency, money in self.report.monthly_saving.items()}
        for arn in {arn for finding in self.report.of_check(check_id) for arn in finding.parts}:
            counts, other = _best(self._by_arn[arn]), self.best_of_others(arn, check_id)
            if counts is not None:
                sums[counts[1].currency] -= counts[1].amount
            if other is not None:
                sums[other[1].currency] = sums.get(other[1].currency, _ZERO) + other[1].amount
        others = {
            one.currency for some in self._by_arn.values() for by, one in some if by.check.id != check_id
        }
        return {currency: amount for currency, amount in sums.items() if currency in others}


class ChangedReport(Report):
    """``Report`` with one check's answers replaced by ``own``: as if all had been run with it."""

    def __init__(self, claims: Claims, check_id: str, own: Report) -> None:
        self.__dict__.update(_claims=claims, _check_id=check_id, own=own)  # it is frozen

    @cached_property
    def findings(self) -> Sequence[Finding]:
        """All findings in order; merged when somebody wants them all."""
        others = (one for one in self._before.findings if one.check.id != self._check_id)
        return sorted([*others, *self.own.findings], key=attrgetter("rank"))

    @cached_property
    def undecided(self) -> Sequence[Undecided]:
        """Every resource that some check could not judge."""
        others = (one for one in self._before.undecided if one.check.id != self._check_id)
        return sorted([*others, *self.own.undecided], key=lambda one: one.check.id)

    @cached_property
    def tallies(self) -> Mapping[tuple[str, str, str], Tally]:
        """The tallies of all checks."""
        return {**self._before.tallies, **self.own.tallies}

    def of_check(self, check_id: str) -> Sequence[Finding]:
        """Return the findings of one check, in order."""
        return self.own.findings if check_id == self._check_id else self._before.of_check(check_id)

    def undecided_of(self, check_id: str) -> Sequence[Undecided]:
        """Return what one check could not judge."""
        return self.own.undecided if check_id == self._check_id else self._before.undecided_of(check_id)

    def without(self, finding_ids: Collection[str]) -> Report:
        """Return the same without some findings."""
        claims = self._claims.without(frozenset(finding_ids))
        return ChangedReport(claims, self._check_id, self.own.without(finding_ids))

    def counted_of(self, finding: Finding) -> Money | None:
        """Return what is counted of one of the findings; None where its saving is unknown."""
        if finding.check.id != self._check_id:
            return super().counted_of(finding)
        if not finding.parts:
            return None
        counted = (part for arn, part in finding.parts.items() if self._counts(finding, arn))
        return total(counted, next(iter(finding.parts.values())).currency)

    @cached_property
    def monthly_saving(self) -> Mapping[str, Money]:
        """The sum of what is counted, by currency; empty where no saving is known."""
        sums = dict(self._claims.sums_of_others(self._check_id))
        for finding in self.own.findings:
            for part in finding.parts.values():
                sums.setdefault(part.currency, _ZERO)
        for arn, (finding, part) in self._own_best.items():
            if finding.check.id == self._check_id:
                other = self._claims.best_of_others(arn, self._check_id)
                if other is not None:
                    sums[other[1].currency] -= other[1].amount
                sums[part.currency] += part.amount
        return {currency: Money(amount, currency) for currency, amount in sums.items()}

    def _counts(self, finding: Finding, arn: str) -> bool:
        best = self._own_best.get(arn)
        return best is not None and best[0] is finding

    @property
    def _before(self) -> Report:
        return self._claims.report

    @cached_property
    def _own_best(self) -> Mapping[str, _Claim]:
        """The claim that counts, of each thing that one of the new findings is about."""
        best: dict[str, _Claim] = {}
        for finding in self.own.findings:
            for arn, part in finding.parts.items():
                before = best[arn] if arn in best else self._claims.best_of_others(arn, self._check_id)
                found = (finding, part)
                best[arn] = found if before is None or _comes_first(found, before) else before
        return best

    own: Report
    _claims: Claims
    _check_id: str


def _best(claims: Iterable[_Claim]) -> _Claim | None:
    best: _Claim | None = None
    for one in claims:
        if best is None or _comes_first(one, best):
            best = one
    return best


def _comes_first(one: _Claim, other: _Claim) -> bool:
    """Say whether a claim counts rather than another: the larger one, then the one whose finding is first."""
    if one[1].amount != other[1].amount:
        return one[1].amount > other[1].amount
    return one[0].rank < other[0].rank
