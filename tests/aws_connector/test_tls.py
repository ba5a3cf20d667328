"""A shared TLS context trusts exactly what stock botocore trusts, however many connections came before."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import botocore.session
import pytest

from aws_connector.certificates import DAY, Authority, canned_over_tls
from aws_connector.wire import CALLER, CannedAws, ec2_error, json_answer
from plainbill.aws_connector import Connector, Read, Scope
from plainbill.aws_connector.errors import AccessDenied, Unreachable
from plainbill.aws_connector.tls import SharedTls, _loading_once

READS = [Read("ec2", "DescribeInstances", "instances"), Read("cloudwatch", "GetMetricData", "load")]
HOME = Scope(CALLER, "us-east-1")
METRICS: dict[str, Any] = {"MetricDataQueries": [], "StartTime": 0, "EndTime": 1}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch, keys: None) -> None:  # noqa: ARG001 - sets the keys
    """Retries without their pauses."""
    monkeypatch.setattr("time.sleep", lambda _: None)


@pytest.fixture
def ours(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "ours", "ours")


@pytest.fixture
def theirs(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "theirs", "theirs")


@pytest.fixture
def aws(ours: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[CannedAws]:
    """An endpoint for everything, which ``ours`` vouches for and AWS_CA_BUNDLE trusts."""
    with canned_over_tls(ours.serves("127.0.0.1")) as canned:
        monkeypatch.setenv("AWS_ENDPOINT_URL", canned.url)
        monkeypatch.setenv("AWS_CA_BUNDLE", str(ours.bundle))
        canned.answer("GetMetricData", json_answer({}))
        canned.answer("DescribeInstances", ec2_error("UnauthorizedOperation"))
        yield canned


def test_an_authority_that_is_not_in_the_bundle_is_refused(
    aws: CannedAws, theirs: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(theirs.bundle))
    with pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED"):
        Connector.open(READS)
    assert aws.asked == []


def test_without_a_bundle_only_the_public_authorities_are_trusted(
    aws: CannedAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_CA_BUNDLE")
    with pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED"):
        Connector.open(READS)
    assert aws.asked == []


@pytest.mark.parametrize(
    ("hosts", "until", "words"),
    [
        pytest.param(("127.0.0.2", "ec2.example"), DAY, "doesn't match", id="another host"),
        pytest.param(("127.0.0.1",), -timedelta(hours=1), "expired", id="expired"),
    ],
)
def test_a_certificate_that_is_no_good_is_refused_though_the_context_has_made_good_connections(
    aws: CannedAws,
    ours: Authority,
    monkeypatch: pytest.MonkeyPatch,
    hosts: tuple[str, ...],
    until: timedelta,
    words: str,
) -> None:
    with canned_over_tls(ours.serves(*hosts, until=until)) as bad:
        monkeypatch.setenv("AWS_ENDPOINT_URL_EC2", bad.url)
        with Connector.open(READS) as connector:
            connector.call(HOME, "cloudwatch", "GetMetricData", **METRICS)
            with pytest.raises(Unreachable, match=words):
                connector.call(HOME, "ec2", "DescribeInstances")
            assert shared(connector) == 1
        assert bad.asked == []
    assert aws.count("GetMetricData") == 1


def test_an_unknown_authority_is_refused_though_the_context_has_made_good_connections(
    aws: CannedAws, theirs: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    with canned_over_tls(theirs.serves("127.0.0.1")) as bad:
        monkeypatch.setenv("AWS_ENDPOINT_URL_EC2", bad.url)
        with Connector.open(READS) as connector:
            with pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED"):
                connector.call(HOME, "ec2", "DescribeInstances")
            connector.call(HOME, "cloudwatch", "GetMetricData", **METRICS)
        assert bad.asked == []
    assert aws.count("GetMetricData") == 1


def test_a_bundle_that_is_not_there_is_no_reason_to_trust(
    aws: CannedAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "gone.pem"))
    with pytest.raises(Unreachable):
        Connector.open(READS)
    assert aws.asked == []


def test_a_second_bundle_is_never_added_to_the_first(ours: Authority, theirs: Authority) -> None:
    context = _loading_once(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    context.load_verify_locations(str(ours.bundle))
    with pytest.raises(ssl.SSLError, match="not the CA bundle"):
        context.load_verify_locations(str(theirs.bundle))
    assert context.cert_store_stats()["x509"] == 1


def test_the_bundle_of_the_environment_is_loaded_once_for_all_clients_and_connections(
    aws: CannedAws, ours: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[object] = []
    load = ssl.SSLContext.load_verify_locations

    def counted(context: ssl.SSLContext, cafile: Any = None, capath: Any = None, cadata: Any = None) -> None:
        loaded.append(cafile)
        load(context, cafile, capath, cadata)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", counted)

    def ask(region: str) -> None:
        connector.call(Scope(CALLER, region), "cloudwatch", "GetMetricData", **METRICS)
        with pytest.raises(AccessDenied):
            connector.call(Scope(CALLER, region), "ec2", "DescribeInstances")

    with Connector.open(READS) as connector, ThreadPoolExecutor(8) as threads:
        list(threads.map(ask, [f"region-{number % 4}" for number in range(16)]))
        assert shared(connector) == 1
    assert loaded == [str(ours.bundle)]
    assert aws.count("GetMetricData") == 16


def test_the_bundle_of_the_profile_is_honoured(
    aws: CannedAws, ours: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_CA_BUNDLE")
    config = tmp_path / "config"
    config.write_text(f"[default]\nca_bundle = {ours.bundle}\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    with Connector.open(READS) as connector:
        connector.call(HOME, "cloudwatch", "GetMetricData", **METRICS)
    assert aws.count("GetMetricData") == 1


def test_where_botocore_is_not_as_expected_its_clients_stay_as_they_are() -> None:
    tls = SharedTls()
    moved = botocore.session.Session().create_client("sts", region_name="us-east-1")
    del moved._endpoint.http_session._manager
    assert not tls.share_with(moved)
    assert not tls.share_with(SimpleNamespace())
    assert not tls.share_with(
        SimpleNamespace(_endpoint=SimpleNamespace(http_session=SimpleNamespace(_manager=SimpleNamespace())))
    )


def shared(connector: Connector) -> int:
    """Count the TLS contexts of all clients."""
    clients = connector._door._clients.values()
    assert len(clients) > 1
    managers = [client._endpoint.http_session._manager for client in clients]
    return len({id(manager.connection_pool_kw["ssl_context"]) for manager in managers})
