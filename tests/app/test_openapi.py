"""The API is what its description says, whatever is sent to it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from pydantic import TypeAdapter
from schemathesis import GenerationMode
from schemathesis.checks import negative_data_rejection, positive_data_acceptance
from starlette.testclient import TestClient

from app.conftest import dashboard, usual_settings
from app.test_security import Counter
from app.waste import CHECKS, wasteful
from plainbill.app import (
    examples,
    examples_advice,
    examples_costs,
    examples_face,
    examples_findings,
    examples_showback,
    examples_what_if,
)
from plainbill.app.views.advice_shapes import AdviceView
from plainbill.app.views.changes_shapes import ChangesView
from plainbill.app.views.cost_shapes import CostExplorerView
from plainbill.app.views.finding_shapes import ChecksView, CoverageView, FindingsView, FindingView
from plainbill.app.views.installation import SettingsView
from plainbill.app.views.search import SearchView
from plainbill.app.views.shapes import CostByServiceView, IdleInstancesView, StatusView
from plainbill.app.views.showback_shapes import ShowbackView
from plainbill.app.views.what_if_shapes import IdlePresetsView, WhatIfView
from plainbill.storage import Home, SnapshotStore

for _part in ("core", "generation", "specs", "transport"):
    # It imports them when it is first used. While other threads compile templates, pytest's rewriting of them
    # can fail in Python 3.11 ("AST constructor recursion depth mismatch", CPython issue 106905).
    _package = import_module(f"schemathesis.{_part}")
    for _module in walk_packages(_package.__path__, f"{_package.__name__}."):
        import_module(_module.name)

OPERATIONS = (
    "anomalies",
    "anomaliesCsv",
    "anomaliesPage",
    "budgets",
    "budgetsPage",
    "removeBudget",
    "removeBudgetPage",
    "saveBudget",
    "saveBudgetPage",
    "commitments",
    "commitmentsCsv",
    "commitmentsPage",
    "showback",
    "showbackCsv",
    "showbackPage",
    "saveCostRule",
    "saveCostRulePage",
    "removeCostRule",
    "removeCostRulePage",
    "unitCostsCsv",
    "awsAdvice",
    "awsAdvicePage",
    "changes",
    "changesCsv",
    "changesPage",
    "checks",
    "checksPage",
    "costByService",
    "costByServiceCsv",
    "costPage",
    "costs",
    "costsCsv",
    "coverage",
    "coveragePage",
    "decideAnomaly",
    "decideAnomalyPage",
    "decideFinding",
    "decideFindingPage",
    "finding",
    "findingPage",
    "findings",
    "findingsCsv",
    "findingsMarkdown",
    "findingsPage",
    "followRefresh",
    "forecast",
    "forgetPolicy",
    "health",
    "idleInstances",
    "idleInstancesCsv",
    "idlePresets",
    "idleRulesPage",
    "overview",
    "policies",
    "policiesPage",
    "policyFormPage",
    "reportMarkdown",
    "reportPage",
    "savePolicy",
    "savePolicyPage",
    "search",
    "searchPage",
    "settings",
    "settingsPage",
    "doctor",
    "doctorPage",
    "startDoctor",
    "startRefresh",
    "status",
    "usePolicy",
    "whatIf",
    "whatIfPage",
)
DESCRIBED = (
    "/api/changes",
    "/api/costs",
    "/api/findings",
    "/api/findings/{finding_id}",
    "/api/findings/aws-advice",
    "/api/checks",
    "/api/coverage",
    "/api/what-if",
    "/api/idle-presets",
    "/api/search",
    "/api/settings",
    "/api/showback",
    "/api/doctor",
)
WITHOUT_PARAMETERS = {
    "budgets",
    "budgetsPage",
    "anomalies",
    "anomaliesCsv",
    "anomaliesPage",
    "commitments",
    "commitmentsCsv",
    "commitmentsPage",
    "checks",
    "checksPage",
    "doctor",
    "doctorPage",
    "startDoctor",
    "followRefresh",
    "forecast",
    "health",
    "policies",
    "policiesPage",
    "settings",
    "settingsPage",
    "startRefresh",
    "status",
}  # nothing there can be wrong
# What is refused depends on what is stored, and an empty value counts as none: test_parameters has the cases.
TRIED_ELSEWHERE = [positive_data_acceptance, negative_data_rejection]
OWN_PAGE = {"Sec-Fetch-Site": "none", "Host": "localhost"}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Any:
    root: Path = tmp_path_factory.mktemp("api") / "home"
    home = Home(root)
    SnapshotStore(home.snapshots).write(wasteful())
    app = dashboard(home, usual_settings(root, allowed_hosts=("testserver",)), Counter(), CHECKS, Counter())
    return schemathesis.openapi.from_asgi("/openapi.json", app)


@pytest.mark.parametrize(
    ("operation", "mode"),
    [
        *((operation, GenerationMode.POSITIVE) for operation in OPERATIONS),
        *(
            (operation, GenerationMode.NEGATIVE)
            for operation in OPERATIONS
            if operation not in WITHOUT_PARAMETERS
        ),
    ],
)
def test_every_answer_is_as_described(api: Any, operation: str, mode: GenerationMode) -> None:
    cases = api.find_operation_by_id(operation).as_strategy(generation_mode=mode)

    @given(case=cases)
    @settings(max_examples=30, database=None, suppress_health_check=list(HealthCheck))
    def check(case: Any) -> None:
        case.call_and_validate(headers=OWN_PAGE, excluded_checks=TRIED_ELSEWHERE)

    check()


def test_every_operation_is_tried(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    described = {
        operation["operationId"]
        for operations in document["paths"].values()
        for operation in operations.values()
    }
    assert described == set(OPERATIONS)


def test_every_operation_is_described_with_an_example(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            where = f"{method} {path}"
            assert operation["summary"], where
            assert operation["description"], where
            assert operation["operationId"], where
            for parameter in operation.get("parameters", ()):
                assert parameter.get("description"), (where, parameter["name"])
    for path in ("/api/cost-by-service", "/api/idle-instances", "/api/status", *DESCRIBED):
        content = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
        assert content["schema"]["$ref"].startswith("#/components/schemas/")
        assert content["example"]


@pytest.mark.parametrize(
    ("example", "shape"),
    [
        (examples.COSTS, CostByServiceView),
        (examples_costs.CHANGES, ChangesView),
        (examples_costs.EXPLORER, CostExplorerView),
        (examples.IDLE, IdleInstancesView),
        (examples.STATUS, StatusView),
        (examples_findings.FINDINGS, FindingsView),
        (examples_findings.FINDING, FindingView),
        (examples_findings.CHECKS, ChecksView),
        (examples_findings.COVERAGE, CoverageView),
        (examples_showback.SHOWBACK, ShowbackView),
        (examples_advice.ADVICE, AdviceView),
        (examples_what_if.WHAT_IF, WhatIfView),
        (examples_what_if.IDLE_PRESETS, IdlePresetsView),
        (examples_face.SEARCH, SearchView),
        (examples_face.SETTINGS, SettingsView),
    ],
)
def test_the_examples_have_the_shape_and_add_up(example: object, shape: type) -> None:
    assert TypeAdapter(shape).validate_python(examples.as_json(example), strict=False) is not None
    costs, idle = examples.COSTS, examples.IDLE
    assert sum(row.cost for row in costs.services) == costs.total == costs.control_total
    assert sum(row.cost for row in costs.by_record_type) == costs.total
    assert sum(cost for day in costs.daily for cost in day.costs.values()) == costs.total
    assert idle.counts.running == idle.counts.idle + idle.counts.not_idle + idle.counts.could_not_tell


def test_fields_that_other_programs_rely_on_are_there(client: TestClient) -> None:
    costs, idle = client.get("/api/cost-by-service").json(), client.get("/api/idle-instances").json()
    assert {
        "period", "metric", "currency", "total", "control_total", "difference", "is_estimated", "services",
        "by_record_type", "daily", "gaps",
    } <= costs.keys()  # fmt: skip
    assert {"service", "cost", "share", "previous_cost", "change"} <= costs["services"][0].keys()
    assert {"date", "is_estimated", "costs"} <= costs["daily"][0].keys()
    assert {"criteria", "instances", "could_not_tell", "counts", "gaps"} <= idle.keys()
    assert {
        "instance_id", "name", "account_id", "region", "instance_type", "launched_at", "cpu_average",
        "cpu_maximum", "network_bytes_per_day", "coverage", "monthly_cost", "reason",
    } <= idle["instances"][0].keys()  # fmt: skip
    assert {"instance_id", "account_id", "region", "reason"} <= idle["could_not_tell"][0].keys()
