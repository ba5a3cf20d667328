"""The endpoint as a program of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import boto3
import pytest
import urllib3

from factories import NOW
from plainbill.demo.call import Options
from plainbill.demo.company import Company
from plainbill.demo.endpoint import Endpoint

COMMAND = (sys.executable, "-m", "plainbill.demo.server", "--port", "0")


@contextmanager
def running() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        try:
            yield child
        finally:
            child.kill()


def ready_line(child: subprocess.Popen[str]) -> dict[str, str]:
    assert child.stdout is not None
    ready = json.loads(child.stdout.readline())
    assert ready["environment"]["AWS_ENDPOINT_URL"] == ready["endpoint_url"]
    assert ready["endpoint_url"].startswith("http://127.0.0.1:")
    return dict(ready["environment"])


def test_it_ends_when_whoever_started_it_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    with running() as child:
        for name, value in ready_line(child).items():
            monkeypatch.setenv(name, value)
        assert boto3.Session().client("sts").get_caller_identity()["Account"] == "111122223333"
        assert child.stdin is not None
        child.stdin.close()
        assert child.wait(10) == 0


def test_it_ends_on_sigterm() -> None:
    with running() as child:
        url = ready_line(child)["AWS_ENDPOINT_URL"]
        child.send_signal(signal.SIGTERM)
        assert child.wait(10) in {0, -signal.SIGTERM}
        with pytest.raises(urllib3.exceptions.HTTPError):
            urllib3.request("POST", url, retries=False, timeout=2)


def test_at_midnight_the_company_moves_on_a_day() -> None:
    moments = [NOW]
    endpoint = Endpoint(lambda: moments[0], Options())
    before = endpoint.company
    moments[0] = NOW + timedelta(minutes=5)
    assert endpoint.company is before
    moments[0] = NOW + timedelta(days=1)
    assert endpoint.company == Company((NOW + timedelta(days=1)).date())
