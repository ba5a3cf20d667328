"""A finding's life through the real command: seen, not to be seen, gone, back again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from e2e.process import environment, plainbill
from plainbill.app import create_app
from plainbill.demo.call import Call
from plainbill.demo.endpoint import ANSWERS
from plainbill.demo.fleet import PRODUCTION
from plainbill.demo.server import DemoEndpoint
from plainbill.demo.wire import WireError
from plainbill.model.period import utc_now
from plainbill.settings import Settings
from plainbill.storage import Home

OPERATION = "ec2:DescribeAddresses"


@dataclass
class Addresses:
    """What AWS tells of the addresses; a test changes it between two refreshes."""

    released: set[str] = field(default_factory=set)
    is_denied: bool = False

    def __call__(self, call: Call) -> Mapping[str, object]:
        if self.is_denied:
            raise WireError("UnauthorizedOperation", "You are not authorized to perform this operation.", 403)
        answer: dict[str, Any] = dict(ANSWERS[OPERATION](call))
        kept = [one for one in answer["Addresses"] if one["AllocationId"] not in self.released]
        return {**answer, "Addresses": kept}


@dataclass
class Life:
    """A home that the real command fills anew each time it is asked to."""

    addresses: Addresses
    refresh: Callable[[], None]
    client: TestClient

    def unassociated(self) -> list[dict[str, Any]]:
        asked = self.client.get("/api/findings", params={"check": "ec2_address_unassociated"})
        rows: list[dict[str, Any]] = asked.json()["findings"]
        return rows

    def finding(self, finding_id: str) -> dict[str, Any]:
        return dict(self.client.get(f"/api/findings/{finding_id}").json())


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    addresses, now = Addresses(), utc_now()
    with DemoEndpoint(now=now, answers={**ANSWERS, OPERATION: addresses}) as demo:
        roles = [arn for arn in demo.company.role_arns if PRODUCTION in arn]
        env = environment(demo, tmp_path, PLAINBILL_ROLE_ARNS=",".join(roles))

        def refresh() -> None:
            done = plainbill("refresh", "--json", env=env)
            assert done.returncode in {0, 3}, done.stderr

        refresh()
        app = create_app(Home(tmp_path), Settings(home=tmp_path), None, clock=lambda: now, look_every=0)
        client = TestClient(app, base_url="http://127.0.0.1:8585")  # not started: each request looks itself
        yield Life(addresses, refresh, client)


def test_a_finding_is_gone_only_once_its_source_was_read_without_it(life: Life) -> None:
    first, *others = life.unassociated()
    finding_id = first["finding_id"]

    life.addresses.released.add(first["resource_id"])
    life.addresses.is_denied = True
    life.refresh()
    assert life.finding(finding_id)["finding"]["state"] == "open"

    life.addresses.is_denied = False
    life.refresh()
    gone = life.finding(finding_id)
    assert gone["finding"]["state"] == "gone"
    assert not gone["is_found"]
    assert {row["finding_id"] for row in life.unassociated()} == {row["finding_id"] for row in others}

    life.addresses.released.clear()
    life.refresh()
    back = life.finding(finding_id)
    assert back["finding"]["state"] == "open"
    assert [event["state"] for event in back["history"]] == ["open", "gone", "open"]
