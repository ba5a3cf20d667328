"""What CloudWatch measures of SageMaker's endpoints and of WorkSpaces."""

from __future__ import annotations

from collections.abc import Mapping

from plainbill.demo.company import Company
from plainbill.demo.estate_desks import Desktop, Variant, desktops, variants
from plainbill.demo.measure import Listed, Provider, Wanted, daily, flat, since, zero
from plainbill.demo.series import Series


def _variant(wanted: Wanted) -> Variant | None:
    full = f"{wanted.dimensions.get('EndpointName')}/{wanted.dimensions.get('VariantName')}"
    found = variants(wanted.company).named(wanted.account, wanted.region, full)
    return found if len(wanted.dimensions) == 2 else None


def _calls(wanted: Wanted) -> Series | None:
    variant = _variant(wanted)
    if variant is None or not variant.calls or wanted.metric != "Invocations":
        return None  # without a call nothing is published
    return daily(0, variant.calls, (8, 20), unit="None", seed=variant.seed, is_sparse=True, is_whole=True)


def _hosts(wanted: Wanted) -> Series | None:
    variant = _variant(wanted)
    if variant is None or not variant.instances or wanted.metric != "CPUUtilization":
        return None
    return flat(12.0 if variant.calls else 0.5, "Percent", since(variant.created_at))


def _dimensions(variant: Variant) -> dict[str, str]:
    return {"EndpointName": variant.endpoint, "VariantName": variant.name.partition("/")[2]}


def _calls_listed(company: Company, account: str, region: str) -> Listed:
    return (("Invocations", _dimensions(one)) for one in variants(company).at(account, region))


def _hosts_listed(company: Company, account: str, region: str) -> Listed:
    return (("CPUUtilization", _dimensions(one)) for one in variants(company).at(account, region))


def _connected(wanted: Wanted) -> Series | None:
    desktop = desktops(wanted.company).named(wanted.account, wanted.region, wanted.only("WorkspaceId"))
    if desktop is None or wanted.metric != "UserConnected" or desktop.running_mode != "ALWAYS_ON":
        return None
    return _by_day(desktop)


def _by_day(desktop: Desktop) -> Series:
    spans = since(desktop.created_at)
    return (
        daily(0, 1, (9, 17), seed=desktop.seed, spans=spans) if desktop.connected == 0 else zero(spans=spans)
    )


def _connected_listed(company: Company, account: str, region: str) -> Listed:
    return (("UserConnected", {"WorkspaceId": one.name}) for one in desktops(company).at(account, region))


METRICS: Mapping[str, Provider] = {
    "AWS/SageMaker": Provider(_calls, _calls_listed),
    "/aws/sagemaker/Endpoints": Provider(_hosts, _hosts_listed),
    "AWS/WorkSpaces": Provider(_connected, _connected_listed),
}
