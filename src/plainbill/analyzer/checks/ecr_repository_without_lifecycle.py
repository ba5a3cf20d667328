"""ECR repositories that keep every image."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.measured import gib
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.ecr import EcrRepository


@dataclass(frozen=True)
class EcrRepositoryWithoutLifecycle(WasteCheck[EcrRepository]):
    """Each build leaves an image that is stored and billed until somebody deletes it.

    Add a lifecycle policy; ECR shows beforehand what it would delete. Images share layers that are stored
    once, so what deleting some of them saves is not known beforehand and no sum is given.
    """

    id, title = "ecr_repository_without_lifecycle", "ECR repository that keeps all images"
    resource, action, effort = EcrRepository, Action.UPGRADE, Effort.VERY_LOW
    rule = "No lifecycle policy, and {min_images} images or more."
    source = "Trusted Advisor: repositories without a lifecycle policy; the number of images is our own"

    min_images: int = threshold(20, "Images from which on it is worth a finding.")

    def evaluate(self, resource: EcrRepository, context: Context) -> Verdict:
        """Judge one repository."""
        if resource.has_lifecycle is None:
            return Unknown("its lifecycle policy could not be read")
        if resource.has_lifecycle:
            return Ok("it has a lifecycle policy")
        if resource.images is None:
            return Unknown("its images could not be counted")
        if resource.images < self.min_images:
            return Ok(f"{resource.images} images, fewer than {self.min_images}")
        size = resource.image_bytes or 0
        return Waste(
            f"{resource.images} images of {gib(size)} together (layers that they share counted each time), "
            "and no lifecycle policy",
            None,
            confidence=Confidence.REVIEW,
            evidence=(
                Measurement("images", resource.images, "images", self.min_images),
                Measurement("all images", size / 2**30, "GiB"),
            ),
            keeps_billing=("the images that are kept",),
            doubts=("an old image may still be deployed",),
            cleared_by="a lifecycle policy",
        )
