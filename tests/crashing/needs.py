"""What a machine must have for some of these tests."""

from __future__ import annotations

import os

import pytest


def needs(why_not: str | None) -> None:
    """Skip where a person's machine lacks a tool; where all tests must run, that is a failure."""
    if why_not is not None:
        assert not os.environ.get("CI"), why_not
        pytest.skip(why_not)
