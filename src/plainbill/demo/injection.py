"""Which calls on the demo endpoint something goes wrong with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from plainbill.aws_connector.pages import paging_of
from plainbill.aws_connector.reads import iam_action
from plainbill.demo.faults import Effect
from plainbill.demo.wire import Asked
from plainbill.model.period import Period

LAST = -1
"""The page of a list after which no other comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Injected:
    """An effect, and the calls it is put on; ``*`` stands for any account, Region or action.

    ``action`` is boto3's or IAM's name (``elbv2:DescribeTags``). ``page`` counts the pages of a list from 1,
    or is ``LAST``; ``about`` is a text that the parameters must hold (an id, a role's ARN). Of the calls
    that fit, the first ``skip`` are let through, and the next ``times`` are hit (None: all of them), within
    ``period`` of the endpoint's clock.
    """

    effect: Effect
    account: str = "*"
    region: str = "*"
    action: str = "*"
    page: int | None = None
    about: str | None = None
    skip: int = 0
    times: int | None = None
    period: Period | None = None

    def fits(self, account: str, region: str, asked: Asked, now: datetime) -> bool:
        """Say whether a call is one of those, whatever its page."""
        service, operation = asked.service.name, asked.operation.name
        names = {"*", f"{service}:{operation}", iam_action(service, operation)}
        return (
            self.account in {"*", account}
            and self.region in {"*", region}
            and self.action in names
            and (self.about is None or self.about in str(asked.params))
            and (self.period is None or self.period.start <= now < self.period.end)
        )


@dataclass
class Injector:
    """Remembers which call of a list is which page, and how often each effect was due."""

    injected: Sequence[Injected] = ()
    seen: dict[int, int] = field(default_factory=dict)
    """How many calls fitted each of ``injected``, by its place there."""
    hits: dict[int, int] = field(default_factory=dict)
    """How many of them were hit."""
    pages: dict[tuple[str, ...], int] = field(default_factory=dict)
    """Which page a token leads to, by account, Region, service, operation and the token."""

    def due(
        self,
        injected: Sequence[Injected],
        account: str,
        region: str,
        asked: Asked,
        answer: Mapping[str, Any],
        now: datetime,
    ) -> Effect | None:
        """Return what a call is hit by, None for most; counts begin anew when ``injected`` changes."""
        if injected is not self.injected:
            self.injected, self.seen, self.hits = injected, {}, {}
            self.pages.clear()
        if not injected:
            return None
        pages = set(self._places(account, region, asked, answer))
        for number, one in enumerate(injected):
            if one.fits(account, region, asked, now) and (one.page is None or one.page in pages):
                before = self.seen.get(number, 0)
                self.seen[number] = before + 1
                if before >= one.skip and (one.times is None or before < one.skip + one.times):
                    self.hits[number] = self.hits.get(number, 0) + 1
                    return one.effect
        return None

    def _places(self, account: str, region: str, asked: Asked, answer: Mapping[str, Any]) -> Iterator[int]:
        """Yield the number of a page, and ``LAST`` where no token comes with it."""
        where = (account, region, asked.service.name, asked.operation.name)
        given = _token(asked.params, asked, is_answer=False)
        number = self.pages.get((*where, given), 1) if given else 1
        yield number
        if rest := _token(answer, asked, is_answer=True):
            self.pages[*where, rest] = number + 1
        else:
            yield LAST


def _token(said: Mapping[str, Any], asked: Asked, *, is_answer: bool) -> str | None:
    paging = paging_of(asked.operation)
    if paging is None:
        return None
    names = paging.output_tokens if is_answer else paging.input_tokens
    found = [str(said[name]) for name in names if said.get(name)]
    return " ".join(found) or None
