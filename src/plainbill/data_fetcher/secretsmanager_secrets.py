"""Secrets Manager: ``ListSecrets`` in every enabled Region: names and dates, never a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant_or_none
from plainbill.data_fetcher.collector import Collector, Page, tags_of
from plainbill.model.resources.secretsmanager import Secret

_PAGE = 100  # the most the API gives


class Secrets(Collector):
    """Every secret that is not about to be deleted."""

    name = "secretsmanager_secrets"
    kind = Secret
    reads = (Read("secretsmanager", "ListSecrets", "the names of the secrets, and which nobody reads"),)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``ListSecrets``."""
        return connector.pages(scope, "secretsmanager", "ListSecrets", MaxResults=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[Secret]:
        """Yield the secrets of a page; those on the way to being deleted are not billed."""
        return (_secret(raw, scope) for raw in page.get("SecretList", ()) if not raw.get("DeletedDate"))


def _secret(raw: Mapping[str, Any], scope: Scope) -> Secret:
    return Secret(
        account_id=scope.account_id,
        region=scope.region,
        tags=tags_of(raw),
        secret_name=raw["Name"],
        secret_arn=raw["ARN"],
        created_at=instant_or_none(raw.get("CreatedDate")),
        last_accessed_at=instant_or_none(raw.get("LastAccessedDate")),
        last_changed_at=instant_or_none(raw.get("LastChangedDate")),
        owning_service=raw.get("OwningService") or None,
        primary_region=raw.get("PrimaryRegion") or None,
        is_rotated=bool(raw.get("RotationEnabled")),
    )
