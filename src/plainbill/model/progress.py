"""How far a refresh has come, one step at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ProgressState = Literal["waiting", "running", "done", "gap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One step of a refresh changed its state; (source, account_id, region) names the step.

    ``items`` counts what the step read (None until it is done), ``note`` says why it became a gap.
    """

    source: str
    account_id: str | None
    region: str | None
    state: ProgressState
    items: int | None = None
    note: str | None = None
