"""CWAgent: memory and GPUs, as the agents inside the instances send them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from plainbill.demo.company import Company
from plainbill.demo.estate_agents import Sent, sent
from plainbill.demo.measure import Listed, Provider, Wanted, daily, weekly
from plainbill.demo.series import Series

_NIGHT = (0, 6)


def _series(one: Sent) -> Series:
    if one.is_nightly:
        return daily(0, one.percent, _NIGHT, unit="Percent", seed=one.instance.seed)
    return weekly(lambda *_: one.percent, unit="Percent", seed=one.instance.seed, peak=1.05)


def _find(wanted: Wanted) -> Series | None:
    here = sent(wanted.company).get((wanted.account, wanted.region), ())
    for one in here:
        if one.metric == wanted.metric and one.dimensions == dict(wanted.dimensions):
            return replace(_series(one), spans=one.instance.runs)
    return None


def _listed(company: Company, account: str, region: str) -> Listed:
    return ((one.metric, one.dimensions) for one in sent(company).get((account, region), ()))


METRICS: Mapping[str, Provider] = {"CWAgent": Provider(_find, _listed)}
