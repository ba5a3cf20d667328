"""How a remedy is written down.

A command a line; an indented line continues the one before; ``undo:`` begins the way back, ``note:`` what to
know before. Attributes of the resource stand in braces and are quoted for the shell; of a tuple each element.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from plainbill.model.findings import Action


@dataclass(frozen=True, slots=True)
class RemedyText:
    """One remedy; ``only_for`` names attributes and the value that each must have for it to fit."""

    text: str
    only_for: Mapping[str, object]


Texts = Mapping[tuple[str, Action], tuple[RemedyText, ...]]
"""By the source of a kind and the action; the first that fits is meant. Where an action means different
things for one kind, or needs a choice, there is none."""


def remedy(text: str, **only_for: object) -> RemedyText:
    """Return a remedy for resources with these values, or for all."""
    return RemedyText(text, only_for)
