"""Answers whose bytes are made once and sent many times: body, gzip, brotli, ETag, 304."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections import OrderedDict
from collections.abc import Mapping
from functools import cached_property

import brotli
from starlette.types import Receive, Scope, Send

PRIVATE = "private, no-cache"
_SMALL = 400  # bytes; below this compression costs more than it saves
_CODING = re.compile(rb"\s*([\w*-]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*$")
Headers = list[tuple[bytes, bytes]]


class Packed:
    """A body and its compressed forms, each made when first asked for; ``quality`` is brotli's, 0 to 11."""

    def __init__(self, body: bytes, quality: int = 5) -> None:
        self.body, self.quality = body, quality
        self.digest = hashlib.sha256(body).hexdigest()[:32]

    @cached_property
    def gzip(self) -> bytes:
        """The body in gzip."""
        return gzip.compress(self.body, 9 if self.quality > 5 else 6, mtime=0)

    @cached_property
    def brotli(self) -> bytes:
        """The body in brotli."""
        return bytes(brotli.compress(self.body, quality=self.quality))


class Answer:
    """Bytes ready to be sent; itself an ASGI application that negotiates encoding and freshness."""

    def __init__(
        self,
        body: Packed | bytes,
        media_type: str,
        *,
        cache_control: str = PRIVATE,
        extra: Mapping[str, str] | None = None,
    ) -> None:
        self.packed = body if isinstance(body, Packed) else Packed(body)
        self._common: Headers = [
            (b"content-type", media_type.encode("ascii")),
            (b"cache-control", cache_control.encode("ascii")),
            (b"vary", b"Accept-Encoding"),
            *(
                (name.lower().encode("ascii"), value.encode("latin-1"))
                for name, value in (extra or {}).items()
            ),
        ]

    @property
    def size(self) -> int:
        """Bytes this answer may come to hold in memory."""
        return len(self.packed.body) * 2

    def encoded(self, coding: str) -> bytes:
        """Return the body in one of the codings ``br``, ``gzip``, ``identity``."""
        if coding == "identity":
            return self.packed.body
        return self.packed.brotli if coding == "br" else self.packed.gzip

    def etag(self, coding: str) -> str:
        """Return the strong validator of one coding: the bytes differ, so the tags must."""
        return f'"{self.packed.digest}"' if coding == "identity" else f'"{self.packed.digest}-{coding}"'

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the answer, or 304 when the client holds these very bytes."""
        asked, held = _what_the_client_says(scope)
        coding = negotiate(asked) if len(self.packed.body) >= _SMALL else "identity"
        headers = [*self._common, (b"etag", self.etag(coding).encode("ascii"))]
        if held is not None and self._is_held(held):
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        await self._send_body(scope, send, headers, coding)

    async def _send_body(self, scope: Scope, send: Send, headers: Headers, coding: str) -> None:
        body = self.encoded(coding)
        headers.append((b"content-length", str(len(body)).encode("ascii")))
        if coding != "identity":
            headers.append((b"content-encoding", coding.encode("ascii")))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    def _is_held(self, if_none_match: bytes) -> bool:
        if if_none_match.strip() == b"*":
            return True
        tags = {tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b",")}
        return any(self.etag(coding).encode("ascii") in tags for coding in ("br", "gzip", "identity"))


class AnswerCache:
    """The answers of one edition of the data, the least recently used ones dropped first.

    ``max_bytes`` bounds the bodies together with what their compressed forms may add.
    """

    def __init__(self, max_entries: int = 512, max_bytes: int = 64 * 1024 * 1024) -> None:
        self._answers: OrderedDict[tuple[str, bytes], Answer] = OrderedDict()
        self._max_entries, self._max_bytes = max_entries, max_bytes
        self._bytes = 0
        self._edition = ""

    def get(self, edition: str, path: str, query: bytes) -> Answer | None:
        """Return the prepared answer, or None where none was made for this edition."""
        if edition != self._edition:
            self._start(edition)
            return None
        answer = self._answers.get((path, query))
        if answer is not None:
            self._answers.move_to_end((path, query))
        return answer

    def put(self, edition: str, path: str, query: bytes, answer: Answer) -> None:
        """Keep an answer; one that was made for another edition is not kept."""
        if edition != self._edition or answer.size > self._max_bytes or (path, query) in self._answers:
            return
        self._answers[path, query] = answer
        self._bytes += answer.size
        while len(self._answers) > self._max_entries or self._bytes > self._max_bytes:
            _, dropped = self._answers.popitem(last=False)
            self._bytes -= dropped.size

    def __len__(self) -> int:
        return len(self._answers)

    def _start(self, edition: str) -> None:
        self._answers.clear()
        self._bytes, self._edition = 0, edition


def negotiate(accept_encoding: bytes) -> str:
    """Choose ``br``, ``gzip`` or ``identity`` from an Accept-Encoding header (RFC 9110, 12.5.3)."""
    weights: dict[bytes, float] = {}
    for part in accept_encoding.lower().split(b","):
        if match := _CODING.match(part):
            weights[match[1]] = float(match[2] or 1)
    best = max((b"br", b"gzip"), key=lambda coding: weights.get(coding, weights.get(b"*", 0)))
    if weights.get(best, weights.get(b"*", 0)) <= 0:
        return "identity"
    return best.decode("ascii")


def _what_the_client_says(scope: Scope) -> tuple[bytes, bytes | None]:
    accepts, held = b"", None
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            accepts = value
        elif name == b"if-none-match":
            held = value
    return accepts, held
