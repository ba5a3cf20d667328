"""A sample answer of the doctor, for the description of the API."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from plainbill.app.views.doctor import doctor_view
from plainbill.model.diagnosis import Diagnosis, Refusal, SeenAccount, TriedRead

_AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)

DOCTOR = doctor_view(
    Diagnosis(
        at=_AT,
        seconds=12.5,
        endpoint=None,
        source="single sign-on, profile billing",
        accounts=[
            SeenAccount(
                account_id="111122223333",
                arn="arn:aws:sts::111122223333:assumed-role/PlainbillReadOnly/kim",
                name="hearth-management",
                profile="billing",
                role_arn=None,
                regions=["eu-west-1", "us-east-1"],
            )
        ],
        reads=[
            TriedRead(
                action="ec2:DescribeVolumes",
                outcome="denied",
                lost_without="EBS volumes and what they cost",
                note=None,
                statement='{"Effect": "Allow", "Action": "ec2:DescribeVolumes", "Resource": "*"}',
                refusals=[
                    Refusal(
                        account_id="111122223333",
                        region="eu-west-1",
                        kind="AccessDenied",
                        reason="Not permitted: ec2:DescribeVolumes in 111122223333 eu-west-1.",
                        remedy="Add the statement to the policy of the role or user.",
                    )
                ],
            )
        ],
        calls=61,
        cost_low=Decimal("0.00003"),
        cost_high=Decimal("0.00003"),
        stored=["3 whole snapshots"],
    ),
    datetime(2026, 11, 24, 9, 40, tzinfo=UTC),
    running=None,
    error=None,
)
