"""From a request's bytes to an answer's bytes: who asks, may they, what is the answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from plainbill.aws_connector.global_services import is_global
from plainbill.aws_connector.reads import iam_action
from plainbill.aws_connector.service_models import Service
from plainbill.demo.answers_identity import account_of
from plainbill.demo.call import Answer, Call, Options
from plainbill.demo.company import Company
from plainbill.demo.families import collected
from plainbill.demo.throttle import Buckets
from plainbill.demo.wire import (
    Asked,
    Caller,
    HttpRequest,
    Reply,
    WireError,
    protocol_of,
    read_request,
    service_of,
    write_answer,
    write_error,
)

ANSWERS: Mapping[str, Answer] = collected("answers_", "ANSWERS")
"""Every operation the endpoint answers, by boto3's name of the service: ``elbv2:DescribeLoadBalancers``."""
_IN_JSON = {"json", "rest-json"}
_UNANSWERED = {"json": "UnknownOperationException", "rest-json": "UnknownOperationException"}
"""AWS's code for an operation it does not have, by protocol; ``InvalidAction`` in the others."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked, for tests and meters."""

    service: str
    operation: str
    account: str | None
    region: str
    status: int
    code: str | None


@dataclass
class Endpoint:
    """The company behind AWS's protocols; knows nothing of sockets. ``clock`` tells the present instant."""

    clock: Callable[[], datetime]
    options: Options = field(default_factory=Options)
    hostile: bool = False
    requests: list[Request] = field(default_factory=list)
    buckets: Buckets = field(default_factory=Buckets)
    keep_requests: int = 100_000
    answers: Mapping[str, Answer] = field(default_factory=lambda: ANSWERS)
    make: Callable[[date], Company] | None = None
    """Makes another company than the demo's, as it stands on a day."""
    _company: Company | None = None

    @property
    def company(self) -> Company:
        """The company as it stands today; made anew when the day changes."""
        return self._company_on(self.clock().date())

    def _company_on(self, today: date) -> Company:
        if self._company is None or self._company.today != today:
            self._company = self.make(today) if self.make else Company(today, hostile=self.hostile)
        return self._company

    def answer(
        self, headers: Mapping[str, str], body: bytes, method: str = "POST", target: str = "/"
    ) -> Reply:
        """Answer one request; everything that is wrong with it becomes AWS's error for it.

        ``target`` is the path and the query string as they came (``/2015-03-31/functions/?MaxItems=5``).
        """
        request_id = str(uuid.uuid4())
        request = HttpRequest(headers, body, method, target)
        service: Service | None = None
        protocol, operation = "json" if "x-amz-target" in headers else "query", "?"
        caller = Caller("", "", "?")
        try:
            caller = Caller.of(headers.get("authorization", ""))
            service = service_of(caller, request)
            caller = replace(caller, service=service.name)
            protocol = protocol_of(service, headers)
            asked = read_request(service, request)
            operation = asked.operation.name
            reply = write_answer(asked, self._answer(asked, caller), request_id)
            code = None
        except WireError as error:
            reply, code = write_error(service, protocol, error, request_id), error.code
        self._remember(caller, operation, reply.status, code)
        return reply if method != "HEAD" else replace(reply, body=b"")

    def _answer(self, asked: Asked, caller: Caller) -> Mapping[str, object]:
        action = f"{caller.service}:{asked.operation.name}"
        account = self._account(asked.protocol, caller)
        self._refuse(account, caller.region, action, asked)
        known = self.answers.get(action)
        if known is None:
            code = _UNANSWERED.get(asked.protocol, "InvalidAction")
            raise WireError(code, f"The demo company does not answer {action}")
        if self.options.is_throttled:
            self.buckets.take(account, caller.region, action, asked.params)
        now = self.clock()
        call = Call(
            company=self._company_on(now.date()),
            options=self.options,
            account=account,
            region=caller.region,
            access_key=caller.access_key,
            now=now,
            params=asked.params,
        )
        return known(call)

    def _account(self, protocol: str, caller: Caller) -> str:
        """Return the key's account; unknown keys and regions that are off are refused as AWS does."""
        account = account_of(caller.access_key)
        is_here = is_global(caller.service) or caller.service == "sts"
        is_here = is_here or caller.region in self.company.enabled_regions
        if account in {item.account_id for item in self.company.accounts} and is_here:
            return str(account)
        if protocol == "ec2":
            message = "AWS was not able to validate the provided access credentials"
            raise WireError("AuthFailure", message, 401)
        if caller.service == "s3":
            message = "The AWS Access Key Id you provided does not exist in our records."
            raise WireError("InvalidAccessKeyId", message, 403)
        code = "UnrecognizedClientException" if protocol in _IN_JSON else "InvalidClientTokenId"
        raise WireError(code, "The security token included in the request is invalid.", 403)

    def _refuse(self, account: str, region: str, action: str, asked: Asked) -> None:
        in_iam = iam_action(asked.service.name, asked.operation.name)
        actions = dict.fromkeys((action, in_iam, "*"))
        for place in ((a, r, x) for a in (account, "*") for r in (region, "*") for x in actions):
            if place in self.options.faults:
                fault = self.options.faults[place]
                raise WireError(fault.code, fault.message, fault.status)
            if place in self.options.denied:
                raise _denial(account, in_iam, asked.protocol)

    def _remember(self, caller: Caller, operation: str, status: int, code: str | None) -> None:
        account = account_of(caller.access_key)
        self.requests.append(Request(caller.service, operation, account, caller.region, status, code))
        del self.requests[: -self.keep_requests]


def _denial(account: str, action: str, protocol: str) -> WireError:
    arn = f"arn:aws:iam::{account}:user/plainbill-demo"
    if protocol == "ec2":
        message = f"You are not authorized to perform this operation. User: {arn}, action: {action}"
        return WireError("UnauthorizedOperation", message, 403)
    message = (
        f"User: {arn} is not authorized to perform: {action} "
        f"because no identity-based policy allows the {action} action"
    )
    if protocol == "json":
        return WireError("AccessDeniedException", message, 400)
    return WireError("AccessDeniedException" if protocol == "rest-json" else "AccessDenied", message, 403)
