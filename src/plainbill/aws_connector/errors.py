"""What AWS can answer instead of an answer, in few kinds, each with what to do about it.

AwsError
└── AwsCallError              knows service, operation, account_id, region, code, iam_action
    ├── CredentialsError      nothing works until the credentials do
    │   ├── NoCredentials     CredentialsExpired     CredentialsRejected
    ├── AccessDenied          a policy refuses this action
    ├── NotEnabled            the service must be switched on first, or has no data yet
    ├── RegionDisabled        the account has not enabled the region
    ├── Throttled             too many calls, also after retries
    ├── Unreachable           no connection, or none that lasted
    ├── ClockSkew             this machine's clock is wrong
    ├── PagesChanged          the pages changed while read: begin again at the first
    ├── NotFound              what was asked about is not there
    ├── InvalidRequest        the question itself was wrong
    ├── InvalidSetup          a profile, region, endpoint or proxy of the configuration cannot be used
    ├── ServerFailure         AWS failed
    ├── UnreadableAnswer      the answer is not in AWS's format
    └── UndeclaredOperation   refused here, by the guard: nothing was sent
"""
# ruff: noqa: N818 - the names say what happened, as AWS's own do

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar

from plainbill.aws_connector.reads import iam_action
from plainbill.errors import AwsError
from plainbill.model.inventory import Gap

_BLOCKING_LAYERS = {  # AWS's words for what refused, when it was not the identity's own policy
    "service control policy": "a service control policy of your organisation",
    "resource control policy": "a resource control policy of your organisation",
    "permissions boundary": "the permissions boundary of the role or user",
    "vpc endpoint policy": "the policy of the VPC endpoint the call went through",
    "session policy": "the session policy the credentials were made with",
}


@dataclass(frozen=True)
class Asked:
    """What was asked of AWS, and of whom; ``subject`` is what it was about (a role's ARN).

    ``stands_alone`` says that only this account is asked with these credentials.
    """

    service: str
    operation: str
    account_id: str | None = None
    region: str | None = None
    subject: str | None = None
    renewal: str = "Renew the credentials."  # how these credentials are renewed, as a sentence
    stands_alone: bool = False


class AwsCallError(AwsError):
    """One call that failed; ``str()`` says what, where and what to do.

    ``code`` is AWS's or botocore's own name of the failure, ``words`` AWS's sentence (one line, redacted).
    """

    what: ClassVar[str] = "AWS did not answer"
    advice: ClassVar[str] = "Try again later."

    def __init__(self, asked: Asked, code: str = "", words: str = "") -> None:
        self.asked, self.code, self.words = asked, code, words
        super().__init__(f"{self.reason} {self.remedy}")

    def __reduce__(self) -> tuple[type[AwsCallError], tuple[Asked, str, str]]:
        return type(self), (self.asked, self.code, self.words)

    @property
    def service(self) -> str:
        """botocore's name of the service."""
        return self.asked.service

    @property
    def operation(self) -> str:
        """The operation that was asked for."""
        return self.asked.operation

    @property
    def account_id(self) -> str | None:
        """The account that was asked; None while it is not known yet."""
        return self.asked.account_id

    @property
    def region(self) -> str | None:
        """The region that was asked."""
        return self.asked.region

    @property
    def iam_action(self) -> str:
        """The action a policy must allow for this call."""
        return iam_action(self.service, self.operation)

    @property
    def kind(self) -> str:
        """The class of the failure, for gaps and counts."""
        return type(self).__name__

    @property
    def reason(self) -> str:
        """What happened, in a sentence."""
        where = " ".join(part for part in (self.account_id, self.region) if part)
        said = ": ".join(part for part in (self.code, self.words) if part)
        return (
            f"{self.what}: {self.iam_action}{f' in {where}' if where else ''}{f' ({said})' if said else ''}."
        )

    @property
    def remedy(self) -> str:
        """What to do about it, in a sentence or two."""
        return self.advice


class CredentialsError(AwsCallError):
    """Nothing can be asked with these credentials."""

    what = "The AWS credentials do not work"

    @property
    def remedy(self) -> str:
        """How these very credentials are renewed."""
        return self.asked.renewal


class NoCredentials(CredentialsError):
    """There are no credentials, or only half of them."""

    what = "There are no AWS credentials"

    @property
    def remedy(self) -> str:
        """The ways to give some, and the way to look around without."""
        return (
            "Give some in one of three ways: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment "
            "or in .env; a profile (AWS_PROFILE=name, see `aws configure`); or single sign-on (`aws sso "
            "login --profile name`, then AWS_PROFILE=name). To look around without: `plainbill demo`."
        )


class CredentialsExpired(CredentialsError):
    """The session is over, or there was no way to begin one."""

    what = "The AWS credentials have expired or could not be obtained"


class CredentialsRejected(CredentialsError):
    """AWS knows no such key, or the signature does not fit it."""

    what = "AWS does not accept the credentials"

    @property
    def remedy(self) -> str:
        """How they are renewed; keys of another partition are good, but not where we asked."""
        elsewhere = " Keys of GovCloud or China work only with AWS_REGION set to a region there."
        return super().remedy + (elsewhere if self.region == "us-east-1" and self.service == "sts" else "")


