"""Generated fleets: instances with lives of many kinds, and what a reading knows of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import nan

from hypothesis import strategies as st

from ec2_factories import agent_metric, hours_of
from factories import NOW, context, instance, last_hours
from plainbill.analyzer.waste_check import Context
from plainbill.model.metrics import Series
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.agent_metric import GPU
from plainbill.model.utilization import Utilization

Life = tuple[Ec2Instance, Utilization | None, Series | None]
"""An instance, its load, and what its agent says of its GPU."""
KINDS = st.fixed_dictionaries(
    {},
    optional={
        "instance_type": st.sampled_from(
            ["m5.large", "t3.micro", "c5.24xlarge", "m5d.large", "g4dn.xlarge", "x9.odd"]
        ),
        "lifecycle": st.sampled_from(["on-demand", "spot"]),
        "state": st.sampled_from(["running", "stopped"]),
        "managed_by": st.sampled_from([(), ("ecs",)]),
        "tags": st.sampled_from([{"Name": "dr"}, {"keep": "yes"}, {"aws:cloudformation:stack-name": "web"}]),
    },
)
BURSTS = st.lists(
    st.tuples(
        st.integers(0, 1500), st.sampled_from([1, 23, 24, 168, 336, 672, 720, 744, 2184]), st.integers(1, 5),
        st.sampled_from([1.5, 3.0, 8.0, 30.0]),
    ),
    max_size=4,
)  # fmt: skip
HOLES = st.lists(
    st.tuples(st.integers(0, 1500), st.integers(1, 400), st.sampled_from([None, nan])), max_size=3
)


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """An instance and its hours: quiet but for bursts, with holes, perhaps young, unmeasured or long gone."""
    machine = instance(**draw(KINDS))
    if draw(st.booleans()):
        since = NOW - timedelta(minutes=draw(st.integers(60, 60 * 24 * 40)))
        machine = replace(machine, launched_at=since, first_launched_at=since)
    elif draw(st.booleans()):
        machine = replace(machine, launched_at=NOW - timedelta(minutes=draw(st.integers(1, 60 * 24 * 30))))
    days = draw(st.sampled_from([5, 14, 28, 29, 60, 100]))
    end = NOW - timedelta(hours=draw(st.sampled_from([0, 0, 0, 5, 40, 60])))
    if draw(st.integers(0, 9)) == 0:
        return machine, None, None
    hours = days * 24
    back = {at + n * step: load for at, step, count, load in draw(BURSTS) for n in range(count)}
    cpu: list[float | None] = [back.get(hours - 1 - hour, 0.3) for hour in range(hours)]
    sent: list[float | None] = [1000.0 if hour % 7 else 400_000.0 for hour in range(hours)]
    stopped = int((machine.launched_at - (end - timedelta(hours=hours))) / timedelta(hours=1))
    for hour in range(max(0, stopped - draw(st.sampled_from([0, 1, 30, 400]))), min(stopped, hours)):
        cpu[hour] = sent[hour] = None
    for at, length, value in draw(HOLES):
        for hour in range(at, min(at + length, hours)):
            cpu[hour], sent[hour] = value, (value if at % 2 else sent[hour])
    used = Utilization(
        period=last_hours(hours, end),
        cpu_average=tuple(cpu),
        cpu_maximum=tuple(cpu),
        network_in=tuple(sent),
        network_out=tuple(None if value is None else 1000.0 for value in sent),
    )
    gpu = [9.0 if hours - 1 - hour in back else 0.0 for hour in range(hours)] if draw(st.booleans()) else None
    return machine, used, None if gpu is None else hours_of(gpu, end)


def read(some: list[Life]) -> Context:
    """What one reading knows of them, nothing judged yet."""
    machines = [replace(one, instance_id=f"i-{number:017x}") for number, (one, _, _) in enumerate(some)]
    agents = {one.arn: agent_metric(one, GPU[0].name) for one in machines}
    named = list(zip(machines, some, strict=True))
    measured = {(agents[one.arn].arn, GPU[0]): gpu for one, (_, _, gpu) in named if gpu is not None}
    used = {one.arn: load for one, (_, load, _) in named if load is not None}
    seen = [agents[one.arn] for one, (_, _, gpu) in named if gpu is not None]
    return context(*machines, *seen, series=measured, utilization=used)
