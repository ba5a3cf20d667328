from __future__ import annotations

import pytest

from factories import last_hours, utilization


def test_hours_that_do_not_fill_the_period_are_refused() -> None:
    with pytest.raises(ValueError, match="335 values for a period of 336 hours"):
        utilization(cpu_maximum=(2.0,) * 335)


def test_a_period_of_days_has_twenty_four_hours_each() -> None:
    assert last_hours(336).hours == 336
