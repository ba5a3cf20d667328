"""Cost Explorer's answers come out of a snapshot as they went in, to the last digit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from plainbill.model.cost_answers import (
    ROWS,
    AwsAnomaly,
    AwsCause,
    CommitmentDay,
    CostAnswer,
    CostDriver,
    ForecastMonth,
    Question,
    Topic,
)
from plainbill.storage import SnapshotStore
from storage.keeping import collected

ASKED = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = date(2026, 11, 22)
EMPTY = CostAnswer(topic=Topic(Question.PLANS_TO_BUY), asked_at=ASKED, start=DAY, end=DAY)
USED = CostAnswer(
    topic=Topic(Question.RESERVED_USED, "Amazon Elastic Compute Cloud - Compute"),
    asked_at=ASKED,
    start=DAY,
    end=date(2026, 11, 23),
    rows=(
        CommitmentDay(
            day=DAY, committed=Decimal("3.0000000001"), used=Decimal(3), unused=Decimal("0.0000000001")
        ),
    ),
)
ANOMALIES = CostAnswer(
    topic=Topic(Question.ANOMALIES),
    asked_at=ASKED,
    start=DAY,
    end=DAY,
    rows=(
        AwsAnomaly(
            anomaly_id="a", start=DAY, end=None, impact=Decimal("1.5"), causes=(AwsCause(service="S3"),)
        ),
    ),
)


def test_a_snapshot_of_before_has_no_answers_which_is_not_an_empty_answer(tmp_path: Path) -> None:
    assert SnapshotStore(tmp_path).write(collected()).answers() == ()


def test_answers_come_back_equal_those_without_rows_too(tmp_path: Path) -> None:
    forecast = replace(
        EMPTY,
        topic=Topic(Question.FORECAST),
        rows=(ForecastMonth(start=DAY, end=DAY, expected=Decimal("41.10")),),
    )
    given = (EMPTY, USED, ANOMALIES, forecast)
    SnapshotStore(tmp_path).write(collected(answers=given))
    found = SnapshotStore(tmp_path).latest()
    assert found
    assert found.answers() == given


def test_every_question_has_a_kind_of_rows() -> None:
    assert set(ROWS) == set(Question)


def test_a_name_that_no_file_can_hold_does_not_stop_the_others(tmp_path: Path) -> None:
    odd = CostDriver(
        service="\ud800",
        usage_type=None,
        kind="USAGE_CHANGE",
        name="x",
        before=Decimal(0),
        after=Decimal(1),
        change=Decimal(1),
    )
    answer = replace(EMPTY, topic=Topic(Question.COMPARISON), rows=(odd,))
    (found,) = SnapshotStore(tmp_path).write(collected(answers=(answer,))).answers()
    assert found.rows == (replace(odd, service="\ufffd"),)
