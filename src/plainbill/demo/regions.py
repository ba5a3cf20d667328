"""The Regions that the demo's companies are in, and what differs between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Region:
    """``local_time`` is hours from UTC, ``price`` against us-east-1: near AWS's, not exact."""

    name: str
    local_time: int
    price: Decimal
    is_opt_in: bool = False


def _region(name: str, local_time: int, price: str, *, is_opt_in: bool = False) -> Region:
    return Region(name, local_time, Decimal(price), is_opt_in)


LARGEST_FIRST = (
    _region("us-east-1", -5, "1"),
    _region("us-west-2", -8, "1"),
    _region("eu-west-1", 0, "1.11"),
    _region("eu-central-1", 1, "1.2"),
    _region("us-east-2", -5, "1"),
    _region("ap-southeast-1", 8, "1.25"),
    _region("ap-northeast-1", 9, "1.29"),
    _region("ap-southeast-2", 10, "1.25"),
    _region("ap-south-1", 5, "1.05"),
    _region("eu-west-2", 0, "1.16"),
    _region("ca-central-1", -5, "1.11"),
    _region("sa-east-1", -3, "1.59"),
    _region("eu-north-1", 1, "1.06"),
    _region("eu-west-3", 1, "1.16"),
    _region("us-west-1", -8, "1.17"),
    _region("ap-northeast-2", 9, "1.23"),
    _region("ap-northeast-3", 9, "1.29"),
    _region("eu-south-1", 1, "1.16", is_opt_in=True),
    _region("af-south-1", 2, "1.32", is_opt_in=True),
    _region("ap-east-1", 8, "1.38", is_opt_in=True),
    _region("me-south-1", 3, "1.22", is_opt_in=True),
    _region("me-central-1", 4, "1.22", is_opt_in=True),
    _region("ap-southeast-3", 7, "1.25", is_opt_in=True),
    _region("ap-south-2", 5, "1.05", is_opt_in=True),
    _region("eu-central-2", 1, "1.32", is_opt_in=True),
    _region("eu-south-2", 1, "1.11", is_opt_in=True),
    _region("ap-southeast-4", 10, "1.25", is_opt_in=True),
    _region("il-central-1", 2, "1.17", is_opt_in=True),
    _region("ca-west-1", -7, "1.11", is_opt_in=True),
    _region("mx-central-1", -6, "1.05", is_opt_in=True),
)
NEVER_OPTED_IN = ("ap-southeast-5", "ap-southeast-7")
"""Regions that exist and that none of the companies has switched on."""
LOCAL_TIME: Mapping[str, int] = {region.name: region.local_time for region in LARGEST_FIRST}
