"""Settings: the forms in which people and their tools write them, and what is said of wrong ones."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from plainbill.errors import ConfigError
from plainbill.settings import load_settings


@pytest.fixture(autouse=True)
def dotenv(tmp_path: Path) -> Iterator[Path]:
    """A ``.env`` to be written, and nothing of Plainbill's in the environment before and after."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("PLAINBILL_")]:
        del os.environ[name]
    file = tmp_path / ".env"
    os.environ["PLAINBILL_DOTENV"] = str(file)
    yield file
    os.environ.clear()
    os.environ.update(before)


@pytest.mark.parametrize(
    "written",
    [
        b"PLAINBILL_PORT=8600\n",
        b'PLAINBILL_PORT="8600"\n',
        b"export PLAINBILL_PORT='8600' # mine\n",
        b"PLAINBILL_PORT=8600\r\n",
        b"\xef\xbb\xbfPLAINBILL_PORT=8600\n",
    ],
)
def test_a_dotenv_may_have_quotes_comments_windows_line_ends_and_a_mark(dotenv: Path, written: bytes) -> None:
    dotenv.write_bytes(written)
    assert load_settings().port == 8600


@pytest.mark.parametrize(
    "written",
    ["PLAINBILL_PORT=8600".encode("utf-16"), b"PLAINBILL_COST_TAG=caf\xe9\n", b"PLAINBILL_COST_TAG=a\0b\n"],
)
def test_a_dotenv_that_is_no_text_in_utf_8_is_named(dotenv: Path, written: bytes) -> None:
    dotenv.write_bytes(written)
    with pytest.raises(ConfigError, match=r"^\.env is .*; allowed: lines of NAME=value in UTF-8") as error:
        load_settings()
    assert str(dotenv) in str(error.value)


def test_an_empty_value_of_what_has_a_default_is_the_default_and_no_folder_is_made_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = load_settings()
    monkeypatch.setenv("PLAINBILL_HOME", "")
    monkeypatch.setenv("PLAINBILL_MONTHLY_API_DOLLARS", "")
    settings = load_settings()
    assert settings.home == usual.home != Path.cwd()
    assert settings.monthly_api_dollars is None


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("HOME", "~no-such-user/costs", "a folder, written without ~"),
        ("REGIONS", "all,eu-west-1", "all, auto, or names of Regions separated by commas"),
        ("REFRESH_HOURS", "999999999999", "less than or equal to 8784"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, allowed: str
) -> None:
    monkeypatch.setenv(f"PLAINBILL_{name}", value)
    with pytest.raises(ConfigError) as error:
        load_settings()
    assert str(error.value).startswith(f"PLAINBILL_{name} is '{value}'; allowed: {allowed}")


@pytest.mark.parametrize("name", ["HOME", "COST_TAG", "PASSWORD"])
def test_bytes_that_are_no_text_are_refused_and_a_secret_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(f"PLAINBILL_{name}", os.fsdecode(b"/tmp/caf\xe9"))
    with pytest.raises(ConfigError, match=f"^PLAINBILL_{name} is .*; allowed: text in UTF-8$") as error:
        load_settings()
    assert ("caf" in str(error.value)) == (name != "PASSWORD")


def test_a_home_that_is_no_text_is_refused_wherever_it_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", os.fsdecode(b"/home/caf\xe9"))
    with pytest.raises(ConfigError, match="allowed: a folder whose path is text in UTF-8"):
        load_settings()
