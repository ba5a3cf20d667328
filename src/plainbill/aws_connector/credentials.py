"""Who is asking: boto3's own chain of credentials, and one identity for each account."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import botocore.session

from plainbill.aws_connector.guard import SIGN_IN_OPERATIONS, Guard
from plainbill.aws_connector.redact import hide_from_logs

_DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True, eq=False)
class Identity:
    """One account's credentials: botocore's object, which renews itself where it can.

    ``renewal`` says how a person renews them; ``account_id`` is None until AWS has said it.
    """

    account_id: str | None
    credentials: Any
    renewal: str

    def frozen(self) -> Any:
        """Return the keys of this moment, renewed if need be, and keep them out of the logs."""
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


def sign_in_session() -> Any:
    """Return a botocore session that finds credentials and may ask nothing but what signing in takes."""
    session = botocore.session.Session()
    Guard(SIGN_IN_OPERATIONS).watch(session)
    return session


def home_region(session: Any) -> str:
    """Return the region of the first calls: the profile's or environment's, else us-east-1."""
    return session.get_config_variable("region") or os.environ.get("AWS_REGION") or _DEFAULT_REGION


def renewal(session: Any, method: str | None) -> str:
    """Return how a person renews credentials that were found by ``method`` (botocore's name)."""
    profile = session.profile or "default"
    if method in {None, "sso"} and {"sso_session", "sso_start_url"} & session.get_scoped_config().keys():
        return f"Run `aws sso login --profile {profile}`, then refresh again."
    if method == "login":
        return f"Run `aws login --profile {profile}`, then refresh again."
    if method in {"env", "explicit"}:
        return "Put new keys into the environment or .env, then start plainbill again."
    if method in {"iam-role", "container-role"}:
        return "Check the role that is attached to this machine or container."
    return f"Renew the credentials of the profile {profile} (`aws configure --profile {profile}`)."
