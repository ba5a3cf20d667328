"""The state of the data as a page shows it: what it is remembered by and what it is made from are one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from plainbill.app.views.shapes import StatusView
from plainbill.app.wire import encode


@dataclass(frozen=True, slots=True)
class Seen:
    """A status; equal to another one as long as the two are shown alike, to the minute."""

    mark: bytes
    status: StatusView = field(compare=False)


def seen(status: StatusView) -> Seen:
    """Return the status of this moment."""
    minutes = None if status.age_seconds is None else status.age_seconds // 60
    return Seen(encode(replace(status, age_seconds=minutes)), status)
