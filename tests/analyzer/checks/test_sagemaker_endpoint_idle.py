"""An endpoint is idle only where its instances were measured all along and no call was."""

from __future__ import annotations

import pytest

from apps_factories import days_ago, variant
from factories import context, days_of, flat_days
from plainbill.analyzer.checks.sagemaker_endpoint_idle import SageMakerEndpointIdle
from plainbill.model.findings import Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Series
from plainbill.model.resources.sagemaker import SageMakerVariant

CHECK = SageMakerEndpointIdle()
CALLS, ALIVE = CHECK.metrics
RUNNING = flat_days(0.4)


def judge(one: SageMakerVariant, calls: Series | None, alive: Series | None = RUNNING) -> Verdict:
    measured = {(one.arn, CALLS): calls, (one.arn, ALIVE): alive}
    return CHECK.evaluate(
        one, context(one, series={key: values for key, values in measured.items() if values is not None})
    )


@pytest.mark.parametrize(
    ("one", "calls"),
    [
        pytest.param(variant(), days_of(*[None] * 13, 1.0), id="one call on the last day"),
        pytest.param(variant(), days_of(1.0, *[None] * 13), id="one call on the first day"),
        pytest.param(variant(is_serverless=True), None, id="serverless"),
        pytest.param(variant(instance_count=0), None, id="scaled to nothing"),
    ],
)
def test_an_endpoint_that_works_or_costs_nothing_is_left_alone(
    one: SageMakerVariant, calls: Series | None
) -> None:
    assert isinstance(judge(one, calls), Ok)


@pytest.mark.parametrize(
    ("one", "calls", "alive"),
    [
        pytest.param(variant(), None, RUNNING, id="calls not read"),
        pytest.param(variant(), flat_days(None), None, id="instances not read"),
        pytest.param(variant(), flat_days(None), flat_days(None), id="nothing is published"),
        pytest.param(variant(), flat_days(None), days_of(*[None] * 3, *[0.4] * 11), id="holes"),
        pytest.param(variant(), flat_days(None, 13), RUNNING, id="too few days"),
        pytest.param(variant(created_at=days_ago(13)), flat_days(None), RUNNING, id="young"),
        pytest.param(variant(is_serverless=None), flat_days(None), RUNNING, id="configuration not read"),
        pytest.param(variant(hosts_components=True), flat_days(None), RUNNING, id="inference components"),
        pytest.param(variant(status="Updating"), flat_days(None), RUNNING, id="being updated"),
    ],
)
def test_too_little_evidence_is_unknown(
    one: SageMakerVariant, calls: Series | None, alive: Series | None
) -> None:
    assert isinstance(judge(one, calls, alive), Unknown)


@pytest.mark.parametrize("calls", [flat_days(None), flat_days(0.0)])
def test_running_without_a_call_is_waste_at_a_price_that_is_not_known(calls: Series) -> None:
    found = judge(variant(), calls)
    assert isinstance(found, Waste)
    assert found.monthly_saving is None
    assert found.reason == "no call in 14 days, 2 ml.m5.large running"
