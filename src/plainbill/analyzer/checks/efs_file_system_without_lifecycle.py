"""EFS file systems that keep everything in the dearest class."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.efs_cost import monthly_file_system
from plainbill.analyzer.measured import gib, too_young
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.efs import EfsFileSystem

_GIB = 2**30


@dataclass(frozen=True)
class EfsFileSystemWithoutLifecycle(WasteCheck[EfsFileSystem]):
    """Files that nobody reads cost a tenth in the class for infrequent access; a rule moves them there.

    Switch lifecycle management on. How many files are seldom read AWS does not measure, so no sum is given;
    what is read from the other class costs a fee for each GB.
    """

    id, title = "efs_file_system_without_lifecycle", "EFS without lifecycle management"
    resource, action, effort = EfsFileSystem, Action.UPGRADE, Effort.VERY_LOW
    rule = (
        "No rule moves files to infrequent access, {min_standard_gib} GiB or more are in the standard "
        "class, and it is at least {min_age_days} days old."
    )
    source = "nable and others flag a missing rule; the size is our own proposal"

    min_standard_gib: float = threshold(10.0, "GiB in the standard class from which on it matters.")
    min_age_days: int = threshold(30, "Days since it was made: the usual rule waits as long.")

    def evaluate(self, resource: EfsFileSystem, context: Context) -> Verdict:
        """Judge one file system."""
        if resource.is_replica:
            return Ok("it is the copy of another one, and has its rules")
        if not resource.lifecycle_is_known:
            return Unknown("its lifecycle rules could not be read")
        if resource.moves_to_infrequent is not None:
            return Ok("a rule moves files to infrequent access")
        return self._by_size(resource, context)

    def _by_size(self, resource: EfsFileSystem, context: Context) -> Verdict:
        if resource.standard_bytes is None:
            return Unknown("AWS did not say how much is in the standard class")
        if resource.standard_bytes < self.min_standard_gib * _GIB:
            return Ok(f"{gib(resource.standard_bytes)} in the standard class, too little to matter")
        if young := too_young(context, resource.created_at, self.min_age_days):
            return young
        return Waste(
            f"{gib(resource.standard_bytes)} in the standard class, and no rule moves what is seldom read",
            None,
            monthly_file_system(context.rates, resource),
            Confidence.REVIEW,
            evidence=(
                Measurement("standard class", resource.standard_bytes / _GIB, "GiB", self.min_standard_gib),
            ),
            keeps_billing=("all files, those that are moved at a lower price",),
            doubts=("files that are read often, or are smaller than 128 KiB, are better where they are",),
            cleared_by="a rule that moves files to infrequent access",
        )
