"""Buckets that keep every old version of every object."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.measured import too_young
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.s3 import S3Bucket


@dataclass(frozen=True)
class S3BucketVersionedWithoutLifecycle(WasteCheck[S3Bucket]):
    """With versioning, what is overwritten or deleted stays as an old version and is billed like the rest.

    Add a lifecycle rule that expires noncurrent versions, or moves them to a cheaper class. How much they
    hold AWS does not say without an inventory of the bucket, so no sum is given.
    """

    id, title = "s3_bucket_versioned_without_lifecycle", "Old versions kept for ever in S3"
    resource, action, effort = S3Bucket, Action.UPGRADE, Effort.LOW
    rule = (
        "Versions are or were kept, no lifecycle rule expires or moves old ones, and the bucket is at least "
        "{min_age_days} days old."
    )
    source = "Trusted Advisor: buckets with versioning and without a lifecycle policy"

    min_age_days: int = threshold(30, "Days since it was made; younger ones hold few old versions.")

    def evaluate(self, resource: S3Bucket, context: Context) -> Verdict:
        """Judge one bucket."""
        if resource.versioning is None:
            return Unknown("whether it keeps versions could not be read")
        if resource.versioning == "Off":
            return Ok("it keeps no versions")
        if resource.expires_old_versions is None:
            return Unknown("its lifecycle rules could not be read")
        if resource.expires_old_versions:
            return Ok("a lifecycle rule takes care of old versions")
        if young := too_young(context, resource.created_at, self.min_age_days):
            return young
        is_on = resource.versioning == "Enabled"
        kept = "keeps every old version" if is_on else "no longer makes old versions, but keeps those it has"
        return Waste(
            f"it {kept}, and no lifecycle rule expires or moves them",
            None,
            confidence=Confidence.REVIEW,
            evidence=(Measurement("versioning", resource.versioning),),
            keeps_billing=("the current versions",),
            doubts=(
                "objects that are never overwritten have no old versions",
                "old versions may be kept on purpose, as a backup",
            ),
            cleared_by="a lifecycle rule for noncurrent versions",
        )
