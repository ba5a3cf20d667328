"""The three answers a rule may give about a resource."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.model.money import Money


@dataclass(frozen=True, slots=True)
class Waste:
    """The resource can be done without; ``monthly_saving`` is None where the price is not known."""

    reason: str
    monthly_saving: Money | None


@dataclass(frozen=True, slots=True)
class Ok:
    """The resource works for its money."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """There is too little evidence for a verdict; ``reason`` says what is missing."""

    reason: str


Verdict = Waste | Ok | Unknown
