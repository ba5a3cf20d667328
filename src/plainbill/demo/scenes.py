"""What the demo can be shown with, by name: ``plainbill demo --with gaps``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Scene:
    """``about`` is one sentence; ``settings`` are variables of Plainbill that belong to it.

    ``days_old`` is the age of what is read before the demo is shown; None for nothing read before. A scene
    ``is_company`` where it is of the company, which counts its customers and has budgets.
    """

    about: str
    settings: Mapping[str, str] = field(default_factory=dict)
    days_old: int | None = None
    is_company: bool = False


SCENES: Mapping[str, Scene] = {
    "gaps": Scene(
        "AWS refuses and loses some of what is asked: totals are partial, each gap has its fix",
        is_company=True,
    ),
    "stale": Scene(
        "read six days ago; the credentials have expired since, refreshes fail",
        days_old=6,
        is_company=True,
    ),
    "empty": Scene("an account with nothing in it and nothing spent; its first refresh can be watched"),
    "huge": Scene(
        "500 accounts, 17 Regions, 200 services over 13 months, thousands of findings",
        {"PLAINBILL_COST_EXPLORER_REQUESTS_A_DAY": "1000"},
    ),
    "new": Scene("nothing read yet: the first steps with an account", {"PLAINBILL_REFRESH_HOURS": "0"}),
}  # fmt: skip
"""The scenes in the order of the documentation."""
