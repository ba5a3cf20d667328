"""Thresholds under a name: what an organization has agreed to call waste."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

Thresholds = Mapping[str, str]
"""The values of some thresholds of one check, as they are typed, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The thresholds that differ from the usual ones, by check; who saved it last, when and why."""

    name: str
    settings: Mapping[str, Thresholds]
    note: str | None
    who: str
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyUse:
    """Since ``at`` findings are judged by a policy; by the usual thresholds where ``name`` is None."""

    at: datetime
    name: str | None
    who: str
