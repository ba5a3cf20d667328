"""Checks of other packages: found by their entry point, held to the same rules as our own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECK = '''
"""Volumes that are blue."""

from dataclasses import dataclass

from plainbill.analyzer.waste_check import WasteCheck, threshold
from plainbill.model.findings import Action, Effort, Ok
from plainbill.model.resources.ebs import EbsVolume


@dataclass(frozen=True)
class EbsVolumeBlue(WasteCheck[EbsVolume]):
    """A blue volume costs as much as any other."""

    id, title = "{id}", "Blue EBS volume"
    resource, action, effort = EbsVolume, Action.DELETE, Effort.LOW
    rule = "Bluer than {{shade}}."

    shade: int = threshold(3, "How blue it may be.")

    def evaluate(self, resource, context):
        return Ok()
'''
ENTRY = "[plainbill.checks]\nours = {module}\n"
METADATA = "Metadata-Version: 2.1\nName: our-checks\nVersion: 1.0\n"


def installed(site: Path, entry: str, files: dict[str, str]) -> Path:
    """A folder of packages as an installer leaves it: the modules, and what they offer."""
    facts = site / "our_checks-1.0.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text(METADATA, encoding="utf-8")
    (facts / "entry_points.txt").write_text(ENTRY.format(module=entry), encoding="utf-8")
    for name, text in files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, encoding="utf-8")
    return site


def plainbill(site: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(site), "PLAINBILL_DOTENV": os.devnull}
    command = [sys.executable, "-m", "plainbill", *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)


def test_without_another_package_there_are_only_ours(tmp_path: Path) -> None:
    assert "ebs_volume_blue" not in plainbill(tmp_path, "checks").stdout


@pytest.mark.parametrize(
    ("entry", "files"),
    [
        pytest.param("ebs_volume_blue", ["ebs_volume_blue.py"], id="a module"),
        pytest.param("ours", ["ours/__init__.py", "ours/ebs_volume_blue.py"], id="a package of modules"),
    ],
)
def test_a_check_of_another_package_is_found_and_explained(
    tmp_path: Path, entry: str, files: list[str]
) -> None:
    texts = {name: CHECK.format(id="ebs_volume_blue") if "blue" in name else "" for name in files}
    site = installed(tmp_path / "site", entry, texts)
    listed = plainbill(site, "checks")
    assert listed.returncode == 0, listed.stderr
    assert "Blue EBS volume" in listed.stdout
    assert "ebs_volume_unattached" in listed.stdout
    told = plainbill(site, "explain", "ebs_volume_blue").stdout
    assert "Bluer than 3." in told
    assert "ec2:DescribeVolumes" in told


BROKEN = "import no_such_module_anywhere\n"
UNSAYABLE = CHECK.format(id="ebs_volume_blue").replace("{shade}", "{no_such_threshold}")


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        pytest.param(
            "ebs_volume_unattached.py",
            CHECK.format(id="ebs_volume_unattached"),
            "two waste checks are called ebs_volume_unattached",
            id="taken",
        ),
        pytest.param(
            "ebs_volume_blue.py",
            CHECK.format(id="ebs_volume_green"),
            "must be in a file ebs_volume_green.py",
            id="misnamed",
        ),
        pytest.param(
            "ebs_volume_blue.py", BROKEN, "ours failed with ModuleNotFoundError", id="not importable"
        ),
        pytest.param("ebs_volume_blue.py", UNSAYABLE, "ours failed with KeyError", id="not describable"),
    ],
)
def test_a_package_whose_check_cannot_be_used_is_named_and_the_rest_goes_on(
    tmp_path: Path, file: str, text: str, said: str
) -> None:
    site = installed(tmp_path / "site", Path(file).stem, {file: text})
    listed = plainbill(site, "checks")
    assert listed.returncode == 0, listed.stderr
    assert said in listed.stderr
    assert "Blue EBS volume" not in listed.stdout
    assert "Unattached EBS volume" in listed.stdout
    assert listed.stdout == plainbill(tmp_path, "checks").stdout
