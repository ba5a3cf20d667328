"""Requests and answers of GetMetricData are what they would be without the short cuts."""

from __future__ import annotations

import json
import math
from typing import Any

import botocore.session
import numpy as np
import pytest
from botocore.awsrequest import AWSResponse
from hypothesis import example, given
from hypothesis import strategies as st

from aws_connector.test_parsing import Body
from plainbill.aws_connector.json_plan import decode
from plainbill.aws_connector.metric_data import numbers_apart, put_queries_aside
from plainbill.aws_connector.numbers import doubles

TIMES = st.lists(st.sampled_from([1.7e9, 1700003600, "2026-11-01T00:00:00Z"]), max_size=3)
RESULTS = st.fixed_dictionaries(
    {"Id": st.text(max_size=3), "Values": st.lists(st.floats(allow_nan=False), max_size=2)},
    optional={"Timestamps": TIMES | st.none(), "Label": st.sampled_from(['"Timestamps":[', "list 0", "]"])},
)


def request_of(queries: list[dict[str, Any]], *, aside: bool) -> tuple[Any, Any]:
    """The body and the headers that a stock client, or one of ours, would send."""
    session = botocore.session.Session()
    session.set_credentials("AKIAIOSFODNN7EXAMPLE", "secret")
    if aside:
        put_queries_aside(session)
    config = botocore.config.Config(parameter_validation=False, retries={"total_max_attempts": 1})
    client = session.create_client("cloudwatch", region_name="us-east-1", config=config)
    sent: list[Any] = []

    def answer(request: Any, **_: object) -> Any:
        sent.append(request)
        return AWSResponse(request.url, 200, {}, Body(b"{}"))

    client.meta.events.register("before-send", answer)
    client.get_metric_data(MetricDataQueries=queries, StartTime=1700000000, EndTime=1700003600)
    kept = {
        name: str(value)
        for name, value in sent[0].headers.items()
        if name.startswith(("X-Amz-T", "Content-T"))
    }
    return json.loads(sent[0].body), kept


@pytest.mark.parametrize("name", ["i-0123", "ä", "\ud800"], ids=["plain", "not ASCII", "a lone surrogate"])
def test_a_request_is_what_a_stock_client_sends(name: str) -> None:
    metric = {
        "Namespace": "AWS/EC2",
        "MetricName": "CPUUtilization",
        "Dimensions": [{"Name": "x", "Value": name}],
    }
    queries = [
        {"Id": f"q{number}", "MetricStat": {"Metric": metric, "Period": 3600, "Stat": "Average"}}
        for number in range(3)
    ]
    stock, ours = (request_of(queries, aside=aside) for aside in (False, True))
    assert ours == stock
    assert len(ours[0]["MetricDataQueries"]) == 3


def simply(body: bytes) -> tuple[Any, bytes]:
    """Read the whole answer as JSON."""
    return decode(body), b""


def in_lists(answer: Any) -> Any:
    """The same answer with lists in place of arrays."""
    for result in answer.get("MetricDataResults", ()):
        if isinstance(result.get("Values"), np.ndarray):
            result["Values"] = result["Values"].tolist()
    return answer


@given(results=st.lists(RESULTS, max_size=9), is_spaced=st.booleans())
@example(results=[{"Id": "q", "Timestamps": [1.0], "Values": [2.0]}] * 3, is_spaced=False)
@example(
    results=[{"Id": "q", "Timestamps": [float(n)], "Values": [2.0]} for n in range(7)] * 2, is_spaced=False
)
@example(results=[{"Id": "q", "Values": [1.0]}, {"Id": "r", "Values": [None, 2.0]}], is_spaced=False)
@example(results=[{"Id": "q", "Values": []}, {"Id": "r", "Values": [math.inf, -0.0]}], is_spaced=False)
def test_an_answer_is_read_as_it_would_be_without_arrays(
    results: list[dict[str, Any]], is_spaced: bool
) -> None:
    spaces = None if is_spaced else (",", ":")
    body = json.dumps({"MetricDataResults": results, "Messages": []}, separators=spaces).encode()
    ours, rest = numbers_apart(simply)(body)
    assert in_lists(ours) == decode(body)
    assert rest == b""


@given(st.lists(st.floats(allow_nan=False) | st.integers(-(2**70), 2**70), max_size=30))
def test_a_number_is_the_double_that_json_makes_of_it(numbers: list[float]) -> None:
    told = json.dumps(numbers, separators=(",", ":")).encode()[1:-1]
    assert doubles(told).tobytes() == np.array(numbers, dtype=np.float64).tobytes()


def test_no_number_among_the_values_is_taken_for_the_end_of_a_list() -> None:
    results: list[dict[str, Any]] = [
        {"Id": "q", "Values": [1.0, math.nan, 2.0]},
        {"Id": "r", "Values": []},
        {"Id": "s", "Values": [3]},
    ]
    body = json.dumps({"MetricDataResults": results}, separators=(",", ":")).encode()
    read = in_lists(numbers_apart(simply)(body)[0])["MetricDataResults"]
    assert repr([one["Values"] for one in read]) == repr([one["Values"] for one in results])


def test_the_same_timestamps_are_held_once_and_values_are_no_python_objects() -> None:
    results = [{"Id": f"q{number}", "Timestamps": [1, 2, 3], "Values": [0, 0, 0]} for number in range(3)]
    body = json.dumps({"MetricDataResults": results}, separators=(",", ":")).encode()
    read = numbers_apart(simply)(body)[0]["MetricDataResults"]
    assert all(one["Timestamps"] is read[0]["Timestamps"] for one in read)
    assert all(isinstance(one["Values"], np.ndarray) for one in read)


@pytest.mark.parametrize(
    "body",
    [
        b'{"MetricDataResults":[{"Timestamps":[1,2',
        b'{"Timestamps":[x]}',
        b"[]",
        b'{"Values":[1,,2]}',
        b'{"Values":[1 2]}',
        b'{"Values":[1,nan,2]}',
        b'{"Values":[1],"Values":[1,,2]}',
        b'{"Values":[],"Values":[,]}',
        b'{"Values":[1,"2"}',
    ],
)
def test_a_broken_answer_is_refused_as_ever(body: bytes) -> None:
    for read in (simply, numbers_apart(simply)):
        with pytest.raises(ValueError, match=r"."):
            read(body)
