"""Machine images: ``DescribeImages`` of those the account owns, in every enabled Region, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.backup_tags import managers
from plainbill.data_fetcher.collector import Collector, Page, tags_of
from plainbill.model.resources.ec2_image import Ec2Image

_PAGE = 1000  # the most the API gives


class Ec2Images(Collector):
    """Every image the account owns, deprecated and disabled ones as well: their snapshots are billed."""

    name = "ec2_images"
    kind = Ec2Image
    reads = (
        Read("ec2", "DescribeImages", "the machine images, and so which snapshots and images nothing uses"),
    )

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeImages``."""
        return connector.pages(
            scope,
            "ec2",
            "DescribeImages",
            Owners=["self"],
            IncludeDeprecated=True,
            IncludeDisabled=True,
            MaxResults=_PAGE,
        )

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[Ec2Image]:
        """Yield the images of a page."""
        return (_image(raw, scope) for raw in page.get("Images", ()))


def _image(raw: Mapping[str, Any], scope: Scope) -> Ec2Image:
    tags = tags_of(raw)
    launched = raw.get("LastLaunchedTime")
    return Ec2Image(
        account_id=scope.account_id,
        region=scope.region,
        tags=tags,
        image_id=raw["ImageId"],
        image_name=raw.get("Name") or None,
        created_at=instant(raw["CreationDate"]),
        state=raw["State"],
        is_public=bool(raw["Public"]),
        snapshot_ids=tuple(dict.fromkeys(_snapshot_ids(raw))),
        last_launched_at=instant(launched) if launched else None,
        managed_by=managers(tags),
    )


def _snapshot_ids(raw: Mapping[str, Any]) -> Iterator[str]:
    for mapping in raw.get("BlockDeviceMappings", ()):
        if snapshot_id := mapping.get("Ebs", {}).get("SnapshotId"):
            yield snapshot_id
