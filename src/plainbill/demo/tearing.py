"""Connections that break on demand, beneath ASGI, which knows no way to break one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

from plainbill.demo.wire import Reply

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Tearable(H11Protocol):
    """uvicorn's protocol, which also remembers each open connection by its client's address."""

    connections_by_client: ClassVar[dict[tuple[str, int], asyncio.Transport]] = {}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        """Remember a connection."""
        super().connection_made(transport)
        if self.client:
            self.connections_by_client[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        super().connection_lost(exc)
        if self.client:
            self.connections_by_client.pop(self.client, None)


async def tear(client: tuple[str, int], receive: Receive, send: Send, reply: Reply) -> None:
    """Break the connection in the way that ``reply.torn`` says; half the body is sent where it is cut."""
    if reply.torn == "silent":
        while (await receive())["type"] != "http.disconnect":
            pass
        return
    if reply.torn == "cut":
        length = (b"content-length", str(len(reply.body)).encode())
        headers = [*reply.headers, length]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        half = reply.body[: len(reply.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        Tearable.connections_by_client[client].close()
    else:
        Tearable.connections_by_client[client].abort()
    await receive()
