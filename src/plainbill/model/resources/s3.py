"""Amazon S3."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Bucket(Resource):
    """One bucket (``ListBuckets`` and what each bucket says of itself).

    A fact that AWS refused to tell is None.
    """

    source: ClassVar[str] = "s3_buckets"

    bucket_name: str
    created_at: datetime
    versioning: str | None = None  # Enabled | Suspended | Off
    ends_incomplete_uploads: bool | None = None  # an enabled rule for the whole bucket aborts them
    expires_old_versions: bool | None = None  # an enabled rule ends or moves noncurrent versions
    incomplete_uploads: int | None = None  # more than a page of them counts as one page
    oldest_incomplete_at: datetime | None = None

    @property
    def resource_id(self) -> str:
        """The name."""
        return self.bucket_name

    @property
    def name(self) -> str | None:
        """The name."""
        return self.bucket_name

    @property
    def arn(self) -> str:
        """The ARN, which names neither account nor region."""
        partition = arn_of("s3", self.region, "", "").split(":")[1]
        return f"arn:{partition}:s3:::{self.bucket_name}"
