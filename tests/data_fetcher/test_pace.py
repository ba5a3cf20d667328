"""A large fleet's metrics are asked for as fast as CloudWatch answers, and no faster."""

from __future__ import annotations

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.pace import POINTS_A_SECOND, Pace

IRELAND, OREGON = Scope("111122223333", "eu-west-1"), Scope("111122223333", "us-west-2")
QUOTA = 396_000  # CloudWatch's, in each account and Region
CALL = 100_800


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_a_small_fleet_never_waits() -> None:
    clock = Clock()
    pace = Pace(clock, clock.sleep)
    for scope in (IRELAND, OREGON) * 2:  # 150 instances each
        pace.wait(scope, CALL)
    assert clock.now == 1000.0


def test_ten_thousand_instances_take_as_long_as_the_quota_asks_for_and_not_much_longer() -> None:
    clock = Clock()
    pace = Pace(clock, clock.sleep)
    asked = []
    for _ in range(134):
        pace.wait(IRELAND, CALL)
        asked.append(clock.now)
    for start in asked[4:]:  # the first second may begin with what one second allows at once
        assert sum(CALL for at in asked if start <= at < start + 1) <= QUOTA
    assert 134 * CALL / QUOTA - 1 < asked[-1] - asked[0] < 134 * CALL / POINTS_A_SECOND


def test_after_a_rest_no_more_is_allowed_at_once_than_at_the_beginning() -> None:
    clock = Clock()
    pace = Pace(clock, clock.sleep)
    for _ in range(2):
        clock.sleep(3600)
        began = clock.now
        for _ in range(4):
            pace.wait(IRELAND, CALL)
        assert 0 < clock.now - began < 1
