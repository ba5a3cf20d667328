"""The idle table: filtered, sorted and paged by the URL."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from app.shown import idle_row
from factories import last_hours, utilization
from plainbill.app.views.table import ROWS_PER_PAGE, matching_rows, spark, table_page

ROWS = [
    idle_row(instance_id="i-1", name="Web-1", monthly_cost=Decimal(50), region="us-east-1"),
    idle_row(instance_id="i-2", name=None, monthly_cost=None, region="eu-west-1"),
    idle_row(instance_id="i-3", name="batch", monthly_cost=Decimal(700), managed_by=("autoscaling",)),
    idle_row(instance_id="i-4", name="app", monthly_cost=Decimal(50), account_name=None),
]


def ids(q: str = "", sort: str = "-monthly_cost") -> list[str]:
    return [row.instance_id[2:] for row in matching_rows(ROWS, q, sort)]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("-monthly_cost", "3142"),
        ("monthly_cost", "1432"),
        ("name", "4312"),
        ("-name", "1342"),
        ("instance_id", "1234"),
        ("-instance_id", "4321"),
        ("region", "2134"),
    ],
)
def test_unknown_values_come_last_whichever_way(sort: str, order: str) -> None:
    assert "".join(ids(sort=sort)) == order


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("", "3142"),
        ("nothing like it", ""),
        ("%", ""),
        ("WEB", "1"),
        ("i-2", "2"),
        ("eu-west m5", "2"),
        ("autoscaling", "3"),
        ("production web", "1"),
    ],
)
def test_every_word_must_be_found_somewhere(q: str, found: str) -> None:
    assert "".join(ids(q)) == found


@pytest.mark.parametrize(("page", "shown", "size"), [(1, 1, 25), (2, 2, 25), (3, 3, 3), (9, 3, 3)])
def test_a_page_beyond_the_last_is_the_last(page: int, shown: int, size: int) -> None:
    many = [idle_row(instance_id=f"i-{n:03}") for n in range(2 * ROWS_PER_PAGE + 3)]
    table = table_page(many, {}, None, sort="instance_id", page=page)
    assert (table.page, table.pages, table.matching, len(table.rows)) == (shown, 3, 53, size)
    assert table.rows[0].instance_id == f"i-{(shown - 1) * ROWS_PER_PAGE:03}"


def test_an_empty_table_has_one_page() -> None:
    table = table_page([], {}, None)
    assert (table.page, table.pages, table.matching) == (1, 1, 0)


def test_sparks_are_made_for_the_shown_rows_only() -> None:
    many = [idle_row(instance_id=f"i-{n:03}") for n in range(30)]
    used = {row.instance_id: utilization() for row in many}
    table = table_page(many, used, last_hours(14 * 24), sort="instance_id", page=2)
    assert set(table.sparks) == {f"i-{n:03}" for n in range(25, 30)}


def test_a_step_without_data_stays_empty_and_the_rest_is_mean_and_peak() -> None:
    averages = (None,) * 6 + (1.0, None, 3.0, None, None, None) + (2.0,) * 12
    maxima = (None,) * 6 + (2.0, None, 8.5, None, None, None) + (4.0,) * 12
    used = replace(utilization(days=1), cpu_average=averages, cpu_maximum=maxima)
    drawn = spark(used, used.period)
    assert drawn.average == [None, 2.0, 2.0, 2.0]
    assert drawn.maximum == [None, 8.5, 4.0, 4.0]


def test_a_shorter_window_draws_only_its_hours() -> None:
    used = utilization(days=3)
    window = replace(used.period, start=used.period.end - timedelta(days=1))
    assert len(spark(used, window).average) == 4
