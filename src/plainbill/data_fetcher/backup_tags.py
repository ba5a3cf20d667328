"""Which service keeps a snapshot or an image, by the tags AWS's services put on theirs."""

from __future__ import annotations

from collections.abc import Mapping

_BEGINNINGS: Mapping[str, tuple[str, ...]] = {
    "backup": ("aws:backup:",),
    "dlm": ("aws:dlm:", "dlm:managed"),
    "drs": ("AWSElasticDisasterRecovery",),
    "mgn": ("AWSApplicationMigrationService",),
}
"""AWS Backup, Data Lifecycle Manager, Elastic Disaster Recovery, Application Migration Service."""


def managers(tags: Mapping[str, str]) -> tuple[str, ...]:
    """Return the services whose tags these are; their own policy is the place to change what they keep.

    Some of the tags could be anybody's: what is concluded from them may only acquit.
    """
    return tuple(
        service
        for service, beginnings in _BEGINNINGS.items()
        if any(key.startswith(beginnings) for key in tags)
    )
