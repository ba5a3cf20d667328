"""The three answers a rule may give about a resource, and the finding that a waste becomes.

``Action`` and ``Effort`` are AWS Cost Optimization Hub's own words (``actionType``,
``implementationEffort``), so that its recommendations stand beside ours without translation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from plainbill.model.money import Money


class Action(StrEnum):
    """What would end the waste."""

    RIGHTSIZE = "Rightsize"
    STOP = "Stop"
    UPGRADE = "Upgrade"
    PURCHASE_SAVINGS_PLANS = "PurchaseSavingsPlans"
    PURCHASE_RESERVED_INSTANCES = "PurchaseReservedInstances"
    MIGRATE_TO_GRAVITON = "MigrateToGraviton"
    DELETE = "Delete"
    SCALE_IN = "ScaleIn"


class Effort(StrEnum):
    """How much work the action is."""

    VERY_LOW = "VeryLow"
    LOW = "Low"
    MEDIUM = "Medium"
    HIGH = "High"
    VERY_HIGH = "VeryHigh"


class Confidence(StrEnum):
    """How sure a verdict is; a guard lowers it by one step, nothing raises it."""

    HIGH = "high"
    MEDIUM = "medium"
    REVIEW = "review"

    def lowered(self) -> Confidence:
        """Return the next lower step; REVIEW stays REVIEW."""
        steps = list(Confidence)
        return steps[min(steps.index(self) + 1, len(steps) - 1)]


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measured fact behind a verdict, with the threshold it was held against.

    ``value`` is None where it could not be measured; ``unit`` is for display.
    """

    label: str
    value: float | str | None
    unit: str = ""
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Waste:
    """The resource costs more than it must.

    ``monthly_saving`` is what would stop being billed in a month of 730 hours at list price, None where a
    price is not known; it is never above ``monthly_cost``, what is billed for it now. ``parts`` names the
    billed things, by ARN, that a saving comes from where it is not the resource alone: the disks of a
    stopped instance. They add up to ``monthly_saving``. ``keeps_billing`` names what the action does not
    end, ``doubts`` what could be wrong with the verdict, ``cleared_by`` what would clear it.
    Raises ``ValueError`` for a saving that is negative, above the cost, or not the sum of its parts.
    """

    reason: str
    monthly_saving: Money | None
    monthly_cost: Money | None = None
    confidence: Confidence = Confidence.HIGH
    evidence: tuple[Measurement, ...] = ()
    keeps_billing: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    cleared_by: str = ""
    parts: Mapping[str, Money] = field(default_factory=dict)

    def __post_init__(self) -> None:
        saving, cost = self.monthly_saving, self.monthly_cost
        if saving is not None and saving.amount < 0:
            raise ValueError(f"a saving is not negative, got {saving.amount} ({self.reason})")
        if saving is not None and cost is not None and (saving - cost).amount > 0:
            raise ValueError(f"a saving of {saving.amount} is above the cost, {cost.amount} ({self.reason})")
        if self.parts:
            if saving is None:
                raise ValueError(f"parts of an unknown saving ({self.reason})")
            rest = saving
            for part in self.parts.values():
                rest = rest - part
            if rest.amount:
                raise ValueError(f"the parts do not add up to the saving: {rest.amount} ({self.reason})")


@dataclass(frozen=True, slots=True)
class Ok:
    """The resource works for its money."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """There is too little evidence for a verdict; ``reason`` says what is missing."""

    reason: str


Verdict = Waste | Ok | Unknown


@dataclass(frozen=True, slots=True)
class Head:
    """What a verdict comes to, without its words; the saving and the confidence are those of Waste."""

    kind: type[Waste | Ok | Unknown]
    saving: Money | None = None
    confidence: Confidence = Confidence.HIGH
