"""Amazon ECR."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class EcrRepository(Resource):
    """One private repository (``DescribeRepositories``)."""

    source: ClassVar[str] = "ecr_repositories"

    repository_name: str
    created_at: datetime
    has_lifecycle: bool | None = None  # None where it could not be read
    images: int | None = None
    image_bytes: int | None = None  # the sum of the images; layers that several share are stored once

    @property
    def resource_id(self) -> str:
        """The name."""
        return self.repository_name

    @property
    def name(self) -> str | None:
        """The name."""
        return self.repository_name

    @property
    def arn(self) -> str:
        """The ARN."""
        return arn_of("ecr", self.region, self.account_id, f"repository/{self.repository_name}")
