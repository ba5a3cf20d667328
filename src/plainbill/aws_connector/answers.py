"""Answers of a refresh that was stopped, taken over by the next one: what was paid for is not asked twice.

Each answer is kept as it was parsed, under a digest of what was asked: account, Region, service, operation
and parameters. What asks of STS and Organizations does not come this way, so no credentials are kept; nor
are answers of operations that AWS's own models mark as holding something sensitive (the environment of a
Lambda function, user data): those are free, and are asked again.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Protocol

import orjson

from plainbill.aws_connector.errors import InvalidRequest, PagesChanged
from plainbill.aws_connector.meter import price_of
from plainbill.aws_connector.pages import Page, next_tokens
from plainbill.aws_connector.service_models import Shape, service_model
from plainbill.aws_connector.written import read, written
from plainbill.model.kept import Entry

_BY_NAME = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS
_BILLED_BY_THE_PAGE = "ce"
_NEVER = frozenset({"sts", "organizations"})


@dataclass(frozen=True)
class Question:
    """What is asked of AWS, and of whom."""

    account_id: str
    region: str
    service: str
    operation: str
    params: Mapping[str, Any]

    @cached_property
    def key(self) -> bytes:
        """The digest under which its answer is kept."""
        asked = [self.account_id, self.region, self.service, self.operation, self.params]
        return hashlib.sha256(orjson.dumps(asked, default=str, option=_BY_NAME)).digest()


class Shelf(Protocol):
    """Where answers are kept; safe to use from any thread.

    ``take`` gives each answer once, in the order in which those of one key were kept, and none that was put
    there since it was opened. None of these raises: what cannot be kept is asked again one day.
    """

    def follow(self, key: bytes) -> Entry | None:
        """Return what is known of the answer that ``take`` would give."""

    def take(self, key: bytes) -> bytes | None:
        """Return the content of an answer."""

    def put(self, key: bytes, entry: Entry, content: bytes) -> None:
        """Keep an answer."""

    def forget(self, key: bytes) -> None:
        """Give no answer for this key any more."""

    def sent(self, entry: Entry) -> None:
        """Write down that something is about to be asked that costs, whatever the answer will be."""


@dataclass(slots=True)
class Answers:
    """Asks AWS, unless the answer was taken over; keeps what AWS answers. Safe to use from any thread.

    ``taken`` counts the answers that were taken over, ``asked`` those that AWS gave. Only one request that
    is billed by the page is under way at a time, so that only one can be lost when the process is killed.
    """

    shelf: Shelf
    taken: int = 0
    asked: int = 0
    _counting: threading.Lock = field(default_factory=threading.Lock)
    _billed: threading.Lock = field(default_factory=threading.Lock)

    def call(self, question: Question, send: Callable[[], Page]) -> Page:
        """Return the answer to one question; raises what ``send`` does."""
        page = self.take(question)
        return self.send(question, send, lambda _: None) if page is None else page

    def holds(self, first: Question) -> bool:
        """Say whether the answer, or its first page, was taken over and not given yet."""
        return self.shelf.follow(first.key) is not None

    def pages(self, first: Question) -> PagesAsked:
        """Return what asks for the pages that begin with ``first``."""
        return PagesAsked(self, replays=first.service == _BILLED_BY_THE_PAGE or self._is_whole(first.key))

    def _is_whole(self, key: bytes | None) -> bool:
        """Say whether all pages are kept: a token of the stopped refresh may be worth nothing by now."""
        seen: set[bytes] = set()
        while key is not None and key not in seen:
            seen.add(key)
            entry = self.shelf.follow(key)
            if entry is None:
                return False
            key = entry.following
        return key is None

    def take(self, question: Question) -> Page | None:
        """Return the answer that was taken over, if there is one."""
        content = (
            self.shelf.take(question.key) if _may_be_kept(question.service, question.operation) else None
        )
        if content is None:
            return None
        page = read(content)
        with self._counting:
            self.taken += 1
        return page

    def send(
        self, question: Question, send: Callable[[], Page], following: Callable[[Page], bytes | None]
    ) -> Page:
        """Ask AWS and keep what it answers; ``following`` says which key the next page has."""
        one_by_one: AbstractContextManager[object] = (
            self._billed if question.service == _BILLED_BY_THE_PAGE else nullcontext()
        )
        with one_by_one:
            page = send()
            with self._counting:
                self.asked += 1
            if _may_be_kept(question.service, question.operation) and (content := written(page)) is not None:
                self.shelf.put(question.key, _entry(question, following(page)), content)
        return page


@dataclass(slots=True)
class PagesAsked:
    """The pages of one read; ``replays`` says whether pages that were taken over may be given."""

    answers: Answers
    replays: bool
    _given: list[bytes] = field(default_factory=list)

    def page(self, question: Question, send: Callable[[], Page]) -> Page:
        """Return one page.

        Raises what ``send`` does; ``PagesChanged`` where AWS refuses to go on after pages that were taken
        over, whose token is too old by now: then all of them are asked for when it is begun again.
        """
        if self.replays and (page := self.answers.take(question)) is not None:
            self._given.append(question.key)
            return page
        try:
            return self.answers.send(question, send, lambda page: _following(question, page))
        except (InvalidRequest, PagesChanged) as error:
            if not self._given:
                raise
            for key in self._given:
                self.answers.shelf.forget(key)
            raise PagesChanged(error.asked, error.code, error.words) from None


def _entry(question: Question, following: bytes | None) -> Entry:
    price = price_of(question.service, question.operation, question.params)
    return Entry(question.service, question.operation, str(price.low), str(price.high), following)


def _following(question: Question, page: Page) -> bytes | None:
    """Return the key of the page after this one."""
    tokens = next_tokens(service_model(question.service).operation(question.operation), page)
    if not tokens:
        return None
    params = {**question.params, **tokens}
    return Question(question.account_id, question.region, question.service, question.operation, params).key


@cache
def _may_be_kept(service: str, operation: str) -> bool:
    if service in _NEVER:
        return False
    output = service_model(service).operation(operation).output
    return output is None or not _holds_sensitive(output, ())


def _holds_sensitive(shape: Shape, above: tuple[str, ...]) -> bool:
    if shape.is_sensitive:
        return True
    if shape.name in above:
        return False
    inside = (*above, shape.name)
    return any(_holds_sensitive(part, inside) for part in _parts(shape))


def _parts(shape: Shape) -> Iterable[Shape]:
    if shape.kind == "structure":
        return shape.members.values()
    if shape.kind == "list":
        return (shape.member,)
    return (shape.key, shape.value) if shape.kind == "map" else ()
