"""EFS: ``DescribeFileSystems`` in every enabled Region, and each one's lifecycle rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.collector import Collector, Page, tags_of
from plainbill.data_fetcher.further_calls import FurtherCalls
from plainbill.data_fetcher.source import as_documented
from plainbill.model.inventory import Gap
from plainbill.model.resources import Resource
from plainbill.model.resources.efs import EfsFileSystem

_PAGE = 100  # the most the API gives
_LIST, _LIFECYCLE = (
    Read("efs", "DescribeFileSystems", "the EFS file systems, and so none that nobody uses"),
    Read("efs", "DescribeLifecycleConfiguration", "which EFS file systems move what is seldom read"),
)


class EfsFileSystems(Collector):
    """Every file system."""

    name = "efs_file_systems"
    kind = EfsFileSystem
    reads = (_LIST, _LIFECYCLE)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeFileSystems``."""
        return connector.pages(scope, "efs", _LIST.operation, MaxItems=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[EfsFileSystem]:
        """Yield the file systems of a page."""
        return (_file_system(raw, scope) for raw in page.get("FileSystems", ()))

    @classmethod
    def read(cls, connector: Connector, scope: Scope) -> tuple[list[Resource], list[Gap]]:
        """Return the file systems and what is missing; raises ``AwsError``."""
        with as_documented(_LIST, scope):
            found = [one for page in cls.fetch(connector, scope) for one in cls.parse(page, scope)]
        further = FurtherCalls(cls.name)
        return [further.ask(partial(_ruled, connector, scope, one)) or one for one in found], further.gaps()


def _ruled(connector: Connector, scope: Scope, one: EfsFileSystem) -> EfsFileSystem:
    with as_documented(_LIFECYCLE, scope):
        answer = connector.call(scope, "efs", _LIFECYCLE.operation, FileSystemId=one.file_system_id)
        moves = (rule.get("TransitionToIA") for rule in answer["LifecyclePolicies"])
        return replace(one, lifecycle_is_known=True, moves_to_infrequent=next((m for m in moves if m), None))


def _file_system(raw: Mapping[str, Any], scope: Scope) -> EfsFileSystem:
    size = raw["SizeInBytes"]
    protection = (raw.get("FileSystemProtection") or {}).get("ReplicationOverwriteProtection")
    return EfsFileSystem(
        account_id=scope.account_id,
        region=scope.region,
        tags=tags_of(raw),
        file_system_id=raw["FileSystemId"],
        state=raw["LifeCycleState"],
        created_at=instant(raw["CreationTime"]),
        mount_targets=int(raw["NumberOfMountTargets"]),
        standard_bytes=size.get("ValueInStandard"),
        infrequent_bytes=size.get("ValueInIA"),
        archive_bytes=size.get("ValueInArchive"),
        total_bytes=int(size["Value"]),
        throughput_mode=raw.get("ThroughputMode") or "bursting",
        provisioned_mibps=raw.get("ProvisionedThroughputInMibps"),
        is_one_zone=bool(raw.get("AvailabilityZoneName")),
        is_replica=protection == "REPLICATING",
    )
