"""No byte of a credential in any log, page, file or error, with every logger at DEBUG."""

from __future__ import annotations

import base64
import urllib.parse
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from e2e.process import environment, plainbill
from plainbill.app import create_app
from plainbill.demo.server import DemoEndpoint
from plainbill.settings import Settings
from plainbill.storage import Home

SECRETS = {
    "AWS_SECRET_ACCESS_KEY": "canary+secret/key0123456789012345678901",
    "AWS_SESSION_TOKEN": "canary/session+token==0123456789abcdef",
}
_LOUD = "import logging; logging.basicConfig(level=logging.DEBUG); logging.disable(logging.NOTSET)\n"


def forms(secret: str) -> set[bytes]:
    raw = secret.encode()
    return {raw, base64.b64encode(raw), raw.hex().encode(), urllib.parse.quote(secret, safe="").encode()}


def leaked(text: bytes, secrets: list[str]) -> list[str]:
    return [secret for secret in secrets if any(form in text for form in forms(secret))]


def test_the_search_finds_each_form_of_a_planted_secret() -> None:
    for secret in SECRETS.values():
        for form in forms(secret):
            assert leaked(b"before " + form + b" after", [secret]) == [secret]


@pytest.mark.parametrize("command", [("refresh",), ("refresh", "--events"), ("doctor",), ("iam-policy",)])
def test_no_secret_is_said_or_stored(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(_LOUD)
    home = tmp_path / "home"
    with DemoEndpoint() as demo:
        env = environment(demo, home, **SECRETS, PYTHONPATH=str(tmp_path / "site"))
        secrets = [*SECRETS.values(), env["PLAINBILL_EXTERNAL_ID"]]
        done = plainbill(*command, env=env)
    assert done.returncode in {0, 3}, done.stderr[-2000:]
    assert "INFO:botocore" in done.stderr or command[0] == "iam-policy", "the loggers must have been loud"
    assert "DEBUG:botocore" not in done.stderr, "botocore at DEBUG tells secrets; it is capped"
    assert not leaked(done.stdout.encode() + done.stderr.encode(), secrets)
    stored = [path for path in home.rglob("*") if path.is_file()]
    for path in stored:
        assert not leaked(path.read_bytes(), secrets), path
    if command[0] in {"refresh", "doctor"}:
        assert stored
        app = create_app(Home(home), Settings(home=home), None)
        with TestClient(app, base_url="http://127.0.0.1:8585") as client:
            for page in (
                "/",
                "/api/status",
                "/api/cost-by-service",
                "/api/idle-instances",
                "/doctor",
                "/api/doctor",
            ):
                assert not leaked(client.get(page).content, secrets), page
