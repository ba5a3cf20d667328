"""The examples of policies in the API's description: views like any other."""

from __future__ import annotations

from datetime import UTC, datetime

from plainbill.app.views.policies import (
    PoliciesView,
    PolicyCheckView,
    PolicyThresholdView,
    PolicyUseView,
    PolicyView,
)

_AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
SAVED = {
    "name": "night shift",
    "check": "ebs_volume_unattached",
    "thresholds": {"min_age_days": "30"},
    "note": "agreed with the DBAs",
    "who": "kim",
}
POLICIES = PoliciesView(
    in_force="night shift",
    policies=[
        PolicyView(
            name="night shift",
            note="agreed with the DBAs",
            who="kim",
            saved_at=_AT,
            is_in_force=True,
            checks=[
                PolicyCheckView(
                    check_id="ebs_volume_unattached",
                    title="Unattached EBS volume",
                    thresholds=[PolicyThresholdView(name="min_age_days", value="30", usual=7)],
                    question={"check": "ebs_volume_unattached", "min_age_days": "30"},
                )
            ],
            problems=[],
        )
    ],
    uses=[PolicyUseView(at=_AT, name="night shift", who="kim")],
)
