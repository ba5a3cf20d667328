"""The rules under test: every answer comes from the functions that the product calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from math import inf

from bench.idle_accuracy.trace import Case
from factories import instance
from plainbill.analyzer.ec2_idle import PRESETS, Classification, Grade, classify, vendor_rules
from plainbill.analyzer.ec2_idle.load import BUSY, BusyRule, Load
from plainbill.analyzer.ec2_idle.measuring import look_back, measure
from plainbill.analyzer.ec2_idle.presets import PlainbillPreset, Preset, SeedPreset, VendorPreset
from plainbill.analyzer.ec2_idle.stored import megabytes_a_day, stored_hours
from plainbill.analyzer.idle import IdleRule
from plainbill.model.findings import Verdict, Waste
from plainbill.model.utilization import Utilization

Rule = Callable[[Case], bool]

SHIPPED = "**Plainbill: 28 d, one busy day at most (high and medium)**"
HIGH = "**Plainbill: 28 d, no busy day (high)**"
REVIEW = "Plainbill: 28 d, two busy days at most (with review)"
OPTIMIZER = "Compute Optimizer, 14 d"
OPTIMIZER_28 = "Compute Optimizer, 28 d"

SURE = frozenset({Grade.HIGH, Grade.MEDIUM})
PLAIN = BusyRule(cpu_percent=5.0)
VM = instance(
    launched_at=datetime(2013, 1, 1, tzinfo=UTC), first_launched_at=datetime(2013, 1, 1, tzinfo=UTC)
)
_SEED = SeedPreset(rule=IdleRule(min_coverage=1e-6))  # the protocol's filter decides who is judged


def answer(preset: Preset, case: Case, used: Utilization | None = None) -> Verdict:
    """Return a preset's answer about a case, by its 28 days or by other hours."""
    hours = case.seen if used is None else used
    if isinstance(preset, PlainbillPreset):
        return preset.verdict(VM, hours, case.vcpus, case.now, case.facts)
    return preset.verdict(VM, hours, case.vcpus, case.now)


def classified(case: Case, used: Utilization | None = None) -> Classification:
    """Return the class of a case, by its 28 days or by other hours."""
    return classify(VM, case.seen if used is None else used, case.vcpus, case.now, case.facts)


@cache
def grade(case: Case) -> Grade | None:
    """Return the grade by 28 days, asked once."""
    return classified(case).grade


@cache
def load(case: Case, busy: BusyRule) -> Load:
    """Return the product's busy and quiet hours by 28 days, asked once."""
    return measure(VM, case.seen, case.vcpus, case.facts, busy)


def is_waste(preset: Preset, case: Case) -> bool:
    """Whether a preset says Waste."""
    return isinstance(answer(preset, case), Waste)


def plain(name: str, days: int | None = None) -> Rule:
    """Return a vendor's rule without its demands on coverage and age; the protocol's filter stands in."""
    preset = PRESETS[name]
    if not isinstance(preset, VendorPreset):
        raise TypeError(f"{name} is no vendor's rule")
    return partial(is_waste, replace(preset, days=days or preset.days, hours_needed=1, days_old=0))


def vendor(rule: Callable[..., Verdict | None], days: int) -> Rule:
    """Return a rule that is no preset."""
    return partial(
        is_waste,
        VendorPreset(title="", source="", days=days, days_old=0, hours_needed=1, rule=rule),
    )


def seed(case: Case) -> bool:
    """The rule of the idle page."""
    return is_waste(_SEED, case)


def seed_of_averages(case: Case) -> bool:
    """The same, its maximum taken over hourly means."""
    used = replace(case.seen, cpu_maximum=case.seen.cpu_average)
    return isinstance(answer(_SEED, case, used), Waste)


def seed_and_network(case: Case) -> bool:
    """The same, and under 5 MB a day."""
    network = megabytes_a_day(stored_hours(case.seen, None, 14).network)
    return seed(case) and network is not None and network < 5


def busy_days(case: Case, busy: BusyRule = BUSY, days: int = 28) -> int:
    """Return how many of the last days were busy, by the product's count."""
    return look_back(load(case, busy), VM, case.facts, days).busy_days


