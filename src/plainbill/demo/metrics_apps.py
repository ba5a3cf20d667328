"""What CloudWatch measures of log groups, warm functions, Fargate services and streams; most count events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from plainbill.demo.company import Company
from plainbill.demo.estate_apps import Function, Service, Stream, functions, groups, services, streams
from plainbill.demo.measure import Listed, Provider, Wanted, daily, flat, since, weekly
from plainbill.demo.series import Series

_SAMPLES = 288
"""Of five minutes, in a day."""
_MIB = 2**20


def _logs(wanted: Wanted) -> Series | None:
    group = groups(wanted.company).named(wanted.account, wanted.region, wanted.only("LogGroupName"))
    if group is None or not group.daily_mib or wanted.metric != "IncomingBytes":
        return None
    return flat(group.daily_mib * _MIB / _SAMPLES, "Bytes", since(group.created_at))


def _logs_listed(company: Company, account: str, region: str) -> Listed:
    for group in groups(company).at(account, region):
        yield "IncomingBytes", {"LogGroupName": group.name}


def _warm(wanted: Wanted) -> Series | None:
    name = wanted.dimensions.get("FunctionName")
    function = functions(wanted.company).named(wanted.account, wanted.region, name)
    if function is None or function.use is None or wanted.metric != "ProvisionedConcurrencyUtilization":
        return None  # without a call Lambda publishes nothing
    return _use(function) if wanted.dimensions == _dimensions(function) else None


def _use(function: Function) -> Series:
    most = function.use or 0.0

    def level(_day: int, hour: int) -> float:
        return most / 1.25 if 7 <= hour < 22 else most / 4

    return weekly(level, unit="None", seed=function.seed, peak=1.25, is_sparse=True)


def _dimensions(function: Function) -> dict[str, str]:
    return {"FunctionName": function.name, "Resource": f"{function.name}:live"}


def _warm_listed(company: Company, account: str, region: str) -> Listed:
    for function in functions(company).at(account, region):
        if function.warm:
            yield "ProvisionedConcurrencyUtilization", _dimensions(function)


def _fargate(wanted: Wanted) -> Series | None:
    full = f"{wanted.dimensions.get('ClusterName')}/{wanted.dimensions.get('ServiceName')}"
    service = services(wanted.company).named(wanted.account, wanted.region, full)
    is_known = len(wanted.dimensions) == 2 and wanted.metric in {"CPUUtilization", "MemoryUtilization"}
    if service is None or not is_known or not service.tasks:
        return None
    part = 1.0 if wanted.metric == "CPUUtilization" else 0.8
    return replace(_load(service, part), spans=since(service.created_at))


def _load(service: Service, part: float) -> Series:
    if service.load < 5:
        return flat(service.load * part, "Percent")
    return daily(service.load * part / 8, service.load * part, unit="Percent", seed=service.seed)


def _fargate_listed(company: Company, account: str, region: str) -> Listed:
    for service in services(company).at(account, region):
        cluster, _, name = service.name.partition("/")
        for metric in ("CPUUtilization", "MemoryUtilization"):
            yield metric, {"ClusterName": cluster, "ServiceName": name}


def _streamed(wanted: Wanted) -> Series | None:
    stream = streams(wanted.company).named(wanted.account, wanted.region, wanted.only("StreamName"))
    return None if stream is None else _of_stream(stream, wanted.metric)


def _of_stream(stream: Stream, metric: str) -> Series | None:
    if metric == "IncomingRecords" and stream.records:
        few, many = stream.records / 6, stream.records
        return daily(few, many, (6, 23), seed=stream.seed, is_sparse=True, is_whole=True)
    if metric == "GetRecords.Success" and stream.is_read:
        return flat(1.0)
    return None


def _streams_listed(company: Company, account: str, region: str) -> Listed:
    for stream in streams(company).at(account, region):
        for metric in ("IncomingRecords", "GetRecords.Success"):
            yield metric, {"StreamName": stream.name}


METRICS: Mapping[str, Provider] = {
    "AWS/Logs": Provider(_logs, _logs_listed),
    "AWS/Lambda": Provider(_warm, _warm_listed),
    "AWS/ECS": Provider(_fargate, _fargate_listed),
    "AWS/Kinesis": Provider(_streamed, _streams_listed),
}
