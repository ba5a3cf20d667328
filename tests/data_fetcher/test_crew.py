"""One failing read never takes another with it, and every step says how it ended."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, get_ident

import pytest

from plainbill.aws_connector.errors import AccessDenied, Asked, CredentialsExpired
from plainbill.data_fetcher.crew import Crew, Reading, Unit
from plainbill.errors import AwsError, StorageError
from plainbill.model.inventory import Gap
from plainbill.model.progress import Progress

SHOP = "111122223333"


class Watcher:
    """Remembers what was reported; notices two reports at once."""

    def __init__(self) -> None:
        self.seen: list[Progress] = []
        self._inside: int | None = None

    def __call__(self, progress: Progress) -> None:
        assert self._inside is None, "two threads reported at once"
        self._inside = get_ident()
        self.seen.append(progress)
        self._inside = None

    def states(self, region: str) -> list[str]:
        return [progress.state for progress in self.seen if progress.region == region]


def unit(region: str, read: Callable[[], Reading[str]]) -> Unit[str]:
    return Unit("ec2_instances", SHOP, region, read)


def failing(error: AwsError) -> Callable[[], Reading[str]]:
    def read() -> Reading[str]:
        raise error

    return read


def denied(region: str) -> AccessDenied:
    return AccessDenied(Asked("ec2", "DescribeInstances", SHOP, region), "UnauthorizedOperation", "no")


def test_what_was_read_is_kept_in_order_while_a_refused_read_becomes_a_gap() -> None:
    watcher = Watcher()
    with Crew(watcher, workers=2) as crew:
        started = crew.start(
            [
                unit("eu-west-1", lambda: Reading("ireland", 3)),
                unit("us-east-1", failing(denied("us-east-1"))),
                unit("us-west-2", lambda: Reading("oregon", 0)),
            ]
        )
        assert crew.results(started) == ["ireland", "oregon"]
    (gap,) = crew.gaps
    assert (gap.source, gap.account_id, gap.region) == ("ec2_instances", SHOP, "us-east-1")
    assert (gap.kind, gap.action) == ("AccessDenied", "ec2:DescribeInstances")
    assert watcher.states("eu-west-1") == ["waiting", "running", "done"]
    assert watcher.states("us-east-1") == ["waiting", "running", "gap"]
    ended = {progress.region: progress for progress in watcher.seen if progress.state in {"done", "gap"}}
    assert (ended["us-west-2"].items, ended["us-west-2"].note) == (0, None)
    assert (ended["us-east-1"].items, ended["us-east-1"].note) == (None, gap.reason)


def test_units_run_at_the_same_time() -> None:
    together = Barrier(3, timeout=10)

    def read() -> Reading[str]:
        together.wait()  # fails unless all three are here at once
        return Reading("here", 1)

    with Crew(Watcher(), workers=3) as crew:
        assert crew.results(crew.start(unit(region, read) for region in "abc")) == ["here"] * 3


def test_a_step_of_several_units_ends_once_with_the_sum_of_its_items() -> None:
    watcher = Watcher()
    with Crew(watcher, workers=1) as crew:
        several = [unit("eu-west-1", lambda: Reading("some", 5)) for _ in range(3)]
        assert len(crew.results(crew.start(several))) == 3
    assert watcher.states("eu-west-1") == ["waiting", "running", "running", "running", "done"]
    assert watcher.seen[-1].items == 15


def test_a_reading_with_something_missing_keeps_its_value_and_its_gap() -> None:
    watcher, gap = Watcher(), _gap("2 instances are missing.")
    with Crew(watcher) as crew:
        assert crew.results(crew.start([unit("eu-west-1", lambda: Reading("some", 5, [gap]))])) == ["some"]
    assert crew.gaps == [gap]
    last = watcher.seen[-1]
    assert (last.state, last.items, last.note) == ("gap", 5, "2 instances are missing.")


def test_an_answer_that_cannot_be_used_brings_no_value() -> None:
    unusable: Reading[str] = Reading(None, 0, [_gap("mixed")])
    with Crew(Watcher()) as crew:
        assert crew.results(crew.start([unit("eu-west-1", lambda: unusable)])) == []


def test_once_the_credentials_have_expired_nobody_asks_again_and_every_unit_says_so() -> None:
    asked: list[str] = []

    def read() -> Reading[str]:
        asked.append("asked")
        return Reading("read", 1)

    expired = CredentialsExpired(Asked("ec2", "DescribeInstances", SHOP, "a"), "ExpiredToken")
    with Crew(Watcher(), workers=1) as crew:
        started = crew.start(
            [unit("before", read), unit("a", failing(expired)), unit("b", read), unit("c", read)]
        )
        assert crew.results(started) == ["read"]
    assert asked == ["asked"]
    assert [(gap.region, gap.kind) for gap in crew.gaps] == [
        ("a", "CredentialsExpired"),
        ("b", "CredentialsExpired"),
        ("c", "CredentialsExpired"),
    ]


def test_an_error_that_is_not_of_aws_is_not_hidden_in_a_gap() -> None:
    def read() -> Reading[str]:
        raise StorageError("disk full")

    with pytest.raises(StorageError, match="disk full"), Crew(Watcher()) as crew:
        crew.results(crew.start([unit("eu-west-1", read)]))


def _gap(reason: str) -> Gap:
    return Gap(
        source="ec2_instances",
        account_id=SHOP,
        region="eu-west-1",
        kind="Incomplete",
        action=None,
        reason=reason,
        remedy="Refresh again.",
    )
