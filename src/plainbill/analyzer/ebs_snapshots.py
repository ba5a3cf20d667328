"""What deleting an EBS snapshot saves, where that can be known at all: shared by the checks of snapshots."""

from __future__ import annotations

from decimal import Decimal

from plainbill.analyzer.waste_check import Context
from plainbill.model.findings import Measurement
from plainbill.model.money import Money
from plainbill.model.resources.ebs_snapshot import EbsSnapshot
from plainbill.prices.ebs import monthly_snapshot

_GIB = 1024**3
SHARED_BLOCKS = "blocks that it shares with other snapshots stay stored, and billed, with those"
MANAGER = {
    "backup": "AWS Backup",
    "dlm": "Data Lifecycle Manager",
    "drs": "Elastic Disaster Recovery",
    "mgn": "Application Migration Service",
}


def snapshot_saving(snapshot: EbsSnapshot, context: Context) -> Money | None:
    """Return what stops being billed with a snapshot; None where nobody can know.

    Snapshots are billed by the blocks they do not share, and AWS tells of one only the blocks it has in
    all. Both are the same for an archived one, which is whole by itself, and for one that is alone in its
    line: encrypted snapshots and volumes of one line have one data key (EC2 API, Snapshot), so one whose
    key no other snapshot of the account has shares its blocks with none of them.
    """
    if snapshot.full_size_bytes is None:
        return None
    is_archived = snapshot.storage_tier == "archive"
    return most(snapshot, context) if is_archived or _is_alone(snapshot, context) else None


def _is_alone(snapshot: EbsSnapshot, context: Context) -> bool:
    keys = context.inventory.beside_by(snapshot, EbsSnapshot, "data_key_id")
    return keys is not None and snapshot.data_key_id is not None and len(keys[snapshot.data_key_id]) == 1


def most(snapshot: EbsSnapshot, context: Context) -> Money | None:
    """Return the most that a snapshot can be billed a month: all its blocks, or all of its volume's.

    None where the price is not known, as that of local snapshots.
    """
    if snapshot.is_local:
        return None
    size = snapshot.full_size_bytes
    gib = Decimal(snapshot.volume_size_gib) if size is None else Decimal(size) / _GIB
    is_archived = snapshot.storage_tier == "archive"
    return monthly_snapshot(context.rates, snapshot.region, gib, archived=is_archived)


def size_evidence(snapshot: EbsSnapshot, context: Context) -> tuple[Measurement, ...]:
    """Return the sizes that are known, and the most that they can cost."""
    size, limit = snapshot.full_size_bytes, most(snapshot, context)
    return (
        Measurement("size of its volume", snapshot.volume_size_gib, "GiB"),
        Measurement("all its blocks", None if size is None else size / _GIB, "GiB"),
        Measurement(
            "price a month if it shares none",
            None if limit is None else f"at most {limit.rounded().amount}",
            "" if limit is None else limit.currency,
        ),
    )


def uncertain(saving: Money | None) -> tuple[str, ...]:
    """Say why a saving is not known."""
    if saving is not None:
        return ()
    return ("AWS does not say how many of its blocks no other snapshot holds: the saving is not known",)
