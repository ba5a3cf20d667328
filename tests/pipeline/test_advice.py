"""AWS's advice is read whatever the checks look at; an account that goes without it lacks nothing."""

from __future__ import annotations

import pytest

from factories import gap
from plainbill.data_fetcher.cost_optimization_hub import CostOptimizationHub
from plainbill.model.resources.aws_advice import is_hole

ADVICE = CostOptimizationHub.name


@pytest.mark.parametrize(
    ("source", "kind", "expected"),
    [
        pytest.param(ADVICE, "NotEnabled", False, id="advice that was never switched on"),
        pytest.param(ADVICE, "AccessDenied", True, id="advice that is refused"),
        pytest.param(ADVICE, "Throttled", True, id="advice that did not come"),
        pytest.param("cost_explorer", "NotEnabled", True, id="costs are no advice"),
        pytest.param("ebs_volumes", "AccessDenied", True, id="resources are no advice"),
    ],
)
def test_only_advice_that_is_not_switched_on_is_no_hole(source: str, kind: str, expected: bool) -> None:
    assert is_hole(gap(source=source, kind=kind)) is expected
