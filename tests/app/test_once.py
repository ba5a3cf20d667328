"""What takes long is made once, and nobody waits for what he did not ask for."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from plainbill.app.once import Once


def test_of_many_threads_that_ask_for_the_same_one_makes_it() -> None:
    made: list[str] = []
    everybody = threading.Barrier(8)

    def ask(once: Once[str, str]) -> str:
        everybody.wait(timeout=30)
        return once("key")

    def make(key: str) -> str:
        made.append(key)
        return key.upper()

    once = Once(2, make)
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, [once] * 8)) == ["KEY"] * 8
    assert made == ["key"]


def test_who_asks_for_another_key_does_not_wait() -> None:
    begun, go = threading.Event(), threading.Event()

    def make(key: str) -> str:
        if key == "slow":
            begun.set()
            assert go.wait(timeout=30)
        return key

    once = Once(2, make)
    with ThreadPoolExecutor(1) as thread:
        slow = thread.submit(once, "slow")
        assert begun.wait(timeout=30)
        assert once("quick") == "quick"
        assert not slow.done()
        go.set()
        assert slow.result(timeout=30) == "slow"


def test_an_error_is_not_remembered() -> None:
    answers = iter([ZeroDivisionError(), "made"])

    def make(_key: str) -> object:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    once = Once(1, make)
    with pytest.raises(ZeroDivisionError):
        once("key")
    assert once("key") == "made"


def test_no_more_than_the_last_keys_are_kept() -> None:
    made: list[int] = []
    once: Once[int, None] = Once(2, made.append)
    for key in (1, 2, 1, 3, 1):
        once(key)
    assert (made, len(once)) == ([1, 2, 3], 2)
    once.keep(lambda key: key == 3)
    once(3)
    once(1)
    assert made == [1, 2, 3, 1]


def test_a_value_that_was_being_made_when_all_were_forgotten_is_made_again() -> None:
    begun, go, made = threading.Event(), threading.Event(), list[str]()

    def make(key: str) -> str:
        made.append(key)
        begun.set()
        assert go.wait(timeout=30)
        return key

    once = Once(2, make)
    with ThreadPoolExecutor(1) as thread:
        old = thread.submit(once, "key")
        assert begun.wait(timeout=30)
        once.clear()
        go.set()
        assert old.result(timeout=30) == "key"
    assert once("key") == "key"
    assert made == ["key", "key"]
