"""Manual snapshots of RDS instances that are kept for long."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.money import Money
from plainbill.model.resources.rds import RdsInstance, RdsSnapshot
from plainbill.prices.rds import monthly_rds_backup

_GIB = 1024**3


@dataclass(frozen=True)
class RdsSnapshotOld(WasteCheck[RdsSnapshot]):
    """A manual snapshot is billed until somebody deletes it: it belongs to no retention.

    Delete it, or export it to S3 where it must be kept. AWS bills the stored blocks beyond a free part (the
    size of the databases of the Region), and does not say how much that is for a snapshot: the saving is not
    known, only that it is not above the price of a full copy.
    """

    id, title = "rds_snapshot_old", "Old manual RDS snapshot"
    resource, needs = RdsSnapshot, (RdsInstance,)
    action, effort = Action.DELETE, Effort.LOW
    rule = "Manual, and of data at least {min_age_days} days old; to be reviewed if its database is gone."
    source = "Cloudburn: manual snapshots over 90 days"

    min_age_days: int = threshold(90, "Days since its data was taken; a copy is as old as its original.")

    def evaluate(self, resource: RdsSnapshot, context: Context) -> Verdict:
        """Judge one snapshot."""
        age = context.age(resource.created_at)
        if age is None:
            return Unknown("AWS does not say when it was taken")
        if age.days < self.min_age_days:
            return Ok(f"taken {age.days} days ago")
        databases = context.inventory.beside(resource, RdsInstance)
        if databases is None:
            return Unknown("whether its database still exists was not read")
        is_last = all(one.instance_id != resource.instance_id for one in databases)
        most = _most(context, resource)
        return Waste(
            reason=f"Taken {age.days} days ago (kept at least {self.min_age_days}) of a database that "
            f"{'is gone' if is_last else 'still exists'}; {_priced(most)}.",
            monthly_saving=None,
            confidence=Confidence.REVIEW if is_last else Confidence.MEDIUM,
            evidence=(
                Measurement("age", age.days, "days", self.min_age_days),
                Measurement("a full copy", _full_gib(resource), "GiB"),
            ),
            doubts=_doubts(is_last=is_last),
            cleared_by="Its deletion.",
        )


def _full_gib(snapshot: RdsSnapshot) -> float | None:
    if snapshot.full_size_bytes is not None:
        return snapshot.full_size_bytes / _GIB
    return snapshot.allocated_gib


def _most(context: Context, snapshot: RdsSnapshot) -> Money | None:
    size = snapshot.full_size_bytes
    gib = snapshot.allocated_gib if size is None else Decimal(size) / _GIB
    return None if gib is None else monthly_rds_backup(context.rates, snapshot.region, gib)


def _priced(most: Money | None) -> str:
    if most is None:
        return "what it costs is not known"
    return f"it costs at most {most.rounded().amount} {most.currency} a month, the price of a full copy"


def _doubts(*, is_last: bool) -> tuple[str, ...]:
    kept = "The law or a contract may ask to keep it."
    return (kept, "It may be the last copy of a database that was deleted.") if is_last else (kept,)
