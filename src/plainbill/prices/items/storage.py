"""S3, EFS, FSx and ECR, as items."""

from __future__ import annotations

from plainbill.prices.items.kinds import Item, Unit


def s3_storage(storage_class: str) -> Item:
    """Stored GB by S3's own name of the class, e.g. STANDARD, STANDARD_IA, GLACIER, DEEP_ARCHIVE.

    STANDARD is the first 50 TB of a month. Intelligent-Tiering is asked for by access tier:
    INTELLIGENT_TIERING.FREQUENT, .INFREQUENT, .ARCHIVE, .DEEP_ARCHIVE.
    """
    return Item("s3", storage_class, Unit.GB_MONTH)


def efs_storage(storage_class: str) -> Item:
    """Stored GB: standard, standard_ia, one_zone or one_zone_ia."""
    return Item("efs", storage_class, Unit.GB_MONTH)


EFS_PROVISIONED_THROUGHPUT = Item("efs", "provisioned_throughput", Unit.MIBPS_MONTH)


def fsx_storage(file_system: str, medium: str) -> Item:
    """Storage of a file system (windows, openzfs ...) on ssd or hdd."""
    return Item("fsx", f"{file_system}.{medium}", Unit.GB_MONTH)


def fsx_throughput(file_system: str) -> Item:
    """Throughput capacity by the MB/s."""
    return Item("fsx", f"{file_system}.throughput", Unit.MIBPS_MONTH)


def fsx_backup(file_system: str) -> Item:
    """Backups of a file system."""
    return Item("fsx", f"{file_system}.backup", Unit.GB_MONTH)


ECR_STORAGE = Item("ecr", "storage", Unit.GB_MONTH)
