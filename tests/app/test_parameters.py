"""A wrong parameter is answered with what is wrong and what is allowed, never with a guess."""

from __future__ import annotations

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from factories import TODAY

COSTS, IDLE = "/api/cost-by-service", "/api/idle-instances"
TOMORROW, LATER = TODAY + timedelta(days=1), TODAY + timedelta(days=2)


@pytest.mark.parametrize(
    "url",
    [
        f"{COSTS}?end={TOMORROW}",
        f"{COSTS}?start=&end=&metric=&account=",
        f"{COSTS}?start=2006-01-01&end=2007-03-31",
        f"{COSTS}?end=2006-01-02",
        f"{IDLE}?cpu_average=0&cpu_maximum=100",
        f"{IDLE}?days=14",
        f"{IDLE}?cpu_average=1e1",
        "/?page=100000&q=%00%F0%9F%92%A5&sort=-name",
    ],
)
def test_what_can_be_meant_is_answered(client: TestClient, url: str) -> None:
    assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    "url", [COSTS, f"{COSTS}.csv", "/", "/api/costs", "/cost", "/api/changes", "/changes", "/api/showback"]
)
@pytest.mark.parametrize(
    ("query", "parameter", "hint"),
    [
        ("start=yesterday", "start", "date"),
        ("start=2026-02-30", "start", "date"),
        ("start=2026-11-10&end=2026-11-10", "start", "before the end, 2026-11-10"),
        ("start=2026-11-11&end=2026-11-10", "start", "before the end, 2026-11-10"),
        (f"end={LATER}", "end", f"not after {TOMORROW}"),
        ("end=9999-12-31", "end", f"not after {TOMORROW}"),
        ("end=0001-01-01", "end", "after 2006-01-01"),
        ("start=0001-01-01", "start", "from 2006-01-01 on"),
        ("start=2010-01-01", "start", "at most 455 days"),
        ("metric=cheapest", "metric", "'net_amortized'"),
        ("account=999999999999", "account", "111122223333, 444455556666"),
        ("account=%27%3B--", "account", "pattern"),
        ("metirc=amortized", "metirc", "not a parameter"),
    ],
)
def test_costs_say_what_is_wrong(client: TestClient, url: str, query: str, parameter: str, hint: str) -> None:
    answer = client.get(f"{url}?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["parameter"]) == (422, parameter)
    assert hint in body["detail"]


@pytest.mark.parametrize("url", [IDLE, f"{IDLE}.csv", "/"])
@pytest.mark.parametrize(
    ("query", "parameter", "hint"),
    [
        ("cpu_average=-0.1", "cpu_average", "greater than or equal to 0"),
        ("cpu_average=100.1", "cpu_average", "less than or equal to 100"),
        ("cpu_maximum=nan", "cpu_maximum", "finite"),
        ("cpu_maximum=inf", "cpu_maximum", "finite"),
        ("cpu_maximum=high", "cpu_maximum", "number"),
        ("days=0", "days", "greater than or equal to 1"),
        ("days=15", "days", "1 to 14"),
        ("days=1.5", "days", "integer"),
        ("region=us-moon-1", "region", "eu-central-1, us-east-1"),
        ("region=../etc", "region", "pattern"),
    ],
)
def test_instances_say_what_is_wrong(
    client: TestClient, url: str, query: str, parameter: str, hint: str
) -> None:
    answer = client.get(f"{url}?{query}")
    assert answer.status_code == 422
    assert answer.json()["parameter"] == parameter
    assert hint in answer.json()["detail"]


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "sort=owner", "sort=--name", "part=everything", f"q={'x' * 201}"]
)
def test_the_page_says_what_is_wrong(client: TestClient, query: str) -> None:
    answer = client.get(f"/?{query}")
    assert answer.status_code == 422
    assert answer.json()["parameter"] == query.partition("=")[0]


def test_a_person_gets_a_page_and_what_was_sent_stays_text(client: TestClient) -> None:
    answer = client.get("/?metric=<script>alert(1)</script>", headers={"Accept": "text/html"})
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("text/html")
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text


def test_before_anything_was_read_any_account_may_be_asked_for(empty_client: TestClient) -> None:
    assert empty_client.get(f"{COSTS}?account=999999999999").status_code == 200
    assert empty_client.get(f"{IDLE}?region=us-moon-1&days=60").status_code == 200


def test_a_long_parameter_is_not_echoed_whole(client: TestClient) -> None:
    answer = client.get(f"{COSTS}?metric={'x' * 5000}")
    assert answer.status_code == 422
    assert len(answer.content) < 600


@pytest.mark.parametrize(
    "url", ["/nothing", "/api/nothing", "/docs", "/redoc", "/static/nothing.js", "/static/../app.py"]
)
def test_an_unknown_address_is_a_problem_too(client: TestClient, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 404
    assert answer.json()["status"] == 404


@pytest.mark.parametrize(
    ("body", "parameter", "told"),
    [
        ("{}", "name", "name is missing"),
        ("{", "request", "the request's body is no JSON: "),
        ("", "request", "request is missing"),
    ],
)
def test_a_body_that_cannot_be_used_is_named(
    client: TestClient, body: str, parameter: str, told: str
) -> None:
    answer = client.post("/api/policies", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert (answer.json()["parameter"], answer.json()["detail"][: len(told)]) == (parameter, told)
