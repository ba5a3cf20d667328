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
from plainbill.demo.fault_catalogue import DENIED, UNKNOWN_KEY
from plainbill.demo.faults import Effect, damaged, edited
from plainbill.demo.injection import Injector
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
from plainbill.model.period import utc_now

ANSWERS: Mapping[str, Answer] = collected("answers_", "ANSWERS")
"""Every operation the endpoint answers, by boto3's name of the service: ``elbv2:DescribeLoadBalancers``."""
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
    injector: Injector = field(default_factory=Injector)
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
        effect: Effect | None = None
        try:
            caller = Caller.of(headers.get("authorization", ""))
            service = service_of(caller, request)
            caller = replace(caller, service=service.name)
            protocol = protocol_of(service, headers)
            asked = read_request(service, request)
            operation = asked.operation.name
            answer, refusal = self._answer_or_error(asked, caller)
            effect = self._effect(asked, caller, answer)
            answer = edited(effect, str(account_of(caller.access_key)), asked, answer)
            if refusal is not None:
                raise refusal
            reply, code = write_answer(asked, answer, request_id), None
        except WireError as error:
            reply, code = write_error(service, protocol, error, request_id), error.code
        reply = damaged(effect, reply, utc_now())
        self._remember(caller, operation, reply.status, code)
        return reply if method != "HEAD" else replace(reply, body=b"")

    def _answer_or_error(self, asked: Asked, caller: Caller) -> tuple[Mapping[str, object], WireError | None]:
        try:
            return self._answer(asked, caller), None
        except WireError as error:
            return {}, error

    def _answer(self, asked: Asked, caller: Caller) -> Mapping[str, object]:
        action = f"{caller.service}:{asked.operation.name}"
        account = self._account(asked, caller)
        self._refuse(account, caller.region, action, asked)
        known = self.answers.get(action)
        if known is None:
            code = _UNANSWERED.get(asked.protocol, "InvalidAction")
            raise WireError(code, f"The demo company does not answer {action}")
        now = self.clock()
        if self.options.is_throttled:
            self.buckets.take(account, caller.region, action, asked.params, now)
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

    def _effect(self, asked: Asked, caller: Caller, answer: Mapping[str, object]) -> Effect | None:
        injected, account = self.options.injected, str(account_of(caller.access_key))
        return self.injector.due(injected, account, caller.region, asked, answer, self.clock())

    def _account(self, asked: Asked, caller: Caller) -> str:
        """Return the key's account; unknown keys and regions that are off are refused as AWS does."""
        account = account_of(caller.access_key)
        is_here = is_global(caller.service) or caller.service == "sts"
        is_here = is_here or caller.region in self.company.enabled_regions
        if account in {item.account_id for item in self.company.accounts} and is_here:
            return str(account)
        raise UNKNOWN_KEY.error(str(account), asked)

    def _refuse(self, account: str, region: str, action: str, asked: Asked) -> None:
        in_iam = iam_action(asked.service.name, asked.operation.name)
        actions = dict.fromkeys((action, in_iam, "*"))
        for place in ((a, r, x) for a in (account, "*") for r in (region, "*") for x in actions):
            if place in self.options.faults:
                raise self.options.faults[place].error(account, asked)
            if place in self.options.denied:
                raise DENIED.error(account, asked)

    def _remember(self, caller: Caller, operation: str, status: int, code: str | None) -> None:
        account = account_of(caller.access_key)
        self.requests.append(Request(caller.service, operation, account, caller.region, status, code))
        del self.requests[: -self.keep_requests]
