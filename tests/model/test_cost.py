from __future__ import annotations

import pytest

from plainbill.model.cost import CostMetric


@pytest.mark.parametrize("name", ["", "Unblended", "UNBLENDED", "NormalizedUsageAmount"])
def test_a_name_that_is_no_cost_metric_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not a valid CostMetric"):
        CostMetric(name)


@pytest.mark.parametrize("metric", list(CostMetric))
def test_a_metric_answers_to_our_name_and_to_cost_explorers(metric: CostMetric) -> None:
    assert CostMetric(metric.value) is metric
    assert CostMetric(metric.cost_explorer_name) is metric


def test_cost_explorers_names_are_written_as_it_writes_them() -> None:
    assert CostMetric.NET_UNBLENDED.cost_explorer_name == "NetUnblendedCost"
