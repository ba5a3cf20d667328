"""One place through which every call to AWS goes: guarded, metered, parsed fast, its errors named."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterable, Mapping
from typing import Any

import boto3
import botocore
import botocore.session
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from plainbill import __version__
from plainbill.aws_connector import attempts
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
    Throttled,
    Unreachable,
    UnreadableAnswer,
)
from plainbill.aws_connector.guard import SIGN_IN_OPERATIONS, Guard
from plainbill.aws_connector.meter import Meter
from plainbill.aws_connector.metric_data import put_queries_aside
from plainbill.aws_connector.parsing import speed_up
from plainbill.aws_connector.rates import tolls
from plainbill.aws_connector.reads import GET_CALLER_IDENTITY, Read
from plainbill.aws_connector.redact import one_line
from plainbill.aws_connector.service_models import data_loader
from plainbill.aws_connector.throttle import Throttle
from plainbill.aws_connector.tls import SharedTls
from plainbill.model.period import utc_now

WORKERS = 32
"""How many calls may be under way at once: as many connections does each client keep, and as many units of
work does a refresh do (measured: docs/decisions/0009-fan-out.md)."""
UNCHECKED = frozenset({"cloudwatch"})
"""Services whose parameters botocore does not check: 500 queries a call, all made in one place."""

_USER_AGENT = f"plainbill/{__version__} botocore/{botocore.__version__}"
"""Set whole: botocore's own is put together anew for each call, a sixth of what a call costs."""
READ_TIMEOUT = 60.0
"""Seconds that an answer is waited for, before it is asked for again."""


class Door:
    """Asks AWS on behalf of identities; safe to use from any thread.

    One session; one client for each (service, region), made under a lock and shared by all accounts
    (docs/decisions/0003-aws-clients.md). ``read_timeout`` is in seconds; ``haste`` is ``Throttle``'s.
    """

    def __init__(
        self, reads: Iterable[Read], home: str, read_timeout: float = READ_TIMEOUT, haste: float = 1.0
    ) -> None:
        self.home = home
        self._read_timeout = read_timeout
        self.meter = Meter()
        declared = tuple(reads)
        self._guard = Guard.of(declared)
        self._throttle = Throttle(haste=haste)
        self._patience = attempts.Patience()
        self._lock = threading.Lock()
        self._tls = SharedTls()
        self._clients: dict[tuple[str, str], Any] = {}
        core = botocore.session.Session()
        core.register_component("data_loader", data_loader())
        core.register_component("credential_provider", CredentialProvider(ActingCredentials()))
        self._guard.watch(core)
        self.meter.watch(core)
        speed_up(core, declared)
        put_queries_aside(core)
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

        Each attempt waits for its tokens here, before it is signed: whoever waits for long still signs with
        keys and a time of the moment it asks.
        """
        self._guard.check(service, operation)
        asked = Asked(
            service, operation, identity.account_id, region, subject, identity.renewal, identity.stands_alone
        )
        place, pause = (identity.account_id, region), 0.0
        failure: AwsCallError
        for attempt in itertools.count(1):
            takes = tolls(service, operation, params, time.time())
            self._throttle.take(place, takes, pause)
            headers: Mapping[str, Any] = {}
            try:
                answer = self._ask_once(identity, asked, params)
            except Unreachable as error:  # by the parser: an answer that broke off
                failure = error
            except BOTOCORE_FAILURES as error:
                failure, headers = classify(error, asked, utc_now()), _headers(error)
            else:
                self._patience.answered(service, region)
                return answer
            if isinstance(failure, Throttled):
                self._throttle.refused(place, takes)
            if not self._try_again(failure, attempt):
                break
            pause = attempts.pause(failure, attempt, headers)
        if isinstance(failure, CredentialsRejected) and service != "sts" and self.is_known(identity):
            raise RegionDisabled(asked, failure.code, failure.words)
        raise failure

    def _ask_once(self, identity: Identity, asked: Asked, params: Mapping[str, Any]) -> dict[str, Any]:
        """Send one request; raises one of ``BOTOCORE_FAILURES``, or what cannot be helped by asking again."""
        try:
            with acting_as(identity):
                client = self._client(asked.service, str(asked.region), asked)
                answer: dict[str, Any] = getattr(client, xform_name(asked.operation))(**params)
        except (UnreadableAnswer, Unreachable) as error:  # by the parser, which does not know who was asked
            raise type(error)(_placed(error.asked, asked), error.code, error.words) from None
        except ClientError as error:
            if error.operation_name != asked.operation:
                raise _sign_in_failure(error, identity) from None
            raise
        return answer

    def _try_again(self, failure: AwsCallError, attempt: int) -> bool:
        if attempt >= attempts.most_attempts(failure.service) or not attempts.may_pass(failure):
            return False
        return isinstance(failure, Throttled) or self._patience.allows(failure.service, str(failure.region))

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
            client = self._session.client(service, region_name=region, config=self._config(service))
        except BOTOCORE_FAILURES:
            raise
        except ValueError as error:  # botocore's answer to an endpoint URL that is none
            raise InvalidSetup(asked, type(error).__name__, one_line(str(error))) from None
        self._tls.share_with(client)
        return client

    def _config(self, service: str) -> Config:
        return Config(
            parameter_validation=service not in UNCHECKED,
            retries={"mode": "standard", "total_max_attempts": 1},  # ``ask`` tries again, and knows for whom
            max_pool_connections=WORKERS,
            connect_timeout=5,
            read_timeout=self._read_timeout,
            tcp_keepalive=True,
            user_agent=_USER_AGENT,
        )


_SIGN_IN_SERVICES = {operation: service for service, operation in SIGN_IN_OPERATIONS}


def _sign_in_failure(error: ClientError, identity: Identity) -> AwsCallError:
    """Return what it means that AWS refused what botocore asked inside a call, to get its keys.

    Only to enter a role can be allowed by a statement; any other refusal is one of the credentials.
    """
    operation = error.operation_name
    asked = Asked(
        _SIGN_IN_SERVICES.get(operation, "sts"),
        operation,
        subject=identity.role_arn,
        renewal=identity.renewal,
        stands_alone=identity.stands_alone,
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


def _headers(error: Exception) -> Mapping[str, Any]:
    """Return the headers of the answer that ``error`` is, none where nothing answered."""
    if not isinstance(error, ClientError):
        return {}
    headers: Mapping[str, Any] = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    return headers