def five_minute_peaks(case: Case) -> bool:
    """The shipped rule, an hour's highest 5 minutes taken for its mean."""
    used = replace(case.seen, cpu_average=case.seen.cpu_maximum)
    return classified(case, used=used).grade in SURE


RULES: Mapping[str, Rule] = {
    "average CPU < 5 %, 7 d": vendor(vendor_rules.average_cpu, 7),
    "average CPU < 5 %, 14 d": vendor(vendor_rules.average_cpu, 14),
    "seed: average < 5 %, highest sample < 10 %, 14 d": seed,
    "seed, with the maximum of hourly averages": seed_of_averages,
    "seed, and under 5 MB a day": seed_and_network,
    "Cost Explorer, 14 d": plain("cost-explorer"),
    "Azure Advisor, 7 d": plain("azure"),
    "Google Cloud, 14 d": plain("gcp"),
    "Trusted Advisor, 14 d": plain("trusted-advisor"),
    "OptScale, 7 d": vendor(vendor_rules.optscale, 7),
    OPTIMIZER: plain("compute-optimizer"),
    OPTIMIZER_28: plain("compute-optimizer", 28),
    HIGH: lambda case: grade(case) is Grade.HIGH,
    SHIPPED: lambda case: grade(case) in SURE,
    REVIEW: lambda case: grade(case) is not None,
}

_CPU_ALONE = BusyRule(cpu_percent=5.0, network_bytes=inf)
_NETWORK_ALONE = BusyRule(cpu_percent=inf)

ABLATIONS: Mapping[str, Rule] = {
    "no busy day, 5 % CPU for every size": lambda case: busy_days(case, PLAIN) == 0,
    "one busy day at most, 5 % CPU for every size": lambda case: busy_days(case, PLAIN) <= 1,
    "two busy days at most, 5 % CPU for every size": lambda case: busy_days(case, PLAIN) <= 2,
    "minus network: one busy day at most, CPU alone (5 %)": lambda case: busy_days(case, _CPU_ALONE) <= 1,
    "minus CPU: one busy day at most, network alone": lambda case: busy_days(case, _NETWORK_ALONE) <= 1,
    "minus look-back: no busy day in 7 d": lambda case: busy_days(case, days=7) == 0,
    "minus look-back: no busy day in 14 d": lambda case: busy_days(case, days=14) == 0,
    "minus look-back: one busy day at most in 14 d": lambda case: busy_days(case, days=14) <= 1,
    "5-minute peaks instead of hourly means": five_minute_peaks,
}

Figures = tuple[int, float, float, float, float]
"""Flags, precision, recall, $-precision, $-recall."""

REFERENCE: Mapping[str, Figures] = {
    "average CPU < 5 %, 7 d": (1003, 0.411, 0.963, 0.291, 0.951),
    "average CPU < 5 %, 14 d": (1009, 0.410, 0.967, 0.288, 0.956),
    "seed: average < 5 %, highest sample < 10 %, 14 d": (476, 0.550, 0.612, 0.385, 0.520),
    "seed, with the maximum of hourly averages": (804, 0.499, 0.937, 0.359, 0.929),
    "seed, and under 5 MB a day": (158, 0.937, 0.346, 0.944, 0.256),
    "Cost Explorer, 14 d": (95, 0.632, 0.140, 0.592, 0.109),
    "Trusted Advisor, 14 d": (287, 0.815, 0.547, 0.814, 0.423),
    "OptScale, 7 d": (393, 0.824, 0.757, 0.825, 0.584),
    OPTIMIZER: (137, 0.927, 0.297, 0.933, 0.215),
    OPTIMIZER_28: (111, 0.982, 0.255, 0.983, 0.179),
    SHIPPED: (286, 0.976, 0.652, 0.979, 0.506),
    "no busy day, 5 % CPU for every size": (189, 0.989, 0.437, 0.991, 0.354),
    "one busy day at most, 5 % CPU for every size": (277, 0.975, 0.631, 0.979, 0.492),
    "two busy days at most, 5 % CPU for every size": (303, 0.970, 0.687, 0.975, 0.532),
    "minus network: one busy day at most, CPU alone (5 %)": (735, 0.531, 0.911, 0.419, 0.887),
    "minus CPU: one busy day at most, network alone": (320, 0.906, 0.678, 0.863, 0.540),
}
"""What an independent program measured over the same half of the trace."""
