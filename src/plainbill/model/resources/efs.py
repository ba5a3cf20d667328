"""Amazon EFS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class EfsFileSystem(Resource):
    """One file system (``DescribeFileSystems``)."""

    source: ClassVar[str] = "efs_file_systems"

    file_system_id: str
    state: str  # creating | available | updating | deleting | deleted | error
    created_at: datetime
    mount_targets: int
    standard_bytes: int | None  # None where AWS gives only the sum
    infrequent_bytes: int | None
    archive_bytes: int | None
    total_bytes: int
    throughput_mode: str  # bursting | provisioned | elastic
    provisioned_mibps: float | None = None
    is_one_zone: bool = False
    is_replica: bool = False  # the read-only destination of a replication
    moves_to_infrequent: str | None = None  # AFTER_30_DAYS ...; None: nothing moves
    lifecycle_is_known: bool = False  # False where the rules could not be read

    @property
    def resource_id(self) -> str:
        """The id."""
        return self.file_system_id

    @property
    def arn(self) -> str:
        """The ARN."""
        rest = f"file-system/{self.file_system_id}"
        return arn_of("elasticfilesystem", self.region, self.account_id, rest)

    @property
    def dimensions(self) -> Mapping[str, str]:
        """``AWS/EFS``'s dimension of all metrics but the stored bytes."""
        return {"FileSystemId": self.file_system_id}
