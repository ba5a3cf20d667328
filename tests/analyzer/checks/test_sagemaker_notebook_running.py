"""A notebook is flagged only where it ran for days without a stop, and always to be reviewed."""

from __future__ import annotations

import pytest

from apps_factories import days_ago, notebook
from factories import context
from plainbill.analyzer.checks.sagemaker_notebook_running import SageMakerNotebookRunning
from plainbill.model.findings import Confidence, Ok, Verdict, Waste
from plainbill.model.resources.sagemaker import SageMakerNotebook


def judge(one: SageMakerNotebook) -> Verdict:
    return SageMakerNotebookRunning().evaluate(one, context(one))


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(notebook(status="Stopped"), id="stopped"),
        pytest.param(notebook(status="Pending"), id="starting"),
        pytest.param(notebook(changed_at=days_ago(6.9)), id="made long ago, started lately"),
    ],
)
def test_a_notebook_that_is_stopped_now_and_then_is_left_alone(one: SageMakerNotebook) -> None:
    assert isinstance(judge(one), Ok)


def test_a_notebook_that_runs_on_end_is_to_be_reviewed() -> None:
    found = judge(notebook())
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.REVIEW
    assert found.monthly_saving is None  # no price is held
    assert "in service for 30 days on end (threshold 7 days)" in found.reason
