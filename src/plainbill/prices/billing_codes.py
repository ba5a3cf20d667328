"""How usage types begin in each region: the billing codes (``EUC1-``), so that a usage can be asked for."""

from __future__ import annotations

from collections.abc import Mapping

_CODES: Mapping[str, tuple[str, ...]] = {
    "us-east-1": ("", "USE1"),
    "us-east-2": ("USE2",),
    "us-west-1": ("USW1",),
    "us-west-2": ("USW2",),
    "us-gov-east-1": ("UGE1",),
    "us-gov-west-1": ("UGW1",),
    "ca-central-1": ("CAN1",),
    "ca-west-1": ("CAN2",),
    "mx-central-1": ("MXC1",),
    "sa-east-1": ("SAE1",),
    "eu-west-1": ("EU", "EUW1"),
    "eu-west-2": ("EUW2",),
    "eu-west-3": ("EUW3",),
    "eu-central-1": ("EUC1",),
    "eu-central-2": ("EUC2",),
    "eu-north-1": ("EUN1",),
    "eu-south-1": ("EUS1",),
    "eu-south-2": ("EUS2",),
    "af-south-1": ("AFS1",),
    "il-central-1": ("ILC1",),
    "me-south-1": ("MES1",),
    "me-central-1": ("MEC1",),
    "ap-northeast-1": ("APN1",),
    "ap-northeast-2": ("APN2",),
    "ap-northeast-3": ("APN3",),
    "ap-southeast-1": ("APS1",),
    "ap-southeast-2": ("APS2",),
    "ap-south-1": ("APS3",),
    "ap-southeast-3": ("APS4",),
    "ap-south-2": ("APS5",),
    "ap-southeast-4": ("APS6",),
    "ap-east-1": ("APE1",),
    "cn-north-1": ("CNN1",),
    "cn-northwest-1": ("CNW1",),
}
"""Amazon S3 user guide, "Understanding your AWS billing and usage reports for Amazon S3", region codes.

The two oldest regions have two spellings: some services write one, some the other. A region that is not
here has no names that could be asked for.
"""


def spellings(region: str, usage_type: str) -> tuple[str, ...]:
    """Return how a usage type may be written in a region; empty for a region whose code is not known."""
    return tuple(f"{code}-{usage_type}" if code else usage_type for code in _CODES.get(region, ()))
