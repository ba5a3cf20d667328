"""EC2: the regions an account may use and its instances."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from plainbill.demo.call import Answer, Call, page_of
from plainbill.demo.ec2_facts import reservation
from plainbill.demo.ec2_filters import filtered
from plainbill.demo.instances import DemoInstance
from plainbill.demo.wire_scope import WireError

_MIN_PAGE, _MAX_PAGE = 5, 1000
INVALID_TOKEN = WireError("InvalidParameterValue", "The token provided is invalid.")


def describe_regions(call: Call) -> Mapping[str, Any]:
    """List the regions: enabled ones, or with ``AllRegions`` those as well that are not opted in."""
    wanted, known = call.params.get("RegionNames"), call.company.regions
    unknown = sorted(set(wanted or ()) - set(known))
    if unknown:
        raise WireError("InvalidParameterValue", f"Invalid region name: {', '.join(unknown)}")
    regions = [
        {"RegionName": name, "Endpoint": f"ec2.{name}.amazonaws.com", "OptInStatus": status}
        for name, status in sorted(known.items())
        if (name in wanted if wanted else call.params.get("AllRegions") or status != "not-opted-in")
    ]
    fields = {"region-name": "RegionName", "endpoint": "Endpoint", "opt-in-status": "OptInStatus"}
    kept = filtered(regions, call, {name: _field(key) for name, key in fields.items()})
    return {"Regions": kept}


def _field(key: str) -> Callable[[Mapping[str, str]], list[str]]:
    return lambda region: [region[key]]


_FILTERS: Mapping[str, Callable[[DemoInstance], list[str]]] = {
    "instance-state-name": lambda instance: [instance.state],
    "instance-id": lambda instance: [instance.instance_id],
    "instance-type": lambda instance: [instance.fleet.instance_type],
    "availability-zone": lambda instance: [instance.availability_zone],
    "instance-lifecycle": lambda instance: ["spot"] if instance.fleet.market == "spot" else [],
    "tenancy": lambda instance: [instance.fleet.tenancy],
}


def describe_instances(call: Call) -> Mapping[str, Any]:
    """List the instances of one account in one region, by pages when ``MaxResults`` is given."""
    ids, size = call.params.get("InstanceIds"), page_size(call)
    instances = list(call.company.instances_in(call.account, call.region))
    missing = sorted(set(ids or ()) - {instance.instance_id for instance in instances})
    if missing:
        raise not_found(missing)
    chosen = filtered([item for item in instances if not ids or item.instance_id in ids], call, _FILTERS)
    limit = min(size or len(chosen) or 1, call.options.instances_page if size else len(chosen) or 1)
    page, rest = page_of(call, chosen, limit, "NextToken", INVALID_TOKEN)
    answer: dict[str, Any] = {"Reservations": [reservation(instance) for instance in page]}
    return answer | ({"NextToken": rest} if rest else {})


def page_size(call: Call) -> int | None:
    """Return ``MaxResults`` of DescribeInstances; raises ``WireError`` where AWS would refuse it."""
    ids, size = call.params.get("InstanceIds"), call.params.get("MaxResults")
    if ids and size is not None:
        message = "The parameter instancesSet cannot be used with the parameter maxResults"
        raise WireError("InvalidParameterCombination", message)
    if size is not None and not _MIN_PAGE <= size <= _MAX_PAGE:
        message = (
            f"Value ( {size} ) for parameter maxResults is invalid. Expecting a value between 5 and 1000."
        )
        raise WireError("InvalidParameterValue", message)
    return size


def not_found(missing: Sequence[str]) -> WireError:
    """Return AWS's error for ids that a place has no instance of."""
    message = f"The instance IDs '{', '.join(missing)}' do not exist"
    return WireError("InvalidInstanceID.NotFound", message)


ANSWERS: Mapping[str, Answer] = {
    "ec2:DescribeRegions": describe_regions,
    "ec2:DescribeInstances": describe_instances,
}
