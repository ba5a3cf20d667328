"""Coverage and checks over HTTP: a place nobody looked into is never clean."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from app.company import ACCOUNTS, PRODUCTION, RESEARCH
from app.test_findings import LARGE, LONELY, PARKED, ask
from app.waste import CHECKS, DENIED, EAST, PLACES, WEST
from factories import context, gap
from plainbill.analyzer.engine import Tally, run_checks
from plainbill.app.place_query import PlaceQuery
from plainbill.app.views.cells import Cells, state_of, whole
from plainbill.app.views.coverage import ELSEWHERE, coverage_page, coverage_view
from plainbill.app.views.gaps import gap_view, grouped_gaps
from plainbill.app.views.judged import Judged
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.ebs import EbsVolume


@pytest.mark.parametrize(
    ("tally", "state"),
    [
        (Tally(gap=gap()), "could_not_check"),
        (Tally(ok=9, waste=3, unknown=1, gap=gap()), "could_not_check"),
        (Tally(ok=9, waste=3, unknown=1), "waste"),
        (Tally(ok=9, unknown=1), "could_not_judge"),
        (Tally(ok=9), "clean"),
        (Tally(), "nothing_there"),
    ],
)
def test_clean_is_only_what_was_looked_at_to_the_end(tally: Tally, state: str) -> None:
    assert state_of(tally) == state


def test_every_check_has_a_cell_in_every_place(waste_client: TestClient) -> None:
    body = ask(waste_client, "/api/coverage")
    cells = {(cell["check_id"], cell["account_id"], cell["region"]): cell for cell in body["cells"]}
    assert cells.keys() == {(check.id, *place) for check in CHECKS for place in PLACES}
    denied = cells[LONELY, PRODUCTION, DENIED]
    assert (denied["state"], denied["ok"]) == ("could_not_check", 0)
    assert body["gaps"][denied["gap"]]["action"] == "ec2:DescribeVolumes"
    assert cells[PARKED, PRODUCTION, DENIED]["state"] == "nothing_there"
    here = cells[LONELY, PRODUCTION, EAST]
    assert (here["state"], here["ok"], here["waste"], here["could_not_judge"]) == ("waste", 3, 3, 1)
    assert sum(body["states"].values()) == len(cells)
    assert [(one["resource_id"], one["check_id"]) for one in body["undecided"]] == [("vol-6", LONELY)]
    assert body["accounts"] == ACCOUNTS


def test_a_query_narrows_the_cells_and_the_gaps(waste_client: TestClient) -> None:
    body = ask(waste_client, "/api/coverage", check=LARGE, account=RESEARCH, region=WEST)
    assert [(cell["check_id"], cell["state"]) for cell in body["cells"]] == [(LARGE, "clean")]
    assert (body["gaps"], body["undecided"]) == ([], [])


FOUND = Tally(waste=2)
TALLIES = {
    (LARGE, PRODUCTION, EAST): Tally(ok=3),
    (LARGE, RESEARCH, EAST): Tally(gap=gap()),
    (LARGE, PRODUCTION, WEST): FOUND,
    (LONELY, PRODUCTION, EAST): Tally(ok=1, unknown=4),
}


def test_a_square_of_several_cells_hides_neither_waste_nor_a_hole() -> None:
    cells = Cells({**TALLIES, (LARGE, "999988887777", EAST): FOUND})
    square = cells.squares(PlaceQuery(check=LARGE), "region")[LARGE, EAST]
    assert (square.state, square.ok, square.waste, square.closed, square.cells) == ("waste", 3, 2, 1, 3)
    without = Cells(TALLIES).squares(PlaceQuery(), "region")
    assert (without[LARGE, EAST].state, without[LARGE, WEST].state) == ("could_not_check", "waste")
    assert without[LONELY, EAST].state == "could_not_judge"


@pytest.mark.parametrize("by", ["region", "account"])
@pytest.mark.parametrize(
    "query",
    [
        PlaceQuery(),
        PlaceQuery(check=LARGE),
        PlaceQuery(service="ebs"),
        PlaceQuery(service="rds"),
        PlaceQuery(account=PRODUCTION),
        PlaceQuery(region=EAST),
        PlaceQuery(account=RESEARCH, region=EAST, check=LARGE),
        PlaceQuery(account="999988887777"),
    ],
    ids=str,
)
def test_squares_are_the_sums_of_the_cells_that_a_query_names(query: PlaceQuery, by: str) -> None:
    cells = Cells(TALLIES)
    wanted = {key: tally for key, tally in TALLIES.items() if query.wants(*key)}
    assert {cell[:3]: cell[3] for cell in cells.of(query)} == wanted
    squares = cells.squares(query, by)
    columns = {(check, region if by == "region" else account) for check, account, region in wanted}
    assert squares.keys() == columns
    assert whole(squares.values()) == whole(Cells(wanted).squares(PlaceQuery(), by).values())
    assert whole(squares.values()).ok == sum(tally.ok for tally in wanted.values())


def test_an_account_that_was_not_entered_has_a_column_of_its_own() -> None:
    known = context(asked=[EbsVolume])
    here = run_checks(CHECKS, known, [(PRODUCTION, EAST), (PRODUCTION, WEST)])
    judged = Judged(CHECKS, known, here, {PRODUCTION: "Production"}, {RESEARCH: gap(account_id=RESEARCH)})
    page = coverage_page(judged, PlaceQuery(), "region")
    assert page.columns == [WEST, EAST, ELSEWHERE]
    assert [page.squares[check.id][ELSEWHERE].state for check in CHECKS] == ["could_not_check"] * 3
    assert coverage_page(judged, PlaceQuery(), "account").columns == [PRODUCTION, RESEARCH]
    assert coverage_page(judged, PlaceQuery(region=EAST), "region").columns == [EAST]
    assert page.total.closed == 3


def test_of_many_accounts_those_that_could_not_be_looked_at_are_shown_and_the_rest_is_counted() -> None:
    accounts = [f"{number:012}" for number in range(100)]
    denied = gap(account_id=accounts[99], region=None, source="ebs_volumes")
    known = context(asked=[EbsVolume, Ec2Instance], gaps=[denied])
    report = run_checks(CHECKS, known, [(account, EAST) for account in accounts])
    page = coverage_page(Judged(CHECKS, known, report, {}, {}), PlaceQuery(), "account")
    assert page.columns == [*accounts[: len(page.columns) - 1], accounts[99]]
    assert page.left_out == 100 - len(page.columns) > 0
    assert page.total.cells == 300


def test_one_reason_in_many_places_is_said_once() -> None:
    gaps = [gap_view(gap(region=region)) for region in (EAST, WEST)] + [gap_view(gap(reason="other"))]
    groups = grouped_gaps(gaps)
    assert [group.places for group in groups] == [
        [f"{PRODUCTION} · {EAST}", f"{PRODUCTION} · {WEST}"],
        [f"{PRODUCTION} · {EAST}"],
    ]


def test_before_anything_was_read_no_cell_is_clean() -> None:
    assert coverage_view(None, PlaceQuery()).cells == []


def test_every_check_says_its_rule_thresholds_and_counts(waste_client: TestClient) -> None:
    checks = {check["id"]: check for check in ask(waste_client, "/api/checks")["checks"]}
    assert checks.keys() == {check.id for check in CHECKS}
    lonely = checks[LONELY]
    assert lonely["thresholds"][0] == {
        "name": "days",
        "help": "Days that must be known.",
        "default": 7,
        "value": 7,
        "allowed": "a whole number from 1 to 36500",
        "lowest": 1,
        "highest": 36_500,
    }
    assert lonely["metrics"][0]["name"] == "VolumeReadOps"
    assert lonely["counts"] == {"waste": 4, "ok": 3, "could_not_judge": 1, "could_not_check": 1}
    assert lonely["explanation"].startswith("A volume that nothing is attached to")
    assert checks[PARKED]["needs"] == ["EbsVolume"]
    sums = [check["monthly_saving"].get("USD", "0") for check in checks.values()]
    assert sum(map(float, sums)) == float(ask(waste_client)["totals"]["monthly_saving"]["USD"])
