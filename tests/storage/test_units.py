"""Numbers of units survive, and later files add to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from factories import NOW
from plainbill.demo.units import requests
from plainbill.model.units import Grain, UnitKind, UnitSeries
from plainbill.storage import State
from plainbill.storage.state.units import Imported, UnitsDifferError, UnitsTakenError

FIRST, SECOND = date(2026, 11, 1), date(2026, 11, 2)
OURS = UnitSeries(
    name="it's <b>ours</b>",
    kind=UnitKind.FLOW,
    grain=Grain.DAY,
    source="o.csv",
    saved_at=NOW,
    values={(FIRST, None): Decimal("12.500000"), (FIRST, "web"): Decimal(0)},
)


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "state.db")


@pytest.mark.parametrize("other", [{"kind": UnitKind.LEVEL}, {"grain": Grain.MONTH}])
def test_numbers_of_something_else_are_refused_and_nothing_is_changed(
    state: State, other: dict[str, UnitKind | Grain]
) -> None:
    state.save_units(OURS)
    with pytest.raises(UnitsDifferError, match="remove it first"):
        state.save_units(replace(OURS, source="x.csv", values={(SECOND, None): Decimal(1)}, **other))  # type: ignore[arg-type]
    assert state.units() == [OURS]


def test_what_is_not_there_cannot_be_removed(state: State) -> None:
    assert not state.remove_units("ours")


def test_numbers_are_read_back_as_they_were_given(state: State, tmp_path: Path) -> None:
    assert state.save_units(OURS) == Imported(added=2, replaced=0, stored=2)
    assert State(tmp_path / "state.db").units() == [OURS]


def test_a_later_file_adds_days_and_corrects_others(state: State) -> None:
    state.save_units(OURS)
    more = {(FIRST, None): Decimal(13), (FIRST, "web"): Decimal(0), (SECOND, None): Decimal(14)}
    assert state.save_units(replace(OURS, source="p.csv", values=more)) == Imported(1, 1, 3)
    (one,) = state.units()
    assert (one.source, one.values) == ("p.csv", more)


def test_a_number_that_the_later_file_has_not_stays(state: State) -> None:
    state.save_units(OURS)
    assert state.save_units(replace(OURS, values={(SECOND, None): Decimal(1)})).stored == 3


def test_removed_units_leave_nothing_and_others_stay(state: State) -> None:
    other = replace(OURS, name="other")
    state.save_units(OURS)
    state.save_units(other)
    assert state.remove_units(OURS.name)
    assert state.units() == [other]


def test_a_name_is_either_of_a_file_or_of_a_metric(state: State) -> None:
    metric = replace(requests(OURS.saved_at), name=OURS.name)
    state.save_units(OURS)
    with pytest.raises(UnitsTakenError, match="remove it first"):
        state.name_unit_metric(metric)
    state.remove_units(OURS.name)
    state.name_unit_metric(metric)
    with pytest.raises(UnitsTakenError, match="CloudWatch"):
        state.save_units(OURS)
    (stored,) = state.units()
    assert (stored.metric, stored.values) == (metric, {})
    state.remove_units(OURS.name)
    assert state.unit_metrics() == []
