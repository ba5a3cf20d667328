"""A refresh looks for garbage rarely, and leaves Python as it found it."""

from __future__ import annotations

import gc

import pytest

from plainbill.pipeline.memory import give_back, sparing_memory


def test_the_interval_is_the_usual_one_again_afterwards_even_after_an_error() -> None:
    usual = gc.get_threshold()
    with pytest.raises(OSError, match="full"):
        fail(usual)
    assert gc.get_threshold() == usual


def fail(usual: tuple[int, int, int]) -> None:
    with sparing_memory():
        assert gc.get_threshold()[0] > usual[0]
        raise OSError("full")


def test_garbage_is_still_found_meanwhile() -> None:
    with sparing_memory():
        assert gc.isenabled()


def test_what_is_in_use_outlives_giving_back_what_is_free() -> None:
    kept, dropped = bytearray(b"x" * 1_000_000), bytearray(5_000_000)
    del dropped
    give_back()
    assert kept == b"x" * 1_000_000
