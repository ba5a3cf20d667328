"""Follows every link of a served home, as a reader could, and remembers what pages say of themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urlsplit

from starlette.testclient import TestClient

ALIKE = 3
"""So many addresses of one page with the same parameters are followed."""
MONEY = re.compile(r"[$]\d")
VOID = frozenset({"link", "meta", "input", "br", "hr", "wbr", "img", "rect", "path", "line", "circle", "use"})


@dataclass
class Element:
    """An open element: what stands in it, and whether a link does."""

    tag: str
    classes: frozenset[str]
    text: str = ""
    is_linked: bool = False


@dataclass
class Page(HTMLParser):
    """A page's links, its ids, and the amounts of its rows and figures with whether they lead anywhere."""

    links: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    amounts: list[tuple[str, bool]] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if name := said.get("id"):
            self.ids.add(name)
        if tag == "a" and (target := said.get("href")):
            self.links.append(target)
            for one in self.open:
                one.is_linked = True
        if tag not in VOID:
            self.open.append(Element(tag, frozenset((said.get("class") or "").split())))

    def handle_data(self, data: str) -> None:
        for one in self.open:
            one.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag not in {one.tag for one in self.open}:
            return
        while self.open:
            one = self.open.pop()
            if MONEY.search(one.text) and ("value" in one.classes or self._is_row(one)):
                self.amounts.append((" ".join(one.text.split()), one.is_linked))
            if one.tag == tag:
                return

    def _is_row(self, one: Element) -> bool:
        is_body = any(outer.tag == "tbody" for outer in self.open)
        return one.tag == "tr" and is_body and any("drilled" in outer.classes for outer in self.open)


def page_of(html: str) -> Page:
    """Read a page."""
    page = Page()
    page.feed(html)
    return page


@dataclass
class Crawl:
    """What following every link from some addresses came to."""

    client: TestClient
    pages: dict[str, Page] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    seen: Counter[tuple[str, tuple[str, ...]]] = field(default_factory=Counter)

    def walk(self, *addresses: str) -> None:
        """Follow the links; what is not answered with 200, or names no id of its page, is ``broken``."""
        waiting = [(address, "the start") for address in addresses]
        asked: set[str] = set()
        while waiting:
            address, found_on = waiting.pop(0)
            bare, anchor = urldefrag(address)
            if bare not in asked:
                asked.add(bare)
                if self._is_one_more(bare):
                    continue
                waiting += [(link, bare) for link in self._fetch(bare, found_on)]
            if anchor and bare in self.pages and anchor not in self.pages[bare].ids:
                self.broken.append(f"{address} on {found_on}: no such id")

    def _is_one_more(self, address: str) -> bool:
        parts = urlsplit(address)
        path = re.sub(r"^/findings/(?!aws-advice).+", "/findings/one", parts.path)
        kind = (path, tuple(sorted(name for name, _ in parse_qsl(parts.query))))
        self.seen[kind] += 1
        return self.seen[kind] > ALIKE

    def _fetch(self, address: str, found_on: str) -> Iterator[str]:
        answer = self.client.get(address)
        if answer.status_code != 200:
            self.broken.append(f"{address} on {found_on}: {answer.status_code} {answer.text[:200]}")
        elif answer.headers["content-type"].startswith("text/html"):
            page = self.pages[address] = page_of(answer.text)
            for link in page.links:
                if not urlsplit(link).scheme:
                    yield f"{address}{link}" if link.startswith("#") else link
