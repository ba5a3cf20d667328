"""A repository with a policy or few images is left alone; shared layers make any sum a guess."""

from __future__ import annotations

import pytest

from apps_factories import repository
from factories import context
from plainbill.analyzer.checks.ecr_repository_without_lifecycle import EcrRepositoryWithoutLifecycle
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.ecr import EcrRepository


def judge(one: EcrRepository) -> Verdict:
    return EcrRepositoryWithoutLifecycle().evaluate(one, context(one))


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(repository(has_lifecycle=True, images=None), id="a policy"),
        pytest.param(repository(images=19), id="few images"),
        pytest.param(repository(images=0, image_bytes=0), id="empty"),
    ],
)
def test_a_repository_that_clears_up_or_holds_little_is_left_alone(one: EcrRepository) -> None:
    assert isinstance(judge(one), Ok)


@pytest.mark.parametrize("one", [repository(has_lifecycle=None), repository(images=None)])
def test_a_repository_that_was_denied_is_unknown(one: EcrRepository) -> None:
    assert isinstance(judge(one), Unknown)


def test_many_images_without_a_policy_are_to_be_reviewed_without_a_sum() -> None:
    found = judge(repository())
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.REVIEW
    assert found.monthly_saving is None
    assert "400 images of 120.0 GiB together" in found.reason
