"""The built package, as it arrives elsewhere: complete, and in need of no npm and no node."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import time
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

import hatch_build
from house.repository import ROOT, SOURCE, committed_files

pytestmark = pytest.mark.slow

ADDRESS = re.compile(r"Plainbill is at (http://[^/\s]+)")


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(ROOT, "sdist", tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the source distribution, on a PATH without npm."""
    folder = tmp_path_factory.mktemp("wheel")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder)  # noqa: S202 - built a moment ago by ourselves
    (source,) = folder.iterdir()
    return built(source, "wheel", folder / "dist")


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment that holds the wheel; what it depends on comes from the one of the tests."""
    home = tmp_path_factory.mktemp("elsewhere") / "venv"
    venv.create(home, with_pip=False)
    pip = [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python")]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)], check=True)
    (packages,) = (home / "lib").glob("python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home


@pytest.fixture(scope="module")
def demo(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of ``plainbill demo`` from the wheel, with nothing on PATH and an empty home."""
    elsewhere = tmp_path_factory.mktemp("home")
    environment = {"PATH": "/nonexistent", "HOME": str(elsewhere)}
    command = [str(installed / "bin" / "plainbill"), "demo", "--port", "0"]
    with subprocess.Popen(
        command, cwd=elsewhere, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        try:
            address = next((found for line in process.stderr if (found := ADDRESS.search(line))), None)
            assert address, "it ended without saying where it listens"
            yield address[1]
        finally:
            process.terminate()


def asked(url: str) -> str:
    """What a URL answers; empty while nobody listens."""
    try:
        return httpx2.get(url, timeout=10).raise_for_status().text
    except httpx2.TransportError:
        return ""


def built(source: Path, target: str, folder: Path) -> Path:
    """Build with the backend itself, so without build isolation, and with no npm in reach."""
    environment = {**os.environ, "PATH": "/nonexistent"}
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)]
    subprocess.run(command, cwd=source, env=environment, check=True, capture_output=True)
    (file,) = (file for file in folder.iterdir() if file.suffix in {".gz", ".whl"})
    return file


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    package = [file for file in committed_files() if file.is_relative_to(SOURCE)]
    assert {file.relative_to(SOURCE.parent).as_posix() for file in package} - names == set()


def test_the_wheel_holds_the_vendor_files_and_the_licences(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {f"plainbill/app/static/vendor/{name}" for name in hatch_build.FILES.values()} <= set(names)
    assert {name.rpartition("/")[2] for name in names if "/licenses/" in name} == {"LICENSE", "NOTICE"}


def test_the_wheel_holds_nothing_but_the_package(wheel: Path) -> None:
    assert {name.partition("/")[0].partition("-")[0] for name in zipfile.ZipFile(wheel).namelist()} == {
        "plainbill"
    }


def test_the_wheel_is_read_from_its_own_folder(installed: Path, tmp_path: Path) -> None:
    python = installed / "bin" / "python"
    found = subprocess.run(
        [python, "-c", "import plainbill; print(plainbill.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(found.stdout.strip()).is_relative_to(installed)


def test_the_demo_of_the_wheel_fills_the_first_screen_without_node(demo: str) -> None:
    page, deadline = "", time.monotonic() + 120
    while 'id="sentence"' not in page and time.monotonic() < deadline:
        time.sleep(0.2)
        page = asked(f"{demo}/")
    assert re.search(r'id="sentence">You spent <strong>\$[1-9]', page)
    assets = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    assert len(assets) >= 3
    assert [asset for asset in assets if not asked(demo + asset)] == []
    assert "Chart.js v4.6.1" in asked(f"{demo}/static/vendor/chart.umd.js")
