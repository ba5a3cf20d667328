"""The least-privilege IAM policy, made from the actions of the declared reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

_ASSUME_ROLE = "sts:AssumeRole"
_SIDS = {
    "ce": "ReadCosts",
    "cloudwatch": "ReadMetrics",
    "ec2": "ReadInstancesAndRegions",
    "sts": "KnowWhoAsks",
}


def iam_policy(actions: Iterable[str], role_arns: Sequence[str] = ()) -> dict[str, Any]:
    """Return an IAM policy document that allows ``actions`` and nothing else.

    One statement per service, actions sorted. None of them can be narrowed to a resource, so they
    are on ``*``; ``sts:AssumeRole`` can, so it is on exactly ``role_arns`` and absent without them.
    """
    by_service: dict[str, set[str]] = {}
    for action in actions:
        if action != _ASSUME_ROLE:
            by_service.setdefault(action.partition(":")[0], set()).add(action)
    statements = [_statement(_sid(prefix), sorted(some), "*") for prefix, some in sorted(by_service.items())]
    if role_arns:
        statements.append(_statement("EnterTheOtherAccounts", [_ASSUME_ROLE], list(role_arns)))
    return {"Version": "2012-10-17", "Statement": statements}


def _statement(sid: str, actions: list[str], resource: str | list[str]) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource}


def _sid(prefix: str) -> str:
    """Return a readable Sid; IAM allows letters and digits only."""
    return _SIDS.get(prefix, "Read" + "".join(word.capitalize() for word in prefix.split("-")))
