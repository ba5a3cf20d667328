"""Launch templates: the default and the latest version of each, in one list, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope
from plainbill.data_fetcher.collector import Collector, Page
from plainbill.model.resources.ec2_image import Ec2LaunchTemplateVersion

_PAGE = 200  # the most the API gives


class Ec2LaunchTemplates(Collector):
    """The versions of launch templates that are launched unless somebody names another."""

    name = "ec2_launch_templates"
    kind = Ec2LaunchTemplateVersion
    reads = (
        Read(
            "ec2",
            "DescribeLaunchTemplateVersions",
            "which machine images launch templates name, and so none that is unused",
        ),
    )

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeLaunchTemplateVersions`` of all templates."""
        wanted = ["$Latest", "$Default"]
        return connector.pages(
            scope, "ec2", "DescribeLaunchTemplateVersions", Versions=wanted, MaxResults=_PAGE
        )

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[Ec2LaunchTemplateVersion]:
        """Yield the versions of a page."""
        return (_version(raw, scope) for raw in page.get("LaunchTemplateVersions", ()))


def _version(raw: Mapping[str, Any], scope: Scope) -> Ec2LaunchTemplateVersion:
    return Ec2LaunchTemplateVersion(
        account_id=scope.account_id,
        region=scope.region,
        launch_template_id=raw["LaunchTemplateId"],
        template_name=raw.get("LaunchTemplateName") or None,
        version=int(raw["VersionNumber"]),
        image_id=raw.get("LaunchTemplateData", {}).get("ImageId") or None,
    )
