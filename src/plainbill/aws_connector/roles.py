"""Further accounts: roles that are assumed, narrowed to the declared reads, and renewed in long runs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.credentials import RefreshableCredentials

from plainbill.aws_connector.credentials import Identity
from plainbill.aws_connector.door import Door
from plainbill.aws_connector.reads import ASSUME_ROLE, Read
from plainbill.aws_connector.redact import hide_from_logs
from plainbill.aws_connector.timestamps import instant
from plainbill.errors import ConfigError

_SETTING = "PLAINBILL_ROLE_ARNS"
_ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):role/.+")
_SESSION_NAME = "plainbill"
_POLICY_LENGTH = 2048  # characters, AWS's limit for an inline session policy
_OF_THE_BASE = frozenset({"sts", "organizations", "ce", "pricing"})  # never asked in a role's name
_VERB = re.compile(r"[A-Z][a-z]+")


def account_of_role(role_arn: str) -> str:
    """Return the account a role belongs to; raises ``ConfigError`` for what is not a role's ARN."""
    if found := _ROLE_ARN.fullmatch(role_arn):
        return found[1]
    raise ConfigError(_SETTING, role_arn, "ARNs such as arn:aws:iam::111122223333:role/plainbill")


def check_roles(role_arns: Sequence[str]) -> None:
    """Raise ``ConfigError`` for what is not a role, and for two roles of one account."""
    seen: set[str] = set()
    for role_arn in role_arns:
        account_id = account_of_role(role_arn)
        if account_id in seen:
            raise ConfigError(_SETTING, role_arn, f"one role for each account; {account_id} has two")
        seen.add(account_id)


def session_policy(reads: Iterable[Read]) -> str:
    """Return the policy that narrows a session to ``reads``, also where the role itself may do more.

    While the list of actions is longer than AWS takes, the actions of one service and verb are joined
    (``ec2:Describe*``), as few as it takes: first where that saves most, and ``Get`` last, for what gets may
    be contents (``s3:GetObject``) where what describes and lists is about them.
    """
    actions = {read.iam_action for read in reads if read.service not in _OF_THE_BASE}
    while len(policy := _policy(sorted(actions))) > _POLICY_LENGTH:
        families: dict[str, set[str]] = {}
        for action in actions:
            families.setdefault(_by_verb(action), set()).add(action)
        joined = min(
            families, key=lambda name: (name.endswith(":Get*"), -sum(map(len, families[name])), name)
        )
        if families[joined] == {joined}:
            break  # every one is joined: AWS names the limit
        actions = actions - families[joined] | {joined}
    return policy


def _policy(actions: Sequence[str]) -> str:
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))


def _by_verb(action: str) -> str:
    service, _, operation = action.partition(":")
    verb = _VERB.match(operation)
    return f"{service}:{verb[0] if verb else operation}*"


@dataclass(frozen=True)
class Assumed:
    """A role that was assumed."""

    identity: Identity
    arn: str  # of the session, as AWS says it


def assume(door: Door, base: Identity, role_arn: str, policy: str, external_id: str | None) -> Assumed:
    """Assume a role with ``base``'s credentials; its own are renewed before they expire.

    Raises an ``AwsCallError`` whose ``account_id`` is the role's account.
    """
    account_id = account_of_role(role_arn)
    asking = Identity(account_id, base.credentials, base.renewal)
    params = {"RoleArn": role_arn, "RoleSessionName": _SESSION_NAME, "Policy": policy}
    if external_id is not None:
        params["ExternalId"] = external_id

    def ask() -> dict[str, Any]:
        read = ASSUME_ROLE
        return door.ask(asking, door.home, read.service, read.operation, params, subject=role_arn)

    answer = ask()
    credentials = _renewing(answer, ask, role_arn)
    return Assumed(Identity(account_id, credentials, base.renewal), answer["AssumedRoleUser"]["Arn"])


def _renewing(first: dict[str, Any], ask: Callable[[], dict[str, Any]], role_arn: str) -> Any:
    def keys(answer: dict[str, Any]) -> dict[str, str]:
        found = answer["Credentials"]
        hide_from_logs(f"role {role_arn}", found["SecretAccessKey"], found["SessionToken"])
        return {
            "access_key": found["AccessKeyId"],
            "secret_key": found["SecretAccessKey"],
            "token": found["SessionToken"],
            "expiry_time": instant(found["Expiration"]).isoformat(),
        }

    return RefreshableCredentials.create_from_metadata(keys(first), lambda: keys(ask()), "assume-role")
