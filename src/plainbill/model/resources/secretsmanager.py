"""AWS Secrets Manager."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret(Resource):
    """One secret (``ListSecrets``), never its value."""

    source: ClassVar[str] = "secretsmanager_secrets"

    secret_name: str
    secret_arn: str
    created_at: datetime | None = None
    last_accessed_at: datetime | None = None  # the day, at midnight UTC; None: never since AWS counts
    last_changed_at: datetime | None = None
    owning_service: str | None = None  # the AWS service that made it and looks after it
    primary_region: str | None = None  # where it is copied from; None where it is not copied
    is_rotated: bool = False

    @property
    def resource_id(self) -> str:
        """The name."""
        return self.secret_name

    @property
    def name(self) -> str | None:
        """The name."""
        return self.secret_name

    @property
    def arn(self) -> str:
        """The ARN, which ends in six letters that AWS chose."""
        return self.secret_arn
