"""Every waste check keeps the promises that pages, documents and policies are made from."""

from __future__ import annotations

import ast
import re
import typing
from collections import Counter
from dataclasses import fields
from datetime import UTC, datetime
from string import Formatter
from types import UnionType
from typing import Any

import pytest

from house.repository import ROOT, SOURCE
from plainbill.analyzer import checks as package
from plainbill.analyzer.registry import Check, all_checks, checks_in
from plainbill.data_fetcher.check_reads import reads_of, unread_kinds
from plainbill.data_fetcher.collector import all_collectors
from plainbill.model.resources import Resource

FOLDER = SOURCE / "analyzer" / "checks"
TESTS = ROOT / "tests" / "analyzer" / "checks"
ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+){2,}")
CHECKS = [pytest.param(check, id=check.id) for check in checks_in(package)]
WHEN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def example(kind: type[Resource]) -> Resource:
    """A resource of a kind: its required fields and those that name it are filled by their types."""
    hints = typing.get_type_hints(kind)
    return kind(**{one.name: filled(hints[one.name], one.name) for one in fields(kind)})


def filled(hint: Any, name: str) -> Any:
    if isinstance(hint, UnionType):
        hint = next(each for each in typing.get_args(hint) if each is not type(None))
    values = {str: name.replace("_", "-"), int: 1, float: 1.0, bool: False, datetime: WHEN}
    if hint in values:
        return values[hint]
    return () if typing.get_origin(hint) is tuple else {}


def test_every_file_of_a_check_is_found() -> None:
    found = {check.id for check in checks_in(package)}
    assert found
    assert found == {file.stem for file in FOLDER.glob("*.py")} - {"__init__"}


def test_no_id_is_taken_twice() -> None:
    counts = Counter(check.id for check in all_checks())
    assert [name for name, times in counts.items() if times > 1] == []


@pytest.mark.parametrize("check", CHECKS)
def test_the_id_says_service_resource_and_state(check: Check) -> None:
    assert ID.fullmatch(check.id)
    assert type(check).__module__.rpartition(".")[2] == check.id


@pytest.mark.parametrize("check", CHECKS)
def test_it_says_in_words_what_it_is_about(check: Check) -> None:
    assert type(check).__doc__
    assert not check.explanation.startswith(f"{type(check).__name__}("), "the docstring of a dataclass"
    assert 0 < len(check.title) <= 60
    assert check.rule_text.endswith(".")


@pytest.mark.parametrize("check", CHECKS)
def test_the_rule_names_thresholds_and_nothing_else(check: Check) -> None:
    named = {name for _, name, _, _ in Formatter().parse(check.rule) if name is not None}
    thresholds = {one.name: str(one.metadata["help"]) for one in check.thresholds()}
    assert named <= thresholds.keys()
    assert [name for name, text in thresholds.items() if not text.strip()] == []
    assert {one.name for one in fields(check)} == thresholds.keys(), "a field that is no threshold"


@pytest.mark.parametrize("check", CHECKS)
def test_everything_it_looks_at_is_read(check: Check) -> None:
    assert unread_kinds(check.kinds()) == []
    assert reads_of(check.kinds(), has_metrics=bool(check.metrics))


@pytest.mark.parametrize("check", CHECKS)
def test_its_metrics_have_the_dimensions_of_its_kind(check: Check) -> None:
    if check.metrics:
        dimensions = example(check.resource).dimensions
        assert dimensions
        assert all(isinstance(name, str) and isinstance(value, str) for name, value in dimensions.items())
    assert len({metric.key for metric in check.metrics}) == len(check.metrics)


@pytest.mark.parametrize("check", CHECKS)
def test_it_has_a_test_that_begins_with_what_is_left_alone(check: Check) -> None:
    file = TESTS / f"test_{check.id}.py"
    assert file.is_file(), f"{file.relative_to(ROOT)} is missing"
    tests = [
        node
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    assert tests
    first = ast.unparse(tests[0])
    assert "Waste)" not in first.replace("not isinstance", ""), f"{tests[0].name} is about a finding"


def test_each_collector_brings_the_kind_of_its_own_name() -> None:
    assert {collector.name: collector.kind.source for collector in all_collectors()} == {
        collector.name: collector.name for collector in all_collectors()
    }
