"""What the demo company counts can be imported, and its tag says who owns most of its bill."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from plainbill.analyzer.unit_csv import read_units
from plainbill.cli.demo import import_units
from plainbill.demo.allotted import COST_TAG, SHARED, cost_tag
from plainbill.demo.answers_cloudwatch import PROVIDERS
from plainbill.demo.cell import METRIC_ORDER, UNITS
from plainbill.demo.company import Company
from plainbill.demo.fleet import PRODUCTION, VIRGINIA
from plainbill.demo.measure import Wanted
from plainbill.demo.series import Window, datapoints
from plainbill.demo.units import DAYS, FORGOTTEN, counted, requests
from plainbill.model.cost import CostMetric
from plainbill.model.period import Period
from plainbill.model.units import Grain, UnitKind
from plainbill.storage import Home, State

TODAY = date(2026, 11, 24)


def test_a_day_on_which_nobody_counted_is_not_in_the_file() -> None:
    grain, values = read_units(counted(TODAY)["orders"][1])
    missing = {TODAY - timedelta(days=ago) for ago in FORGOTTEN}
    assert grain is Grain.DAY
    assert len(values) == DAYS - len(missing)
    assert not missing & {day for day, _ in values}
    assert min(values.values()) > 1000


def test_the_files_are_the_same_on_the_same_day_and_hold_no_day_that_is_not_over() -> None:
    assert counted(TODAY) == counted(TODAY)
    assert max(day for day, _ in read_units(counted(TODAY)["customers"][1])[1]) == TODAY - timedelta(days=1)


def test_the_demo_stores_both_and_again_changes_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "demo")
    import_units(home)
    import_units(home)
    stored = {one.name: (one.kind, len(one.values)) for one in State(home.state_db).units()}
    assert stored["customers"][0] is UnitKind.LEVEL
    assert stored["orders"][0] is UnitKind.FLOW
    assert stored["customers"][1] - stored["orders"][1] == len(FORGOTTEN)


def sums(company: Company, metric: str) -> list[float]:
    """What CloudWatch tells of a load balancer's metric for each of 28 days."""
    known = requests(datetime.combine(TODAY, datetime.min.time(), UTC))
    found = PROVIDERS[known.namespace].find(
        Wanted(company, PRODUCTION, VIRGINIA, metric, dict(known.dimensions))
    )
    assert found
    then, day = known.saved_at, timedelta(days=1)
    return datapoints(found, "Sum", Window.of(then - 28 * day, then, 86_400, then))[1]


def test_what_is_measured_keeps_its_fractions(company: Company) -> None:
    assert not any(value.is_integer() for value in sums(company, "ConsumedLCUs"))


def test_there_is_no_part_of_a_request(company: Company) -> None:
    days = sums(company, "RequestCount")
    assert len(days) == 28
    assert min(days) > 1_000_000
    assert [value for value in days if not value.is_integer()] == []


def test_most_of_the_bill_has_a_team_some_is_shared_and_some_is_nobody_s(company: Company) -> None:
    period = Period.last_days(30, company.today)
    index = METRIC_ORDER.index(CostMetric.UNBLENDED)
    sums: dict[str, int] = {}
    for day in period.dates():
        for cell in company.bill.cells(day):
            team = cost_tag(COST_TAG, cell)
            sums[team] = sums.get(team, 0) + cell.amounts[index]
    total = company.bill.total(period, CostMetric.UNBLENDED)
    assert sum(sums.values()) == total * UNITS
    parts = {team: Decimal(amount) / UNITS / total for team, amount in sums.items()}
    assert set(parts) == {"platform", "checkout", "storefront", "data", SHARED, ""}
    assert Decimal("0.1") < parts[""] < Decimal("0.4")
    assert Decimal("0.02") < parts[SHARED] < Decimal("0.15")
