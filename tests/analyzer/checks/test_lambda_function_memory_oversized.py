"""What Compute Optimizer calls well is left alone; where it says nothing, nothing is known."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from advice_factories import function, of_function, usd
from factories import NOW, context, gap
from plainbill.analyzer.checks.lambda_function_memory_oversized import LambdaFunctionMemoryOversized
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.inventory import Gap
from plainbill.model.resources.aws_advice import KEEP, ComputeOptimizerRecommendation

CHECK = LambdaFunctionMemoryOversized()


def judge(*said: ComputeOptimizerRecommendation, gaps: tuple[Gap, ...] = (), **changes: Any) -> Verdict:
    one = function(**changes)
    known = context(one, *said, gaps=gaps, asked=(ComputeOptimizerRecommendation,))
    return CHECK.evaluate(one, known)


def test_what_aws_would_leave_as_it_is_is_left_alone_with_its_figures() -> None:
    found = judge(of_function(action_type=KEEP, finding="Optimized", reason_codes=()))
    assert found == Ok(
        "Compute Optimizer finds it Optimized. Compute Optimizer looked at 14 days: Memory Maximum 402.00."
    )


def test_advice_on_another_function_is_none_on_this_one() -> None:
    assert isinstance(judge(of_function(), function_name="other"), Unknown)


def test_the_memory_that_was_changed_since_proves_nothing() -> None:
    found = judge(of_function(), memory_mib=768)
    assert found == Unknown("it had 1536 MB when Compute Optimizer looked")


@pytest.mark.parametrize("refreshed_at", [None, NOW - timedelta(days=8)])
def test_old_figures_prove_nothing(refreshed_at: Any) -> None:
    assert judge(of_function(refreshed_at=refreshed_at)) == Unknown(
        "what AWS measured is more than 7 days old"
    )


def test_what_aws_could_not_judge_we_cannot_either() -> None:
    said = of_function(action_type=KEEP, finding="Unavailable", reason_codes=("InsufficientData",))
    found = judge(said)
    assert isinstance(found, Unknown)
    assert "Unavailable (InsufficientData)" in found.reason


@pytest.mark.parametrize(
    ("memory", "words"), [(1792, "called 50 times in 14 days"), (1793, "no function with more than 1,792 MB")]
)
def test_silence_of_aws_is_not_a_clean_bill(memory: int, words: str) -> None:
    found = judge(memory_mib=memory)
    assert isinstance(found, Unknown)
    assert words in found.reason


def test_an_account_that_is_not_enrolled_is_unknown_and_says_why() -> None:
    off = gap(source="compute_optimizer", region=None, kind="NotEnabled", reason="not switched on")
    found = judge(gaps=(off,))
    assert found == Unknown("only Compute Optimizer measures the memory of its calls: not switched on")
    one = function()
    assert isinstance(CHECK.evaluate(one, context(one)), Unknown)


def test_a_gap_elsewhere_in_the_answer_does_not_hide_what_was_said() -> None:
    assert isinstance(judge(of_function(), gaps=(gap(source="compute_optimizer"),)), Waste)


def test_far_more_memory_than_calls_use_is_waste_to_be_looked_at() -> None:
    found = judge(of_function())
    assert isinstance(found, Waste)
    assert (found.monthly_saving, found.monthly_cost) == (usd("11.27"), None)
    assert found.confidence is Confidence.REVIEW
    assert found.reason.startswith("768 MB would do instead of 1536 MB. Compute Optimizer looked at 14 days")
    assert [(one.label, one.value) for one in found.evidence] == [
        ("memory", 1536.0),
        ("highest memory use", 402.0),
        ("days that AWS looked at", 14),
    ]


def test_figures_that_aws_does_not_give_are_not_known_and_not_zero() -> None:
    found = judge(of_function(measured={}, monthly_saving=None, recommended_summary=None))
    assert isinstance(found, Waste)
    assert found.monthly_saving is None
    assert [one.value for one in found.evidence] == [1536.0, None, 14]
