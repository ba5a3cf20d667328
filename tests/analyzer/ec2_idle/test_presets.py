"""Other people's rules on the same hours: three answers, each with its measurement."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from analyzer.ec2_idle.histories import MB, history, never, without
from factories import NOW, instance
from plainbill.analyzer.ec2_idle import PRESETS, compare, disagreements
from plainbill.model.findings import Ok, Unknown, Verdict, Waste
from plainbill.model.utilization import Utilization

QUIET = history(never, days=60, quiet_cpu=0.5, quiet_mb=0.1)


def verdict(name: str, used: Utilization | None, vcpus: int | None = 2, **changes: Any) -> Verdict:
    return PRESETS[name].verdict(instance(**changes), used, vcpus, NOW)


def with_peaks(used: Utilization, peak: float) -> Utilization:
    return replace(used, cpu_maximum=(peak,) * used.period.hours)


def test_the_rules_that_were_promised_are_there() -> None:
    assert set(PRESETS) == {
        "seed", "compute-optimizer", "trusted-advisor", "cost-explorer", "gcp", "azure", "plainbill",
    }  # fmt: skip
    assert all(preset.title and preset.source and preset.days for preset in PRESETS.values())


@pytest.mark.parametrize("name", PRESETS)
def test_no_rule_calls_a_busy_instance_idle(name: str) -> None:
    assert isinstance(verdict(name, history(lambda _: True)), Ok)


@pytest.mark.parametrize("name", PRESETS)
def test_no_rule_judges_what_was_not_seen(name: str) -> None:
    assert isinstance(verdict(name, None), Unknown)
    assert isinstance(verdict(name, without(QUIET, lambda _: True)), Unknown)


@pytest.mark.parametrize("name", sorted(set(PRESETS) - {"compute-optimizer"}))
def test_every_rule_that_asks_for_age_waits(name: str) -> None:
    born = NOW - timedelta(days=4)
    used = without(QUIET, lambda hour: hour < born)
    assert isinstance(verdict(name, used, launched_at=born, first_launched_at=born), Unknown)


def test_compute_optimizer_is_content_with_thirty_hours() -> None:
    born = NOW - timedelta(hours=30)
    used = without(QUIET, lambda hour: hour < born)
    assert isinstance(verdict("compute-optimizer", used, launched_at=born, first_launched_at=born), Waste)
    later = without(used, lambda hour: hour < born + timedelta(hours=1))
    said = verdict("compute-optimizer", later, launched_at=born, first_launched_at=born)
    assert said == Unknown("CPU was seen in 29 of 336 hours; 30 are needed")


@pytest.mark.parametrize("name", PRESETS)
def test_every_rule_finds_an_instance_that_does_nothing(name: str) -> None:
    said = verdict(name, QUIET)
    assert isinstance(said, Waste)
    assert any(character.isdigit() for character in said.reason)


@pytest.mark.parametrize(
    ("name", "used", "vcpus", "expected"),
    [
        pytest.param("compute-optimizer", with_peaks(QUIET, 4.99), 2, Waste, id="CO peak under 5"),
        pytest.param("compute-optimizer", with_peaks(QUIET, 5.0), 2, Ok, id="CO peak at 5"),
        pytest.param("compute-optimizer", history(quiet_mb=5 / 24), 2, Ok, id="CO 5 MB a day"),
        pytest.param("compute-optimizer", history(quiet_mb=4.99 / 24), 2, Waste, id="CO under 5 MB a day"),
        pytest.param("cost-explorer", with_peaks(QUIET, 1.0), 2, Waste, id="CE at 1"),
        pytest.param("cost-explorer", with_peaks(QUIET, 1.01), 2, Ok, id="CE over 1"),
        pytest.param("trusted-advisor", history(quiet_cpu=10.0), 2, Waste, id="TA at 10"),
        pytest.param("trusted-advisor", history(quiet_cpu=10.1), 2, Ok, id="TA over 10"),
        pytest.param("trusted-advisor", history(quiet_mb=0.3), 2, Ok, id="TA over 5 MB"),
        pytest.param("gcp", history(quiet_cpu=1.4), 2, Waste, id="GCP 0.028 vCPU"),
        pytest.param("gcp", history(quiet_cpu=1.6), 2, Ok, id="GCP 0.032 vCPU"),
        pytest.param("gcp", history(quiet_cpu=1.4), None, Unknown, id="GCP vCPUs unknown"),
        pytest.param("gcp", history(quiet_mb=7.3), 2, Ok, id="GCP 1014 B/s out"),
        pytest.param("azure", with_peaks(history(quiet_cpu=2.0), 2.9), 2, Waste, id="Azure at 2"),
        pytest.param("azure", with_peaks(history(quiet_cpu=2.1), 2.9), 2, Ok, id="Azure over 2"),
        pytest.param("azure", with_peaks(QUIET, 3.0), 2, Ok, id="Azure P95 at 3"),
    ],
)
def test_the_thresholds_are_the_vendors(
    name: str, used: Utilization, vcpus: int | None, expected: type
) -> None:
    assert isinstance(verdict(name, used, vcpus), expected)


def test_trusted_advisor_is_content_with_four_quiet_days() -> None:
    def busy_but(days: int) -> Utilization:
        return history(lambda hour: hour.date() < (NOW - timedelta(days=days)).date(), busy_cpu=90.0)

    # The window ends at noon: its last, half day counts too.
    assert isinstance(verdict("trusted-advisor", busy_but(3)), Waste)
    assert isinstance(verdict("trusted-advisor", busy_but(2)), Ok)


def test_trusted_advisor_counts_fourteen_days_also_where_its_hours_touch_fifteen() -> None:
    first = (NOW - timedelta(days=14)).date()
    quiet = {first, *(first + timedelta(days=day) for day in (3, 6, 9))}
    said = verdict("trusted-advisor", history(lambda hour: hour.date() not in quiet, busy_cpu=90.0))
    assert isinstance(said, Ok)
    assert said.reason.startswith("CPU averaged at most 10 % on 3 of 14 days")


def test_where_the_network_is_not_known_a_rule_that_needs_it_does_not_know() -> None:
    blind = replace(QUIET, network_in=(None,) * 1440)
    assert verdict("compute-optimizer", blind) == Unknown(
        "its network traffic is not known, and the rule needs it"
    )
    assert isinstance(verdict("cost-explorer", blind), Waste)
    assert isinstance(verdict("compute-optimizer", with_peaks(blind, 50.0)), Ok)


def test_a_reason_states_the_measurement() -> None:
    assert verdict("compute-optimizer", QUIET) == Waste(
        "CPU peaked at 0.50 % and 2.40 MB a day went in and out in 14 days; "
        "idle means under 5 % and under 5 MB a day.",
        monthly_saving=None,
    )


def test_review_is_a_question_not_a_finding() -> None:
    wakes = [NOW - timedelta(days=2, hours=5), NOW - timedelta(days=9)]
    assert isinstance(verdict("plainbill", history(lambda hour: hour in wakes)), Unknown)
    assert isinstance(verdict("plainbill", history(lambda hour: hour in wakes[:1])), Waste)
    assert isinstance(verdict("plainbill", QUIET, lifecycle="spot"), Unknown)


def test_rules_that_contradict_each_other_are_named() -> None:
    """Half the hours hold 40 MB and no CPU: idle to every rule that looks at CPU only."""

    def transfers(hour: datetime) -> bool:
        return hour.hour % 2 == 0

    said = compare(instance(), history(transfers, busy_cpu=0.5, busy_mb=40 * MB / 1e6, quiet_cpu=0.5), 2, NOW)
    assert set(disagreements(said)) == {
        (one, other)
        for one in ("seed", "cost-explorer", "azure")
        for other in ("compute-optimizer", "trusted-advisor", "gcp", "plainbill")
    }


def test_who_does_not_know_contradicts_nobody() -> None:
    assert disagreements({"a": Unknown("?"), "b": Ok("fine"), "c": Unknown("?")}) == ()
    assert disagreements(compare(instance(), QUIET, 2, NOW)) == ()
