"""Estates of any size: always the same, never made, and one instance like the small company's."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import NOW, TODAY
from plainbill.aws_connector.service_models import service_model
from plainbill.demo import instances, wire_xml
from plainbill.demo.ec2_facts import reservation
from plainbill.demo.habits import Expected
from plainbill.demo.large_company import LargeCompany
from plainbill.demo.large_ec2_page import written
from plainbill.demo.large_estate import LargeEstate
from plainbill.demo.large_lives import NEVER
from plainbill.demo.large_load import measured, points
from plainbill.demo.large_shape import MOST_REGIONS, Shape
from plainbill.demo.large_ways import WAYS
from plainbill.demo.load import HOUR, METRICS
from plainbill.demo.series import STATISTICS, Series, Window, datapoints

SHAPES = st.builds(
    Shape,
    instances=st.integers(1, 100_000),
    accounts=st.integers(1, 500),
    regions=st.integers(1, MOST_REGIONS),
    seed=st.integers(0, 1_000),
)
ESTATE = LargeEstate(Shape(2_000, 6, 4, 3), TODAY)
WAY_OF = [WAYS[way] for way in ESTATE.lives(range(2_000)).way]


@given(SHAPES)
@settings(max_examples=60)
def test_every_instance_is_in_one_place_and_knows_it(shape: Shape) -> None:
    met = 0
    for number, (account, region) in enumerate(shape.places):
        here = shape.numbers_in(account, region.name)
        assert here.start == met
        met = here.stop
        if here:
            assert shape.place_of(here[0]) == shape.place_of(here[-1]) == number
    assert met == shape.instances
    assert len(set(shape.account_ids)) == shape.accounts


@given(SHAPES, st.data())
@settings(max_examples=100)
def test_an_id_tells_its_number_and_no_other_id_does(shape: Shape, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, shape.instances - 1))
    assert shape.number_of(shape.id_of(number)) == number
    assert shape.number_of(shape.id_of(shape.instances)) is None
    assert shape.number_of(data.draw(st.text(max_size=20))) is None


def test_a_size_that_is_not_offered_is_refused() -> None:
    for wrong in ({"instances": 0}, {"accounts": 501}, {"regions": MOST_REGIONS + 1}):
        with pytest.raises(ValueError, match="must be between"):
            Shape(**wrong)


def test_some_places_are_empty_and_the_payer_has_something() -> None:
    counts = [len(ESTATE.shape.numbers_in(account, one.name)) for account, one in ESTATE.shape.places]
    assert counts[0] > 0
    assert 0 in counts
    assert not ESTATE.shape.numbers_in("000000000000", "us-east-1")


def test_an_estate_is_always_the_same_and_others_are_others() -> None:
    again = LargeEstate(Shape(2_000, 6, 4, 3), TODAY)
    other = LargeEstate(Shape(2_000, 6, 4, 4), TODAY)
    assert [again.instance(number) for number in range(50)] == [ESTATE.instance(n) for n in range(50)]
    assert again.idle() == ESTATE.idle()
    assert {other.shape.id_of(n) for n in range(50)}.isdisjoint(ESTATE.shape.id_of(n) for n in range(50))


def test_what_is_asked_for_together_is_what_is_asked_for_alone() -> None:
    together = ESTATE.lives(range(100, 200))
    for number in range(100, 200):
        alone = ESTATE.lives([number])
        for name in ("places", "way", "type", "seed", "born", "launched", "stopped"):
            assert getattr(together, name)[number - 100] == getattr(alone, name)[0]


def test_the_shares_are_a_thousand_and_a_third_is_idle() -> None:
    assert sum(way.share for way in WAYS) == 1_000
    assert sum(way.share for way in WAYS if way.truth is Expected.IDLE) == 333
    found = Counter(way.truth for way in WAY_OF)
    assert abs(found[Expected.IDLE] / 2_000 - 1 / 3) < 0.04
    assert all(found[one] for one in (Expected.NOT_IDLE, Expected.COULD_NOT_TELL, None))


def test_the_truth_of_no_instance_is_not_told() -> None:
    with pytest.raises(KeyError):
        ESTATE.truth("i-0123456789abcdef0")


@pytest.mark.parametrize("way", [way for way in WAYS if way.truth is not None], ids=lambda way: way.name)
def test_the_load_of_two_weeks_is_what_the_truth_says(way: object) -> None:
    numbers = [number for number in range(2_000) if WAY_OF[number] is way][:5]
    assert numbers
    for number in numbers:
        assert _by_cpu(number) is WAY_OF[number].by_cpu


def _by_cpu(number: int) -> Expected:
    """Judge by the seed rule, from hourly datapoints and the date of the first launch."""
    end = int(NOW.timestamp()) // HOUR * HOUR
    window = Window(end - 14 * 24 * HOUR, end, HOUR, end)
    lives, local_time = ESTATE.lives([number]), _local_time(number)
    seen = points(lives, METRICS["CPUUtilization"], local_time, window, ("Average", "Maximum"))
    there = seen.is_there[0]
    if there.any() and seen.values["Maximum"][0][there].max() >= 10:
        return Expected.NOT_IDLE
    if there.mean() < 0.9 or int(lives.born[0]) > window.start + HOUR:
        return Expected.COULD_NOT_TELL
    return Expected.IDLE if seen.values["Average"][0][there].mean() < 5 else Expected.NOT_IDLE


def _local_time(number: int) -> int:
    return ESTATE.shape.places[ESTATE.shape.place_of(number)][1].local_time


def test_a_relay_is_busy_in_nothing_but_its_network() -> None:
    relay = next(number for number in range(2_000) if WAY_OF[number].name == "relay")
    name = ESTATE.shape.id_of(relay)
    assert ESTATE.truth(name) is Expected.NOT_IDLE
    assert name in ESTATE.idle(by_cpu=True) - ESTATE.idle()


def test_datapoints_are_those_of_the_small_companys_formulas() -> None:
    chance = random.Random(5)  # noqa: S311  the same windows every time
    for _ in range(120):
        number, metric = chance.randrange(2_000), METRICS[chance.choice(sorted(METRICS))]
        window = _some_window(chance)
        names = (*chance.sample(STATISTICS, 2), *(["p90.5"] if chance.random() < 0.2 else []))
        found = points(ESTATE.lives([number]), metric, _local_time(number), window, names)
        there = found.is_there[0]
        one = ESTATE.instance(number)
        series = Series(one.curve(metric.name), metric.unit, _spans(number, window))
        for name in names:
            times, values = datapoints(series, name, window)
            assert found.times[there].tolist() == times
            assert found.values[name][0][there].tolist() == values


def _some_window(chance: random.Random) -> Window:
    days, now = chance.choice([1, 3, 14, 28, 80]), NOW + timedelta(minutes=17)
    period = chance.choice([300, 900, HOUR, 2 * HOUR, 24 * HOUR, 14 * 24 * HOUR] if days < 60 else [HOUR])
    end = chance.choice(
        [now, now.replace(hour=0, minute=0), now - timedelta(minutes=chance.randrange(9_000))]
    )
    return Window.of(end - timedelta(days=days, minutes=chance.choice([0, 7, 60])), end, period, now)


def _spans(number: int, window: Window) -> tuple[tuple[int, int | None], ...]:
    """The hours with data, as spans."""
    first, stop = window.start // HOUR - 1, window.now // HOUR + 1
    seen = measured(ESTATE.lives([number]), first, stop, window.now)[0]
    edges = np.flatnonzero(np.diff(seen, prepend=False, append=False))
    return tuple((first + int(at), first + int(end)) for at, end in edges.reshape(-1, 2))


def test_metrics_are_only_of_hours_in_which_an_instance_ran() -> None:
    now = int(NOW.timestamp()) // HOUR
    for number in range(300):
        lives = ESTATE.lives([number])
        seen = np.flatnonzero(measured(lives, now - 24 * 40, now, now * HOUR)[0]) + now - 24 * 40
        runs = [(int(start[0]), int(end[0])) for start, end in lives.runs]
        assert all(any(start <= hour < end for start, end in runs) for hour in seen)
        assert all(end <= now or end == NEVER for _, end in runs)


def test_a_page_is_to_the_letter_what_the_model_writes_of_each_instance() -> None:
    service = service_model("ec2")
    operation = service.operation("DescribeInstances")
    for number in range(0, 2_000, 7):
        answer = {"Reservations": [reservation(ESTATE.instance(number))]}
        text = wire_xml.write(service, operation, answer, "", is_ec2=True).decode()
        assert f"<reservationSet>{written(ESTATE, [number])}</reservationSet>" in text


def test_nothing_is_made_for_each_instance(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    born = instances.DemoInstance.__init__

    def counted(self: instances.DemoInstance, *args: object, **more: object) -> None:
        made.append(self)
        born(self, *args, **more)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(instances.DemoInstance, "__init__", counted)
    company = LargeCompany(TODAY, shape=Shape(100_000, 500, 30))
    assert company.estate.idle()
    assert company.instances == company.instances_in(company.payer, "us-east-1") == ()
    assert made == []
    company.estate.instance(99_999)
    assert len(made) == 1
