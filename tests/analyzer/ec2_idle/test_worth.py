"""What a verdict is worth: little savings do not pay for a wrong stop."""

from __future__ import annotations

from decimal import Decimal

import pytest

from plainbill.analyzer.ec2_idle.calibration import Probability, probability_unused
from plainbill.analyzer.ec2_idle.worth import break_even, expected_value
from plainbill.errors import CurrencyMismatchError
from plainbill.model.money import Money


def sure(share: float) -> Probability:
    return Probability(look_back_days=28, busy_days="0", value=share, low=None, high=None)


@pytest.mark.parametrize(("saving", "share"), [("35", "0.81"), ("10", "0.94"), ("300", "0.33")])
def test_the_smaller_the_saving_the_surer_one_must_be(saving: str, share: str) -> None:
    assert break_even(Money(Decimal(saving))).quantize(Decimal("0.01")) == Decimal(share)


def test_at_the_break_even_nothing_is_won_or_lost() -> None:
    assert expected_value(sure(0.75), Money(Decimal(50))).amount == 0
    assert expected_value(sure(0.74), Money(Decimal(50))).amount < 0
    assert expected_value(sure(0.76), Money(Decimal(50))).amount > 0


def test_a_cheap_instance_with_two_busy_days_is_not_worth_it() -> None:
    probability = probability_unused(28, 2)
    assert probability is not None
    assert expected_value(probability, Money(Decimal(8))).amount < 0
    assert expected_value(probability, Money(Decimal(70))) == Money(Decimal("48.00"))


def test_two_currencies_are_refused() -> None:
    with pytest.raises(CurrencyMismatchError):
        expected_value(sure(0.9), Money(Decimal(50), "EUR"))
    with pytest.raises(CurrencyMismatchError):
        break_even(Money(Decimal(50), "EUR"))


@pytest.mark.parametrize("saving", ["0", "-5"])
def test_where_there_is_nothing_to_win_there_is_no_break_even(saving: str) -> None:
    with pytest.raises(ValueError, match="got a saving"):
        break_even(Money(Decimal(saving)))
