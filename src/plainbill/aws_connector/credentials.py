"""Who is asking: boto3's own chain of credentials, and one identity for each account."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import botocore.session
from botocore.exceptions import CredentialRetrievalError

from plainbill.aws_connector.classify import BOTOCORE_FAILURES
from plainbill.aws_connector.guard import SIGN_IN_OPERATIONS, Guard
from plainbill.aws_connector.redact import hide_from_logs

_DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True, eq=False)
class Identity:
    """One account's credentials: botocore's object, which renews itself where it can.

    ``renewal`` says how a person renews them; ``account_id`` is None until AWS has said it; ``role_arn``
    is the role that the profile or environment enters, if it names one. ``stands_alone`` says that no other
    account is entered with these credentials or by them.
    """

    account_id: str | None
    credentials: Any
    renewal: str
    role_arn: str | None = None
    stands_alone: bool = False

    def frozen(self) -> Any:
        """Return the keys of this moment, renewed if need be, and keep them out of the logs."""
        with obtaining(self.credentials.method):
            keys = self.credentials.get_frozen_credentials()
        hide_from_logs(f"identity {id(self)}", keys.secret_key, keys.token)
        return keys


_acting: ContextVar[Identity] = ContextVar("acting")


@contextmanager
def acting_as(identity: Identity) -> Iterator[None]:
    """Sign what is asked inside with this identity's keys (in this thread or task only)."""
    token = _acting.set(identity)
    try:
        yield
    finally:
        _acting.reset(token)


class ActingCredentials:
    """The credentials all clients share: whoever the current call acts as.

    botocore asks its credentials object for frozen keys at each signature, so a client can serve every
    account of its region. Outside ``acting_as`` there is nobody to act as: ``LookupError``, never
    somebody else's keys.
    """

    method = "explicit"

    def get_frozen_credentials(self) -> Any:
        """Return the keys to sign with."""
        return _acting.get().frozen()

    def get_deferred_property(self, _name: str) -> Callable[[], None]:
        """Return nothing for what botocore would route requests by (account-based endpoints)."""
        return lambda: None


class CredentialProvider:
    """Gives a botocore session one credentials object in place of its own chain."""

    def __init__(self, credentials: Any) -> None:
        self._credentials = credentials

    def load_credentials(self) -> Any:
        """Return the credentials."""
        return self._credentials


@contextmanager
def obtaining(method: str | None) -> Iterator[None]:
    """Name what botocore's providers of credentials let through unnamed.

    A command or a token file that is not there, output that is no JSON, an MFA code that nobody types,
    new keys that are too old already: all become botocore's ``CredentialRetrievalError``.
    """
    try:
        yield
    except BOTOCORE_FAILURES:
        raise  # some of them are ValueErrors too
    except EOFError:
        raise _not_obtained(method, "it asks for an MFA code, and nobody is there to type it") from None
    except RuntimeError as error:
        if type(error) is not RuntimeError:
            raise
        # botocore's only word for new keys whose expiry lies in the past: cached ones, or a wrong clock
        raise _not_obtained(method, f"{error} If they are fresh, this machine's clock is ahead.") from None
    except (OSError, ValueError) as error:
        raise _not_obtained(method, str(error)) from None


def _not_obtained(method: str | None, why: str) -> CredentialRetrievalError:
    return CredentialRetrievalError(provider=method or "the configuration", error_msg=why)


def sign_in_session(profile: str | None = None) -> Any:
    """Return a botocore session that finds credentials and may ask nothing but what signing in takes.

    With ``profile`` it looks for that profile's, and not into the environment.
    """
    session = botocore.session.Session(profile=profile)
    Guard(SIGN_IN_OPERATIONS).watch(session)
    return session


def home_region(session: Any) -> str:
    """Return the region of the first calls: the profile's or environment's, else us-east-1.

    The session itself gets it too: a profile's role is assumed there, and without a region it could not be.
    """
    region = str(session.get_config_variable("region") or os.environ.get("AWS_REGION") or _DEFAULT_REGION)
    session.set_config_variable("region", region)
    return region


def role_to_enter(session: Any) -> str | None:
    """Return the role that the profile or the environment enters before anything is asked."""
    is_named = session.instance_variables().get("profile") is not None
    from_environment = None if is_named else os.environ.get("AWS_ROLE_ARN")
    role_arn = session.get_scoped_config().get("role_arn") or from_environment
    return None if role_arn is None else str(role_arn)


def asks_for_a_code(session: Any) -> bool:
    """Say whether the profile, or one that it comes from, enters a role with an MFA code."""
    profiles = session.full_config.get("profiles", {})
    return any("mfa_serial" in profiles.get(one, {}) for one in _sources(session, session.profile))


def renewal(session: Any, method: str | None) -> str:
    """Return how a person renews credentials that were found by ``method``, or None: not found.

    ``method`` is botocore's name.
    """
    profile, config = session.profile or "default", session.get_scoped_config()
    if method in {None, "sso", "assume-role"} and (signed_in := _sso_profile(session, profile)):
        return f"Run `aws sso login --profile {signed_in}`, then refresh again."
    if method in {None, "assume-role"} and "mfa_serial" in config:
        return (
            f"Plainbill works unattended and cannot ask for MFA codes: start it with what `aws configure "
            f"export-credentials --profile {profile} --format env` prints."
        )
    if method is None and (key := next((key for key in _METHOD_OF if key in config), None)):
        method = _METHOD_OF[key]
    advice = _RENEWALS.get(
        method or "", "Renew the credentials of the profile {} (`aws configure --profile {}`)."
    )
    return advice.format(profile, profile)


_METHOD_OF = {
    "web_identity_token_file": "assume-role-with-web-identity",
    "role_arn": "assume-role",
    "credential_process": "custom-process",
}
"""By the key of a profile that asks for it."""
_RENEWALS = {
    "login": "Run `aws login --profile {}`, then refresh again.",
    "env": "Put new keys into the environment or .env, then start Plainbill again.",
    "explicit": "Put new keys into the environment or .env, then start Plainbill again.",
    "iam-role": "Check the role that is attached to this machine or container.",
    "container-role": "Check the role that is attached to this machine or container.",
    "assume-role": "Check role_arn, external_id and source_profile of the profile {} in ~/.aws/config, "
    "the keys of its source, and the role's trust policy.",
    "assume-role-with-web-identity": "Check the role's ARN, the token file and the role's trust policy.",
    "custom-process": "Run the credential_process of the profile {} in ~/.aws/config to see what it says.",
}


def _sso_profile(session: Any, profile: str) -> str | None:
    """Return the profile, this one or a source of it, that is signed in to by single sign-on."""
    profiles = session.full_config.get("profiles", {})
    by_sso = (
        one
        for one in _sources(session, profile)
        if {"sso_session", "sso_start_url"} & profiles.get(one, {}).keys()
    )
    return next(by_sso, None)


def _sources(session: Any, profile: str) -> list[str]:
    """Return a profile and those that its credentials come from, the nearest first."""
    profiles, found = session.full_config.get("profiles", {}), list[str]()
    while profile not in found:
        found.append(profile)
        profile = profiles.get(profile, {}).get("source_profile", profile)
    return found
