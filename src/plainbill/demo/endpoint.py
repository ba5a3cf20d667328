"""From a request's bytes to an answer's bytes: who asks, may they, what is the answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from plainbill.aws_connector.service_models import Service
from plainbill.demo import answers_cloudwatch, answers_cost_explorer, answers_ec2, answers_identity
from plainbill.demo.answers_identity import account_of
from plainbill.demo.call import Answer, Call, Options
from plainbill.demo.company import Company
from plainbill.demo.throttle import Buckets
from plainbill.demo.wire import (
    Asked,
    Caller,
    Reply,
    WireError,
    known_service,
    protocol_of,
    read_request,
    write_answer,
    write_error,
)

ANSWERS: Mapping[str, Answer] = {
    **answers_identity.ANSWERS,
    **answers_ec2.ANSWERS,
    **answers_cloudwatch.ANSWERS,
    **answers_cost_explorer.ANSWERS,
}
"""Every operation the endpoint answers, by its IAM action."""
_GLOBAL_SERVICES = {"ce", "organizations", "sts"}


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
    _company: Company | None = None

    @property
    def company(self) -> Company:
        """The company as it stands today; made anew when the day changes."""
        return self._company_on(self.clock().date())

    def _company_on(self, today: date) -> Company:
        if self._company is None or self._company.today != today:
            self._company = Company(today, hostile=self.hostile)
        return self._company

    def answer(self, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer one request; everything that is wrong with it becomes AWS's error for it."""
        request_id = str(uuid.uuid4())
        service: Service | None = None
        protocol, operation = "json" if "x-amz-target" in headers else "query", "?"
        caller = Caller("", "", "?")
        try:
            caller = Caller.of(headers.get("authorization", ""))
            service = known_service(caller.service)
            protocol = protocol_of(service, headers)
            asked = read_request(service, headers, body)
            operation = asked.operation.name
            reply = write_answer(asked, self._answer(asked, caller), request_id)
            code = None
        except WireError as error:
            reply, code = write_error(service, protocol, error, request_id), error.code
        self._remember(caller, operation, reply.status, code)
        return reply

    def _answer(self, asked: Asked, caller: Caller) -> Mapping[str, object]:
        action = f"{caller.service}:{asked.operation.name}"
        account = self._account(asked.protocol, caller)
        self._refuse(account, caller.region, action, asked)
        known = ANSWERS.get(action)
        if known is None:
            code = "UnknownOperationException" if asked.protocol == "json" else "InvalidAction"
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
        is_here = caller.service in _GLOBAL_SERVICES or caller.region in self.company.enabled_regions
        if account in {item.account_id for item in self.company.accounts} and is_here:
            return str(account)
        if protocol == "ec2":
            message = "AWS was not able to validate the provided access credentials"
            raise WireError("AuthFailure", message, 401)
        code = "UnrecognizedClientException" if protocol == "json" else "InvalidClientTokenId"
        raise WireError(code, "The security token included in the request is invalid.", 403)

    def _refuse(self, account: str, region: str, action: str, asked: Asked) -> None:
        for place in ((a, r, x) for a in (account, "*") for r in (region, "*") for x in (action, "*")):
            if place in self.options.faults:
                fault = self.options.faults[place]
                raise WireError(fault.code, fault.message, fault.status)
            if place in self.options.denied:
                raise _denial(account, action, asked.protocol)

    def _remember(self, caller: Caller, operation: str, status: int, code: str | None) -> None:
        account = account_of(caller.access_key)
        self.requests.append(Request(caller.service, operation, account, caller.region, status, code))
        del self.requests[: -self.keep_requests]


def _denial(account: str, action: str, protocol: str) -> WireError:
    arn = f"arn:aws:iam::{account}:user/plainbill-demo"
    if protocol == "ec2":
        message = f"You are not authorized to perform this operation. User: {arn}, action: {action}"
        return WireError("UnauthorizedOperation", message, 403)
    code = "AccessDenied" if protocol == "query" else "AccessDeniedException"
    message = (
        f"User: {arn} is not authorized to perform: {action} "
        f"because no identity-based policy allows the {action} action"
    )
    return WireError(code, message, 403 if protocol == "query" else 400)
