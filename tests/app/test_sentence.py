"""One sentence says it all, and never more than is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.shown import cost_view, idle_view, status_view
from plainbill.app.views.gaps import NOTHING_READ
from plainbill.app.views.sentence import sentence
from plainbill.app.views.shapes import CostByServiceView, CountsView, DaysView, IdleInstancesView, StatusView

NBSP = "\N{NO-BREAK SPACE}"
FLEET = idle_view(
    counts=CountsView(running=118, idle=23, not_idle=91, could_not_tell=4),
    monthly_cost_total=Decimal("2310.2"),
)
SPENT = cost_view(cost=Decimal("41203.4"), previous_total=Decimal("39999.4"), change=Decimal(1204))
NONE_LOOK_IDLE = idle_view(counts=CountsView(running=3, idle=0, not_idle=3, could_not_tell=0))


def say(
    costs: CostByServiceView = SPENT, idle: IdleInstancesView = FLEET, status: StatusView | None = None
) -> str:
    return sentence(status or status_view(), costs, idle).replace(NBSP, " ")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (status_view(taken_at=None, state="empty"), "Nothing has been read from AWS yet"),
        (status_view(taken_at=None, state="loading", is_refreshing=True), "reading your account"),
        (status_view(taken_at=None, state="failed", last_error="No credentials."), "yet: No credentials."),
    ],
)
def test_without_data_no_figure_is_named(status: StatusView, said: str) -> None:
    text = say(cost_view(total=None), idle_view(), status)
    assert said in text
    assert "$" not in text


def test_everything_known() -> None:
    assert say() == (
        "You spent $41,203 in the last 30 days, $1,204 (3.0 %) more than in the 30 days before; "
        "23 of 118 running instances look idle, $2,310 a month at list price — 4 more could not be judged."
    )


@pytest.mark.parametrize(
    ("costs", "said"),
    [
        (cost_view(total=None), "What you spent in the last 30 days is not known;"),
        (cost_view(), "You spent $100.00 in the last 30 days;"),
        (
            cost_view(previous_total=Decimal(125), change=Decimal(-25)),
            "$25.00 (20.0 %) less than in the 30 days before;",
        ),
        (
            cost_view(previous_total=Decimal(0), change=Decimal(100)),
            "$100.00 more than in the 30 days before;",
        ),
        (
            cost_view(
                period=DaysView(start=date(2026, 10, 1), end=date(2026, 11, 1)),
                compared=DaysView(start=date(2026, 9, 1), end=date(2026, 10, 1)),
                previous_total=Decimal(125),
                change=Decimal(-25),
            ),
            "$25.00 (20.0 %) less than in 1 Sep to 30 Sep 2026;",
        ),
        (cost_view(previous_total=Decimal(100), change=Decimal(0)), "as much as in the 30 days before;"),
        (cost_view(missing_days=(date(2026, 11, 23),)), ", without 1 day that could not be read;"),
        (cost_view(estimated_days=3), ", 3 days of it still estimated by AWS;"),
        (cost_view(account="111122223333"), "Account 111122223333 spent $100.00"),
        (cost_view(cost=Decimal(-12)), "You spent −$12.00"),
        (
            cost_view(period=DaysView(start=date(2026, 10, 1), end=date(2026, 11, 1))),
            "in the 31 days from 1 Oct 2026;",
        ),
        (cost_view(period=DaysView(start=date(2026, 10, 1), end=date(2026, 10, 2))), "on 1 Oct 2026;"),
    ],
)
def test_what_is_not_known_of_the_costs_is_said(costs: CostByServiceView, said: str) -> None:
    assert said in say(costs)


@pytest.mark.parametrize(
    ("idle", "said"),
    [
        (idle_view(), "; no instances are running."),
        (idle_view(gaps=(NOTHING_READ,)), "; whether instances run idle is not known."),
        (idle_view(region="eu-west-1"), "; no instances are running in eu-west-1."),
        (replace(NONE_LOOK_IDLE, region="us-east-1"), "; 0 of 3 running instances in us-east-1 look idle."),
        (NONE_LOOK_IDLE, "; 0 of 3 running instances look idle."),
        (
            idle_view(
                counts=CountsView(running=3, idle=1, not_idle=2, could_not_tell=0),
                monthly_cost_total=Decimal("70.08"),
                gaps=(NOTHING_READ,),
            ),
            "looks idle, $70.08 a month at list price — not everything could be read.",
        ),
        (
            idle_view(
                counts=CountsView(running=3, idle=2, not_idle=1, could_not_tell=0),
                monthly_cost_total=Decimal("70.08"),
                unknown_price=1,
            ),
            "$70.08 a month at list price and 1 of unknown price.",
        ),
        (
            idle_view(counts=CountsView(running=3, idle=2, not_idle=1, could_not_tell=0), unknown_price=2),
            "2 of 3 running instances look idle, at a price that is not known.",
        ),
    ],
)
def test_what_is_not_known_of_the_instances_is_said(idle: IdleInstancesView, said: str) -> None:
    assert say(idle=idle).endswith(said)
