"""What a newcomer begins with passes everything, and the tutorial's code is code that runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from house.repository import ROOT
from plainbill.model.resources import all_kinds
from tools.new_check import ID, RefusedError, new_check

TUTORIAL = ROOT / "docs" / "adding-a-check.md"
BLOCK = re.compile(r"```python\n# (\S+)\n(.*?)```", re.DOTALL)
COPIED = ("pyproject.toml", "src", "tests/factories.py")
NOT_COPIED = shutil.ignore_patterns("__pycache__", "static", "templates")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The parts of the repository that a check and its test need, to be written to."""
    root = tmp_path_factory.mktemp("clone")
    for name in COPIED:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=NOT_COPIED)
        else:
            shutil.copy(ROOT / name, root / name)
    return root


def run(clone: Path, *words: str) -> None:
    """Run a tool in the clone, whose package goes before the installed one."""
    env = {**os.environ, "PYTHONPATH": f"{clone / 'src'}:{clone / 'tests'}"}
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=clone, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def tutorial() -> Iterator[tuple[str, str]]:
    """The files that the tutorial shows, as path and text."""
    yield from BLOCK.findall(TUTORIAL.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "check_id",
    [
        "", "ebs_volume", "EBS_volume_old", "ebs-volume-old", "ebs_volume_old.py", "../ebs_volume_old",
        "_volume_old_x", "ebs__volume_old", "ebs_volume_", "ebs_volume_old; reboot", "é_volume_old",
    ],
)  # fmt: skip
def test_what_is_no_id_is_refused(tmp_path: Path, check_id: str) -> None:
    with pytest.raises(RefusedError, match="is no id"):
        new_check(check_id, "EbsVolume", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_kind_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    for check_id, kind in (("mainframe_tape_old", ""), ("ebs_volume_old", "Tape")):
        with pytest.raises(RefusedError, match="EbsVolume"):
            new_check(check_id, kind, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path: Path) -> None:
    check, test = new_check("ebs_volume_fresh", root=tmp_path)
    for file in (check, test):
        check.unlink(missing_ok=True)
        test.unlink(missing_ok=True)
        file.write_text("mine", encoding="utf-8")
        with pytest.raises(RefusedError, match="there already"):
            new_check("ebs_volume_fresh", root=tmp_path)
        assert file.read_text(encoding="utf-8") == "mine"
        assert sum(each.exists() for each in (check, test)) == 1


@pytest.mark.slow
def test_what_is_written_passes_style_types_and_its_own_test(clone: Path) -> None:
    written: list[Path] = []
    for number, kind in enumerate(all_kinds()):
        written += new_check(f"some_resource_new{number}", kind.__name__, clone)
    names = [str(file.relative_to(clone)) for file in written]
    run(clone, "ruff", "check", *names)
    run(clone, "ruff", "format", "--check", *names)
    run(clone, "mypy", *names)
    run(clone, "pytest", "-q", "-p", "no:cacheprovider", *names[1::2])


@pytest.mark.slow
def test_the_code_of_the_tutorial_passes_style_types_and_its_own_test(clone: Path) -> None:
    files = dict(tutorial())
    assert len(files) == 2
    for name, code in files.items():
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).write_text(code, encoding="utf-8")
    names = list(files)
    run(clone, "ruff", "check", *names)
    run(clone, "ruff", "format", "--check", *names)
    run(clone, "mypy", *names)
    run(
        clone, "pytest", "-q", "-p", "no:cacheprovider", *[name for name in names if name.startswith("tests")]
    )


def test_the_tutorial_builds_what_its_first_command_begins() -> None:
    begun = re.search(r"make new-check ID=(\S+)", TUTORIAL.read_text(encoding="utf-8"))
    assert begun is not None
    assert ID.fullmatch(begun[1])
    assert [Path(path).stem.removeprefix("test_") for path, _ in tutorial()] == [begun[1]] * 2
