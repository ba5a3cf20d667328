"""A further call that fails is counted, never swallowed; what AWS says by an error code is an answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from plainbill.aws_connector.errors import (
    AccessDenied,
    Asked,
    AwsCallError,
    CredentialsExpired,
    InvalidRequest,
    NotFound,
    Throttled,
)
from plainbill.data_fetcher.further_calls import FurtherCalls

ASKED = Asked("ecr", "GetLifecyclePolicy", "111122223333", "us-east-1")


def failing(error: AwsCallError) -> Callable[[], bool]:
    def call() -> bool:
        raise error

    return call


def test_an_answer_is_handed_on_and_leaves_no_gap() -> None:
    further = FurtherCalls("ecr_repositories")
    assert further.ask(lambda: False) is False
    assert further.gaps() == []


def test_a_code_that_is_an_answer_is_one_and_any_other_code_is_not() -> None:
    further = FurtherCalls("ecr_repositories")
    answers = {"LifecyclePolicyNotFoundException": False}
    assert further.ask(failing(NotFound(ASKED, "LifecyclePolicyNotFoundException")), answers) is False
    assert further.gaps() == []
    assert further.ask(failing(InvalidRequest(ASKED, "InvalidParameterException")), answers) is None
    assert [gap.kind for gap in further.gaps()] == ["InvalidRequest"]


def test_a_resource_that_is_gone_meanwhile_is_no_gap() -> None:
    further = FurtherCalls("ecr_repositories")
    assert further.ask(failing(NotFound(ASKED, "RepositoryNotFoundException"))) is None
    assert further.gaps() == []


def test_the_same_refusal_of_many_resources_is_one_gap_that_says_how_many() -> None:
    further = FurtherCalls("ecr_repositories")
    for _ in range(40):
        assert further.ask(failing(AccessDenied(ASKED, "AccessDeniedException"))) is None
    further.ask(failing(Throttled(ASKED, "ThrottlingException")))
    denied, throttled = further.gaps()
    assert (denied.source, denied.kind, denied.action) == (
        "ecr_repositories",
        "AccessDenied",
        "ecr:GetLifecyclePolicy",
    )
    assert denied.reason.endswith("The same for 40 resources in all.")
    assert throttled.kind == "Throttled"
    assert "in all" not in throttled.reason


def test_credentials_that_ended_end_everything() -> None:
    with pytest.raises(CredentialsExpired):
        FurtherCalls("ecr_repositories").ask(failing(CredentialsExpired(ASKED, "ExpiredToken")))
