"""``serve`` and ``demo`` as processes: the port, the end, and whose credentials are used."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr

from plainbill.app.refresh import REFRESH_COMMAND
from plainbill.cli.demo import endpoint, isolate
from plainbill.cli.serve import address, listening
from plainbill.errors import ConfigError
from plainbill.settings import Settings

_URL = re.compile(r"Plainbill is at (http://\S+)")


_PAGES_OF_SERVE = """
import sys
from functools import partial
from starlette.testclient import TestClient
from plainbill.app import create_app
from plainbill.cli.serve import access_texts
from plainbill.settings import load_settings
from plainbill.storage import Home

settings = load_settings()
app = create_app(Home(settings.home), settings, None, access=partial(access_texts, settings))
with TestClient(app, base_url="http://127.0.0.1:8585") as client:
    answers = [client.get(path) for path in ("/", "/settings", "/api/settings")]
print([answer.status_code for answer in answers], "ec2:DescribeInstances" in answers[1].text)
print([name for name in ("boto3", "botocore", "plainbill.aws_connector") if name in sys.modules])
"""


@contextmanager
def running(*words: str, env: Mapping[str, str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a command that serves; yield it and its URL, and make sure that it ends."""
    command = [sys.executable, "-m", "plainbill", *words]
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as child:
        assert child.stderr is not None
        try:
            found = next((match for line in child.stderr if (match := _URL.search(line))), None)
            assert found, "it ended without saying where it listens"
            yield child, found[1]
        finally:
            child.kill()


def alone(home: Path | None, **more: str) -> dict[str, str]:
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PLAINBILL_"))}
    own = {"PLAINBILL_HOME": str(home)} if home else {}
    return {**mine, **own, "PLAINBILL_DOTENV": os.devnull, "PLAINBILL_REFRESH_HOURS": "0", **more}


def wait_for_data(url: str, seconds: float) -> dict[str, object]:
    """Ask until the first refresh is done."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        status: dict[str, object] = httpx2.get(f"{url}api/status", timeout=60).json()
        if status["taken_at"]:
            return status
        time.sleep(0.2)
    raise AssertionError(f"no data after {seconds} seconds: {status}")


# --- what it refuses -----------------------------------------------------------------------


def test_a_busy_port_is_said_at_once_with_the_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        command = [sys.executable, "-m", "plainbill", "serve", "--port", str(port)]
        done = subprocess.run(
            command, env=alone(tmp_path), capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 2
    assert f"PLAINBILL_PORT is {port}" in done.stderr
    assert "in use" in done.stderr
    assert re.search(r"PORT=\d+", done.stderr)
    assert len(done.stderr.splitlines()) == 1


def test_the_demo_takes_nothing_of_the_users_own() -> None:
    own = {
        "AWS_PROFILE": "production",
        "AWS_ACCESS_KEY_ID": "own",
        "AWS_SECRET_ACCESS_KEY": "own",
        "AWS_SESSION_TOKEN": "own",
        "AWS_ROLE_ARN": "own",
        "AWS_WEB_IDENTITY_TOKEN_FILE": "/own",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://own",
        "AWS_CONFIG_FILE": "/own",
        "AWS_ENDPOINT_URL_STS": "http://own",
        "AWS_CA_BUNDLE": "/own",
        "PLAINBILL_ROLE_ARNS": "own",
        "PLAINBILL_EXTERNAL_ID": "own",
        "PLAINBILL_ORGANIZATION_ROLE": "own",
        "PLAINBILL_PROFILES": "own",
        "PLAINBILL_MONITORING_ACCOUNT": "own",
        "PLAINBILL_HOME": "/own",
        "HTTPS_PROXY": "http://proxy.example",
    }
    isolate(own, Path("/demo"))
    assert not {name for name, value in own.items() if "own" in value or value == "production"}
    assert own["AWS_SHARED_CREDENTIALS_FILE"] == own["AWS_CONFIG_FILE"] == os.devnull
    assert own["AWS_EC2_METADATA_DISABLED"] == "true"
    assert own["PLAINBILL_DOTENV"] == os.devnull
    assert "127.0.0.1" in own["NO_PROXY"]


def test_no_page_loads_what_asks_aws_not_even_the_one_that_shows_the_policies(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-c", _PAGES_OF_SERVE]
    done = subprocess.run(
        command, env=alone(tmp_path), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout.splitlines() == ["[200, 200, 200] True", "[]"], done.stderr


# --- what it does --------------------------------------------------------------------------


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_serves_until_it_is_asked_to_end_and_that_is_no_failure(
    tmp_path: Path, end: signal.Signals
) -> None:
    with running("serve", "--port", "0", env=alone(tmp_path)) as (child, url):
        assert httpx2.get(f"{url}healthz", timeout=60).json() == {"status": "ok"}
        child.send_signal(end)
        assert child.wait(30) == 0


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes in /proc")
def test_the_demo_shows_its_company_in_time_and_leaves_nothing_behind(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    own = {"AWS_PROFILE": "production", "AWS_SESSION_TOKEN": "own", "HTTP_PROXY": "http://127.0.0.1:9"}
    env = alone(None, TMPDIR=str(temporary), PLAINBILL_REFRESH_HOURS="24", **own)
    with running("demo", "--port", "0", env=env) as (child, url):
        status = wait_for_data(url, 60)
        assert (status["state"], status["accounts_read"]) == ("complete", 3)
        gaps: Any = status["gaps"]
        assert {gap["kind"] for gap in gaps} == {"NotEnabled"}  # advice that one account has not
        assert list(temporary.iterdir()) != []
        endpoints = children_of(child.pid)
        assert endpoints != []
        child.send_signal(signal.SIGTERM)
        assert child.wait(30) == 0
    assert not any(is_alive(process) for process in endpoints)
    assert list(temporary.iterdir()) == []


def test_the_demo_keeps_to_its_own_folder_below_the_home(tmp_path: Path) -> None:
    with running("demo", "--port", "0", env=alone(tmp_path)) as (child, url):
        assert httpx2.get(f"{url}healthz", timeout=60).status_code == 200
        child.send_signal(signal.SIGINT)
        assert child.wait(30) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_no_python_file_of_the_folder_it_is_started_in_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("click", "rich", "json"):
        (tmp_path / f"{name}.py").write_text("print('a stranger ran', flush=True)")
    monkeypatch.chdir(tmp_path)
    with endpoint() as environment:
        assert environment["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")
    env = alone(tmp_path / "home", AWS_EC2_METADATA_DISABLED="true", HOME=str(tmp_path))
    done = subprocess.run(REFRESH_COMMAND, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert "There are no AWS credentials" in done.stdout
    assert "a stranger" not in done.stdout


@pytest.mark.parametrize(
    ("host", "url"), [("127.0.0.1", "http://127.0.0.1:8585/"), ("::1", "http://[::1]:8585/")]
)
def test_the_url_can_be_opened(host: str, url: str) -> None:
    assert address(host, 8585) == url


def children_of(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except FileNotFoundError:
            continue  # it ended meanwhile
        fields = text.rpartition(")")[2].split()
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("host", ["a..b", "x" * 300])
def test_a_host_that_is_no_name_is_said_with_a_password_too(host: str) -> None:
    settings = Settings(host=host, password=SecretStr("long enough"))
    with pytest.raises(ConfigError, match="an address of this machine"), listening(settings, "serve"):
        pass
