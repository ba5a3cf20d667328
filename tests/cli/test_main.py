"""The command itself: quick, and clear about what went wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from plainbill.cli import COMMANDS, main
from plainbill.cli.codes import FAILED, INCOMPLETE, INTERRUPTED, USAGE

ANYWHERE = "0.0.0.0"  # noqa: S104  the address that must be refused


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """An empty home, and nothing else of the environment that Plainbill would look at; ``demo`` sets more."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith(("AWS_", "PLAINBILL_"))]:
        del os.environ[name]
    os.environ.update(PLAINBILL_HOME=str(tmp_path), PLAINBILL_DOTENV=os.devnull)
    yield tmp_path
    os.environ.clear()
    os.environ.update(before)


def plainbill(
    *words: str, home: Path, stdout: int = subprocess.PIPE, **more: str
) -> subprocess.CompletedProcess[str]:
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PLAINBILL_"))}
    env = {**mine, "PLAINBILL_HOME": str(home), "PLAINBILL_DOTENV": os.devnull, **more}
    command = [sys.executable, "-m", "plainbill", *words]
    return subprocess.run(
        command, env=env, stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=60, check=False
    )


# --- what goes wrong -----------------------------------------------------------------------


@pytest.mark.parametrize("words", [(), ("spend",), ("costs", "--nonsense"), ("costs", "--json", "--csv")])
def test_wrong_usage_exits_with_two(words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(words)
    assert exit_.value.code == USAGE


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("costs", "--start", "yesterday"), "plainbill: --start is 'yesterday'; allowed: "),
        (("costs", "--start", "2999-01-01"), "plainbill: --start is '2999-01-01'; allowed: "),
        (("costs", "--metric", "list_price"), "plainbill: --metric is 'list_price'; allowed: "),
        (("costs", "--account", "12"), "plainbill: --account is '12'; allowed: "),
        (("idle", "--cpu-average", "nan"), "plainbill: --cpu-average is 'nan'; allowed: "),
        (("idle", "--days", "0"), "plainbill: --days is '0'; allowed: greater than or equal to 1\n"),
        (("idle", "--region", "moon"), "plainbill: --region is 'moon'; allowed: "),
        (("idle", "--sort", "colour"), "plainbill: --sort is 'colour'; allowed: "),
        (("serve", "--port", "70000"), "plainbill: PLAINBILL_PORT is 70000; allowed: "),
        (("serve", "--host", ANYWHERE), f"plainbill: PLAINBILL_HOST is '{ANYWHERE}'; allowed: "),
        (("demo", "--host", ANYWHERE), f"plainbill: PLAINBILL_HOST is '{ANYWHERE}'; allowed: "),
        (("serve", "--host", "no.such.host.invalid"), "plainbill: PLAINBILL_HOST is "),
    ],
)
@pytest.mark.usefixtures("home")
def test_a_wrong_value_is_one_sentence_that_names_it_and_what_is_allowed(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    assert main(words) == USAGE
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(told)
    assert len(printed.err.splitlines()) == 1


def test_ctrl_c_while_a_command_is_still_being_loaded_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(_name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("plainbill.cli.importlib.import_module", interrupted)
    assert main(["idle"]) == INTERRUPTED


def test_an_error_cannot_steer_the_terminal(tmp_path: Path) -> None:
    done = plainbill("costs", "--account", "\x1b[2J\x9b31m\u202e", home=tmp_path)
    assert done.returncode == USAGE
    assert not {"\x1b", "\x9b", "\u202e"} & set(done.stderr)


def test_a_reader_that_leaves_early_is_no_failure(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = plainbill("iam-policy", home=tmp_path, stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize(
    "words", [("iam-policy",), ("checks", "--json"), ("costs",), ("report", "--markdown")]
)
def test_output_that_cannot_be_written_is_one_sentence(tmp_path: Path, words: tuple[str, ...]) -> None:
    with FULL.open("wb") as full:
        done = plainbill(*words, home=tmp_path, stdout=full.fileno())
    assert done.returncode == FAILED
    assert "plainbill: the output cannot be used: No space left on device\n" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("closed", [(1,), (2,), (0, 1, 2)])
def test_a_command_that_is_started_without_streams_does_its_work(
    tmp_path: Path, closed: tuple[int, ...]
) -> None:
    shell = f'exec "$0" -m plainbill costs --json {" ".join(f"{number}>&-" for number in closed)}'
    env = {**os.environ, "PLAINBILL_HOME": str(tmp_path), "PLAINBILL_DOTENV": os.devnull}
    done = subprocess.run(
        ["sh", "-c", shell, sys.executable], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == INCOMPLETE
    assert "Traceback" not in done.stderr
    if 1 not in closed:
        json.loads(done.stdout)  # what is said to people is not among the data


def test_letters_that_the_terminal_cannot_show_are_no_failure(tmp_path: Path) -> None:
    done = plainbill("costs", home=tmp_path, PYTHONIOENCODING="ascii")
    assert done.returncode == INCOMPLETE
    assert "Traceback" not in done.stderr


# --- what comes without data ---------------------------------------------------------------


@pytest.mark.parametrize("command", ["costs", "idle"])
@pytest.mark.parametrize("form", [(), ("--json",), ("--csv",)])
@pytest.mark.usefixtures("home")
def test_before_the_first_refresh_nothing_is_claimed(
    capsys: pytest.CaptureFixture[str], command: str, form: tuple[str, ...]
) -> None:
    assert main([command, *form]) == INCOMPLETE
    printed = capsys.readouterr()
    assert "nothing has been read yet; start a refresh" in printed.err
    assert "$0" not in printed.out + printed.err


# --- what is quick -------------------------------------------------------------------------


@pytest.mark.parametrize("words", [("--help",), ("--version",)])
def test_help_and_version_load_none_of_the_heavy_libraries(tmp_path: Path, words: tuple[str, ...]) -> None:
    heavy = {"boto3", "botocore", "duckdb", "fastapi", "pyarrow", "pydantic", "rich", "uvicorn"}
    done = plainbill(*words, home=tmp_path, PYTHONPROFILEIMPORTTIME="1")
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert done.returncode == 0
    assert "plainbill" in loaded
    assert not heavy & loaded


def test_help_names_every_command(tmp_path: Path) -> None:
    text = plainbill("--help", home=tmp_path).stdout
    assert all(f"  {command}" in text for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str], command: str) -> None:
    with pytest.raises(SystemExit) as exit_:
        main([command, "--help"])
    printed = capsys.readouterr()
    assert (exit_.value.code, printed.err) == (0, "")
    assert f"usage: plainbill {command}" in printed.out
