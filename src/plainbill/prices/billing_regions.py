"""The Regions' billing codes: what stands before a usage type, as in ``EUC1-NatGateway-Hours``.

Source: AWS Global Infrastructure, Regions and Zones, "AWS Region billing codes"; China's, and the second
spelling of the two oldest Regions, are in the S3 user guide, "Understanding your AWS billing and usage
reports". A code that is not there has no Region: its usage is not used, for it may be of a Local Zone with
prices of its own.
"""

from __future__ import annotations

import re

HOME = "us-east-1"
"""The Region of a usage type without a code; it has one of its own as well."""
_CODES = {
    "USE1": HOME,
    "USE2": "us-east-2",
    "USW1": "us-west-1",
    "USW2": "us-west-2",
    "UGE1": "us-gov-east-1",
    "UGW1": "us-gov-west-1",
    "CAN1": "ca-central-1",
    "CAN2": "ca-west-1",
    "MXC1": "mx-central-1",
    "SAE1": "sa-east-1",
    "EU": "eu-west-1",
    "EUW1": "eu-west-1",
    "EUW2": "eu-west-2",
    "EUW3": "eu-west-3",
    "EUC1": "eu-central-1",
    "EUC2": "eu-central-2",
    "EUN1": "eu-north-1",
    "EUS1": "eu-south-1",
    "EUS2": "eu-south-2",
    "AFS1": "af-south-1",
    "ILC1": "il-central-1",
    "MEC1": "me-central-1",
    "MES1": "me-south-1",
    "APE1": "ap-east-1",
    "APE2": "ap-east-2",
    "APN1": "ap-northeast-1",
    "APN2": "ap-northeast-2",
    "APN3": "ap-northeast-3",
    "APS1": "ap-southeast-1",
    "APS2": "ap-southeast-2",
    "APS3": "ap-south-1",
    "APS4": "ap-southeast-3",
    "APS5": "ap-south-2",
    "APS6": "ap-southeast-4",
    "APS7": "ap-southeast-5",
    "APS8": "ap-southeast-6",
    "APS9": "ap-southeast-7",
    "CNN1": "cn-north-1",
    "CNW1": "cn-northwest-1",
}
_SPELLINGS = {
    region: tuple(f"{code}-" for code, where in _CODES.items() if where == region)
    for region in set(_CODES.values())
}
_SPELLINGS[HOME] = ("", *_SPELLINGS[HOME])
_LIKE_A_CODE = re.compile(r"^([A-Z]{2,3}\d+|EU)-(?=.)")
_REGION = re.compile(r"^([a-z]{2}(?:-[a-z]+)+-\d)-(?=.)")
"""KMS writes the Region out: ``ca-central-1-KMS-Requests``."""


def region_and_name(usage_type: str) -> tuple[str | None, str]:
    """Return the Region of a usage type, None where its code is of none that is known, and its bare name."""
    if written := _REGION.match(usage_type):
        return written[1], usage_type[written.end() :]
    code = _LIKE_A_CODE.match(usage_type)
    if code is None:
        return HOME, usage_type
    return _CODES.get(code[1]), usage_type[code.end() :]


def spellings(region: str, usage_type: str) -> tuple[str, ...]:
    """Return how a usage type may be written in a Region; empty for one whose code is not known."""
    return tuple(f"{code}{usage_type}" for code in _SPELLINGS.get(region, ()))
