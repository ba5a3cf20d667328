"""AWS's timestamps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from plainbill.aws_connector import instant

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "sent",
    [
        NOON,
        NOON.astimezone(timezone(timedelta(hours=5, minutes=30))),
        NOON.timestamp(),
        int(NOON.timestamp()),
        str(NOON.timestamp()),
        "2026-11-24T12:00:00Z",
        "2026-11-24T12:00:00.000Z",
        "2026-11-24T12:00:00",
        "2026-11-24T13:00:00+01:00",
        " 2026-11-24T12:00:00Z\n",
        "Tue, 24 Nov 2026 12:00:00 GMT",
    ],
)
def test_every_spelling_of_one_moment_is_that_moment_in_utc(sent: str | float | datetime) -> None:
    assert instant(sent) == NOON
    assert instant(sent).tzinfo is UTC


def test_fractions_of_a_second_are_kept() -> None:
    assert instant("2026-11-24T12:00:00.123456Z").microsecond == 123456
    assert instant(NOON.timestamp() + 0.5).microsecond == 500_000


@pytest.mark.parametrize("sent", ["", "yesterday", "2026-13-01T00:00:00Z", "12:00"])
def test_what_is_no_timestamp_is_refused(sent: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        instant(sent)
