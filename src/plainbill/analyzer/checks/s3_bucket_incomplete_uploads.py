"""Buckets with parts of uploads that were never ended."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.analyzer.wording import days_text
from plainbill.model.findings import Action, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.s3 import S3Bucket

_PAGE = 1000  # uploads that one answer of AWS tells of


@dataclass(frozen=True)
class S3BucketIncompleteUploads(WasteCheck[S3Bucket]):
    """Parts of a broken-off upload are stored and billed, though no listing of the bucket shows them.

    Add a lifecycle rule that aborts incomplete uploads after a week: it ends the old ones and all that
    will come. How much they hold is not known without asking each of them, so no sum is given.
    """

    id, title = "s3_bucket_incomplete_uploads", "Incomplete uploads in an S3 bucket"
    resource, action, effort = S3Bucket, Action.UPGRADE, Effort.VERY_LOW
    rule = (
        "No lifecycle rule of the whole bucket ends incomplete uploads, and one is {min_age_days} days old."
    )
    source = "Trusted Advisor: no rule that aborts incomplete uploads within 7 days; here one must be there"

    min_age_days: int = threshold(7, "Days after which an upload is not under way any more.")

    def evaluate(self, resource: S3Bucket, context: Context) -> Verdict:
        """Judge one bucket."""
        if resource.ends_incomplete_uploads is None:
            return Unknown("its lifecycle rules could not be read")
        if resource.ends_incomplete_uploads:
            return Ok("a lifecycle rule ends incomplete uploads")
        if resource.incomplete_uploads is None:
            return Unknown("its incomplete uploads could not be read")
        age = context.age(resource.oldest_incomplete_at)
        if age is None:
            return Ok("no incomplete upload")
        if age.days < self.min_age_days:
            return Ok(f"the oldest incomplete upload began {days_text(age.days)} ago and may be under way")
        count = resource.incomplete_uploads
        least = "at least " if count >= _PAGE else ""
        uploads = "upload" if count == 1 else "uploads"
        return Waste(
            f"{least}{count} incomplete {uploads}, one begun {days_text(age.days)} ago (threshold "
            f"{days_text(self.min_age_days)}), and no lifecycle rule that ends them",
            None,
            evidence=(
                Measurement("incomplete uploads", count),
                Measurement("oldest", age.days, "days", self.min_age_days),
            ),
            keeps_billing=("all that was uploaded to the end",),
            cleared_by="a lifecycle rule that aborts incomplete uploads",
        )
