"""The CloudWatch agent on some of the instances: how much memory and GPU they use, and how it is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from plainbill.demo.company import Company
from plainbill.demo.fleet import WINDOWS
from plainbill.demo.instances import DemoInstance


@dataclass(frozen=True, slots=True)
class Agent:
    """What an agent sees: percent of memory, and of each GPU in the night (None without a GPU)."""

    memory: float
    gpu: float | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """One metric of one instance with its dimensions; ``is_nightly`` is nothing by day."""

    instance: DemoInstance
    metric: str
    dimensions: Mapping[str, str]
    percent: float
    is_nightly: bool = False


AGENTS: Mapping[str, Agent] = {
    "session-cache": Agent(71),  # a cache: little CPU, little traffic, full of what others need
    "report-cache": Agent(66),  # its CPU would fit into half the size, its memory would not
    "embedding-trainer": Agent(23, gpu=88),
    "notebook": Agent(22),
    "erp": Agent(31),
}
"""By the name of the fleet."""


def sent(company: Company) -> Mapping[tuple[str, str], tuple[Sent, ...]]:
    """Return what the agents send, by account and region; made once a day."""
    return company.once(_sent)


def _sent(company: Company) -> Mapping[tuple[str, str], tuple[Sent, ...]]:
    places: dict[tuple[str, str], list[Sent]] = {}
    for instance in company.instances:
        agent = AGENTS.get(instance.fleet.name)
        if agent is not None:
            places.setdefault((instance.account_id, instance.region), []).extend(_of(instance, agent))
    return {place: tuple(several) for place, several in places.items()}


def _of(instance: DemoInstance, agent: Agent) -> Iterator[Sent]:
    alone = {"InstanceId": instance.instance_id}
    full = {**alone, "InstanceType": instance.fleet.instance_type}
    if instance.fleet.platform == WINDOWS:
        name = "Memory % Committed Bytes In Use"
        yield Sent(instance, name, {**full, "objectname": "Memory"}, agent.memory)
        return
    yield Sent(instance, "mem_used_percent", full, agent.memory)
    yield Sent(instance, "mem_used_percent", alone, agent.memory)  # told to aggregate by instance
    yield Sent(instance, "swap_used_percent", full, 0)
    if agent.gpu is not None:
        gpu = {**full, "index": "0", "name": "Tesla T4", "arch": "Turing"}
        yield Sent(instance, "nvidia_smi_utilization_gpu", gpu, agent.gpu, is_nightly=True)
        yield Sent(instance, "nvidia_smi_utilization_memory", gpu, agent.gpu / 2, is_nightly=True)
