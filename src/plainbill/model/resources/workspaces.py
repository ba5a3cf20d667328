"""Amazon WorkSpaces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace(Resource):
    """One desktop (``DescribeWorkspaces``); AWS does not say when it was made."""

    source: ClassVar[str] = "workspaces"

    workspace_id: str
    directory_id: str
    state: str  # AVAILABLE | STOPPED | SUSPENDED | ERROR ...
    running_mode: str | None = None  # AUTO_STOP | ALWAYS_ON | MANUAL
    compute_type: str | None = None  # VALUE | STANDARD | PERFORMANCE | POWER | POWERPRO | GRAPHICS_G4DN ...
    root_gib: int | None = None
    user_gib: int | None = None
    system: str | None = None  # WINDOWS_10, AMAZON_LINUX_2 ...
    last_connected_at: datetime | None = None  # None: no connection is known, or it was not read
    connection_is_known: bool = False  # False where the status of the connections could not be read

    @property
    def resource_id(self) -> str:
        """The id."""
        return self.workspace_id

    @property
    def arn(self) -> str:
        """The ARN."""
        return arn_of("workspaces", self.region, self.account_id, f"workspace/{self.workspace_id}")

    @property
    def dimensions(self) -> Mapping[str, str]:
        """``AWS/WorkSpaces``'s dimension of one desktop."""
        return {"WorkspaceId": self.workspace_id}
