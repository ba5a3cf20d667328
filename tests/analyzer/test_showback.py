"""Whatever is shared and however it is spread, the rows sum to the bill to the cent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainbill.analyzer.cents import in_cents, split, to_cent
from plainbill.analyzer.showback import NOBODY, Part, Showback, showback, unallocated
from plainbill.model.cost_rule import Spread

NAMES = ("web", "data", "shared", "tax", "lab", NOBODY)
AMOUNTS = st.one_of(
    st.decimals(-5000, 50_000, places=9),
    st.sampled_from([Decimal(0), Decimal("1e-9"), Decimal("-0.005"), Decimal("0.005"), Decimal("0.01")]),
)
COSTS = st.dictionaries(st.sampled_from(NAMES), AMOUNTS)
SHARED = st.sets(st.sampled_from(("shared", "tax", NOBODY)))


def d(text: str) -> Decimal:
    return Decimal(text)


def charged(done: Showback) -> dict[str, Decimal]:
    return {line.key: line.charged for line in done.lines}


def rounded(costs: dict[str, Decimal]) -> Decimal:
    return to_cent(sum(costs.values(), Decimal(0)))


@st.composite
def percents(draw: st.DrawFn) -> dict[str, Decimal]:
    cuts = sorted(draw(st.lists(st.integers(0, 10_000), max_size=2)))
    parts = [after - before for before, after in zip([0, *cuts], [*cuts, 10_000], strict=True)]
    return {name: Decimal(part) / 100 for name, part in zip(("web", "data", "new"), parts, strict=False)}


# --- what must be left alone ----------------------------------------------------------------


def test_nothing_shared_leaves_every_row_as_it_was_billed() -> None:
    done = showback({"web": d("1.00"), NOBODY: d("2.00")})
    assert charged(done) == {"web": d("1.00"), NOBODY: d("2.00")}
    assert (done.used, done.why, unallocated(done.lines)) == (None, None, d("2.00"))


def test_costs_without_an_owner_get_no_share_and_stay_nobody_s() -> None:
    done = showback({"web": d("90"), "shared": d("10"), NOBODY: d("500")}, {"shared"})
    assert charged(done) == {"web": d("100.00"), "shared": d("0.00"), NOBODY: d("500.00")}
    assert unallocated(done.lines) == d("500.00")


def test_by_no_rule_what_is_shared_stays_where_it_is() -> None:
    done = showback({"web": d("90"), "shared": d("10")}, {"shared"}, Spread.NONE)
    assert charged(done) == {"web": d("90.00"), "shared": d("10.00")}
    assert (done.shared, unallocated(done.lines)) == (d("10.00"), d("10.00"))


def test_an_amount_in_whole_cents_is_never_moved() -> None:
    assert in_cents({"a": d("0.01"), "b": d("-3.00"), "c": d("0.009")}) == {
        "a": d("0.01"),
        "b": d("-3.00"),
        "c": d("0.01"),
    }


# --- the defined fallbacks ------------------------------------------------------------------


def test_without_any_owner_nothing_is_spread_and_that_is_said() -> None:
    for rule in (Spread.PROPORTIONAL, Spread.EVEN):
        done = showback({"shared": d("10"), NOBODY: d("5")}, {"shared"}, rule)
        assert (done.used, done.why) == (None, "there is no owner to spread them over")
        assert charged(done) == {"shared": d("10.00"), NOBODY: d("5.00")}


def test_in_proportion_to_nothing_is_evenly_and_that_is_said() -> None:
    costs = {"web": d("-4"), "data": d("0"), "shared": d("10")}
    done = showback(costs, {"shared"})
    assert done.used is Spread.EVEN
    assert done.why == "no owner has costs above zero to go by, so each gets the same"
    assert charged(done) == {"web": d("1.00"), "data": d("5.00"), "shared": d("0.00")}


def test_an_owner_below_zero_gets_no_share_and_is_named() -> None:
    done = showback({"web": d("30"), "lab": d("-20"), "shared": d("6")}, {"shared"})
    assert charged(done) == {"web": d("36.00"), "lab": d("-20.00"), "shared": d("0.00")}
    assert done.left_out == ["lab"]


def test_all_untagged_can_be_shared_only_by_owners() -> None:
    done = showback({NOBODY: d("7.77")}, {NOBODY}, Spread.FIXED, {"web": d("60"), "data": d("40")})
    assert charged(done) == {"web": d("4.66"), "data": d("3.11"), NOBODY: d("0.00")}


def test_the_part_of_an_owner_that_is_gone_is_borne_by_the_others_in_proportion() -> None:
    done = showback(
        {"web": d("1"), "shared": d("10")}, {"shared"}, Spread.FIXED, {"web": d("60"), "data": d("20")}
    )
    assert charged(done) == {"web": d("8.50"), "data": d("2.50"), "shared": d("0.00")}


@pytest.mark.parametrize("left", [{}, {"web": d("0")}])
def test_without_any_percentage_nothing_is_spread_and_that_is_said(left: dict[str, Decimal]) -> None:
    done = showback({"web": d("1"), "shared": d("10")}, {"shared"}, Spread.FIXED, left)
    assert charged(done) == {"web": d("1.00"), "shared": d("10.00")}
    assert (done.used, done.why) == (None, "no owner with a percentage is left to bear them")


@pytest.mark.parametrize(
    "wrong",
    [
        {"web": d("100.01")},
        {"web": d("150"), "data": d("-50")},
        {"web": d("50"), "shared": d("50")},
        {"web": d("50"), NOBODY: d("50")},
    ],
)
def test_percentages_that_are_none_are_refused(wrong: dict[str, Decimal]) -> None:
    with pytest.raises(ValueError, match=r"percentages|owner"):
        showback({"web": d("1"), "shared": d("1")}, {"shared"}, Spread.FIXED, wrong)


@pytest.mark.parametrize("weights", [{}, {"a": d("0")}, {"a": d("-1"), "b": d("2")}])
def test_nothing_is_split_by_weights_that_cannot_be(weights: dict[str, Decimal]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(d("1.00"), weights)


# --- what always holds ----------------------------------------------------------------------


def test_cents_go_to_the_largest_remainders() -> None:
    costs = {"web": d("1"), "data": d("1"), "lab": d("1"), "shared": d("1")}
    assert [line.share for line in showback(costs, {"shared"}).lines] == [
        d("0.34"),
        d("0.33"),
        d("0.33"),
        d("-1.00"),
    ]


@given(costs=COSTS, shared=SHARED, rule=st.sampled_from([Spread.PROPORTIONAL, Spread.EVEN, Spread.NONE]))
def test_the_rows_sum_to_the_bill_by_every_rule(
    costs: dict[str, Decimal], shared: set[str], rule: Spread
) -> None:
    adds_up(costs, showback(costs, shared, rule))


@given(costs=COSTS, shared=SHARED, fixed=percents())
def test_the_rows_sum_to_the_bill_by_percentages(
    costs: dict[str, Decimal], shared: set[str], fixed: dict[str, Decimal]
) -> None:
    done = showback(costs, shared, Spread.FIXED, fixed)
    adds_up({**dict.fromkeys(fixed, Decimal(0)), **costs}, done)


def adds_up(costs: dict[str, Decimal], done: Showback) -> None:
    lines = {line.key: line for line in done.lines}
    assert lines.keys() == costs.keys()
    assert done.total == rounded(costs)
    assert sum((line.direct for line in done.lines), Decimal(0)) == done.total
    assert sum((line.charged for line in done.lines), Decimal(0)) == done.total
    assert sum((line.share for line in done.lines), Decimal(0)) == 0
    for line in done.lines:
        assert abs(line.direct - line.exact) < Decimal("0.01")
        assert line.charged == line.charged.quantize(Decimal("0.01"))
        if line.part is Part.OWNER:
            assert line.share * done.shared >= 0  # nobody gains by what is shared
    spread = done.used is not None
    assert not spread or all(line.charged == 0 for line in done.lines if line.part is Part.SHARED)
    assert not spread or done.shared == sum(
        (line.share for line in done.lines if line.part is Part.OWNER), Decimal(0)
    )


@given(costs=COSTS, shared=SHARED)
def test_in_proportion_each_share_is_less_than_a_cent_from_its_part(
    costs: dict[str, Decimal], shared: set[str]
) -> None:
    done = showback(costs, shared)
    if done.used is not Spread.PROPORTIONAL:
        return
    owners = [line for line in done.lines if line.part is Part.OWNER]
    base = sum((line.exact for line in owners if line.exact > 0), Decimal(0))
    for line in owners:
        part = done.shared * max(line.exact, Decimal(0)) / base
        assert abs(line.share - part) < Decimal("0.010001")
