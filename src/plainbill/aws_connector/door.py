"""One place through which every call to AWS goes: guarded, metered, parsed fast, its errors named."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterable, Mapping
from typing import Any

import boto3
import botocore.session
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from plainbill import __version__
from plainbill.aws_connector.classify import BOTOCORE_FAILURES, classify
from plainbill.aws_connector.credentials import ActingCredentials, CredentialProvider, Identity, acting_as
from plainbill.aws_connector.errors import (
    AccessDenied,
    Asked,
    AwsCallError,
    CredentialsError,
    CredentialsRejected,
    InvalidRequest,
    InvalidSetup,
    NotFound,
    RegionDisabled,
    Unreachable,
    UnreadableAnswer,
)
from plainbill.aws_connector.guard import SIGN_IN_OPERATIONS, Guard
from plainbill.aws_connector.meter import Meter
from plainbill.aws_connector.parsing import CUT_SHORT, speed_up
from plainbill.aws_connector.reads import GET_CALLER_IDENTITY, Read
from plainbill.aws_connector.redact import one_line
from plainbill.aws_connector.service_models import data_loader
from plainbill.model.period import utc_now

WORKERS = 32
"""How many calls may be under way at once: as many connections does each client keep."""

READ_TIMEOUT = 60.0
"""Seconds that an answer is waited for, before it is asked for again."""
_ATTEMPTS = 6
_COST_EXPLORER_ATTEMPTS = 3  # each attempt may be billed, and botocore retries its throttling silently
_CUT_ATTEMPTS = 3  # of an answer that broke off


class Door:
    """Asks AWS on behalf of identities; safe to use from any thread.

    One session; one client for each (service, region), made under a lock and shared by all accounts
    (docs/decisions/0003-aws-clients.md). ``read_timeout`` is in seconds.
    """

    def __init__(self, reads: Iterable[Read], home: str, read_timeout: float = READ_TIMEOUT) -> None:
        self.home = home
        self._read_timeout = read_timeout
        self.meter = Meter()
        self._guard = Guard.of(reads)
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str], Any] = {}
        core = botocore.session.Session()
        core.register_component("data_loader", data_loader())
        core.register_component("credential_provider", CredentialProvider(ActingCredentials()))
        self._guard.watch(core)
        self.meter.watch(core)
        speed_up(core)
        self._session = boto3.Session(botocore_session=core)

    def ask(
        self,
        identity: Identity,
        region: str,
        service: str,
        operation: str,
        params: Mapping[str, Any],
        subject: str | None = None,
    ) -> dict[str, Any]:
        """Return AWS's answer; raises an ``AwsCallError``. ``subject`` is what the call is about (a role).

        An answer that broke off is asked for again, which botocore does for no answer that has begun.
        """
        self._guard.check(service, operation)
        asked = Asked(service, operation, identity.account_id, region, subject, identity.renewal)
        for attempt in range(1, _CUT_ATTEMPTS):
            try:
                return self._asked_once(identity, asked, params)
            except Unreachable as error:
                if error.code != CUT_SHORT:
                    raise
                time.sleep(random.random() * attempt)  # noqa: S311 - no secret: when to ask again
        return self._asked_once(identity, asked, params)

    def _asked_once(self, identity: Identity, asked: Asked, params: Mapping[str, Any]) -> dict[str, Any]:
        service, region, operation = asked.service, str(asked.region), asked.operation
        try:
            with acting_as(identity):
                client = self._client(service, region, asked)
                answer: dict[str, Any] = getattr(client, xform_name(operation))(**params)
        except (UnreadableAnswer, Unreachable) as error:  # by the parser, which does not know who was asked
            raise type(error)(_placed(error.asked, asked), error.code, error.words) from None
        except BOTOCORE_FAILURES as error:
            if isinstance(error, ClientError) and error.operation_name != operation:
                raise _sign_in_failure(error, identity) from None
            failure = classify(error, asked, utc_now())
        else:
            return answer
        if isinstance(failure, CredentialsRejected) and service != "sts" and self.is_known(identity):
            raise RegionDisabled(asked, failure.code, failure.words)
        raise failure

    def is_known(self, identity: Identity) -> bool:
        """Ask AWS, at home, whether it still knows the identity; other failures than that are raised."""
        read = GET_CALLER_IDENTITY
        try:
            self.ask(identity, self.home, read.service, read.operation, {})
        except CredentialsError:
            return False
        return True

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    def _client(self, service: str, region: str, asked: Asked) -> Any:
        with self._lock:
            if (service, region) not in self._clients:
                self._clients[service, region] = self._new_client(service, region, asked)
            return self._clients[service, region]

    def _new_client(self, service: str, region: str, asked: Asked) -> Any:
        try:
            return self._session.client(service, region_name=region, config=self._config(service))
        except BOTOCORE_FAILURES:
            raise
        except ValueError as error:  # botocore's answer to an endpoint URL that is none
            raise InvalidSetup(asked, type(error).__name__, one_line(str(error))) from None

    def _config(self, service: str) -> Config:
        attempts = _COST_EXPLORER_ATTEMPTS if service == "ce" else _ATTEMPTS
        return Config(
            retries={"mode": "standard", "total_max_attempts": attempts},
            max_pool_connections=WORKERS,
            connect_timeout=5,
            read_timeout=self._read_timeout,
            tcp_keepalive=True,
            user_agent_extra=f"plainbill/{__version__}",
        )


_SIGN_IN_SERVICES = {operation: service for service, operation in SIGN_IN_OPERATIONS}


def _sign_in_failure(error: ClientError, identity: Identity) -> AwsCallError:
    """Return what it means that AWS refused what botocore asked inside a call, to get its keys.

    Only to enter a role can be allowed by a statement; any other refusal is one of the credentials.
    """
    operation = error.operation_name
    asked = Asked(
        _SIGN_IN_SERVICES.get(operation, "sts"), operation, None, None, identity.role_arn, identity.renewal
    )
    failure = classify(error, asked, utc_now())
    if isinstance(failure, AccessDenied) and operation == "AssumeRole":
        return failure
    if isinstance(failure, AccessDenied | InvalidRequest | NotFound):
        return CredentialsRejected(asked, failure.code, failure.words)
    return failure


def _placed(by_parser: Asked, asked: Asked) -> Asked:
    """Return what was asked in full, unless it was another call inside this one (a role's renewal)."""
    return (
        asked if (by_parser.service, by_parser.operation) == (asked.service, asked.operation) else by_parser
    )
