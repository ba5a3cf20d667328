"""The heaviest job begins first, and an account that AWS holds up takes the time of nobody else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event, Lock

import pytest

from plainbill.aws_connector import aside
from plainbill.data_fetcher.hands import (
    ASIDE_IN_A_PLACE,
    ASIDE_IN_AN_ACCOUNT,
    MOST_ASIDE,
    Hands,
)

HOME = ("111122223333", "eu-west-1")


class Gate:
    """Stands for AWS's refusals: whoever sleeps does so until the gate opens."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.opened = Event()
        self.waiting = 0
        self._lock = Lock()
        monkeypatch.setattr("plainbill.aws_connector.aside.time.sleep", self._sleep)

    def _sleep(self, _seconds: float) -> None:
        with self._lock:
            self.waiting += 1
        assert self.opened.wait(timeout=20)


@contextmanager
def hands(workers: int) -> Iterator[Hands]:
    several = Hands(workers)
    try:
        yield several
    finally:
        several.close()


def held_up(told: list[str], name: str) -> None:
    aside.wait(20)
    told.append(name)


def test_equals_are_done_in_the_order_they_came() -> None:
    done: list[int] = []
    with hands(1) as several:
        jobs = [several.submit(partial(done.append, number), HOME, 0) for number in range(50)]
        for job in jobs:
            job.result(timeout=10)
    assert done == list(range(50))


def test_the_heaviest_is_done_first_whenever_it_came() -> None:
    done: list[str] = []
    begun, begin = Event(), Event()

    def keep_busy() -> None:
        begun.set()
        assert begin.wait(10)

    with hands(1) as several:
        jobs = [several.submit(keep_busy, HOME, 0)]
        assert begun.wait(10)
        names = {"light": 1.0, "heavy": 900.0, "middle": 40.0, "heavy too": 900.0}
        jobs += [several.submit(partial(done.append, name), HOME, weight) for name, weight in names.items()]
        begin.set()
        for job in jobs:
            job.result(timeout=10)
    assert done == ["heavy", "heavy too", "middle", "light"]


def test_never_do_more_work_at_a_time_than_there_are_workers_though_many_wait_and_come_back() -> None:
    lock, most, now = Lock(), 0, 0

    def work() -> None:
        nonlocal most, now
        for _ in range(3):
            with lock:
                now += 1
                most = max(most, now)
            threading.Event().wait(0.001)
            with lock:
                now -= 1
            aside.wait(0.001)

    with hands(4) as several:
        places = [(f"{number % 9}", f"{number % 4}") for number in range(120)]
        for job in [several.submit(work, place, 0) for place in places]:
            job.result(timeout=20)
        assert len(several._threads) <= 4 + MOST_ASIDE
    assert most == 4


def test_one_account_that_is_held_up_everywhere_does_not_hold_up_499_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate, told = Gate(monkeypatch), list[str]()
    with hands(4) as several:
        slow = [
            several.submit(partial(held_up, told, "throttled"), ("throttled", f"region-{number % 17}"), 9e9)
            for number in range(680)
        ]
        others = [
            several.submit(partial(told.append, f"{number}"), (f"{number}", "eu-west-1"), 0)
            for number in range(499)
        ]
        for job in others:  # the gate is shut all the while
            job.result(timeout=20)
        assert sorted(told) == sorted(f"{number}" for number in range(499))
        assert 1 <= gate.waiting <= ASIDE_IN_AN_ACCOUNT + 4
        gate.opened.set()
        for job in slow:
            job.result(timeout=20)
    assert told.count("throttled") == 680


def test_one_region_that_is_held_up_does_not_hold_up_the_others_of_its_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate, told = Gate(monkeypatch), list[str]()
    with hands(2) as several:
        for _ in range(50):
            several.submit(partial(held_up, told, "slow"), HOME, 5)
        others = [
            several.submit(partial(told.append, "quick"), ("111122223333", f"{n}"), 0) for n in range(20)
        ]
        for job in others:
            job.result(timeout=20)
        assert told == ["quick"] * 20
        assert gate.waiting <= ASIDE_IN_A_PLACE + 2
        gate.opened.set()


def test_as_many_accounts_as_there_are_threads_for_may_be_held_up_without_costing_a_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate, told = Gate(monkeypatch), list[str]()
    with hands(3) as several:
        accounts = MOST_ASIDE // ASIDE_IN_AN_ACCOUNT - 1
        for account in range(accounts):
            for number in range(60):
                several.submit(partial(held_up, told, "slow"), (f"slow {account}", f"{number}"), 5)
        others = [several.submit(partial(told.append, "quick"), (f"{n}", "eu-west-1"), 0) for n in range(100)]
        for job in others:
            job.result(timeout=20)
        assert told == ["quick"] * 100
        gate.opened.set()


def test_a_failure_reaches_whoever_waits_for_the_job_and_the_thread_goes_on() -> None:
    def fail() -> None:
        raise ValueError("no")

    with hands(1) as several:
        failed, fine = several.submit(fail, HOME, 0), several.submit(lambda: "fine", HOME, 0)
        with pytest.raises(ValueError, match="no"):
            failed.result(timeout=10)
        assert fine.result(timeout=10) == "fine"


def test_a_failure_after_waiting_gives_its_place_back() -> None:
    def fail() -> None:
        aside.wait(0.001)
        raise ValueError("no")

    with hands(1) as several:
        jobs: list[Callable[[], object]] = [several.submit(fail, HOME, 0).exception for _ in range(40)]
        assert all(isinstance(job(), ValueError) for job in jobs)
        assert (several._working, several._returning, +several._aside) == (0, 0, {})


def test_what_has_not_begun_is_dropped_at_the_end() -> None:
    begun, begin = Event(), Event()
    several = Hands(1)

    def first() -> None:
        begun.set()
        assert begin.wait(10)

    running = several.submit(first, HOME, 0)
    waiting = several.submit(lambda: None, HOME, 0)
    assert begun.wait(10)
    begin.set()
    several.close()
    assert running.done()
    assert waiting.done()


def test_hands_that_do_not_lend_end_each_job_before_the_next_begins() -> None:
    told: list[str] = []

    def job(name: str) -> None:
        told.append(f"{name} begins")
        aside.wait(0.05)
        told.append(f"{name} ends")

    hands = Hands(1, lends=False)
    done = [hands.submit(partial(job, name), ("1", "r"), 0) for name in ("first", "second")]
    for future in done:
        future.result(10)
    hands.close()
    assert told == ["first begins", "first ends", "second begins", "second ends"]
