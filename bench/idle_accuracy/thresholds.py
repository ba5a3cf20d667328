"""Thresholds chosen on half of the VMs and tried on the other half; odds learnt and tried likewise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from statistics import fmean

from bench.idle_accuracy.rules import PLAIN, busy_days
from bench.idle_accuracy.scoring import SEED, kind_of, middle, ratio
from bench.idle_accuracy.trace import Case, vms_of
from plainbill.analyzer.ec2_idle.load import MEGABYTE

CPU_GRID = (3.0, 5.0, 8.0, 10.0)
MEGABYTES_GRID = (5.0, 10.0, 20.0, 35.0, 50.0)
BUSY_DAYS_GRID = (0, 1, 2, 3)
SPLITS = 200
LEAST_PRECISION = 0.97

Choice = tuple[float, float, int]
"""CPU percent, MB an hour, busy days allowed."""


@dataclass(frozen=True)
class Splits:
    """What the choices came to on the VMs that they were not chosen on; ``chosen`` counts the choices."""

    precision: float
    precision_range: tuple[float, float]
    recall: float
    recall_range: tuple[float, float]
    chosen: Mapping[Choice, int]


def daily_peaks(case: Case) -> list[tuple[float, float]]:
    """Return the highest hourly CPU and bytes of each day of the look-back; a day without any is left out."""
    peaks: dict[int, tuple[float, float]] = {}
    for day, row in case.hours(case.origin - 28, case.origin):
        cpu, network = peaks.get(day, (0.0, 0.0))
        peaks[day] = (max(cpu, row[0]), max(network, row[2]))
    return list(peaks.values())


def count_busy(peaks: Sequence[tuple[float, float]], cpu: float, megabytes: float) -> int:
    """Count the busy days by their highest hours: quicker than hour by hour, and the same."""
    limit = megabytes * MEGABYTE
    return sum(high_cpu >= cpu or high_network >= limit for high_cpu, high_network in peaks)


def check_peaks(cases: Sequence[Case]) -> None:
    """Make sure that the quick count is the product's; raises ``AssertionError``."""
    for case in cases:
        assert count_busy(daily_peaks(case), 5.0, 20.0) == busy_days(case, PLAIN), (case.vm, case.origin)


def split_choices(cases: Sequence[Case]) -> Splits:
    """Choose the highest recall at a precision of .97 on half of the VMs, score it on the rest, 200 times."""
    sums = _sums(cases)
    vms = vms_of(cases)
    random = Random(SEED)  # noqa: S311 - repeatable, not secret
    precisions, recalls = [], []
    chosen: dict[Choice, int] = {}
    for _ in range(SPLITS):
        half = set(random.sample(vms, len(vms) // 2))
        choice = max(sums, key=lambda one: _worth(_added(sums[one], half)))
        right, wrong, missed = _added(sums[choice], set(vms) - half)
        precisions.append(ratio(right, wrong))
        recalls.append(ratio(right, missed))
        chosen[choice] = chosen.get(choice, 0) + 1
    return Splits(fmean(precisions), middle(precisions), fmean(recalls), middle(recalls), chosen)


def _sums(cases: Sequence[Case]) -> dict[Choice, dict[int, list[int]]]:
    """Return right, wrong and missed flags of each VM for every choice of thresholds."""
    peaks = [daily_peaks(case) for case in cases]
    sums: dict[Choice, dict[int, list[int]]] = {}
    for cpu, megabytes in product(CPU_GRID, MEGABYTES_GRID):
        busy = [count_busy(one, cpu, megabytes) for one in peaks]
        for most in BUSY_DAYS_GRID:
            by_vm = sums[cpu, megabytes, most] = {case.vm: [0, 0, 0] for case in cases}
            for case, days in zip(cases, busy, strict=True):
                kind = kind_of(flag=days <= most, held=case.is_unused)
                if kind is not None:
                    by_vm[case.vm][kind] += 1
    return sums


def _added(by_vm: Mapping[int, Sequence[int]], vms: set[int]) -> tuple[int, int, int]:
    right, wrong, missed = (sum(column) for column in zip(*(by_vm[vm] for vm in vms), strict=True))
    return right, wrong, missed


def _worth(sums: tuple[int, int, int]) -> tuple[bool, float]:
    """Order choices: precise enough first, then by recall; where none is precise enough, by precision."""
    right, wrong, missed = sums
    precise = right + wrong > 0 and ratio(right, wrong) >= LEAST_PRECISION
    return precise, ratio(right, missed) if precise else (ratio(right, wrong) if right + wrong else 0.0)
