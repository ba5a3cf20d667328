"""What the name of an instance type says: GPUs, disks of its own, CPU credits.

The naming is AWS's ("Amazon EC2 instance type naming conventions"); the credits are the table "Earn CPU
credits" of the EC2 user guide (burstable performance instances).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_GPU = re.compile(r"(?:g|gr|p)\d")
_OWN_DISK = re.compile(r"(?:i|im|is|d|h)\d|[a-z]+\d+[a-z]*d")

_T3: Mapping[str, float] = {
    "nano": 6,
    "micro": 12,
    "small": 24,
    "medium": 24,
    "large": 36,
    "xlarge": 96,
    "2xlarge": 192,
}
_CREDITS_AN_HOUR: Mapping[str, Mapping[str, float]] = {
    "t2": {"nano": 3, "micro": 6, "small": 12, "medium": 24, "large": 36, "xlarge": 54, "2xlarge": 81.6},
    "t3": _T3,
    "t3a": _T3,
    "t4g": _T3,
}


def has_gpu(instance_type: str) -> bool:
    """Say whether the family is one with GPUs (g*, p*)."""
    return bool(_GPU.match(instance_type))


def may_have_own_disk(instance_type: str) -> bool:
    """Say whether the name promises an instance store: storage families, and a "d" after the generation."""
    return bool(_OWN_DISK.match(instance_type.partition(".")[0]))


@lru_cache(maxsize=1024)
def credits_an_hour(instance_type: str) -> float | None:
    """Return the CPU credits that a burstable type earns an hour, None for every other type."""
    family, _, size = instance_type.partition(".")
    return _CREDITS_AN_HOUR.get(family, {}).get(size)


def baseline_percent(instance_type: str, vcpus: int | None) -> float | None:
    """Return the CPU that a burstable type sustains; a credit is one vCPU at 100 % for a minute."""
    earned = credits_an_hour(instance_type)
    return None if earned is None or not vcpus else earned * 100 / 60 / vcpus
