"""The accounts of an AWS organization, and the role of one name in each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from plainbill.aws_connector.credentials import Identity
from plainbill.aws_connector.door import Door
from plainbill.aws_connector.errors import Asked, UnreadableAnswer
from plainbill.aws_connector.global_services import home_of
from plainbill.aws_connector.pages import pages
from plainbill.aws_connector.reads import LIST_ACCOUNTS
from plainbill.aws_connector.roles import account_of_role
from plainbill.aws_connector.service_models import service_model


def active_accounts(door: Door, base: Identity, partition: str) -> dict[str, str]:
    """Return the name of every active account, as the base identity's organization lists them.

    Only the management account and delegated administrators may ask. Raises an ``AwsCallError``.
    """
    read = LIST_ACCOUNTS
    region = home_of(read.service, partition) or door.home
    asked = Asked(read.service, read.operation, base.account_id, region)

    def ask(tokens: Mapping[str, Any]) -> dict[str, Any]:
        return door.ask(base, region, read.service, read.operation, dict(tokens))

    listed = pages(ask, service_model(read.service).operation(read.operation), asked)
    try:
        return {one["Id"]: one["Name"] for page in listed for one in page["Accounts"] if _is_active(one)}
    except (LookupError, TypeError) as error:
        raise UnreadableAnswer(asked, type(error).__name__, str(error)) from error


def with_members(
    role_arns: Sequence[str], accounts: Iterable[str], who: Mapping[str, str], role: str
) -> list[str]:
    """Return the roles to assume: those listed by name, then ``role`` in every other account.

    ``who`` is STS's word on the base credentials: their account is read with them.
    """
    named, partition = {account_of_role(arn) for arn in role_arns}, who["Arn"].split(":")[1]
    members = (account for account in accounts if account not in named | {who["Account"]})
    return [*role_arns, *(f"arn:{partition}:iam::{account}:role/{role}" for account in members)]


def _is_active(account: Mapping[str, Any]) -> bool:
    """``State`` took the place of ``Status``, which AWS stops telling in September 2026."""
    return bool((account.get("State") or account["Status"]) == "ACTIVE")
