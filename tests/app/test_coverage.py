"""Coverage and checks over HTTP: a place nobody looked into is never clean."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from app.company import ACCOUNTS, PRODUCTION, RESEARCH
from app.test_findings import LARGE, LONELY, PARKED, ask
from app.waste import CHECKS, DENIED, EAST, PLACES, WEST
from factories import gap
from plainbill.analyzer.engine import Tally
from plainbill.app.finding_queries import PlaceQuery
from plainbill.app.views.coverage import ELSEWHERE, coverage_view, grouped_gaps, matrix, state_of
from plainbill.app.views.finding_shapes import CoverageCellView, CoverageView
from plainbill.app.views.gaps import gap_view


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


def cell(region: str | None, state: str, **counts: int) -> CoverageCellView:
    plain = {"ok": 0, "waste": 0, "could_not_judge": 0}
    return CoverageCellView(
        check_id=LARGE, account_id=PRODUCTION, region=region, state=state, gap=None, **{**plain, **counts}
    )


def shown(*cells: CoverageCellView) -> CoverageView:
    return CoverageView(
        taken_at=None, account=None, region=None, service=None, check=None, accounts={}, states={},
        cells=cells, undecided=[], gaps=[],
    )  # fmt: skip


def test_a_square_of_several_cells_hides_neither_waste_nor_a_hole() -> None:
    cells = (cell(EAST, "clean", ok=3), cell(EAST, "could_not_check"), cell(EAST, "waste", waste=2))
    _, rows = matrix(shown(*cells), "region")
    square = rows[LARGE][EAST]
    assert (square.state, square.ok, square.waste, square.closed) == ("waste", 3, 2, 1)
    _, rows = matrix(shown(*cells[:2]), "region")
    assert rows[LARGE][EAST].state == "could_not_check"
    columns, _ = matrix(shown(cell(None, "could_not_check"), *cells), "region")
    assert columns == [EAST, ELSEWHERE]
    assert matrix(shown(*cells), "account")[0] == [PRODUCTION]


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
    assert lonely["thresholds"][0] == {"name": "days", "help": "Days that must be known.", "default": 7}
    assert lonely["metrics"][0]["name"] == "VolumeReadOps"
    assert lonely["counts"] == {"waste": 4, "ok": 3, "could_not_judge": 1, "could_not_check": 1}
    assert lonely["explanation"].startswith("A volume that nothing is attached to")
    assert checks[PARKED]["needs"] == ["EbsVolume"]
    sums = [check["monthly_saving"].get("USD", "0") for check in checks.values()]
    assert sum(map(float, sums)) == float(ask(waste_client)["totals"]["monthly_saving"]["USD"])
