"""AWS's own models, read through our façade."""

from __future__ import annotations

import botocore.session
import pytest

from plainbill.aws_connector.service_models import (
    Operation,
    Paging,
    UnknownServiceModelError,
    data_loader,
    service_model,
    service_names,
)


def test_a_service_is_described_once() -> None:
    assert service_model("ce") is service_model("ce")
    assert service_model("ce").operation("GetCostAndUsage") is service_model("ce").operation(
        "GetCostAndUsage"
    )


@pytest.mark.parametrize(
    ("name", "protocol", "signing_name", "event_name", "target_prefix", "json_version"),
    [
        ("ce", "json", "ce", "cost-explorer", "AWSInsightsIndexService", "1.1"),
        ("cloudwatch", "json", "monitoring", "cloudwatch", "GraniteServiceVersion20100801", "1.0"),
        ("ec2", "ec2", "ec2", "ec2", None, None),
        ("sts", "query", "sts", "sts", None, None),
    ],
)
def test_a_service_says_how_it_speaks(
    name: str,
    protocol: str,
    signing_name: str,
    event_name: str,
    target_prefix: str | None,
    json_version: str | None,
) -> None:
    service = service_model(name)
    assert (service.protocol, service.signing_name, service.event_name) == (
        protocol,
        signing_name,
        event_name,
    )
    assert (service.target_prefix, service.json_version) == (target_prefix, json_version)


def test_shapes_carry_their_names_on_the_wire() -> None:
    described = service_model("ec2").operation("DescribeInstances")
    assert described.input is not None
    assert described.output is not None
    assert described.input.members["InstanceIds"].location_name == "InstanceId"
    reservations = described.output.members["Reservations"]
    assert (reservations.kind, reservations.location_name) == ("list", "reservationSet")
    launched = reservations.member.members["Instances"].member.members["LaunchTime"]
    assert (launched.kind, launched.location_name) == ("timestamp", "launchTime")


def test_a_recursive_shape_does_not_recurse_until_asked() -> None:
    asked = service_model("ce").operation("GetCostAndUsage").input
    assert asked is not None
    expression = asked.members["Filter"]
    assert expression.members["Or"].member.members["Not"].name == expression.name


def test_an_operation_is_found_by_its_target_and_no_other_service_answers_to_it() -> None:
    target = "AWSInsightsIndexService.GetCostAndUsage"
    assert service_model("ce").operation_of_target(target).name == "GetCostAndUsage"
    with pytest.raises(UnknownServiceModelError, match="cloudwatch does not answer"):
        service_model("cloudwatch").operation_of_target(target)


def test_paging_is_botocores_and_absent_where_botocore_has_none() -> None:
    assert service_model("ce").operation("GetCostAndUsage").paging is None
    assert service_model("ec2").operation("DescribeInstances").paging == Paging(
        input_tokens=("NextToken",),
        output_tokens=("NextToken",),
        result_keys=("Reservations",),
        limit_key="MaxResults",
        more_results=None,
    )


def test_answers_of_the_query_protocol_name_their_wrapper() -> None:
    output = service_model("sts").operation("AssumeRole").output
    assert output is not None
    assert output.result_wrapper == "AssumeRoleResult"


def test_errors_carry_their_code_and_status() -> None:
    errors = {error.name: error for error in service_model("sts").operation("AssumeRole").errors}
    expired = errors["PackedPolicyTooLargeException"]
    assert expired.is_exception
    assert (expired.error_code, expired.error_status) == ("PackedPolicyTooLarge", 400)


@pytest.mark.parametrize("name", ["no-such-service", ""])
def test_an_unknown_service_is_named(name: str) -> None:
    with pytest.raises(UnknownServiceModelError, match="knows no service"):
        service_model(name)


def test_an_unknown_operation_is_named() -> None:
    with pytest.raises(UnknownServiceModelError, match="ec2 has no operation 'DescribeNothing'"):
        service_model("ec2").operation("DescribeNothing")


def test_every_service_is_listed() -> None:
    assert {"ce", "ec2", "sts", "cloudwatch"} <= set(service_names())
    assert len(service_names()) > 400


def test_a_bucket_stays_in_s3_s_uris_after_clients_that_share_the_models_took_it_out() -> None:
    session = botocore.session.Session()
    session.register_component("data_loader", data_loader())
    session.set_credentials("AKIAIOSFODNN7EXAMPLE", "secret")
    s3 = session.create_client("s3", region_name="us-east-1")
    s3.generate_presigned_url("get_bucket_location", {"Bucket": "hearth-media"})
    s3.close()
    model = session.get_service_model("s3").operation_model("GetBucketLocation")
    assert model.http["requestUri"] == "?location"
    assert Operation(model, None).http_uri == "/{Bucket}?location"
    assert service_model("s3").operation("GetBucketAcl").http_uri == "/{Bucket}?acl"
