"""The repository as the house tests see it: its files, and the Python in them."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "plainbill"


@cache
def committed_files() -> tuple[Path, ...]:
    """Every file that is, or is about to be, committed: what git knows and does not ignore."""
    command = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "-z",
    ]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return tuple(ROOT / name for name in sorted(listing.split("\0")) if name and (ROOT / name).is_file())


def python_files(*folders: str) -> list[Path]:
    """The committed Python files under these folders; all of them without any."""
    within = tuple(ROOT / folder for folder in folders) or (ROOT,)
    return [
        file for file in committed_files() if file.suffix == ".py" and any(map(file.is_relative_to, within))
    ]


def tree(file: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def name_of(file: Path) -> str:
    """The file's name as people write it, from the repository's root."""
    return file.relative_to(ROOT).as_posix()
