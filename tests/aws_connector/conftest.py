"""An environment without any credentials or configuration but what a test gives."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from aws_connector.wire import CannedAws, moto_server

SECRET_KEY = "secretKeyOfTheTest0123456789abcdefghijk"


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No AWS_* variable, no ~/.aws, no instance metadata."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long-lived keys in the environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)


@pytest.fixture
def canned(monkeypatch: pytest.MonkeyPatch, keys: None) -> Iterator[CannedAws]:  # noqa: ARG001 - sets the keys
    """An endpoint that answers what the test tells it to."""
    with CannedAws() as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint.url)
        yield endpoint


@pytest.fixture
def moto(monkeypatch: pytest.MonkeyPatch, keys: None) -> Iterator[str]:  # noqa: ARG001 - sets the keys
    """moto over HTTP, emptied."""
    with moto_server() as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        yield url
