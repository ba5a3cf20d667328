"""What an EFS file system costs in a month."""

from __future__ import annotations

from decimal import Decimal

from plainbill.model.money import Money
from plainbill.model.resources.efs import EfsFileSystem
from plainbill.prices import RateSource
from plainbill.prices.storage import monthly_efs

_GIB = 2**30
_INCLUDED_MIBPS = Decimal(1) / 20
"""MiB/s that each GiB of the standard class has for nothing (AWS's page on EFS prices: 50 KB/s a GB)."""


def monthly_file_system(rates: RateSource, one: EfsFileSystem) -> Money | None:
    """Return the cost of what is stored and of throughput bought beyond what storage includes.

    None where a price is not known, where data are archived, or where AWS does not tell the classes apart.
    """
    if one.standard_bytes is None or one.archive_bytes:
        return None
    standard = Decimal(one.standard_bytes) / _GIB
    bought = Decimal(0)
    if one.throughput_mode == "provisioned" and one.provisioned_mibps is not None:
        bought = max(Decimal(0), Decimal(str(one.provisioned_mibps)) - standard * _INCLUDED_MIBPS)
    infrequent = Decimal(one.infrequent_bytes or 0) / _GIB
    if not (standard or infrequent or bought):
        return None
    return monthly_efs(
        rates,
        one.region,
        standard,
        infrequent_gib=infrequent,
        one_zone=one.is_one_zone,
        provisioned_mibps=bought,
    )
