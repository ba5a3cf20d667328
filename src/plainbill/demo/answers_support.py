"""Support: the checks of Trusted Advisor and what they flag, for accounts with a support plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from plainbill.demo.call import Answer, Call, Fault
from plainbill.demo.estate_measured import CHECKS, UNENROLLED, Flag, flags
from plainbill.demo.wire_scope import WireError
from plainbill.model.period import midnight

NO_PLAN = Fault(
    "SubscriptionRequiredException",
    "Amazon Web Services Premium Support Subscription is required to use this service.",
    400,
)
"""What an account hears without a support plan."""
_READY = timedelta(hours=3)


def describe_checks(call: Call) -> Mapping[str, Any]:
    """List the checks with their columns."""
    _require_plan(call)
    return {
        "checks": [
            {"id": check, "name": name, "description": name, "category": category, "metadata": list(columns)}
            for check, (category, name, columns) in CHECKS.items()
        ]
    }


def describe_summaries(call: Call) -> Mapping[str, Any]:
    """Say of some checks whether they flag anything."""
    _require_plan(call)
    return {"summaries": [_summary(call, check) for check in call.params["checkIds"]]}


def describe_result(call: Call) -> Mapping[str, Any]:
    """List what one check flags."""
    _require_plan(call)
    check = str(call.params["checkId"])
    flagged = [
        {
            "status": "warning",
            "region": one.region,
            "resourceId": f"{check}-{number}",
            "isSuppressed": False,
            "metadata": list(one.cells),
        }
        for number, one in enumerate(_of_check(call, check))
    ]
    return {"result": {**_summary(call, check), "flaggedResources": flagged}}


def _summary(call: Call, check: str) -> dict[str, Any]:
    if check not in CHECKS:
        raise WireError("InvalidParameterValueException", f"Invalid parameter value: {check}", 400)
    count = len(_of_check(call, check))
    return {
        "checkId": check,
        "timestamp": (midnight(call.company.today) + _READY).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "status": "warning" if count else "ok",
        "hasFlaggedResources": bool(count),
        "resourcesSummary": {
            "resourcesProcessed": count,
            "resourcesFlagged": count,
            "resourcesIgnored": 0,
            "resourcesSuppressed": 0,
        },
        "categorySpecificSummary": {},
    }


def _of_check(call: Call, check: str) -> list[Flag]:
    return [one for one in flags(call.company) if (one.account_id, one.check_id) == (call.account, check)]


def _require_plan(call: Call) -> None:
    if call.account in UNENROLLED:
        raise WireError(NO_PLAN.code, NO_PLAN.message, NO_PLAN.status)


ANSWERS: Mapping[str, Answer] = {
    "support:DescribeTrustedAdvisorChecks": describe_checks,
    "support:DescribeTrustedAdvisorCheckSummaries": describe_summaries,
    "support:DescribeTrustedAdvisorCheckResult": describe_result,
}
