"""A stream of readings holds only so many of them, however many there are, and loses none."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import CancelledError
from functools import partial
from threading import Event, Lock, Thread
from time import sleep

import pytest

from plainbill.aws_connector.errors import AccessDenied, Asked
from plainbill.data_fetcher.crew import Crew, Reading, Unit
from plainbill.errors import StorageError
from plainbill.model.progress import Progress

SHOP = "111122223333"


def unit(number: int, region: str = "eu-west-1", after: Event | None = None) -> Unit[int]:
    def read() -> Reading[int]:
        assert after is None or after.wait(timeout=10)
        return Reading(number, 1)

    return Unit("ec2_metrics", SHOP, region, read)


def refused() -> Reading[int]:
    raise AccessDenied(Asked("ec2", "DescribeInstances", SHOP, "eu-west-1"), "UnauthorizedOperation", "no")


def ignore(_progress: Progress) -> None:
    pass


class Drawn:
    """Counts how many units were drawn and how many results were delivered."""

    def __init__(self, units: int) -> None:
        self.now = 0
        self.most_undelivered = 0
        self._units, self._delivered = units, 0

    def __iter__(self) -> Iterator[Unit[int]]:
        for number in range(self._units):
            self.now += 1
            self.most_undelivered = max(self.most_undelivered, self.now - self._delivered)
            yield unit(number)

    def had_one(self) -> None:
        self._delivered += 1


def test_nothing_is_drawn_before_the_first_result_is_asked_for() -> None:
    drawn = Drawn(5)
    with Crew(ignore) as crew:
        crew.stream(drawn, at_once=2)
        assert drawn.now == 0


def test_no_more_than_so_many_are_drawn_without_their_result_having_been_delivered() -> None:
    drawn, had = Drawn(200), []
    with Crew(ignore, workers=8) as crew:
        for number in crew.stream(drawn, at_once=5):
            had.append(number)
            assert drawn.now - len(had) < 5
            drawn.had_one()
    assert sorted(had) == list(range(200))
    assert drawn.most_undelivered == 5


def test_what_is_quick_is_delivered_while_something_slow_goes_on() -> None:
    slow = Event()
    with Crew(ignore, workers=2) as crew:
        stream = crew.stream([unit(0, after=slow), *map(unit, range(1, 6))], at_once=3)
        assert {next(stream) for _ in range(5)} == {1, 2, 3, 4, 5}
        slow.set()
        assert list(stream) == [0]


def test_a_refused_unit_is_a_gap_and_the_others_are_delivered() -> None:
    units = [unit(0), Unit("ec2_metrics", SHOP, "eu-west-1", refused), unit(2)]
    with Crew(ignore) as crew:
        assert sorted(crew.stream(units, at_once=1)) == [0, 2]
    assert [gap.kind for gap in crew.gaps] == ["AccessDenied"]


def test_no_unit_is_no_result() -> None:
    with Crew(ignore) as crew:
        assert list(crew.stream([], at_once=3)) == []


def test_a_step_ends_once_with_the_sum_of_its_items_although_its_units_are_drawn_one_by_one() -> None:
    seen: list[Progress] = []
    units = [unit(0), unit(1), unit(2), unit(3, "us-east-1"), unit(4, "us-east-1")]
    with Crew(seen.append, workers=1) as crew:
        assert len(list(crew.stream(units, at_once=1))) == 5
    ended = [(one.region, one.items) for one in seen if one.state == "done"]
    assert ended == [("eu-west-1", 3), ("us-east-1", 2)]


def test_who_stops_early_waits_for_nothing_that_has_not_begun() -> None:
    began: list[int] = []
    lock, go = Lock(), Event()

    def read(number: int) -> Reading[int]:
        with lock:
            began.append(number)
        if number:
            assert go.wait(timeout=10)
        return Reading(number, 1)

    units = [Unit("ec2_metrics", SHOP, "eu-west-1", partial(read, n)) for n in range(9)]
    with Crew(ignore, workers=1) as crew:
        stream = crew.stream(iter(units), at_once=9)
        assert next(stream) == 0
        stream.close()
        go.set()
    assert len(began) <= 2


def test_an_error_that_is_not_of_aws_reaches_the_caller() -> None:
    def read() -> Reading[int]:
        raise StorageError("disk full")

    with pytest.raises(StorageError, match="disk full"), Crew(ignore) as crew:
        list(crew.stream([Unit("ec2_metrics", SHOP, "eu-west-1", read)], at_once=2))


@pytest.mark.parametrize("at_once", [1, 2], ids=["drawn afterwards", "waiting for a hand"])
def test_who_draws_from_a_stream_is_not_left_waiting_when_the_crew_is_closed(at_once: int) -> None:
    began, goes_on, seen = Event(), Event(), list[int]()

    def first() -> Reading[int]:
        began.set()
        assert goes_on.wait(timeout=10)
        return Reading(0, 1)

    crew = Crew(ignore, workers=1)
    units = [Unit("ec2_metrics", SHOP, "eu-west-1", first), unit(1)]

    def draw() -> None:
        with pytest.raises(CancelledError):
            seen.extend(crew.stream(units, at_once=at_once))

    drawing, closing = (
        Thread(target=draw, daemon=True),
        Thread(target=lambda: crew.__exit__(None, None, None)),
    )
    drawing.start()
    assert began.wait(timeout=10)
    closing.start()
    while not crew._hands._closed:
        sleep(0.001)
    goes_on.set()
    drawing.join(timeout=10)
    closing.join(timeout=10)
    assert not drawing.is_alive()
    assert seen in ([0], [])
