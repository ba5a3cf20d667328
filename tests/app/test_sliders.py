"""Sliders: within what is allowed, as far as somebody would go, in steps that can be hit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plainbill.analyzer.registry import all_checks
from plainbill.app.views.sliders import Slider, slider_of
from plainbill.app.views.what_if import setting_views
from plainbill.app.views.what_if_shapes import SettingView

DAYS = SettingView(
    name="look_back_days",
    help="Days.",
    kind="int",
    default=28,
    usual=28,
    value=28,
    allowed="",
    lowest=1,
    highest=36_500,
)


def test_what_is_no_number_has_none() -> None:
    assert slider_of(replace(DAYS, kind="bool", default=True, lowest=None, highest=None)) is None
    assert slider_of(replace(DAYS, kind="str", default="x", lowest=None, highest=None)) is None


@pytest.mark.parametrize(
    ("changes", "slider"),
    [
        ({}, Slider(1, 100, 1)),
        ({"value": 400}, Slider(1, 2000, 20)),
        ({"default": 20_000}, Slider(1, 36_500, 500)),
        ({"kind": "float", "default": 0.8, "value": 0.8, "lowest": 0, "highest": 1}, Slider(0.01, 1, 0.01)),
        ({"kind": "float", "default": 5.0, "value": 5.0, "lowest": 0, "highest": 100}, Slider(0, 100, 1)),
        ({"kind": "float", "default": 20.0, "value": 0.0, "lowest": 0, "highest": 10**12}, Slider(0, 100, 1)),
    ],
)
def test_ends_and_steps(changes: dict[str, object], slider: Slider) -> None:
    assert slider_of(replace(DAYS, **changes)) == slider  # type: ignore[arg-type]  # fields of a view


def test_every_check_s_usual_value_is_on_its_slider() -> None:
    for check in all_checks():
        for setting in setting_views(check, check):
            slider = slider_of(setting)
            if slider is not None:
                assert slider.lowest <= float(setting.default or 0) <= slider.highest, (
                    check.id,
                    setting.name,
                )
                steps = (slider.highest - slider.lowest) / slider.step
                assert 2 <= steps <= 1000, (check.id, setting.name)
