"""What agents and load balancers know reaches the verdict through a refresh and its stored snapshot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest

from factories import NOW
from pipeline.desk import ACCOUNTS, Desk
from plainbill.analyzer.checks.ec2_instance_idle import Ec2InstanceIdle
from plainbill.analyzer.ec2_facts import facts_of
from plainbill.analyzer.reading import context_of
from plainbill.analyzer.waste_check import Context
from plainbill.model.findings import Ok, Verdict
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.agent_metric import AgentMetric
from plainbill.model.resources.aws_advice import is_hole
from plainbill.model.run import RunState
from plainbill.prices.specs import InstanceSpecs

IDLE = (Ec2InstanceIdle(),)


@pytest.fixture(autouse=True)
def small_bill(desk: Desk) -> None:
    desk.answer_a_dollar_a_day(*ACCOUNTS)


def known(desk: Desk) -> Context:
    return context_of(desk.snapshot, desk.snapshot.manifest.gaps, NOW, IDLE)


def named(context: Context, name: str) -> Ec2Instance:
    found = (one for one in context.inventory.resources[Ec2Instance] if one.name == name)
    return next(one for one in found if isinstance(one, Ec2Instance))


def said(desk: Desk, name: str) -> Verdict:
    context = known(desk)
    return IDLE[0].evaluate(named(context, name), context)


def test_the_agents_metrics_are_listed_only_where_instances_run(desk: Desk) -> None:
    desk.refresh(checks=IDLE)
    listed = [call for call in desk.proxy.calls if call.operation == "ListMetrics"]
    places = {(one.account_id, one.region) for one in desk.demo.company.instances if one.state == "running"}
    assert len(places) < len(desk.snapshot.manifest.places)
    assert len(listed) == 4 * len(places)


def test_facts_survive_the_snapshot(desk: Desk) -> None:
    desk.refresh(checks=IDLE)
    context = known(desk)
    specs = InstanceSpecs.load()
    trainer, cache, web, burst = (
        facts_of(box, specs.of(box.instance_type), context)
        for box in (
            named(context, name)
            for name in ("embedding-trainer", "session-cache", "storefront-web-01", "workstation-01")
        )
    )
    assert trainer.gpu_percent is not None
    assert max(value for value in trainer.gpu_percent if value is not None) > 80
    assert cache.memory_percent is not None
    assert cache.gpu_percent is None
    assert web.healthy_target_requests is not None
    assert web.healthy_target_requests > 0
    assert web.memory_percent is None
    assert burst.credit_usage is not None
    assert isinstance(said(desk, "embedding-trainer"), Ok)


def test_agents_that_were_refused_are_a_gap_and_leave_memory_unknown(desk: Desk) -> None:
    desk.proxy.refuse("ListMetrics", "AccessDenied", status=403)
    run = desk.refresh(checks=IDLE)
    assert run.state is RunState.PARTIAL
    assert {gap.action for gap in run.gaps if is_hole(gap)} == {"cloudwatch:ListMetrics"}
    context = known(desk)
    cache = named(context, "session-cache")
    assert context.inventory.beside(cache, AgentMetric) is None
    assert facts_of(cache, None, context).memory_percent is None


def test_what_it_asks_besides_the_load_is_what_exists_and_matters(desk: Desk) -> None:
    """Eight metrics of agents, and the requests of each target group with healthy instances."""
    desk.refresh()
    before = asked(desk)
    desk.refresh(checks=IDLE)
    further = [one for one in asked(desk) if one not in before]
    by_name = Counter(str(one["MetricName"]) for one in further)
    assert len(asked(desk)) == len(before) + len(further)
    assert by_name == {
        "mem_used_percent": 4,
        "Memory % Committed Bytes In Use": 2,
        "nvidia_smi_utilization_gpu": 1,
        "nvidia_smi_utilization_memory": 1,
        "RequestCountPerTarget": 8,
    }


def asked(desk: Desk) -> list[Mapping[str, object]]:
    calls = [call for call in desk.proxy.calls if call.operation == "GetMetricData"]
    return [one["MetricStat"]["Metric"] for call in calls for one in call.parameters["MetricDataQueries"]]
