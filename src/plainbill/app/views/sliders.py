"""Where the slider of a threshold begins and ends: within what is allowed, as far as somebody would go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

from plainbill.app.views.what_if_shapes import SettingView

_LARGEST_SCALE = 100
"""A threshold that may be no more than this (a percentage, a share) has a slider over all of it."""
_REACH = 3  # times the usual value
_STEPS = 100


@dataclass(frozen=True, slots=True)
class Slider:
    """The ends and the step of a slider; a value typed beside it may lie beyond."""

    lowest: float
    highest: float
    step: float


def slider_of(setting: SettingView) -> Slider | None:
    """Return the slider of a number, None for a text, for yes and no, and for what has no bounds."""
    if setting.kind not in {"int", "float"} or setting.lowest is None or setting.highest is None:
        return None
    is_whole = setting.kind == "int"
    highest = float(setting.highest)
    if highest > _LARGEST_SCALE:
        values = (float(value) for value in (setting.default, setting.value) if value is not None)
        highest = min(highest, _round_up(max(10.0, _REACH * max(values))))
    step = _round_up(highest / _STEPS)
    step = max(1.0, step) if is_whole else step
    return Slider(
        lowest=max(float(setting.lowest), step if highest <= 1 else 0.0), highest=highest, step=step
    )


def sliders_of(settings: Iterable[SettingView]) -> dict[str, Slider]:
    """Return the sliders by the names of their thresholds."""
    found = ((setting.name, slider_of(setting)) for setting in settings)
    return {name: slider for name, slider in found if slider is not None}


def _round_up(value: float) -> float:
    """Return the next number that is 1, 2 or 5 with zeros."""
    for power in count(-6):
        for digit in (1, 2, 5):
            if (rounded := digit * 10.0**power) >= value * (1 - 1e-9):
                return round(rounded, 6)
    raise AssertionError("numbers end before the powers of ten do")  # count() has no end
