"""The parameters of what-if questions: a check and whichever thresholds it has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plainbill.analyzer.registry import Check
from plainbill.analyzer.what_if import Allowed, allowed_of
from plainbill.app.finding_params import PlaceParams, WhereParams

_TYPES = {int: "integer", float: "number", bool: "boolean", str: "string"}


class IdlePresetsParams(WhereParams):
    """Where the running instances are."""

    @property
    def place(self) -> PlaceParams:
        """The same as any question about findings asks it."""
        return PlaceParams(account=self.account, region=self.region)


def described_parameters(checks: Sequence[Check], *, is_check_required: bool) -> dict[str, Any]:
    """Return the OpenAPI text of the check and of every threshold that some check has.

    Which of them go together depends on the check, so they are described here and read by ``WhatIfs``.
    """
    ids = [check.id for check in checks]
    check = {
        "name": "check",
        "in": "query",
        "required": is_check_required,
        "description": "The check whose thresholds are changed.",
        "schema": {"type": "string", "enum": ids},
    }
    return {"parameters": [check, *(_threshold(name, some) for name, some in _by_name(checks).items())]}


def _by_name(checks: Sequence[Check]) -> dict[str, list[tuple[Check, str, Allowed]]]:
    found: dict[str, list[tuple[Check, str, Allowed]]] = {}
    for check in checks:
        for one in check.thresholds():
            if (allowed := allowed_of(one)) is not None:
                found.setdefault(one.name, []).append((check, str(one.metadata["help"]), allowed))
    return dict(sorted(found.items()))


def _threshold(name: str, some: Sequence[tuple[Check, str, Allowed]]) -> dict[str, Any]:
    """Return one threshold; where checks understand it differently, the widest type."""
    kinds = {allowed.kind for _, _, allowed in some}
    kind = kinds.pop() if len(kinds) == 1 else float if kinds <= {int, float} else str
    schema: dict[str, Any] = {"type": _TYPES[kind]}
    if len({(allowed.lowest, allowed.highest) for _, _, allowed in some}) == 1:
        _, _, allowed = some[0]
        if allowed.lowest is not None:
            schema["exclusiveMinimum" if allowed.is_open else "minimum"] = allowed.lowest
        if allowed.highest is not None:
            schema["maximum"] = allowed.highest
    meanings = "; ".join(f"{check.id}: {text}" for check, text, _ in some)
    text = f"Only with a check that has it; without it the check's own. {meanings}"
    return {"name": name, "in": "query", "required": False, "description": text, "schema": schema}
