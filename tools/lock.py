"""Pin and hash every dependency: requirements.txt and requirements/*.txt from pyproject.toml, both npm locks.

The locks are universal (Linux, macOS, x86-64, ARM, Python 3.11 and newer) and name no index: hashes are the
registry's own, so the files work against any mirror of it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
LOCKS = {
    "requirements.txt": ["pyproject.toml", "--extra", "test", "--group", "build"],
    "requirements/installer.txt": ["--group", "installer"],
    "requirements/node.txt": ["--group", "node"],
}
OPTIONS = [
    "--quiet",
    "--universal",
    "--generate-hashes",
    "--no-emit-index-url",
    "--python-version=3.11",
    "--custom-compile-command=make lock",
]
NPM_FOLDERS = (REPOSITORY, REPOSITORY / "tests" / "browser-tools")


def lock_python(*, upgrade: bool) -> None:
    """Write every file of ``LOCKS``; what is pinned already stays unless ``upgrade``."""
    for name, selection in LOCKS.items():
        file = REPOSITORY / name
        file.parent.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "uv", "pip", "compile", *OPTIONS, *selection, "--output-file", name]
        command += ["--upgrade"] if upgrade else []
        # The committed lock must not hold what only this machine's extra indexes offer.
        environment = {key: value for key, value in os.environ.items() if not key.startswith("UV_")}
        subprocess.run(command, cwd=REPOSITORY, env=environment, check=True)


def lock_npm() -> None:
    """Write the npm locks without download addresses; npm checks ``integrity`` all the same."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("make lock needs npm on PATH")
    command = [npm, "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"]
    for folder in NPM_FOLDERS:
        subprocess.run([*command, "--omit-lockfile-registry-resolved"], cwd=folder, check=True)


if __name__ == "__main__":
    lock_python(upgrade="--upgrade" in sys.argv)
    lock_npm()
