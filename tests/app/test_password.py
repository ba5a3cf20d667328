"""The pause after wrong passwords grows, ends, and hits nobody else."""

from __future__ import annotations

import pytest

from plainbill.app.password import Attempts


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def fail(attempts: Attempts, address: str, times: int) -> None:
    for _ in range(times):
        attempts.failed(address)


def test_the_first_mistakes_cost_nothing(clock: Clock) -> None:
    attempts = Attempts(clock)
    fail(attempts, "192.0.2.1", 4)
    assert attempts.pause("192.0.2.1") == 0


def test_others_are_not_hit(clock: Clock) -> None:
    attempts = Attempts(clock)
    fail(attempts, "192.0.2.1", 50)
    fail(attempts, "2001:db8:0:1::1", 50)
    assert attempts.pause("192.0.2.2") == attempts.pause("2001:db8:0:2::1") == attempts.pause("unknown") == 0


@pytest.mark.parametrize(("failures", "seconds"), [(5, 1), (6, 2), (8, 8), (11, 60), (2000, 60)])
def test_the_pause_doubles_up_to_a_minute(clock: Clock, failures: int, seconds: float) -> None:
    attempts = Attempts(clock)
    fail(attempts, "192.0.2.1", failures)
    assert attempts.pause("192.0.2.1") == seconds
    clock.now += seconds
    assert attempts.pause("192.0.2.1") == 0


def test_an_ipv6_host_cannot_change_its_address_within_its_network(clock: Clock) -> None:
    attempts = Attempts(clock)
    for last in range(20):
        attempts.failed(f"2001:db8::{last:x}")
    assert attempts.pause("2001:db8::ffff") == 60


def test_the_right_password_clears_the_count(clock: Clock) -> None:
    attempts = Attempts(clock)
    fail(attempts, "192.0.2.1", 6)
    attempts.succeeded("192.0.2.1")
    assert attempts.pause("192.0.2.1") == 0


def test_only_so_many_addresses_are_remembered(clock: Clock) -> None:
    attempts = Attempts(clock)
    for number in range(10_000):
        attempts.failed(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(attempts._failures) == 4096
