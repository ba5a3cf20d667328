"""Signing in: with the base credentials, and as named profiles of ~/.aws/config, one for each account."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from plainbill.aws_connector.classify import BOTOCORE_FAILURES, classify
from plainbill.aws_connector.credentials import (
    Identity,
    asks_for_a_code,
    home_region,
    obtaining,
    renewal,
    role_to_enter,
    sign_in_session,
)
from plainbill.aws_connector.door import Door
from plainbill.aws_connector.errors import (
    Asked,
    AwsCallError,
    CredentialsExpired,
    InvalidSetup,
    NoCredentials,
    gap_of,
)
from plainbill.aws_connector.reads import GET_CALLER_IDENTITY
from plainbill.model.inventory import Gap
from plainbill.model.period import utc_now

SETTING = "PLAINBILL_PROFILES"
SOURCE = "accounts.profiles"
"""Of the gaps of profiles that could not be entered."""
TWICE = "AccountTwice"
"""The kind of the remark that a profile's account is read by another way: nothing is missing."""
_OF_THE_MACHINE = frozenset({"iam-role", "container-role"})
"""botocore's names of what it falls back to where a profile holds no credentials at all."""
_ROLE = re.compile(r"arn:[a-z-]+:iam::(\d{12}):role/.+")


@dataclass(frozen=True)
class Entered:
    """A profile that was signed in as."""

    profile: str
    identity: Identity
    arn: str


def signed_in(profile: str | None = None) -> tuple[Identity, str]:
    """Return an identity, its account still unknown, and the region of its first calls.

    Without ``profile`` it is that of boto3's own chain. Raises an ``AwsCallError``.
    """
    session = sign_in_session(profile)
    asked = Asked(GET_CALLER_IDENTITY.service, GET_CALLER_IDENTITY.operation)
    try:
        home = home_region(session)
        asked = Asked(asked.service, asked.operation, None, home, None, renewal(session, None))
        if profile is not None and asks_for_a_code(session):
            raise CredentialsExpired(asked, "mfa_serial", "it asks for an MFA code, and nobody types one")
        with obtaining(None):
            credentials = session.get_credentials()
        if credentials is None or (profile is not None and credentials.method in _OF_THE_MACHINE):
            raise NoCredentials(asked)
        how = renewal(session, credentials.method)
        return Identity(None, credentials, how, role_to_enter(session)), home
    except BOTOCORE_FAILURES as error:
        raise classify(error, asked, utc_now()) from None


def enter(door: Door, profile: str) -> Entered:
    """Sign in as a profile and ask whose it is; its keys are renewed as botocore renews them.

    Raises an ``AwsCallError``.
    """
    unnamed, _ = signed_in(profile)
    read = GET_CALLER_IDENTITY
    who = door.ask(unnamed, door.home, read.service, read.operation, {})
    return Entered(profile, replace(unnamed, account_id=who["Account"], stands_alone=True), who["Arn"])


def entered(door: Door, profile: str) -> Entered | Gap:
    """Sign in as a profile; where that fails, return the gap of its account, as far as it is known."""
    try:
        return enter(door, profile)
    except AwsCallError as error:
        remedies: dict[type[AwsCallError], Callable[[], str]] = {
            InvalidSetup: lambda: (
                f"Correct the profile {profile} in ~/.aws/config, or take it out of {SETTING}."
            ),
            NoCredentials: lambda: (
                f"Give the profile {profile} keys (`aws configure --profile {profile}`), single sign-on, a "
                f"role with a source_profile or a credential_process, or take it out of {SETTING}."
            ),
        }
        gap = gap_of(error, SOURCE)
        return replace(
            gap,
            account_id=account_of_profile(profile),
            reason=f"The profile {profile} could not be used. {gap.reason}",
            remedy=remedies.get(type(error), lambda: gap.remedy)(),
        )


def twice(profile: str, account_id: str, how: str) -> Gap:
    """Return the remark that a profile is of an account that is read already; ``how`` says by which way."""
    return Gap(
        source="profiles",
        account_id=account_id,
        region=None,
        kind=TWICE,
        action=None,
        reason=f"The profile {profile} is of account {account_id}, which is read {how} already. "
        "Nothing is missing.",
        remedy=f"Take {profile} out of {SETTING}, or let it lead to another account.",
    )


def once(profiles: Sequence[str]) -> list[str]:
    """Return each name of a profile once, in their order."""
    return list(dict.fromkeys(profiles))


def account_of_profile(profile: str) -> str | None:
    """Return the account that a profile's own lines name: of its role, or of single sign-on."""
    config: dict[str, Any] = sign_in_session().full_config.get("profiles", {}).get(profile, {})
    if found := _ROLE.fullmatch(str(config.get("role_arn", ""))):
        return found[1]
    account_id = config.get("sso_account_id")
    return None if account_id is None else str(account_id)
