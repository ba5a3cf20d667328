"""An answer that is kept reads back as it was, or is not kept."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

import pytest

from plainbill.aws_connector.written import read, written

HOURS = [1_790_000_000 + 3600 * hour for hour in range(600)]


def series(name: str, **changes: Any) -> dict[str, Any]:
    values = [hour / 7 for hour in range(len(HOURS))]
    return {"Id": name, "Timestamps": list(HOURS), "Values": values, "StatusCode": "Complete"} | changes


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"Values": [1.5, math.nan]}, id="NaN"),
        pytest.param({"Blob": b"\x00"}, id="bytes"),
        pytest.param({"At": datetime(2026, 11, 24, tzinfo=UTC)}, id="an instant"),
        pytest.param({"Name": "\ud800"}, id="a lone surrogate"),
        pytest.param({"Sizes": (1, 2)} | {1: "one"}, id="a key that is no text"),
        pytest.param({"MetricDataResults": [series("a"), series("b", Values=[None] * 600)]}, id="no number"),
    ],
)
def test_what_would_not_read_back_as_it_is_is_not_kept(answer: dict[str, Any]) -> None:
    assert written(answer) is None


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"Groups": [], "Total": {}, "Estimated": True, "Of": None, "Ünï": "\u2028\x00 null"},
        {"Amount": "0.1234567890", "Count": 2**53 + 1, "Rate": 0.1, "Minus": -0.0},
        {"MetricDataResults": [], "Messages": []},
        {"MetricDataResults": [series("a", Timestamps=HOURS[:3], Values=[1.0, 2.0, 0.1])]},
        {"MetricDataResults": [series("a"), series("b"), series("c", Timestamps=[], Values=[])]},
        {"MetricDataResults": [series("a"), series("b", Timestamps=HOURS[5:], Values=[0.5] * 595)]},
        {"MetricDataResults": [series("a"), series("b", Timestamps=["2026-11-24T12:00:00Z"] * 600)]},
    ],
)
def test_an_answer_reads_back_as_the_very_same_values(answer: dict[str, Any]) -> None:
    content = written(answer)
    assert content is not None
    assert read(content) == answer


def test_numbers_that_json_does_not_have_stay_what_they_are_among_many_datapoints() -> None:
    content = written({"MetricDataResults": [series("a"), series("b", Values=[math.inf, math.nan] * 300)]})
    assert content is not None
    values = read(content)["MetricDataResults"][1]["Values"]
    assert values[0] == math.inf
    assert math.isnan(values[1])


def test_the_headers_of_an_answer_are_not_kept() -> None:
    content = written({"Regions": [], "ResponseMetadata": {"HTTPHeaders": {"x-amzn-requestid": "secret"}}})
    assert content is not None
    assert read(content) == {"Regions": []}
