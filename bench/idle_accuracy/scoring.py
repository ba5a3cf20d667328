"""Flags against what came true: precision, recall, in VMs and in dollars, with intervals over VMs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan
from random import Random

from bench.idle_accuracy.trace import Case, vms_of

RESAMPLES = 1000
SEED = 20130701

Sums = tuple[int, int, int]
"""Right flags, wrong flags, missed ones."""


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of cases, and of their vCPUs: each costs the same, so that shares of vCPUs are of dollars."""

    right: int
    wrong: int
    missed: int
    right_vcpus: int = 0
    wrong_vcpus: int = 0
    missed_vcpus: int = 0

    @property
    def flags(self) -> int:
        """How many cases were called idle."""
        return self.right + self.wrong

    @property
    def precision(self) -> float:
        """The share of flags that held; nan without flags."""
        return ratio(self.right, self.wrong)

    @property
    def recall(self) -> float:
        """The share of the unused that was flagged."""
        return ratio(self.right, self.missed)

    @property
    def dollar_precision(self) -> float:
        """Precision, each case weighing as much as it costs."""
        return ratio(self.right_vcpus, self.wrong_vcpus)

    @property
    def dollar_recall(self) -> float:
        """Recall, each case weighing as much as it costs."""
        return ratio(self.right_vcpus, self.missed_vcpus)


def ratio(part: int, rest: int) -> float:
    """Return ``part`` of both together; nan of nothing."""
    return part / (part + rest) if part + rest else nan


def score(cases: Sequence[Case], flags: Sequence[bool], unused: Sequence[bool] | None = None) -> Score:
    """Compare flags with what came true, by the usual outcome or another."""
    truth = [case.is_unused for case in cases] if unused is None else unused
    counts, vcpus = [0, 0, 0], [0, 0, 0]
    for case, flag, held in zip(cases, flags, truth, strict=True):
        kind = kind_of(flag=flag, held=held)
        if kind is not None:
            counts[kind] += 1
            vcpus[kind] += case.vcpus
    return Score(*counts, *vcpus)


def kind_of(*, flag: bool, held: bool) -> int | None:
    """Return 0 for a right flag, 1 for a wrong one, 2 for a missed one, None for rightly left alone."""
    return (0 if held else 1) if flag else (2 if held else None)


def sums_by_vm(cases: Sequence[Case], flags: Sequence[bool]) -> list[Sums]:
    """Return right, wrong and missed of each VM, in the order of their numbers."""
    sums = {vm: [0, 0, 0] for vm in vms_of(cases)}
    for case, flag in zip(cases, flags, strict=True):
        kind = kind_of(flag=flag, held=case.is_unused)
        if kind is not None:
            sums[case.vm][kind] += 1
    return [(right, wrong, missed) for right, wrong, missed in sums.values()]


@dataclass(frozen=True)
class Bootstrap:
    """Precision and recall of each rule in each resample of VMs; the same resamples for every rule."""

    precision: Mapping[str, Sequence[float]]
    recall: Mapping[str, Sequence[float]]

    def interval(self, rule: str, of: str) -> tuple[float, float]:
        """Return the 95 % interval of a rule's "precision" or "recall"."""
        return middle(self._values(of)[rule])

    def difference(self, rule: str, rival: str, of: str) -> tuple[float, float]:
        """Return the 95 % interval of a rule's figure minus its rival's, in the same resamples."""
        values = self._values(of)
        return middle([one - other for one, other in zip(values[rule], values[rival], strict=True)])

    def _values(self, of: str) -> Mapping[str, Sequence[float]]:
        return self.precision if of == "precision" else self.recall


def bootstrap(cases: Sequence[Case], flags: Mapping[str, Sequence[bool]]) -> Bootstrap:
    """Draw VMs with replacement, a fixed number of times from a fixed seed."""
    random = Random(SEED)  # noqa: S311 - repeatable, not secret
    columns = {
        rule: [list(column) for column in zip(*sums_by_vm(cases, flagged), strict=True)]
        for rule, flagged in flags.items()
    }
    vms = range(len(vms_of(cases)))
    precision: dict[str, list[float]] = {rule: [] for rule in flags}
    recall: dict[str, list[float]] = {rule: [] for rule in flags}
    for _ in range(RESAMPLES):
        drawn = random.choices(vms, k=len(vms))
        for rule, (right, wrong, missed) in columns.items():
            hit = sum(map(right.__getitem__, drawn))
            precision[rule].append(ratio(hit, sum(map(wrong.__getitem__, drawn))))
            recall[rule].append(ratio(hit, sum(map(missed.__getitem__, drawn))))
    return Bootstrap(precision, recall)


def middle(values: Sequence[float]) -> tuple[float, float]:
    """Return the 2.5th and the 97.5th percentile of what is a number."""
    known = sorted(value for value in values if not isnan(value))
    if not known:
        return nan, nan
    return known[int(0.025 * (len(known) - 1))], known[-1 - int(0.025 * (len(known) - 1))]


def flags_of(cases: Sequence[Case], rule: Callable[[Case], bool]) -> list[bool]:
    """Return a rule's flag for each case."""
    return [rule(case) for case in cases]
