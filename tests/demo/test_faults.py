"""What goes wrong on demand, as a stock client sees it: where, when, and in whose words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError
from botocore.parsers import ResponseParserError

from demo.stock import client, refusal
from factories import NOW
from plainbill.demo.fault_catalogue import CATALOGUE, OF_COST_EXPLORER, OF_METRICS
from plainbill.demo.faults import Effect, Fault, Lacking, Measured, Torn
from plainbill.demo.fleet import DEVELOPMENT, PRODUCTION
from plainbill.demo.injection import LAST, Injected
from plainbill.demo.server import DemoEndpoint
from plainbill.model.period import Period, utc_now

COSTS = {
    "TimePeriod": {"Start": "2026-11-01", "End": "2026-11-11"},
    "Granularity": "DAILY",
    "Metrics": ["UnblendedCost"],
}
VOLUMES = "ec2:DescribeVolumes"
REFUSED = Fault("Refused")
CALLS: dict[str, Callable[[Any], Any]] = {
    "ec2": lambda ec2: ec2.describe_volumes(),
    "cloudwatch": lambda cloudwatch: cloudwatch.list_metrics(),
    "elbv2": lambda elbv2: elbv2.describe_load_balancers(),
    "lambda": lambda functions: functions.list_functions(),
    "s3": lambda s3: s3.list_buckets(),
}


@pytest.fixture(scope="module")
def shared() -> Iterator[DemoEndpoint]:
    with DemoEndpoint(now=NOW) as endpoint:
        yield endpoint


@pytest.fixture
def aws(shared: DemoEndpoint) -> Iterator[DemoEndpoint]:
    yield shared
    shared.change(injected=(), list_page=None)


def inject(aws: DemoEndpoint, effect: Effect, **where: Any) -> None:
    aws.change(injected=(Injected(effect=effect, **where),))


def test_nothing_goes_wrong_with_other_accounts_regions_and_actions(aws: DemoEndpoint) -> None:
    inject(aws, REFUSED, account=PRODUCTION, region="us-east-1", action=VOLUMES)
    assert client(aws, "ec2", DEVELOPMENT).describe_volumes()
    assert client(aws, "ec2", PRODUCTION, "us-west-2").describe_volumes()
    assert client(aws, "ec2", PRODUCTION).describe_addresses()
    with pytest.raises(ClientError) as error:
        client(aws, "ec2", PRODUCTION).describe_volumes()
    assert refusal(error) == "Refused"


def test_a_place_may_be_told_by_iam_s_name_of_an_action(aws: DemoEndpoint) -> None:
    inject(aws, REFUSED, action="elasticloadbalancing:DescribeLoadBalancers")
    with pytest.raises(ClientError):
        client(aws, "elbv2").describe_load_balancers()


@pytest.mark.parametrize("page", [1, 2, LAST])
def test_the_nth_page_of_a_list_is_hit_and_those_before_it_are_not(aws: DemoEndpoint, page: int) -> None:
    lists = client(aws, "ec2", PRODUCTION).get_paginator("describe_volumes")
    whole = len(list(lists.paginate(MaxResults=20)))
    assert whole > 2
    inject(aws, REFUSED, action=VOLUMES, page=page)
    pages = iter(lists.paginate(MaxResults=20))
    for _ in range((whole if page == LAST else page) - 1):
        next(pages)
    with pytest.raises(ClientError):
        next(pages)


def test_the_nth_call_is_hit_and_no_other(aws: DemoEndpoint) -> None:
    inject(aws, REFUSED, action=VOLUMES, skip=2, times=1)
    ec2 = client(aws, "ec2")
    hit = []
    for _ in range(5):
        try:
            ec2.describe_volumes()
            hit.append(False)
        except ClientError:
            hit.append(True)
    assert hit == [False, False, True, False, False]


def test_calls_are_counted_anew_when_the_faults_change(aws: DemoEndpoint) -> None:
    for _ in range(2):
        inject(aws, REFUSED, action=VOLUMES, times=1)
        with pytest.raises(ClientError):
            client(aws, "ec2").describe_volumes()
        assert client(aws, "ec2").describe_volumes()


def test_a_fault_lasts_as_long_as_its_period_of_the_endpoint_s_clock(aws: DemoEndpoint) -> None:
    hour = timedelta(hours=1)
    inject(aws, REFUSED, action=VOLUMES, period=Period(NOW - 2 * hour, NOW))
    assert client(aws, "ec2").describe_volumes()
    inject(aws, REFUSED, action=VOLUMES, period=Period(NOW, NOW + hour))
    with pytest.raises(ClientError):
        client(aws, "ec2").describe_volumes()


def test_a_call_is_hit_for_what_it_is_about(aws: DemoEndpoint) -> None:
    tables = client(aws, "dynamodb", PRODUCTION).list_tables()["TableNames"]
    inject(aws, CATALOGUE["gone"], about=tables[0])
    dynamodb = client(aws, "dynamodb", PRODUCTION)
    assert dynamodb.describe_table(TableName=tables[1])
    with pytest.raises(ClientError) as error:
        dynamodb.describe_table(TableName=tables[0])
    assert refusal(error) == "ResourceNotFoundException"


IN_JSON = ("AccessDeniedException", "UnrecognizedClientException", "ThrottlingException",
           "ExpiredTokenException", "InvalidSignatureException")  # fmt: skip
SAID = {
    "ec2": ("UnauthorizedOperation", "AuthFailure", "RequestLimitExceeded", "RequestExpired", "AuthFailure"),
    "cloudwatch": IN_JSON,
    "elbv2": ("AccessDenied", "InvalidClientTokenId", "Throttling", "ExpiredToken", "SignatureDoesNotMatch"),
    "lambda": (*IN_JSON[:2], "TooManyRequestsException", *IN_JSON[3:]),
    "s3": ("AccessDenied", "InvalidAccessKeyId", "SlowDown", "ExpiredToken", "RequestTimeTooSkewed"),
}


@pytest.mark.parametrize("service", SAID)
def test_each_service_says_it_in_its_own_words(aws: DemoEndpoint, service: str) -> None:
    said = []
    for name in ("denied", "region_off", "throttled", "expired", "clock_skew"):
        inject(aws, CATALOGUE[name])
        with pytest.raises(ClientError) as error:
            CALLS[service](client(aws, service))
        said.append(refusal(error))
    assert tuple(said) == SAID[service]


def test_a_service_control_policy_is_named_with_the_action(aws: DemoEndpoint) -> None:
    inject(aws, CATALOGUE["denied_by_scp"])
    with pytest.raises(ClientError) as error:
        client(aws, "ec2").describe_volumes()
    assert "not authorized to perform: ec2:DescribeVolumes with an explicit deny in a service control" in str(
        error.value
    )


def test_a_clock_that_is_wrong_shows_in_the_answer_s_date(aws: DemoEndpoint) -> None:
    inject(aws, CATALOGUE["clock_skew_unsaid"])
    with pytest.raises(ClientError) as error:
        client(aws, "ec2").describe_volumes()
    told = parsedate_to_datetime(error.value.response["ResponseMetadata"]["HTTPHeaders"]["date"])
    assert timedelta(minutes=15) < told - utc_now() < timedelta(minutes=25)


@pytest.mark.parametrize(
    ("how", "raised"),
    [
        ("reset", ConnectionClosedError),
        ("cut", ResponseParserError),
        ("silent", ReadTimeoutError),
    ],
)
def test_a_connection_breaks_in_each_way_and_the_next_one_holds(
    aws: DemoEndpoint, how: Any, raised: type[Exception]
) -> None:
    inject(aws, Torn(how), action=VOLUMES, times=1)
    ec2 = client(aws, "ec2", read_timeout=1)
    with pytest.raises(raised):
        ec2.describe_volumes()
    assert ec2.describe_volumes()["Volumes"] is not None


@pytest.mark.parametrize("name", ["foreign_page", "broken", "torn_cut"])
def test_a_stock_client_takes_what_is_no_answer_for_one_that_says_nothing(
    aws: DemoEndpoint, name: str
) -> None:
    """Why it is worth injecting: this is how rivals come to show $0."""
    inject(aws, CATALOGUE[name])
    assert "ResultsByTime" not in client(aws, "ce").get_cost_and_usage(**COSTS)


def test_a_proxy_answers_with_its_own_status(aws: DemoEndpoint) -> None:
    inject(aws, CATALOGUE["foreign_page_503"])
    with pytest.raises(ClientError) as error:
        client(aws, "ec2").describe_volumes()
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503


def test_pages_can_go_on_for_ever(aws: DemoEndpoint) -> None:
    inject(aws, CATALOGUE["same_token"])
    ec2 = client(aws, "ec2", PRODUCTION)
    first = ec2.describe_volumes(MaxResults=5)
    second = ec2.describe_volumes(MaxResults=5, NextToken=first["NextToken"])
    assert second["NextToken"] == first["NextToken"]


METRICS = [
    {
        "Id": f"q{number}",
        "MetricStat": {
            "Metric": {
                "Namespace": "AWS/EC2",
                "MetricName": "CPUUtilization",
                "Dimensions": [{"Name": "InstanceId", "Value": "i-1"}],
            },
            "Period": 3600,
            "Stat": "Average",
        },
    }
    for number in range(4)
]


def metric_data(aws: DemoEndpoint) -> dict[str, Any]:
    instance = next(one for one in aws.company.instances if one.state == "running")
    asked = [
        {**query, "MetricStat": {**query["MetricStat"], "Metric": {  # type: ignore[dict-item]
            **query["MetricStat"]["Metric"],  # type: ignore[index]
            "Dimensions": [{"Name": "InstanceId", "Value": instance.instance_id}]}}}
        for query in METRICS
    ]  # fmt: skip
    cloudwatch = client(aws, "cloudwatch", instance.account_id, instance.region)
    answer: dict[str, Any] = cloudwatch.get_metric_data(
        MetricDataQueries=asked, StartTime=NOW - timedelta(hours=10), EndTime=NOW
    )
    return answer


def test_metric_data_fall_short_inside_an_answer_that_is_none_the_worse(aws: DemoEndpoint) -> None:
    inject(aws, Measured("PartialData", kept=0.5, of=2, remark=("Busy", "some metrics were left out")))
    answer = metric_data(aws)
    told = [(one["StatusCode"], len(one["Values"])) for one in answer["MetricDataResults"]]
    assert told == [("PartialData", 5), ("Complete", 10), ("PartialData", 5), ("Complete", 10)]
    assert answer["Messages"] == [{"Code": "Busy", "Value": "some metrics were left out"}]


def test_a_series_can_be_missing_altogether(aws: DemoEndpoint) -> None:
    inject(aws, Lacking("MetricDataResults"))
    assert [one["Id"] for one in metric_data(aws)["MetricDataResults"]] == ["q0", "q1", "q2"]


def test_the_bill_s_last_days_can_be_missing(aws: DemoEndpoint) -> None:
    inject(aws, OF_COST_EXPLORER["ce_days_missing"])
    answer = client(aws, "ce").get_cost_and_usage(**COSTS)
    assert [one["TimePeriod"]["Start"] for one in answer["ResultsByTime"]][-1] == "2026-11-07"


def test_every_effect_has_a_name_of_its_own() -> None:
    names = [*CATALOGUE, *OF_COST_EXPLORER, *OF_METRICS]
    assert len(set(names)) == len(names) > 30
