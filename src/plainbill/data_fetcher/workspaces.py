"""WorkSpaces: the desktops of every enabled Region, and when somebody last connected to each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant_or_none
from plainbill.data_fetcher.collector import Collector, Page
from plainbill.data_fetcher.further_calls import FurtherCalls
from plainbill.data_fetcher.source import as_documented
from plainbill.model.inventory import Gap
from plainbill.model.resources import Resource
from plainbill.model.resources.workspaces import Workspace

_PAGE = 25  # the most the API gives
_LIST, _CONNECTIONS = (
    Read("workspaces", "DescribeWorkspaces", "the WorkSpaces, and so none that nobody uses"),
    Read("workspaces", "DescribeWorkspacesConnectionStatus", "when somebody last used each WorkSpace"),
)


class Workspaces(Collector):
    """Every desktop; the user's name is not kept, and tags would take a call each."""

    name = "workspaces"
    kind = Workspace
    reads = (_LIST, _CONNECTIONS)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeWorkspaces``."""
        return connector.pages(scope, "workspaces", _LIST.operation, Limit=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[Workspace]:
        """Yield the desktops of a page."""
        return (_workspace(raw, scope) for raw in page.get("Workspaces", ()))

    @classmethod
    def read(cls, connector: Connector, scope: Scope) -> tuple[list[Resource], list[Gap]]:
        """Return the desktops and what is missing; raises ``AwsError``."""
        with as_documented(_LIST, scope):
            found = [one for page in cls.fetch(connector, scope) for one in cls.parse(page, scope)]
        if not found:
            return [], []
        further = FurtherCalls(cls.name)
        connections = further.ask(partial(_connections, connector, scope)) or {}
        return [_connected(one, connections) for one in found], further.gaps()


def _connections(connector: Connector, scope: Scope) -> dict[str, datetime | None]:
    with as_documented(_CONNECTIONS, scope):
        return {
            raw["WorkspaceId"]: instant_or_none(raw.get("LastKnownUserConnectionTimestamp"))
            for page in connector.pages(scope, "workspaces", _CONNECTIONS.operation)
            for raw in page.get("WorkspacesConnectionStatus", ())
        }


def _connected(one: Workspace, connections: Mapping[str, datetime | None]) -> Workspace:
    if one.workspace_id not in connections:
        return one
    return replace(one, connection_is_known=True, last_connected_at=connections[one.workspace_id])


def _workspace(raw: Mapping[str, Any], scope: Scope) -> Workspace:
    properties = raw.get("WorkspaceProperties") or {}
    return Workspace(
        account_id=scope.account_id,
        region=scope.region,
        workspace_id=raw["WorkspaceId"],
        directory_id=raw["DirectoryId"],
        state=raw["State"],
        running_mode=properties.get("RunningMode"),
        compute_type=properties.get("ComputeTypeName"),
        root_gib=properties.get("RootVolumeSizeGib"),
        user_gib=properties.get("UserVolumeSizeGib"),
        system=properties.get("OperatingSystemName"),
    )
