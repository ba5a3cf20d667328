"""AWS/EC2CapacityReservations: how much of each reservation is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from plainbill.demo.company import Company
from plainbill.demo.estate_reservations import Reservation, reservations
from plainbill.demo.measure import Listed, Provider, Wanted, flat, since, weekly
from plainbill.demo.series import Series

_NOON = 12


def _available(one: Reservation) -> Series:
    """Return how many instances are available: all that are, but for an hour at noon."""
    if one.available == one.at_times:
        return flat(one.available)
    return weekly(lambda _, hour: one.at_times if hour == _NOON else one.available, peak=1.0)


def _find(wanted: Wanted) -> Series | None:
    known = reservations(wanted.company)
    one = known.named(wanted.account, wanted.region, wanted.only("CapacityReservationId"))
    if one is None or wanted.metric not in {"AvailableInstanceCount", "TotalInstanceCount"}:
        return None
    series = flat(one.total) if wanted.metric == "TotalInstanceCount" else _available(one)
    return replace(series, spans=since(one.created_at))


def _listed(company: Company, account: str, region: str) -> Listed:
    for one in reservations(company).at(account, region):
        for name in ("AvailableInstanceCount", "TotalInstanceCount"):
            yield name, {"CapacityReservationId": one.name}


METRICS: Mapping[str, Provider] = {"AWS/EC2CapacityReservations": Provider(_find, _listed)}
