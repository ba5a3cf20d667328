"""Observability Access Manager: the sink of a monitoring account, and the links that are attached to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plainbill.demo.call import Answer, Call, paged
from plainbill.demo.links import Link
from plainbill.demo.wire_scope import WireError

_REFUSAL = "InvalidParameterException"


def list_sinks(call: Call) -> Mapping[str, Any]:
    """List the account's sinks of the Region: one, where anything is linked to it."""
    arns = dict.fromkeys(link.sink_arn for link in _attached(call))
    sinks = [{"Arn": arn, "Id": arn.rpartition("/")[2], "Name": "monitoring"} for arn in arns]
    return paged(call, "Items", sinks, most=100, refusal=_REFUSAL)


def list_attached_links(call: Call) -> Mapping[str, Any]:
    """List the links of one of the account's own sinks."""
    links = [link for link in _attached(call) if link.sink_arn == call.params["SinkIdentifier"]]
    if not links:
        raise WireError("ResourceNotFoundException", "The sink does not exist.", 404)
    items = [
        {"Label": link.source, "LinkArn": link.arn, "ResourceTypes": list(link.resource_types)}
        for link in links
    ]
    return paged(call, "Items", items, refusal=_REFUSAL)


def _attached(call: Call) -> list[Link]:
    here = (call.account, call.region)
    return [link for link in call.options.links if (link.monitoring, link.region) == here]


ANSWERS: Mapping[str, Answer] = {
    "oam:ListSinks": list_sinks,
    "oam:ListAttachedLinks": list_attached_links,
}
