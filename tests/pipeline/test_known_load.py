"""What the last snapshot holds of load is not asked again, and nobody could tell from the figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from aws import connected
from factories import NOW, instance, last_hours
from plainbill.analyzer.registry import all_checks
from plainbill.aws_connector import Connector, Scope
from plainbill.data_fetcher import ec2_load
from plainbill.data_fetcher.cloudwatch import HOUR, MetricAnswer
from plainbill.demo.large_shape import Shape
from plainbill.demo.server import DemoEndpoint
from plainbill.model.load_block import Floats, HourArray, LoadBlock
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance
from plainbill.model.run import Run, RunState
from plainbill.pipeline import AS_USUAL, Manner, refresh
from plainbill.pipeline.known_load import READ_WHOLE_AFTER, STILL_OPEN, KnownLoad, is_recent, still_open
from plainbill.settings import Settings
from plainbill.storage import Home, LoadFile, LoadWriter, SnapshotStore, State

HERE = Scope("111122223333", "us-east-1")
FLEET = [instance(instance_id=f"i-{number:017x}") for number in range(48)]
NUMBERS = {one.instance_id: number for number, one in enumerate(FLEET)}
WINDOW = last_hours(60 * 24)
BEGUN = NOW - timedelta(days=80)
HOURS = 90 * 24
CONNECTOR: Any = None  # nobody is asked by it
Loads = Mapping[str, Mapping[str, bytes | None]]


@dataclass
class Metrics:
    """Hours of any instance as CloudWatch has them at ``now``, late ones not yet, none of ``failing``."""

    now: datetime
    failing: frozenset[str] = frozenset()
    calls: int = 0

    def ask(
        self,
        connector: Connector,
        scope: Scope,
        asked: Sequence[Mapping[str, Any]],
        period: Period,
        step: int = HOUR,
    ) -> MetricAnswer:
        assert (connector, scope, step) == (CONNECTOR, HERE, HOUR)
        self.calls += 1
        first = int((period.start - BEGUN) / timedelta(hours=1))
        hours: dict[str, Sequence[float | None]] = {}
        status: dict[str, str] = {}
        for query in asked:
            metric = query["MetricStat"]["Metric"]
            one = metric["Dimensions"][0]["Value"]
            named = metric["MetricName"] + query["MetricStat"]["Stat"]
            values = self._values(NUMBERS[one], sum(named.encode()))
            hours[query["Id"]] = list(HourArray(values[first : first + period.hours]))
            status[query["Id"]] = "InternalError" if one in self.failing else "Complete"
        return MetricAnswer(hours=hours, status=status, messages=())

    def _values(self, number: int, series: int) -> Floats:
        """All hours: some without a datapoint, of late some that come only afterwards, then none."""
        random = np.random.default_rng([number, series])
        values: Floats = random.random(HOURS) * 100
        values[random.random(HOURS) < 0.1] = np.nan
        age = int((self.now - BEGUN) / timedelta(hours=1))
        values[age:] = np.nan
        late = random.random(HOURS) < 0.3
        values[max(0, age - 40) : age][late[max(0, age - 40) : age]] = np.nan
        return values


@dataclass(frozen=True)
class Life:
    """What happened from one refresh to the next."""

    days: int
    between: int
    known: frozenset[int]
    network_then: frozenset[int]
    network_now: frozenset[int]
    failing: frozenset[int]
    ahead: int = 0


SOME = st.frozensets(st.integers(0, len(FLEET) - 1))
MOST = SOME.map(lambda few: frozenset(range(len(FLEET))) - few)
LIVES = st.builds(
    Life,
    days=st.sampled_from((30, 60, 61, 70)),
    between=st.integers(1, 12 * 24),
    known=SOME | MOST,
    network_then=SOME | MOST,
    network_now=SOME | MOST,
    failing=st.frozensets(st.integers(0, len(FLEET) - 1), max_size=2),
    ahead=st.just(0) | st.integers(0, 120),  # hours; AWS refuses what is signed a quarter of one ahead
)


def read_whole(life: Life, path: Path) -> tuple[LoadFile, Period]:
    """Keep what a refresh read that long before, whose clock may have been ahead."""
    then = NOW - timedelta(hours=life.between)
    period = last_hours(min(life.days * 24, 80 * 24 - life.between), then + timedelta(hours=life.ahead))
    with LoadWriter(path) as writer:
        some = [one for number, one in enumerate(FLEET) if number in life.known]
        for block in blocks_of(some, period, Metrics(then), life.network_then):
            writer.add(block)
        return writer.finish(), period


def blocks_of(
    some: Sequence[Ec2Instance],
    period: Period,
    metrics: Metrics,
    network: frozenset[int],
    known: KnownLoad | None = None,
) -> list[LoadBlock]:
    blocks, _ = ec2_load.read(
        CONNECTOR,
        HERE,
        some,
        period,
        lambda asked, *_: np.array([NUMBERS[one.instance_id] in network for one in asked], dtype=bool),
        metrics.ask,
        known.of(some) if known else None,
    )
    return blocks


def loads(blocks: Sequence[LoadBlock]) -> Loads:
    """The very bits of every series, None for what was not asked."""
    found: dict[str, dict[str, bytes | None]] = {}
    for block in blocks:
        for number, arn in enumerate(block.arns):
            series = (block.cpu_average, block.cpu_maximum, *(block.network or ()))
            found[arn] = {str(place): values[number].tobytes() for place, values in enumerate(series)}
    return found


def answers_of(life: Life) -> tuple[Loads, Metrics, Loads, Metrics]:
    """What a full read brings, and what one does that joins what is known; with what each of them asked."""
    failing = frozenset(FLEET[number].instance_id for number in life.failing)
    full, joined = Metrics(NOW, failing), Metrics(NOW, failing)
    expected = loads(blocks_of(FLEET, WINDOW, full, life.network_now))
    with TemporaryDirectory() as folder:
        file, period = read_whole(life, Path(folder) / "load.parquet")
        hours = still_open(period, WINDOW)
        known = KnownLoad(file, hours, frozenset(), period.end) if hours else None
        found = loads(blocks_of(FLEET, WINDOW, joined, life.network_now, known))
    return expected, full, found, joined


@settings(max_examples=15)
@given(LIVES)
def test_known_hours_joined_with_new_ones_are_what_a_full_read_brings(life: Life) -> None:
    note(repr((life.days, life.between, life.ahead)))
    expected, full, found, joined = answers_of(life)
    assert found == expected
    assert joined.calls <= full.calls


@pytest.mark.parametrize("ahead", [0, 1, 8, 9, 16, 24, 36, 47, 48, 60])
def test_hours_read_by_a_clock_that_was_ahead_do_not_count_as_settled(ahead: int) -> None:
    expected, full, found, joined = answers_of(a_life(between=72, ahead=ahead))
    assert found == expected
    assert joined.calls < full.calls if not ahead else joined.calls <= full.calls


def a_life(**changes: Any) -> Life:
    everyone = frozenset(range(len(FLEET)))
    plain: dict[str, Any] = {
        "days": 60,
        "between": 24,
        "known": everyone,
        "network_then": everyone,
        "network_now": everyone,
        "failing": frozenset(),
    }
    return Life(**{**plain, **changes})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, (2, 4)),
        ({"network_then": frozenset()}, (3, 4)),
        ({"known": frozenset()}, (4, 4)),
        ({"days": 30}, (4, 4)),
    ],
    ids=["all is known", "network was not asked", "nobody was there", "a shorter window"],
)
def test_it_takes_fewer_calls_where_hours_are_known(
    changes: dict[str, Any], expected: tuple[int, int], tmp_path: Path
) -> None:
    life, full, joined = a_life(**changes), Metrics(NOW), Metrics(NOW)
    file, period = read_whole(life, tmp_path / "load.parquet")
    known = KnownLoad(file, Period(period.end - STILL_OPEN, NOW), frozenset(), NOW)
    blocks_of(FLEET, WINDOW, full, life.network_now)
    blocks_of(FLEET, WINDOW, joined, life.network_now, known)
    assert (joined.calls, full.calls) == expected


def test_where_something_was_missing_all_hours_are_asked_of_all(tmp_path: Path) -> None:
    file, period = read_whole(a_life(), tmp_path / "load.parquet")
    open_hours = Period(period.end - STILL_OPEN, NOW)
    account, region = HERE.account_id, HERE.region
    for place in ((account, region), (account, None), (None, region), (None, None)):
        known = KnownLoad(file, open_hours, frozenset({place}), NOW)
        assert known.split(HERE, FLEET, WINDOW) == ((), FLEET)
    others = frozenset({("999988887777", region), (account, "eu-west-1")})
    elsewhere = KnownLoad(file, open_hours, others, NOW)
    assert elsewhere.split(HERE, FLEET, WINDOW) == (FLEET, [])


# --- whole refreshes -----------------------------------------------------------------------


def refreshed(
    root: Path, aws: DemoEndpoint, now: datetime, how: Manner = AS_USUAL
) -> tuple[Run, dict[str, Any], int]:
    store, state = SnapshotStore(Home(root).snapshots), State(Home(root).state_db)
    checks = [one for one in all_checks() if Ec2Instance in one.kinds()][:1]
    with connected(aws.environment) as connector:
        run = refresh(connector, store, state, Settings(free_metrics="off"), now, lambda _: None, checks, how)
    state.close()
    snapshot = store.latest()
    assert snapshot
    load = dict(snapshot.utilization())
    snapshot.close()
    calls = sum(one.calls for one in run.operations if one.operation == "GetMetricData")
    return run, load, calls


def test_the_next_days_refresh_has_the_figures_of_a_first_one_for_fewer_calls(tmp_path: Path) -> None:
    with DemoEndpoint(shape=Shape(200, 1, 1)) as aws:
        refreshed(tmp_path / "kept", aws, NOW - timedelta(days=1))
        run, load, calls = refreshed(tmp_path / "kept", aws, NOW)
        _, anew, calls_anew = refreshed(tmp_path / "anew", aws, NOW)
    assert run.state is RunState.COMPLETE
    assert load == anew
    assert len(load) > 100
    assert calls < calls_anew / 2


def test_all_hours_are_read_again_where_it_is_asked_for_and_after_a_week(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with DemoEndpoint(shape=Shape(200, 1, 1)) as aws:
        first, usual, asked_for, next_day, after_a_week = (
            refreshed(home, aws, NOW - timedelta(days=8) + timedelta(days=day), how)[2]
            for day, how in (
                (0, AS_USUAL),
                (0.5, AS_USUAL),
                (1, Manner(load_again=True)),
                (7, AS_USUAL),
                (8, AS_USUAL),
            )
        )
    assert asked_for == after_a_week == first
    assert usual < first / 2
    assert next_day < first / 2, "the week goes on from when all was read at somebody's wish"


def test_what_is_of_a_clock_that_was_ahead_is_not_recent() -> None:
    assert is_recent(WINDOW.end - READ_WHOLE_AFTER + timedelta(hours=1), WINDOW)
    assert is_recent(WINDOW.end, WINDOW)
    assert not is_recent(WINDOW.end - READ_WHOLE_AFTER, WINDOW)
    assert not is_recent(WINDOW.end + timedelta(hours=1), WINDOW)
