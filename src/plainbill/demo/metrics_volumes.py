"""AWS/EBS: what CloudWatch measures of volumes, which is nothing of those that no running instance uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from plainbill.demo.company import Company
from plainbill.demo.estate_volumes import Volume, volumes
from plainbill.demo.measure import Listed, Provider, Wanted, flat, weekly, zero
from plainbill.demo.series import Series

_SAMPLE_SECONDS = 300
_READS, _WRITES = 40.0, 90.0
"""Operations in 5 minutes for each megabyte an hour of the instance's traffic."""
_BYTES_PER_OPERATION = 16_384
_PROVISIONED = {"io1", "io2"}


def _operations(volume: Volume, factor: float, size: int = 1) -> Series:
    """Return operations (times ``size``, for their bytes); at most 40 % of what the volume can do."""
    attachment = volume.attachment
    if attachment is None or volume.use == 0:
        return zero()
    level = attachment.instance.habit.level

    def operations(day: int, hour: int) -> float:
        most = 0.4 * (volume.iops or 500) * _SAMPLE_SECONDS
        return min(level(day, hour)[2] * factor * volume.use, most) * size

    return weekly(operations, seed=volume.seed)


def _bytes(volume: Volume, factor: float) -> Series:
    return replace(_operations(volume, factor, _BYTES_PER_OPERATION), unit="Bytes")


def _idle_seconds(volume: Volume) -> Series:
    return flat(_SAMPLE_SECONDS * (1 - 0.3 * min(volume.use, 1)), "Seconds")


_METRICS: Mapping[str, Callable[[Volume], Series | None]] = {
    "VolumeReadOps": lambda volume: _operations(volume, _READS),
    "VolumeWriteOps": lambda volume: _operations(volume, _WRITES),
    "VolumeReadBytes": lambda volume: _bytes(volume, _READS),
    "VolumeWriteBytes": lambda volume: _bytes(volume, _WRITES),
    "VolumeIdleTime": _idle_seconds,
    "VolumeQueueLength": lambda volume: flat(0.2 * volume.use),
    "VolumeConsumedReadWriteOps": lambda volume: (
        _operations(volume, _READS + _WRITES) if volume.volume_type in _PROVISIONED else None
    ),
    "BurstBalance": lambda volume: flat(100, "Percent") if volume.volume_type == "gp2" else None,
}


def _find(wanted: Wanted) -> Series | None:
    known = volumes(wanted.company)
    volume = known.named(wanted.account, wanted.region, wanted.only("VolumeId"))
    if volume is None or volume.attachment is None or wanted.metric not in _METRICS:
        return None
    series = _METRICS[wanted.metric](volume)
    return None if series is None else replace(series, spans=volume.attachment.instance.runs)


def _listed(company: Company, account: str, region: str) -> Listed:
    for volume in volumes(company).at(account, region):
        for name in _METRICS:
            yield name, {"VolumeId": volume.name}


METRICS: Mapping[str, Provider] = {"AWS/EBS": Provider(_find, _listed)}
