"""Answers are made once and sent many times."""

from __future__ import annotations

import asyncio
import gzip
from typing import Any

import brotli
import pytest

from plainbill.app.answers import Answer, AnswerCache, negotiate

BODY = b'{"service":"Amazon EC2"}' * 100


def send(answer: Answer, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Ask an answer for itself, as a client with these headers would."""
    said = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    sent: list[Any] = []

    async def keep(message: Any) -> None:
        sent.append(message)

    async def nothing() -> Any:
        return {"type": "http.request"}

    scope = {"type": "http", "method": method, "headers": said}
    asyncio.run(answer(scope, nothing, keep))
    head = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], head, sent[1]["body"]


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        (b"", "identity"),
        (b"identity", "identity"),
        (b"deflate, zstd", "identity"),
        (b"br;q=0, gzip;q=0", "identity"),
        (b"*;q=0", "identity"),
        (b"nonsense;;q=1", "identity"),
        (b"gzip", "gzip"),
        (b"gzip, br;q=0", "gzip"),
        (b"br;q=0.5, gzip;q=0.8", "gzip"),
        (b"gzip, deflate, br, zstd", "br"),
        (b"BR", "br"),
        (b"*", "br"),
    ],
)
def test_the_client_decides_how_the_bytes_travel(accepted: bytes, coding: str) -> None:
    assert negotiate(accepted) == coding


def test_a_small_body_is_not_compressed() -> None:
    _, headers, body = send(Answer(b"{}", "application/json"), accept_encoding="br")
    assert body == b"{}"
    assert "content-encoding" not in headers


def test_all_three_bodies_are_the_same_content() -> None:
    answer = Answer(BODY, "application/json")
    plain = send(answer)
    packed = send(answer, accept_encoding="gzip")
    smaller = send(answer, accept_encoding="br")
    assert plain[2] == gzip.decompress(packed[2]) == brotli.decompress(smaller[2]) == BODY
    assert [sent[1].get("content-encoding") for sent in (plain, packed, smaller)] == [None, "gzip", "br"]
    assert len({sent[1]["etag"] for sent in (plain, packed, smaller)}) == 3
    for _, headers, body in (plain, packed, smaller):
        assert headers["content-length"] == str(len(body))
        assert headers["vary"] == "Accept-Encoding"
        assert headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("held", ['"something-else"', "W/", '""', "nonsense"])
def test_a_client_that_holds_something_else_gets_the_body(held: str) -> None:
    assert send(Answer(BODY, "application/json"), if_none_match=held)[0] == 200


@pytest.mark.parametrize("form", ["{tag}", "W/{tag}", '"other", {tag}', "*"])
def test_a_client_that_holds_these_bytes_gets_none(form: str) -> None:
    answer = Answer(BODY, "application/json")
    tag = send(answer, accept_encoding="br")[1]["etag"]
    status, headers, body = send(answer, accept_encoding="br", if_none_match=form.format(tag=tag))
    assert (status, body) == (304, b"")
    assert headers["etag"] == tag
    assert headers["cache-control"] == "private, no-cache"


def test_head_gets_the_headers_only() -> None:
    answer = Answer(BODY, "application/json")
    _, get_headers, _ = send(answer)
    _, head_headers, body = send(answer, method="HEAD")
    assert body == b""
    assert head_headers == get_headers


def test_an_answer_of_another_edition_is_never_given() -> None:
    cache = AnswerCache()
    assert cache.get("one", "/", b"") is None
    cache.put("one", "/", b"", Answer(b"1", "text/plain"))
    assert cache.get("two", "/", b"") is None
    cache.put("one", "/", b"", Answer(b"late", "text/plain"))
    assert cache.get("two", "/", b"") is None


def test_a_kept_answer_is_given_again() -> None:
    cache, answer = AnswerCache(), Answer(b"1", "text/plain")
    cache.get("one", "/", b"")
    cache.put("one", "/", b"a=1", answer)
    assert cache.get("one", "/", b"a=1") is answer
    assert cache.get("one", "/", b"a=2") is None


def test_the_cache_forgets_what_was_not_asked_for_longest() -> None:
    cache = AnswerCache(max_entries=2)
    cache.get("one", "/", b"")
    for query in (b"a", b"b"):
        cache.put("one", "/", query, Answer(query, "text/plain"))
    cache.get("one", "/", b"a")
    cache.put("one", "/", b"c", Answer(b"c", "text/plain"))
    assert [cache.get("one", "/", query) is not None for query in (b"a", b"b", b"c")] == [True, False, True]


def test_the_cache_is_bounded_in_bytes() -> None:
    cache = AnswerCache(max_bytes=10_000)
    cache.get("one", "/", b"")
    for number in range(50):
        cache.put("one", "/", str(number).encode(), Answer(bytes(1000), "text/plain"))
    assert len(cache) == 5
    cache.put("one", "/", b"huge", Answer(bytes(20_000), "text/plain"))
    assert cache.get("one", "/", b"huge") is None
