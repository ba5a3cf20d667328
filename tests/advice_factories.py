"""Generated advice of AWS for tests: say only what the test is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from factories import volume
from plainbill.model.resources.recommendation import AwsRecommendation


def recommendation(**changes: Any) -> AwsRecommendation:
    """AWS would delete the plain volume of the factories, which it says saves $8.00 a month."""
    subject = volume()
    plain = AwsRecommendation(
        account_id=subject.account_id,
        region=subject.region,
        recommendation_id="MTExMTIyMjIzMzMzX2Fi",
        action_type="Delete",
        subject_arn=subject.arn,
        subject_id=subject.volume_id,
        effort_level="Low",
        monthly_saving="8.00",
        monthly_cost="8.00",
        currency="USD",
        lookback_days=32,
        origin="ComputeOptimizer",
        refreshed_at=datetime(2026, 11, 24, 3, 0, tzinfo=UTC),
        current_type="EbsVolume",
        current_summary="100 GB gp3",
    )
    return replace(plain, **changes)
