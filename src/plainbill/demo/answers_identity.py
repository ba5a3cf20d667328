"""STS and Organizations: who am I, may I be somebody else, who else is there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from plainbill.demo.call import Answer, Call, page_of
from plainbill.demo.company import ROLE, DemoAccount
from plainbill.demo.wire_scope import WireError
from plainbill.model.period import utc_now

_ORGANIZATION = "o-h4rb0rdemo"
_JOINED = datetime(2021, 3, 9, 10, 30, tzinfo=UTC)
_ROLE_ARN = re.compile(rf"arn:aws:iam::(\d{{12}}):role/{ROLE}")


def access_key(account_id: str, *, is_temporary: bool = False) -> str:
    """Return the access key that stands for an account: the account is written in it."""
    return ("ASIADEMO" if is_temporary else "AKIADEMO") + account_id


def account_of(key: str) -> str | None:
    """Return the account an access key stands for, None for a key that is not one of the demo's."""
    found = re.fullmatch(r"A[KS]IADEMO(\d{12})", key)
    return found[1] if found else None


def get_caller_identity(call: Call) -> Mapping[str, Any]:
    """Say who the access key belongs to."""
    if call.access_key.startswith("ASIA"):
        arn = f"arn:aws:sts::{call.account}:assumed-role/{ROLE}/plainbill"
        return {"UserId": f"AROADEMO{call.account}:plainbill", "Account": call.account, "Arn": arn}
    arn = f"arn:aws:iam::{call.account}:user/plainbill-demo"
    return {"UserId": f"AIDADEMO{call.account}", "Account": call.account, "Arn": arn}


def assume_role(call: Call) -> Mapping[str, Any]:
    """Hand out temporary credentials of a member account to whoever knows the ExternalId."""
    arn, session = call.params["RoleArn"], call.params["RoleSessionName"]
    found = _ROLE_ARN.fullmatch(arn)
    is_trusted = found is not None and arn in call.company.role_arns and call.account == call.company.payer
    if found is None or not is_trusted or call.params.get("ExternalId") != call.company.external_id:
        me = get_caller_identity(call)["Arn"]
        message = f"User: {me} is not authorized to perform: sts:AssumeRole on resource: {arn}"
        raise WireError("AccessDenied", message, 403)
    account = found[1]
    # By the machine's clock, which is the one that AWS's clients hold it against, also where ours stands.
    expires = utc_now() + timedelta(seconds=call.params.get("DurationSeconds", 3600))
    return {
        "Credentials": {
            "AccessKeyId": access_key(account, is_temporary=True),
            "SecretAccessKey": hashlib.sha256(arn.encode()).hexdigest()[:40],
            "SessionToken": "demo-session-" + hashlib.sha256(session.encode()).hexdigest(),
            "Expiration": expires.replace(microsecond=0),
        },
        "AssumedRoleUser": {
            "AssumedRoleId": f"AROADEMO{account}:{session}",
            "Arn": f"arn:aws:sts::{account}:assumed-role/{ROLE}/{session}",
        },
        "PackedPolicySize": 6,
    }


def list_accounts(call: Call) -> Mapping[str, Any]:
    """List the organization's accounts, to the management account only."""
    if call.account != call.company.payer:
        raise WireError("AccessDeniedException", "You don't have permissions to access this resource.")
    error = WireError("InvalidInputException", "You specified an invalid value for NextToken.")
    size = min(call.params.get("MaxResults", call.options.accounts_page), call.options.accounts_page)
    accounts, rest = page_of(call, list(call.company.accounts), size, "NextToken", error)
    page: dict[str, Any] = {"Accounts": [_account(call, account) for account in accounts]}
    return page | ({"NextToken": rest} if rest else {})


def _account(call: Call, account: DemoAccount) -> dict[str, Any]:
    is_payer = account.account_id == call.company.payer
    return {
        "Id": account.account_id,
        "Arn": f"arn:aws:organizations::{call.company.payer}:account/{_ORGANIZATION}/{account.account_id}",
        "Email": account.email,
        "Name": account.name,
        "Status": "ACTIVE",
        "State": "ACTIVE",
        "JoinedMethod": "INVITED" if is_payer else "CREATED",
        "JoinedTimestamp": _JOINED,
    }


def describe_organization(call: Call) -> Mapping[str, Any]:
    """Describe the organization, to any of its accounts."""
    payer = next(account for account in call.company.accounts if account.account_id == call.company.payer)
    arn = f"arn:aws:organizations::{payer.account_id}"
    return {
        "Organization": {
            "Id": _ORGANIZATION,
            "Arn": f"{arn}:organization/{_ORGANIZATION}",
            "FeatureSet": "ALL",
            "MasterAccountArn": f"{arn}:account/{_ORGANIZATION}/{payer.account_id}",
            "MasterAccountId": payer.account_id,
            "MasterAccountEmail": payer.email,
            "AvailablePolicyTypes": [],
        }
    }


ANSWERS: Mapping[str, Answer] = {
    "sts:GetCallerIdentity": get_caller_identity,
    "sts:AssumeRole": assume_role,
    "organizations:ListAccounts": list_accounts,
    "organizations:DescribeOrganization": describe_organization,
}
