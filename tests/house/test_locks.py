"""The lock holds what pyproject asks for: present, pinned, new enough, and hashed."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from house.repository import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DIRECT = [
    *PROJECT["project"]["dependencies"],
    *PROJECT["project"]["optional-dependencies"]["test"],
    *PROJECT["dependency-groups"]["build"],
]
ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)(?P<rest>.*(?:\n    \S.*)*)", re.MULTILINE)


def locked(file: Path) -> dict[str, list[tuple[Version, list[str]]]]:
    """What a lock pins: for each name its versions (more than one where markers choose) and their hashes."""
    pins: dict[str, list[tuple[Version, list[str]]]] = {}
    for entry in ENTRY.finditer(file.read_text(encoding="utf-8")):
        hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})", entry["rest"])
        pins.setdefault(canonicalize_name(entry["name"]), []).append((Version(entry["version"]), hashes))
    return pins


def test_the_build_backend_is_one_version_everywhere() -> None:
    assert PROJECT["build-system"]["requires"] == PROJECT["dependency-groups"]["build"]


@pytest.mark.parametrize("wanted", DIRECT)
def test_what_pyproject_asks_for_is_in_the_lock(wanted: str) -> None:
    requirement = Requirement(wanted)
    versions = [
        version for version, _ in locked(ROOT / "requirements.txt")[canonicalize_name(requirement.name)]
    ]
    assert all(version in requirement.specifier for version in versions), f"run `make lock`: {wanted}"


@pytest.mark.parametrize("name", ["requirements.txt", "requirements/installer.txt", "requirements/node.txt"])
def test_everything_in_a_lock_is_hashed(name: str) -> None:
    pins = locked(ROOT / name)
    assert pins
    assert [package for package, versions in pins.items() if not all(hashes for _, hashes in versions)] == []


def test_linux_and_mac_on_both_processors_find_their_file() -> None:
    # One source archive and one wheel are not enough for compiled code: each platform needs its own hash.
    pins = locked(ROOT / "requirements.txt")
    compiled = ("duckdb", "pyarrow", "orjson", "lxml", "brotli", "pydantic-core")
    assert {name: len(hashes) for name in compiled for _, hashes in pins[name] if len(hashes) < 8} == {}


@pytest.mark.parametrize("folder", ["", "tests/browser-tools"])
def test_npm_locks_pin_and_hash_what_package_json_asks_for(folder: str) -> None:
    package = json.loads((ROOT / folder / "package.json").read_text(encoding="utf-8"))
    packages = json.loads((ROOT / folder / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    wanted = {**package["dependencies"], **package.get("devDependencies", {})}
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    bare = [name for name, entry in packages.items() if name and not entry["integrity"].startswith("sha512-")]
    assert bare == []
