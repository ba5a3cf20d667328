"""What is worth more, surer or easier comes first."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from plainbill.analyzer.priority import priority
from plainbill.model.findings import Confidence, Effort

AMOUNTS = st.decimals("0.01", 100_000, places=2)
SURE, WORK = st.sampled_from(Confidence), st.sampled_from(Effort)


def test_nothing_saved_weighs_nothing_however_easy() -> None:
    assert priority(Decimal(0), Confidence.HIGH, Effort.VERY_LOW) == 0


@given(AMOUNTS, SURE, WORK)
def test_less_sure_or_more_work_never_comes_earlier(amount: Decimal, sure: Confidence, work: Effort) -> None:
    weight = priority(amount, sure, work)
    assert priority(amount, sure.lowered(), work) <= weight
    assert all(
        priority(amount, sure, harder) < weight for harder in list(Effort)[list(Effort).index(work) + 1 :]
    )


def test_the_rule_is_the_documented_one() -> None:
    assert priority(Decimal(90), Confidence.HIGH, Effort.MEDIUM) == 30
    assert priority(Decimal(100), Confidence.MEDIUM, Effort.LOW) == 30
    assert priority(Decimal(150), Confidence.REVIEW, Effort.VERY_LOW) == 30
    assert priority(Decimal(150), Confidence.HIGH, Effort.VERY_HIGH) == 30
    assert priority(Decimal(120), Confidence.HIGH, Effort.HIGH) == 30
