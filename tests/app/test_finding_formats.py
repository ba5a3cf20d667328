"""Measured values, settings and names as the pages of findings write them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from app.test_finding import READS, SUM
from app.test_series_drawing import chart
from plainbill.app.finding_formats import (
    action_name,
    effort_name,
    folding,
    holes,
    quantity,
    service_name,
    setting,
    step_name,
    steps,
    sums,
)
from plainbill.app.series_drawing import MOST_COLUMNS


def spaced(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (None, "%", "not known"),
        (0.0, "", "0"),
        (3.0, "operations", "3 operations"),
        (1234.5, "", "1,234.5"),
        (0.00001234, "", "1.2e-05"),
        (2_500_000.0, "bytes", "2.5 MB"),
        ("a word", "", "a word"),
        ("0 of 28", "days", "0 of 28 days"),
    ],
)
def test_a_measurement_is_written_with_its_unit(value: float | str | None, unit: str, said: str) -> None:
    assert spaced(quantity(value, unit)) == said


def test_amounts_of_several_currencies_are_not_added() -> None:
    assert spaced(sums({"USD": Decimal(3), "CNY": Decimal(2)})) == "CNY 2.00 and $3.00"
    assert sums({}) == "not known"


def test_names_are_written_as_people_write_them() -> None:
    assert [service_name(name) for name in ("ebs", "logs", "dynamodb")] == [
        "EBS", "CloudWatch Logs", "DynamoDB",
    ]  # fmt: skip
    assert [action_name(name) for name in ("ScaleIn", "Delete")] == ["Scale in", "Delete"]
    assert [effort_name(name) for name in ("VeryLow", "Medium")] == ["very low", "medium"]
    assert [setting(value) for value in (True, None, 0.5, 7, "keep")] == ["yes", "none", "0.5", "7", "keep"]
    assert [step_name(hours) for hours in (24.0, 1.0, 6.0)] == ["a day each", "an hour each", "6 hours each"]


def test_every_step_has_its_day_and_a_hole_stays_one() -> None:
    assert list(steps(chart(1.0, None))) == [
        ("22\N{NO-BREAK SPACE}Nov", 1.0),
        ("23\N{NO-BREAK SPACE}Nov", None),
    ]
    assert holes([chart(1.0, None)])
    assert not holes([chart(1.0, 2.0)])


def test_a_column_of_several_steps_says_what_it_is() -> None:
    many = [1.0] * (2 * MOST_COLUMNS)
    assert folding(chart(1.0)) == ""
    assert spaced(folding(chart(*many, metric=SUM))) == "; a column is the sum of 2 steps"
    assert spaced(folding(replace(chart(*many, metric=READS), step_hours=1.0))) == (
        "; a column is the highest of 2 hours"
    )
