"""How families are found, and what they share: resources by place, formulas of metrics, pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from demo.stock import client, refusal
from factories import NOW
from plainbill.aws_connector.service_models import service_model
from plainbill.demo.answers_cloudwatch import PROVIDERS
from plainbill.demo.call import Call, Options, paged
from plainbill.demo.company import Company
from plainbill.demo.endpoint import ANSWERS
from plainbill.demo.estate import Estate, Resource, identifier, made
from plainbill.demo.families import DoubleError, merged
from plainbill.demo.fleet import DEVELOPMENT, IRELAND, PRODUCTION, VIRGINIA
from plainbill.demo.instances import HOSTILE
from plainbill.demo.measure import daily, flat, per_hour, since, weekly, zero
from plainbill.demo.series import STATISTICS, Series, Window, datapoints
from plainbill.demo.server import DemoEndpoint
from plainbill.demo.wire_scope import _SIGNED_AS, WireError

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MIDNIGHT = NOW.replace(hour=0)
PERIODS = (300, 3600, 7200, 86_400)


def values(series: Series, statistic: str, period: int = 3600, days: int = 2) -> list[float]:
    window = Window.of(MIDNIGHT - days * DAY, MIDNIGHT, period, NOW)
    return datapoints(series, statistic, window)[1]


def test_every_answer_is_to_an_operation_that_aws_has() -> None:
    for action in ANSWERS:
        service, _, operation = action.partition(":")
        assert operation in service_model(service).operation_names, action


def test_every_family_s_metrics_are_found() -> None:
    assert PROVIDERS.keys() >= {"AWS/EC2", "AWS/EBS"}


def test_services_that_sign_by_another_name_are_those_that_aws_s_models_say() -> None:
    for signing_name, services in _SIGNED_AS.items():
        assert {service_model(name).signing_name for name in services} == {signing_name}


@pytest.mark.parametrize("wrong", [0, 1001, "many", -5])
def test_a_page_of_a_size_out_of_range_is_refused(company: Company, wrong: object) -> None:
    def call(**params: object) -> Call:
        return Call(company, Options(list_page=400), PRODUCTION, VIRGINIA, "key", NOW, params)

    assert paged(call(MaxResults=1000), "Items", list(range(3))) == {"Items": [0, 1, 2]}
    assert len(paged(call(MaxResults="7"), "Items", list(range(9)))["Items"]) == 7
    assert len(paged(call(), "Items", list(range(999)))["Items"]) == 400
    with pytest.raises(WireError, match="must be between 1 and 1000"):
        paged(call(MaxResults=wrong), "Items", [1])


def test_two_modules_that_answer_the_same_are_an_error() -> None:
    with pytest.raises(DoubleError, match="both answers_a and answers_b answer for ec2:DescribeVolumes"):
        merged({"answers_a": {"ec2:DescribeVolumes": 1}, "answers_b": {"ec2:DescribeVolumes": 2}})


def test_resources_are_found_in_their_own_place_only(company: Company) -> None:
    rows = ((PRODUCTION, VIRGINIA), (PRODUCTION, IRELAND), (DEVELOPMENT, VIRGINIA))
    estate = Estate(Resource(**made(company, *place, "orders", team="checkout")) for place in rows)
    assert len(estate.all) == 3
    (here,) = estate.at(PRODUCTION, IRELAND)
    assert here is estate.named(PRODUCTION, IRELAND, "orders")
    assert here.arn("rds", "db:orders") == "arn:aws:rds:eu-west-1:444455556666:db:orders"
    assert estate.at(DEVELOPMENT, IRELAND) == ()
    assert estate.named(DEVELOPMENT, VIRGINIA, "carts") is None
    assert estate.named(DEVELOPMENT, VIRGINIA, None) is None


def test_the_same_row_is_the_same_resource_every_time_and_ages_with_the_days() -> None:
    today, later = (Company((NOW + days * DAY).date()) for days in (0, 1))
    one, same = (made(today, PRODUCTION, VIRGINIA, "orders", age=(10, 20)) for _ in range(2))
    assert one == same
    assert 9 * DAY < NOW - one["created_at"] < 21 * DAY
    assert made(later, PRODUCTION, VIRGINIA, "orders", age=(10, 20))["created_at"] == one["created_at"] + DAY
    assert "team" not in one["tags"]
    assert len(identifier("vol", "a")) == len("vol-0123456789abcdef0")


def test_a_hostile_company_s_tags_attack_but_for_aws_s_own() -> None:
    hostile = Company(NOW.date(), hostile=True)
    tags = made(hostile, PRODUCTION, VIRGINIA, "orders", tags={"aws:cloudformation:stack-name": "web"})[
        "tags"
    ]
    assert tags.pop("aws:cloudformation:stack-name") == "web"
    assert set(tags.values()) <= set(HOSTILE)


def test_what_is_made_of_the_company_is_made_once_a_day(company: Company) -> None:
    made_from: list[Company] = []

    def make(one: Company) -> int:
        made_from.append(one)
        return len(made_from)

    assert [company.once(make), company.once(make)] == [1, 1]
    assert Company(company.today + DAY).once(make) == 2


@pytest.mark.parametrize("period", PERIODS)
def test_a_flat_series_is_its_level_in_every_statistic_and_period(period: int) -> None:
    for statistic in ("Average", "Maximum", "Minimum", "p50", "p99.5"):
        told = values(flat(0.1), statistic, period)
        assert told == [pytest.approx(0.1, rel=1e-12)] * (2 * 86_400 // period)
    assert values(flat(0.1), "Sum", period)[0] == pytest.approx(0.1 * period / 300)
    assert set(values(flat(0.1), "SampleCount", period)) == {period / 300}
    assert values(flat(per_hour(7)), "Sum", 3600)[0] == pytest.approx(7)


@pytest.mark.parametrize("statistic", [*STATISTICS, "p99"])
def test_zeros_are_measured_and_nothing_is_not(statistic: str) -> None:
    assert set(values(zero(), statistic)) == ({12} if statistic == "SampleCount" else {0})
    assert values(zero(spans=()), statistic) == []


@pytest.mark.parametrize("period", PERIODS)
def test_percentiles_are_samples_in_order_between_the_lowest_and_the_highest(period: int) -> None:
    series = daily(10, 400, (9, 17), seed=5)
    told = {
        name: values(series, name, period) for name in ("Minimum", "p1", "p50", "p90", "p99.9", "Maximum")
    }
    for row in zip(*told.values(), strict=True):
        assert list(row) == sorted(row)
    assert told["p99.9"] == told["Maximum"]


def test_a_daily_pattern_is_high_in_its_hours_and_low_in_the_others() -> None:
    hours = values(daily(10, 400, (9, 17), seed=5), "Average", days=1)
    assert all(300 < hours[hour] < 430 for hour in range(9, 17))
    assert all(8 <= hours[hour] < 11 for hour in (*range(9), *range(17, 24)))


@pytest.mark.parametrize("is_sparse", [True, False])
def test_a_sparse_series_has_no_datapoint_where_nothing_happened(is_sparse: bool) -> None:
    series = weekly(lambda _, hour: 5 if hour == 3 else 0, seed=1, is_sparse=is_sparse)
    assert len(values(series, "Sum", days=1)) == (1 if is_sparse else 24)
    (day,) = values(series, "Sum", 86_400, days=1)
    assert 45 < day < 70


def test_a_resource_is_measured_while_it_lives() -> None:
    born = MIDNIGHT - DAY + timedelta(minutes=30)
    assert len(values(flat(1, spans=since(born)), "Average", days=2)) == 23
    assert len(values(flat(1, spans=since(born, born + 2 * HOUR)), "Average", days=2)) == 2


def test_percentiles_are_asked_of_get_metric_statistics_as_extended_statistics(aws: DemoEndpoint) -> None:
    instance = aws.company.instances_in(PRODUCTION, VIRGINIA)[0]
    asked: dict[str, Any] = {
        "Namespace": "AWS/EC2",
        "MetricName": "CPUUtilization",
        "Dimensions": [{"Name": "InstanceId", "Value": instance.instance_id}],
        "StartTime": NOW - DAY,
        "EndTime": NOW,
        "Period": 3600,
    }
    cloudwatch = client(aws, "cloudwatch", PRODUCTION)
    points = cloudwatch.get_metric_statistics(**asked, ExtendedStatistics=["p50", "p99.5"])["Datapoints"]
    assert len(points) == 24
    assert all(point["ExtendedStatistics"]["p50"] <= point["ExtendedStatistics"]["p99.5"] for point in points)
    for wrong in ({"ExtendedStatistics": ["p0"]}, {"ExtendedStatistics": ["p99"], "Statistics": ["Sum"]}):
        with pytest.raises(ClientError) as error:
            cloudwatch.get_metric_statistics(**asked, **wrong)
        assert refusal(error).startswith("InvalidParameter")
