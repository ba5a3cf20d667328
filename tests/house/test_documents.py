"""The documents say what the code says, and the README's commands exist."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib

import pytest
from packaging.requirements import Requirement

from house.repository import ROOT, committed_files, python_files
from plainbill.settings import Settings
from tools.documents import DOCUMENTS, out_of_step

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
IMPORTED_AS = {"python-dotenv": "dotenv", "pydantic-settings": "pydantic_settings"}
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)")


def names(requirements: list[str]) -> list[str]:
    return [Requirement(requirement).name for requirement in requirements]


def test_generated_documents_are_in_step() -> None:
    assert len(DOCUMENTS) == 5
    assert out_of_step() == [], "run `make docs`"


def test_every_setting_says_what_it_does() -> None:
    assert [name for name, setting in Settings.model_fields.items() if not setting.description] == []


def test_the_published_policy_reads_and_nothing_else() -> None:
    policy = json.loads((ROOT / "docs" / "iam-policy.json").read_text(encoding="utf-8"))
    actions = [action for statement in policy["Statement"] for action in statement["Action"]]
    assert "ce:GetCostAndUsage" in actions
    assert [
        action
        for action in actions
        if not re.match(r"[a-z0-9-]+:(Get|List|Describe|View)[A-Za-z0-9]+$", action)
    ] == []


def test_the_example_environment_sets_nothing() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []
    assert re.search(r"^# AWS_SECRET_ACCESS_KEY=$", "\n".join(lines), re.MULTILINE)


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_the_make_targets_that_a_document_names_exist(document: str) -> None:
    named = set(re.findall(r"`?make ([a-z-]+)\b", code_of(document)))
    assert {"test"} <= named
    assert named - targets() == set()


def test_the_readme_shows_a_fresh_machine_exactly_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first_part = readme.partition("## Your own account")[0]
    assert re.findall(r"```sh\n(.*?)\n```", first_part, re.DOTALL) == ["make demo", "make test"]


def test_the_readme_names_commands_that_exist() -> None:
    named = set(re.findall(r"`plainbill ([a-z-]+)`", (ROOT / "README.md").read_text(encoding="utf-8")))
    help_text = subprocess.run(
        [sys.executable, "-m", "plainbill", "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert {"doctor", "serve"} <= named
    assert {command for command in named if command not in help_text} == set()


def test_every_target_of_the_makefile_is_in_its_help() -> None:
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {"demo", "run", "test", "lint", "bench", "docs", "lock", "clean", "help"} <= targets()
    assert {target for target in targets() if f"make {target} " not in told} == set()


@pytest.mark.parametrize(
    "document", [file.relative_to(ROOT).as_posix() for file in committed_files() if file.suffix == ".md"]
)
def test_links_between_documents_lead_somewhere(document: str) -> None:
    file = ROOT / document
    links = LINK.findall(file.read_text(encoding="utf-8"))
    assert [link for link in links if not (file.parent / link).exists()] == []


def test_every_dependency_is_imported_by_the_package() -> None:
    source = "\n".join(file.read_text(encoding="utf-8") for file in python_files("src"))
    unused = [
        name
        for name in names(PROJECT["project"]["dependencies"])
        if not re.search(rf"^\s*(import|from) {IMPORTED_AS.get(name, name)}\b", source, re.MULTILINE)
    ]
    assert unused == []


def test_every_dependency_has_its_reason() -> None:
    reasons = (ROOT / "docs" / "decisions" / "0005-dependencies.md").read_text(encoding="utf-8")
    groups = PROJECT["dependency-groups"].values()
    direct = names(PROJECT["project"]["dependencies"])
    direct += names(PROJECT["project"]["optional-dependencies"]["test"])
    direct += [name for group in groups for name in names(group)]
    direct += ["chart.js", "axe-core", "@sparticuz/chromium"]
    assert [name for name in direct if f"| `{name}`" not in reasons] == []


def targets() -> set[str]:
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert phony
    return set(phony[1].split())


def code_of(document: str) -> str:
    """What a document shows as code, in line and in blocks."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return "\n".join(re.findall(r"```sh\n.*?```|`[^`\n]+`", text, re.DOTALL))
