"""Rules over all of the code that no linter of ours can say."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

from house.repository import ROOT, SOURCE, committed_files, name_of, python_files, tree

WRITTEN_BY_HAND = {".py", ".js", ".css", ".html", ".sh", ".toml"}
LONGEST = 400
AWS = {"boto3", "botocore", "s3transfer"}


def test_imports_keep_to_the_contracts() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_only_the_connector_imports_boto3_even_inside_functions() -> None:
    outside = [file for file in python_files("src") if not file.is_relative_to(SOURCE / "aws_connector")]
    assert outside
    assert [name_of(file) for file in outside if imported(tree(file)) & AWS] == []


def test_every_module_says_what_it_is_for() -> None:
    modules = python_files("src", "bench", "tools")
    assert modules
    assert [name_of(file) for file in modules if not ast.get_docstring(tree(file))] == []


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [
        name_of(file) for file in python_files() if file.stem in drawers or file.parent.name in drawers
    ] == []


def test_no_file_written_by_hand_is_too_long_to_read() -> None:
    by_hand = [file for file in committed_files() if file.suffix in WRITTEN_BY_HAND]
    assert len(by_hand) > 20
    lengths = {name_of(file): len(file.read_text(encoding="utf-8").splitlines()) for file in by_hand}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_only_named_errors_are_caught_but_around_the_code_of_other_packages() -> None:
    caught = [
        name_of(file)
        for file in python_files()
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ExceptHandler) and catches_anything(node)
    ]
    assert caught == ["src/plainbill/analyzer/isolation.py"]


def test_every_silenced_warning_says_why() -> None:
    silenced = re.compile(r"#\s*(?:ruff: )?noqa(?!: [A-Z]+\d+(?:, [A-Z]+\d+)*\s+(?:-+ )?\w)")
    unexplained = [
        f"{name_of(file)}:{number}"
        for file in python_files("src", "bench", "tools", "tests")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if silenced.search(line) and "re.compile" not in line
    ]
    assert unexplained == []


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    here = Path(__file__)
    found = [
        name_of(file)
        for file in committed_files()
        if file.suffix in WRITTEN_BY_HAND and file != here and later.search(file.read_text(encoding="utf-8"))
    ]
    assert found == []


def imported(module: ast.Module) -> set[str]:
    """The top-level names of everything a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(str(node.module).partition(".")[0])
    return names


def catches_anything(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {node.id for node in caught if isinstance(node, ast.Name)}
    # Cleaning up and passing the same error on is not catching it.
    passed_on = isinstance(handler.body[-1], ast.Raise) and handler.body[-1].exc is None
    return not passed_on and (handler.type is None or bool(names & {"Exception", "BaseException"}))
