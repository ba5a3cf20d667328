"""What a unit costs, what is not counted, and why it changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from plainbill.analyzer.cents import to_cent
from plainbill.analyzer.unit_cost import UnitSpan, unit_cost, unit_effects
from plainbill.analyzer.unit_series import numbers_of, owners_of, unit_spans
from plainbill.model.period import Period
from plainbill.model.units import Grain, UnitKind, UnitSeries, Values

FIRST, DAY = date(2026, 11, 1), timedelta(days=1)
MONTH = Period.of_days(FIRST, date(2026, 12, 1))


def spans(*figures: tuple[str | None, str | None]) -> list[UnitSpan]:
    return [
        UnitSpan(
            start=FIRST + n * DAY,
            end=FIRST + (n + 1) * DAY,
            cost=None if cost is None else Decimal(cost),
            units=None if units is None else Decimal(units),
        )
        for n, (cost, units) in enumerate(figures)
    ]


def series(values: Values, grain: Grain = Grain.DAY, kind: UnitKind = UnitKind.FLOW) -> UnitSeries:
    saved = datetime(2026, 12, 1, tzinfo=UTC)
    return UnitSeries(name="orders", kind=kind, grain=grain, source="o.csv", saved_at=saved, values=values)


def facts(*values: object) -> tuple[object, ...]:
    return values


# --- what must not be claimed ---------------------------------------------------------------


def test_a_day_without_a_number_is_not_counted_and_neither_is_its_cost() -> None:
    said = unit_cost(spans(("10", "5"), ("90", None), ("20", "5")), UnitKind.FLOW)
    assert (said.spans, said.counted, said.without_units, said.zero) == (3, 2, 1, 0)
    assert facts(said.cost, said.units, said.unit_cost) == (30, 10, 3)


def test_a_day_whose_cost_is_not_known_is_not_free() -> None:
    said = unit_cost(spans(("10", "5"), (None, "5")), UnitKind.FLOW)
    assert facts(said.counted, said.without_cost, said.unit_cost) == (1, 1, 2)


def test_no_units_are_not_infinitely_dear_but_their_cost_counts() -> None:
    said = unit_cost(spans(("10", "0")), UnitKind.FLOW)
    assert facts(said.counted, said.zero, said.cost, said.units, said.unit_cost) == (1, 1, 10, 0, None)
    assert unit_cost(spans(("10", "0"), ("10", "4")), UnitKind.FLOW).unit_cost == 5


def test_of_nothing_counted_nothing_is_known() -> None:
    said = unit_cost(spans(("10", None), (None, None)), UnitKind.LEVEL)
    assert (said.counted, said.units, said.unit_cost) == (0, None, None)


def test_a_change_without_units_on_either_side_is_not_split() -> None:
    some = spans(("10", "5"))
    for other in ([], spans(("10", None)), spans(("10", "0"))):
        assert unit_effects(other, some) is None
        assert unit_effects(some, other) is None


def test_owners_are_not_summed_on_a_day_that_one_of_them_lacks() -> None:
    values: Values = {
        (FIRST, "a"): Decimal(1),
        (FIRST, "b"): Decimal(2),
        (FIRST + DAY, "a"): Decimal(3),
        (FIRST + 2 * DAY, "a"): Decimal(4),
        (FIRST + 2 * DAY, "b"): Decimal(5),
        (FIRST + 3 * DAY, "b"): Decimal(6),
    }
    one = series(values)
    assert owners_of(one) == ["a", "b"]
    assert numbers_of(one, None) == {FIRST: 3, FIRST + 2 * DAY: 9, FIRST + 3 * DAY: 6}
    assert numbers_of(one, "b") == {FIRST: 2, FIRST + 2 * DAY: 5, FIRST + 3 * DAY: 6}


def test_a_month_is_counted_only_whole_and_with_all_of_its_days() -> None:
    one = series({(date(2026, month, 1), None): Decimal(10) for month in (10, 11)}, Grain.MONTH)
    costs = {day: Decimal(2) for day in MONTH.dates()}
    part = Period.of_days(date(2026, 10, 20), MONTH.end_day)
    (november,) = unit_spans(one, part, costs)
    assert facts(november.start, november.cost, november.units) == (FIRST, 60, 10)
    (unknown,) = unit_spans(one, MONTH, {**costs, FIRST: None})
    assert unknown.cost is None


# --- what is said ---------------------------------------------------------------------------


def test_customers_are_averaged_and_requests_are_added() -> None:
    two = spans(("10", "4"), ("20", "6"))
    assert facts(unit_cost(two, UnitKind.LEVEL).units, unit_cost(two, UnitKind.LEVEL).unit_cost) == (5, 6)
    assert facts(unit_cost(two, UnitKind.FLOW).units, unit_cost(two, UnitKind.FLOW).unit_cost) == (10, 3)


def test_numbers_of_all_together_are_taken_before_those_of_owners() -> None:
    one = series({(FIRST, None): Decimal(10), (FIRST, "a"): Decimal(3)})
    assert numbers_of(one, None) == {FIRST: 10}


def test_a_change_is_more_units_and_a_higher_cost_of_each() -> None:
    said = unit_effects(spans(("100", "10")), spans(("180", "15")))
    assert said is not None
    assert facts(said.spans, said.volume, said.unit_cost, said.change) == (0, 50, 30, 80)


def test_one_day_more_is_not_more_units() -> None:
    said = unit_effects(spans(("100", "10")), spans(("100", "10"), ("100", "10")))
    assert said is not None
    assert facts(said.spans, said.volume, said.unit_cost) == (100, 0, 0)


FIGURES = st.tuples(
    st.none() | st.decimals(-500, 5000, places=9).map(str), st.none() | st.integers(0, 10**9).map(str)
)
SPANS = st.lists(FIGURES, max_size=8).map(lambda figures: spans(*figures))


@given(before=SPANS, after=SPANS)
def test_the_effects_sum_to_the_change_of_the_counted_costs(
    before: list[UnitSpan], after: list[UnitSpan]
) -> None:
    said = unit_effects(before, after)
    costs = [
        to_cent(sum((one.cost or Decimal(0) for one in some if one.is_counted), Decimal(0)))
        for some in (before, after)
    ]
    if said is not None:
        assert [said.before, said.after] == costs
        assert said.spans + said.volume + said.unit_cost == said.change == costs[1] - costs[0]
