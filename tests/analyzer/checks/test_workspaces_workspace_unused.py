"""A desktop is unused only where it is paid by the month and surely nobody connected for nine weeks."""

from __future__ import annotations

import pytest

from apps_factories import days_ago, workspace
from factories import context, days_of, flat_days
from plainbill.analyzer.checks.workspaces_workspace_unused import WorkspacesWorkspaceUnused
from plainbill.model.findings import Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Series
from plainbill.model.resources.workspaces import Workspace

CHECK = WorkspacesWorkspaceUnused()
(CONNECTED,) = CHECK.metrics
NOBODY = flat_days(0.0)


def judge(one: Workspace, connected: Series | None) -> Verdict:
    series = {} if connected is None else {(one.arn, CONNECTED): connected}
    return CHECK.evaluate(one, context(one, series=series))


@pytest.mark.parametrize(
    ("one", "connected"),
    [
        pytest.param(workspace(last_connected_at=days_ago(62.9)), NOBODY, id="connected in time"),
        pytest.param(workspace(), days_of(*[0.0] * 62, 1.0), id="connected yesterday, by the metric"),
        pytest.param(workspace(), days_of(*[None] * 62, 1.0), id="measured on one day only, and connected"),
        pytest.param(workspace(running_mode="AUTO_STOP"), NOBODY, id="billed by the hour"),
        pytest.param(workspace(state="TERMINATING"), NOBODY, id="being deleted"),
    ],
)
def test_a_desktop_that_is_used_is_left_alone(one: Workspace, connected: Series) -> None:
    assert isinstance(judge(one, connected), Ok)


@pytest.mark.parametrize(
    ("one", "connected"),
    [
        pytest.param(workspace(), None, id="never connected and not measured: it may be new"),
        pytest.param(workspace(), flat_days(0.0, 62), id="too few days"),
        pytest.param(workspace(), days_of(*[None] * 13, *[0.0] * 50), id="holes, or it is new"),
        pytest.param(workspace(connection_is_known=False), NOBODY, id="connections denied"),
        pytest.param(workspace(running_mode=None), NOBODY, id="no word of how it is billed"),
    ],
)
def test_too_little_evidence_is_unknown(one: Workspace, connected: Series | None) -> None:
    assert isinstance(judge(one, connected), Unknown)


@pytest.mark.parametrize(
    ("one", "connected"),
    [
        pytest.param(workspace(), NOBODY, id="measured, and nobody"),
        pytest.param(workspace(last_connected_at=days_ago(63)), NOBODY, id="nine weeks ago"),
        pytest.param(workspace(last_connected_at=days_ago(300)), None, id="AWS's date alone is enough"),
    ],
)
def test_nine_weeks_without_a_user_are_waste_at_a_price_that_is_not_known(
    one: Workspace, connected: Series | None
) -> None:
    found = judge(one, connected)
    assert isinstance(found, Waste)
    assert found.monthly_saving is None
    assert found.reason.startswith("AlwaysOn, and no user connected in 63 days")
