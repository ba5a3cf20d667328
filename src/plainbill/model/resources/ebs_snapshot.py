"""EBS snapshots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class EbsSnapshot(Resource):
    """One EBS snapshot that the account owns (``DescribeSnapshots``).

    What it is billed for, the blocks that no other snapshot of its line holds, AWS does not tell.
    """

    source: ClassVar[str] = "ebs_snapshots"

    snapshot_id: str
    started_at: datetime
    state: str  # pending | completed | error | recoverable | recovering
    volume_size_gib: int  # of the volume, not of the snapshot
    volume_id: str | None = None  # None for a copy: AWS does not say of which volume it is
    full_size_bytes: int | None = None  # all blocks written when it was made, shared ones as well
    storage_tier: str = "standard"  # standard | archive
    is_local: bool = False  # kept on an Outpost or in a Local Zone, not in the Region
    description: str | None = None
    is_encrypted: bool = False
    data_key_id: str | None = None  # encrypted ones only: the same for all of one line, volumes as well
    managed_by: tuple[str, ...] = ()  # of: backup, dlm, drs, mgn, by AWS's own tags

    @property
    def resource_id(self) -> str:
        """The snapshot id."""
        return self.snapshot_id

    @property
    def arn(self) -> str:
        """The ARN."""
        return arn_of("ec2", self.region, self.account_id, f"snapshot/{self.snapshot_id}")
