"""Old manual snapshots: at most the price of a full copy, and the last copy of a database is not sure."""

from __future__ import annotations

from datetime import timedelta

import pytest

from databases_factories import database, snapshot
from factories import NOW, context, gap
from plainbill.analyzer.checks.rds_snapshot_old import RdsSnapshotOld
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.inventory import Gap
from plainbill.model.resources import Resource
from plainbill.model.resources.rds import RdsInstance, RdsSnapshot

DAY = timedelta(days=1)


def judge(one: RdsSnapshot, *others: Resource, gaps: tuple[Gap, ...] = ()) -> Verdict:
    return RdsSnapshotOld().evaluate(one, context(one, *others, gaps=gaps, asked=[RdsInstance]))


def test_a_young_one_is_left_alone() -> None:
    assert isinstance(judge(snapshot(created_at=NOW - 89 * DAY), database()), Ok)


def test_without_its_age_or_the_databases_nothing_is_said() -> None:
    assert isinstance(judge(snapshot(created_at=None), database()), Unknown)
    assert isinstance(judge(snapshot(), database(), gaps=(gap(source="rds_instances"),)), Unknown)


def test_what_it_stores_is_not_known_so_the_saving_is_not_either() -> None:
    verdict = judge(snapshot(created_at=NOW - 90 * DAY), database())
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving is None
    assert verdict.confidence is Confidence.MEDIUM
    assert verdict.reason == (
        "Taken 90 days ago (kept at least 90) of a database that still exists; it costs at most 9.50 USD a "
        "month, the price of a full copy."
    )


def test_the_size_of_a_full_copy_is_used_where_aws_tells_it() -> None:
    verdict = judge(snapshot(full_size_bytes=20 * 1024**3), database())
    assert isinstance(verdict, Waste)
    assert "at most 1.90 USD" in verdict.reason


@pytest.mark.parametrize("changes", [{"allocated_gib": None}, {"region": "eu-west-1"}])
def test_without_size_or_price_that_is_said(changes: dict[str, str | None]) -> None:
    verdict = judge(snapshot(**changes), database())
    assert isinstance(verdict, Waste)
    assert "what it costs is not known" in verdict.reason


def test_the_last_copy_of_a_database_is_only_to_be_reviewed() -> None:
    verdict = judge(snapshot(), database(instance_id="another"))
    assert isinstance(verdict, Waste)
    assert verdict.confidence is Confidence.REVIEW
    assert any("last copy" in doubt for doubt in verdict.doubts)
