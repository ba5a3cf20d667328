"""AWS/EFS: connections, counted while there are any, and the throughput that a file system may have."""

from __future__ import annotations

from collections.abc import Mapping

from plainbill.demo.company import Company
from plainbill.demo.estate_stores import file_systems
from plainbill.demo.measure import Listed, Provider, Wanted, flat, since
from plainbill.demo.series import Series

_BYTES_A_SECOND = 104_857_600.0


def _find(wanted: Wanted) -> Series | None:
    one = file_systems(wanted.company).named(wanted.account, wanted.region, wanted.only("FileSystemId"))
    if one is None:
        return None
    if wanted.metric == "ClientConnections" and one.clients:
        return flat(float(one.clients), spans=since(one.created_at))
    if wanted.metric == "PermittedThroughput":
        return flat(_BYTES_A_SECOND, "Bytes/Second", since(one.created_at))
    return None


def _listed(company: Company, account: str, region: str) -> Listed:
    for one in file_systems(company).at(account, region):
        for metric in ("ClientConnections", "PermittedThroughput"):
            yield metric, {"FileSystemId": one.name}


METRICS: Mapping[str, Provider] = {"AWS/EFS": Provider(_find, _listed)}