class AccessDenied(AwsCallError):
    """A policy refuses this action."""

    what = "Not permitted"

    @property
    def blocked_by(self) -> str | None:
        """What refused, when it is not the identity's own policy: then editing that one will not help."""
        said = self.words.lower()
        return next((layer for words, layer in _BLOCKING_LAYERS.items() if words in said), None)

    @property
    def statement(self) -> str:
        """The IAM statement that allows the action, as JSON."""
        resource = self.asked.subject if self.operation == "AssumeRole" and self.asked.subject else "*"
        return json.dumps({"Effect": "Allow", "Action": self.iam_action, "Resource": resource})

    @property
    def remedy(self) -> str:
        """The statement to add, or who else must allow it."""
        if self.blocked_by:
            return (
                f"It is {self.blocked_by} that refuses {self.iam_action}: editing the role will not help; "
                "ask whoever manages it to allow the action."
            )
        add = f"Add to the policy of the role or user: {self.statement}"
        if self.operation != "AssumeRole":
            return add
        return (
            f"{add} and let the role's trust policy name that identity, with the external id used here "
            "(PLAINBILL_EXTERNAL_ID, or external_id of the profile)."
        )


class NotEnabled(AwsCallError):
    """The service is not switched on for this account, or has no data yet."""

    what = "Not switched on, or no data yet"

    @property
    def remedy(self) -> str:
        """Where to switch it on."""
        if self.service == "ce":
            return (
                "Open Cost Explorer once in the AWS console (Billing and Cost Management), as the payer if "
                "this account is a member of an organisation; the first data take up to 24 hours."
            )
        if self.service == "cost-optimization-hub":
            return (
                "Enable Cost Optimization Hub in the AWS console (Billing and Cost Management), as the payer "
                "with all member accounts if there is an organisation, and Compute Optimizer with it. Both "
                "are free; the first recommendations take up to 24 hours. Without it Plainbill's own "
                "findings are complete."
            )
        if self.service == "compute-optimizer":
            return (
                "Opt in to Compute Optimizer in the AWS console, as the payer with all member accounts if "
                "there is an organization. It is free; the first findings take up to 24 hours. Without it "
                "Plainbill's own findings are complete, but for the memory of Lambda functions."
            )
        if self.service == "support":
            return (
                "Trusted Advisor's cost checks come with a support plan (Business Support+ or higher), which "
                "costs money each month; there is no need to buy one for this. Without it Plainbill's own "
                "findings are complete."
            )
        return (
            f"Switch {self.service} on in the AWS console if you want what it knows; Plainbill works without."
        )


class RegionDisabled(AwsCallError):
    """The account has not enabled the region, though the credentials are good elsewhere."""

    what = "The region is not enabled for this account"
    advice = "Nothing runs in a region that is not enabled; if it is, look under Account > AWS Regions."


class Throttled(AwsCallError):
    """AWS asked to slow down, also after the retries."""

    what = "AWS slowed the calls down, and retries did not help"
    advice = "Refresh again in some minutes; other tools that call AWS in this account share the limit."


class Unreachable(AwsCallError):
    """No connection came about, or it broke."""

    what = "AWS could not be reached"
    advice = "Check the network, the proxy and AWS_ENDPOINT_URL; what was read before stays on show."


class ClockSkew(AwsCallError):
    """The time in the signature is too far from AWS's."""

    what = "This machine's clock is wrong, so AWS refuses its signatures"
    advice = "Set the clock (for instance by NTP) and refresh again."


class PagesChanged(AwsCallError):
    """What is paged through changed meanwhile, or a page token came twice: begin again at the first page."""

    what = "The pages changed while they were read"
    advice = "Refresh again."


class NotFound(AwsCallError):
    """What was asked about does not exist any more."""

    what = "Not there any more"
    advice = "Refresh again: it was probably deleted meanwhile."


class InvalidRequest(AwsCallError):
    """The question itself was wrong."""

    what = "AWS does not accept the question"
    advice = "If it comes again, please report it with this text: the fault is Plainbill's."

    @property
    def remedy(self) -> str:
        """What to do; a session that STS cannot pack is not the question's fault."""
        if not self.code.startswith("PackedPolicyTooLarge"):
            return self.advice
        return (
            "STS packs the session policy and the session's tags together, and both are too long: let the "
            "credentials that enter the role carry fewer or shorter session tags (single sign-on and chained "
            "roles pass theirs on), or start Plainbill with credentials of that account (a profile)."
        )


class InvalidSetup(AwsCallError):
    """The configuration names something that cannot be used."""

    what = "The AWS configuration cannot be used"
    advice = "Correct AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL, the proxy settings or ~/.aws/config."


class ServerFailure(AwsCallError):
    """AWS failed, also after the retries."""

    what = "AWS failed"
    advice = "Refresh again later; health.aws.amazon.com shows known incidents."


class UnreadableAnswer(AwsCallError):
    """The answer is not in the format AWS's own model promises."""

    what = "The answer is not in AWS's format"
    advice = "Check whether a proxy or AWS_ENDPOINT_URL answers in AWS's place."


class UndeclaredOperation(AwsCallError):
    """The guard refused it: no part of Plainbill declared this read. Nothing was sent."""

    what = "Refused by Plainbill itself, for no part of it has declared this as a read"
    advice = "Declare it as a Read of the source that needs it."


def gap_of(error: AwsError, source: str) -> Gap:
    """Return the hole that ``error`` leaves in what ``source`` was to read."""
    if not isinstance(error, AwsCallError):
        return Gap(
            source=source,
            account_id=None,
            region=None,
            kind=type(error).__name__,
            action=None,
            reason=str(error),
            remedy="Refresh again.",
        )
    return Gap(
        source=source,
        account_id=error.account_id,
        region=error.region,
        kind=error.kind,
        action=error.iam_action if isinstance(error, AccessDenied) else None,
        reason=error.reason,
        remedy=error.remedy,
    )
