"""Machine images (AMIs), and the launch templates that name them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Ec2Image(Resource):
    """One image that the account owns (``DescribeImages``); billed are the snapshots it is made of."""

    source: ClassVar[str] = "ec2_images"

    image_id: str
    image_name: str | None
    created_at: datetime
    state: str  # available | disabled | pending | failed ...
    is_public: bool
    snapshot_ids: tuple[str, ...] = ()
    last_launched_at: datetime | None = None  # a day late; None where no launch is known (since April 2017)
    managed_by: tuple[str, ...] = ()  # of: backup, dlm, drs, mgn, by AWS's own tags

    @property
    def resource_id(self) -> str:
        """The image id."""
        return self.image_id

    @property
    def name(self) -> str | None:
        """The image's own name."""
        return self.image_name or self.tags.get("Name")

    @property
    def arn(self) -> str:
        """The ARN; unlike AWS's own it names the account, as those of all other kinds do."""
        return arn_of("ec2", self.region, self.account_id, f"image/{self.image_id}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ec2LaunchTemplateVersion(Resource):
    """The default or the latest version of one launch template (``DescribeLaunchTemplateVersions``)."""

    source: ClassVar[str] = "ec2_launch_templates"

    launch_template_id: str
    template_name: str | None
    version: int
    image_id: str | None = None  # None where it names none; resolve:ssm:... where a parameter does

    @property
    def resource_id(self) -> str:
        """The template's id and the version's number."""
        return f"{self.launch_template_id}:{self.version}"

    @property
    def name(self) -> str | None:
        """The template's own name."""
        return self.template_name

    @property
    def arn(self) -> str:
        """The template's ARN with the version's number behind it: AWS has none for a version."""
        return arn_of("ec2", self.region, self.account_id, f"launch-template/{self.resource_id}")
