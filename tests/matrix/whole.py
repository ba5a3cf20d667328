"""Whole refreshes with something in their way, as far as what the pages then show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from app.conftest import ADDRESS, dashboard, usual_settings
from aws import connected
from factories import NOW
from matrix.rig import Rig
from matrix.sites import HASTE, PATIENCE
from plainbill.analyzer.checks.ec2_instance_stopped import Ec2InstanceStopped
from plainbill.analyzer.checks.nat_gateway_unused import NatGatewayUnused
from plainbill.demo.call import Options
from plainbill.demo.fault_catalogue import CATALOGUE, OF_COST_EXPLORER, OF_METRICS
from plainbill.demo.fleet import DEVELOPMENT, PRODUCTION, VIRGINIA
from plainbill.demo.injection import LAST, Injected
from plainbill.model.progress import Progress
from plainbill.pipeline import refresh
from plainbill.storage import Home, SnapshotStore, State

_EFFECTS = {**CATALOGUE, **OF_COST_EXPLORER, **OF_METRICS}
COSTS, INSTANCES, METRICS = "ce:GetCostAndUsage", "ec2:DescribeInstances", "cloudwatch:GetMetricData"
CHECKS = (Ec2InstanceStopped(), NatGatewayUnused())
_TOUCHES = {COSTS: {"costs"}, INSTANCES: {"idle"}, METRICS: {"idle"}, "ec2:DescribeRegions": {"idle"}}


@dataclass(frozen=True, slots=True)
class Case:
    """A fault by its name, and where it is put."""

    fault: str
    injected: Injected

    @property
    def touched(self) -> set[str]:
        """The panels that may change; credentials that end, and accounts not entered, touch both."""
        return _TOUCHES.get(self.injected.action, set()) if self.injected.action != "*" else {"costs", "idle"}


def _case(fault: str, action: str, **where: Any) -> Case:
    return Case(fault, Injected(effect=_EFFECTS[fault], action=action, **where))


HERE = {"account": PRODUCTION, "region": VIRGINIA}
CASES: Sequence[Case] = (
    _case("ce_off", COSTS),
    _case("ce_not_ready", COSTS),
    _case("ce_changed", COSTS, page=2),
    _case("ce_view_unhealthy", COSTS),
    _case("throttled", COSTS, skip=2),
    _case("foreign_page", COSTS, page=LAST),
    _case("empty", COSTS, page=2),
    _case("torn_cut", COSTS, times=1),
    _case("denied_by_scp", INSTANCES, **HERE),
    _case("throttled", INSTANCES, account=DEVELOPMENT),
    _case("region_off", INSTANCES, **HERE),
    _case("empty", INSTANCES, **HERE),
    _case("same_token", INSTANCES),
    _case("denied", METRICS, **HERE),
    _case("metrics_partial", METRICS, **HERE),
    _case("metrics_internal", METRICS, account=PRODUCTION),
    _case("metrics_lost", METRICS, **HERE),
    _case("torn_reset", METRICS, account=DEVELOPMENT),
    _case("denied", "ec2:DescribeRegions", account=DEVELOPMENT),
    _case("foreign_page_503", "ec2:DescribeRegions", account=PRODUCTION),
    _case("denied", "ec2:DescribeVolumes", **HERE),
    _case("throttled", "ec2:DescribeNatGateways"),
    _case("expired", "*", skip=40),
    _case("expired", "*", skip=4, account=PRODUCTION),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """What the pages say: by panel, the figures, and the gaps beside them."""

    figures: Mapping[str, Mapping[str, Any]]
    gaps: Mapping[str, Sequence[Mapping[str, Any]]]


def shown(rig: Rig, folder: Path, case: Case | None) -> Shown:
    """Refresh once into an empty home, and ask the pages."""
    options = Options(instances_page=20, cost_groups_page=1_000)
    rig.aws.options = rig.aws.endpoint.options = replace(options, injected=(case.injected,) if case else ())
    home, settings = Home(folder), usual_settings(folder)
    many = settings.model_copy(update={"cost_explorer_requests_a_day": 10_000})  # its pages are short
    with connected(rig.aws.environment, read_timeout=PATIENCE, haste=HASTE) as connector:
        state = State(home.state_db)
        refresh(connector, SnapshotStore(home.snapshots), state, many, NOW, _unheard, CHECKS)
        state.close()
    with TestClient(dashboard(home, settings, checks=CHECKS), base_url=ADDRESS) as client:
        costs = client.get("/api/cost-by-service").json()
        idle = client.get("/api/idle-instances").json()
    return Shown(
        {
            "costs": {name: costs[name] for name in ("total", "control_total", "services")},
            "idle": {name: idle[name] for name in ("counts", "monthly_cost_total")},
        },
        {"costs": costs["gaps"], "idle": idle["gaps"]},
    )


def not_said(truth: Shown, now: Shown, case: Case) -> list[str]:
    """Return the panels that are neither the truth nor said to be partial, or changed for nothing."""
    found = []
    for panel, figures in truth.figures.items():
        differs = now.figures[panel] != figures
        if differs and not now.gaps[panel]:
            found.append(f"silent: {panel} shows {str(now.figures[panel])[:200]}")
        if differs and panel not in case.touched:
            found.append(f"elsewhere: {panel} shows {str(now.figures[panel])[:200]}")
        if panel == "costs" and now.gaps[panel] and panel not in case.touched:
            found.append(f"elsewhere: {panel} has a gap of {now.gaps[panel][0]['source']}")
        found += [
            f"gap: {one}" for one in now.gaps[panel] if not (one["reason"].strip() and one["remedy"].strip())
        ]
    return found


def _unheard(_: Progress) -> None:
    """Nobody watches the progress."""
