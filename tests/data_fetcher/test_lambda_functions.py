"""Functions with the memory that each of their calls is billed for."""

from __future__ import annotations

from typing import Any

import pytest

from data_fetcher.answers import recorded, recordings
from plainbill.aws_connector import Scope
from plainbill.data_fetcher.lambda_functions import LambdaFunctions

HERE = Scope("111122223333", "eu-west-1")
LEAST: dict[str, Any] = {"FunctionName": "resize", "MemorySize": 1536}


def test_a_region_without_functions_has_none() -> None:
    assert list(LambdaFunctions.parse({"Functions": []}, HERE)) == []
    assert list(LambdaFunctions.parse({}, HERE)) == []


def test_an_older_function_is_of_aws_s_default_architecture_and_an_image_has_no_runtime() -> None:
    (found,) = LambdaFunctions.parse({"Functions": [LEAST]}, HERE)
    assert (found.architecture, found.runtime, found.memory_mib) == ("x86_64", None, 1536)
    assert found.arn == "arn:aws:lambda:eu-west-1:111122223333:function:resize"
    assert (found.name, found.resource_id) == ("resize", "resize")


@pytest.mark.parametrize("field", sorted(LEAST))
def test_what_aws_always_says_is_asked_for_by_name(field: str) -> None:
    raw = {name: value for name, value in LEAST.items() if name != field}
    with pytest.raises(KeyError, match=field):
        list(LambdaFunctions.parse({"Functions": [raw]}, HERE))


def test_recorded_functions_have_the_arn_that_aws_gives_them() -> None:
    """Some recordings were edited by hand, and name a function otherwise than its ARN does."""
    pages = recordings("aws_api_c7n_placebo", "*/lambda.ListFunctions_1.json")
    told = [raw for page in pages for raw in recorded(page).get("Functions", ())]
    whole = [raw for raw in told if raw["FunctionArn"].endswith(f":{raw['FunctionName']}")]
    assert len(whole) > 0.8 * len(told) > 3
    for raw in whole:
        _, _, _, region, account, *_ = raw["FunctionArn"].split(":")
        (found,) = LambdaFunctions.parse({"Functions": [raw]}, Scope(account, region))
        assert found.arn == raw["FunctionArn"]
