"""A desktop as WorkSpaces describes it, without its user."""

from __future__ import annotations

from typing import Any

import pytest

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.workspaces import Workspaces
from plainbill.model.resources.workspaces import Workspace

SCOPE = Scope("111122223333", "us-east-1")
LEAST: dict[str, Any] = {"WorkspaceId": "ws-1", "DirectoryId": "d-1", "State": "AVAILABLE"}


def parsed_of(raw: dict[str, Any]) -> Workspace:
    (one,) = Workspaces.parse({"Workspaces": [raw]}, SCOPE)
    return one


def parsed(**changes: Any) -> Workspace:
    return parsed_of(LEAST | changes)


def test_of_what_is_described_with_the_least_no_more_is_known() -> None:
    assert parsed() == Workspace(
        account_id="111122223333",
        region="us-east-1",
        workspace_id="ws-1",
        directory_id="d-1",
        state="AVAILABLE",
    )


@pytest.mark.parametrize("absent", ["WorkspaceId", "DirectoryId", "State"])
def test_a_field_that_aws_promises_is_never_guessed(absent: str) -> None:
    least = {name: value for name, value in LEAST.items() if name != absent}
    with pytest.raises(KeyError, match=absent):
        parsed_of(least)


def test_how_it_is_billed_is_kept_and_the_user_is_not() -> None:
    one = parsed(
        UserName="maria",
        WorkspaceProperties={
            "RunningMode": "ALWAYS_ON",
            "ComputeTypeName": "POWER",
            "RootVolumeSizeGib": 175,
            "UserVolumeSizeGib": 100,
            "OperatingSystemName": "WINDOWS_10",
        },
    )
    assert (one.running_mode, one.compute_type, one.root_gib, one.user_gib) == (
        "ALWAYS_ON",
        "POWER",
        175,
        100,
    )
    assert "maria" not in repr(one)
    assert parsed(WorkspaceProperties={}).running_mode is None
