"""Static files: hashed, compressed once, immutable where the address carries the hash."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from plainbill.app.answers import Answer, Packed

STATIC = Path(__file__).parent / "static"
NEEDED_VENDOR_FILES = ("vendor/chart.umd.js",)
_IMMUTABLE = "public, max-age=31536000, immutable"
_REVALIDATE = "no-cache"
_BEST_BROTLI = 11
_TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}


def missing_assets(static: Path = STATIC) -> str | None:
    """Return a sentence about vendor files that the installation did not bring, None when all are there."""
    missing = [name for name in NEEDED_VENDOR_FILES if not (static / name).is_file()]
    if not missing:
        return None
    return (
        f"{', '.join(missing)} is missing in {static}, so the charts stay empty (their tables do not); "
        "install again to fetch it: `pip install -e .` in a clone, or the wheel of a release"
    )


class Assets:
    """The static files of one folder, read and hashed once.

    Only files that lay there at the start, of a known type, are ever served: no request reaches the disk.
    """

    def __init__(self, folder: Path = STATIC) -> None:
        self._hashed: dict[str, Answer] = {}
        self._plain: dict[str, Answer] = {}
        self._is_closing = False
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in _TYPES:
                name, body = path.relative_to(folder).as_posix(), path.read_bytes()
                packed, kind = Packed(body, _BEST_BROTLI), _TYPES[path.suffix]
                self._hashed[name] = Answer(packed, kind, cache_control=_IMMUTABLE)
                self._plain[name] = Answer(packed, kind, cache_control=_REVALIDATE)

    def url(self, name: str) -> str:
        """Return the address of a file with the hash of its content; of a missing one without."""
        known = self._hashed.get(name)
        address = "/static/" + quote(name)
        return address if known is None else f"{address}?v={known.packed.digest[:12]}"

    def find(self, name: str, version: str | None) -> Answer | None:
        """Return a file; the answer may be kept for ever only when ``version`` is its content's hash."""
        known = self._hashed.get(name)
        if known is not None and version == known.packed.digest[:12]:
            return known
        return self._plain.get(name)

    def warm(self) -> None:
        """Compress everything that pages link to; worth doing off the event loop at start."""
        for answer in self._hashed.values():
            if self._is_closing:
                return
            _ = answer.packed.brotli, answer.packed.gzip

    def close(self) -> None:
        """Let ``warm`` end early."""
        self._is_closing = True


class AnswerResponse(Response):
    """Hands a prepared answer to FastAPI, which only knows responses."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the prepared bytes."""
        await self._answer(scope, receive, send)


def assets_router(assets: Assets) -> APIRouter:
    """Return the route of the static files."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/static/{name:path}", methods=["GET", "HEAD"])
    async def static(request: Request, name: str) -> Response:
        answer = assets.find(name, request.query_params.get("v"))
        if answer is None:
            raise HTTPException(404, "there is no such file")
        return AnswerResponse(answer)

    return router
