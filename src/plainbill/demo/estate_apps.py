"""What runs without instances of its own: log groups, warm functions, EKS clusters, Fargate, streams.

``waste`` and ``unknown`` name, by hand, the checks that must say so of a resource; all others must not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from plainbill.demo.company import Company
from plainbill.demo.estate import Estate, Resource, made
from plainbill.demo.fleet import DEVELOPMENT, IRELAND, MANAGEMENT, OREGON, PRODUCTION, SETTLED, VIRGINIA

GIB = 2**30


@dataclass(frozen=True, kw_only=True)
class Judged(Resource):
    """A resource with what checks must say of it."""

    waste: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Group(Judged):
    """A log group; ``daily_mib`` is what comes in, before AWS compresses it."""

    stored_gib: float
    daily_mib: float
    retention: int | None


_RETENTION = ("logs_group_without_retention",)
_GROUPS = (  # account, region, name, GiB stored, MiB a day, retention in days, waste, days ago
    (PRODUCTION, VIRGINIA, "/aws/eks/hearth-production/cluster", 620.0, 900, None, _RETENTION, SETTLED),
    (PRODUCTION, VIRGINIA, "/app/checkout-api", 84.0, 12_000, 30, (), SETTLED),
    (PRODUCTION, VIRGINIA, "/app/storefront-web", 41.0, 9_000, 14, (), SETTLED),
    (
        PRODUCTION,
        VIRGINIA,
        "/app/search",
        130.0,
        20_000,
        None,
        _RETENTION,
        (80, 80),
    ),  # more comes in than stays
    (PRODUCTION, VIRGINIA, "/aws/lambda/image-resizer", 6.5, 40, None, _RETENTION, SETTLED),
    (PRODUCTION, VIRGINIA, "/aws/lambda/vat-import", 0.04, 0, None, (), SETTLED),  # next to nothing
    (PRODUCTION, IRELAND, "/app/checkout-api-eu", 55.0, 0, None, _RETENTION, SETTLED),  # silent by now
    (PRODUCTION, IRELAND, "/app/storefront-web-eu", 30.0, 5_000, 90, (), SETTLED),
    (DEVELOPMENT, VIRGINIA, "/aws/codebuild/storefront", 24.0, 60, None, _RETENTION, SETTLED),
    (DEVELOPMENT, VIRGINIA, "/app/feature-env", 3.0, 300, None, (), (20, 20)),  # too young to be judged
    (MANAGEMENT, VIRGINIA, "org-trail", 210.0, 700, 3653, (), SETTLED),  # ten years, by law
)


@dataclass(frozen=True, kw_only=True)
class Function(Judged):
    """A Lambda function; ``warm`` environments for the alias ``live``, ``use`` of them at most (0 to 1)."""

    memory_mib: int
    architecture: str
    warm: int = 0
    use: float | None = None


_WARM = ("lambda_function_provisioned_concurrency_unused",)
_FUNCTIONS = (  # account, region, name, team, MiB, architecture, warm, use, waste, unknown
    (PRODUCTION, VIRGINIA, "checkout-pricing", "checkout", 1024, "arm64", 20, 0.8, (), ()),
    (PRODUCTION, VIRGINIA, "image-resizer", "storefront", 2048, "x86_64", 0, None, (), ()),
    (PRODUCTION, VIRGINIA, "loyalty-points", "checkout", 1024, "x86_64", 10, None, _WARM, ()),
    (PRODUCTION, VIRGINIA, "search-suggest", "search", 512, "x86_64", 20, 0.18, _WARM, ()),
    (PRODUCTION, VIRGINIA, "thumbnail-maker", "storefront", 1536, "x86_64", 0, None, (), ()),
    (PRODUCTION, VIRGINIA, "vat-import", "finance", 256, "x86_64", 0, None, (), ()),
    (PRODUCTION, IRELAND, "gdpr-report", "legal", 1024, "x86_64", 2, None, (), _WARM),  # no other is measured
    (DEVELOPMENT, VIRGINIA, "chat-webhook", "marketing", 256, "arm64", 0, None, (), ()),
)


@dataclass(frozen=True, kw_only=True)
class Cluster(Judged):
    """An EKS cluster; ``version`` by the state of its support today."""

    version: str
    support_type: str


_EXTENDED = ("eks_cluster_extended_support",)
_CLUSTERS = (  # account, region, name, team, whether its version is old, support type, waste
    (PRODUCTION, VIRGINIA, "hearth-production", "platform", False, "EXTENDED", ()),
    (PRODUCTION, IRELAND, "hearth-production", "platform", False, "EXTENDED", ()),
    (DEVELOPMENT, VIRGINIA, "hearth-sandbox", "platform", True, "EXTENDED", _EXTENDED),
    (DEVELOPMENT, VIRGINIA, "hearth-qa", "qa", True, "STANDARD", ()),  # AWS upgrades it by itself
)
_VERSIONS = {28: (2024, 11, 26), 29: (2025, 3, 23), 30: (2025, 7, 23), 31: (2025, 11, 26), 32: (2026, 3, 23),
             33: (2026, 7, 29), 34: (2026, 12, 2)}  # fmt: skip
"""The last day of standard support of Kubernetes 1.28 to 1.34 (AWS's calendar of EKS versions)."""
_PACE, _EXTENSION = timedelta(days=122), timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Service(Judged):
    """A service on Fargate or on instances; ``load`` is the highest CPU and memory in percent."""

    cluster: str
    cpu_units: int
    memory_mib: int
    tasks: int
    runs_on: str
    load: float


_IDLE = ("ecs_service_idle",)
_SERVICES = (  # account, region, cluster, name, team, CPU units, MiB, tasks, runs on, load, waste
    (PRODUCTION, VIRGINIA, "shop", "recommendations", "data", 1024, 4096, 6, "FARGATE", 55.0, ()),
    (PRODUCTION, VIRGINIA, "shop", "newsletter", "marketing", 512, 1024, 2, "FARGATE", 1.4, ()),  # just works
    (PRODUCTION, VIRGINIA, "shop", "gift-finder-2024", "marketing", 1024, 2048, 2, "FARGATE", 0.6, _IDLE),
    (PRODUCTION, VIRGINIA, "shop", "log-shipper", "platform", 256, 512, 3, "EC2", 0.3, ()),
    (PRODUCTION, VIRGINIA, "shop", "stocktake", "fulfilment", 1024, 2048, 0, "FARGATE", 0.0, ()),
    (DEVELOPMENT, VIRGINIA, "qa", "mock-payments", "qa", 512, 1024, 2, "FARGATE", 0.4, _IDLE),
    (DEVELOPMENT, VIRGINIA, "qa", "visual-diff", "qa", 2048, 4096, 2, "FARGATE_SPOT", 0.4, _IDLE),
)


@dataclass(frozen=True, kw_only=True)
class Stream(Judged):
    """A Kinesis stream; ``records`` come in every five minutes, ``is_read`` by a consumer."""

    shards: int
    mode: str
    records: float
    is_read: bool


_SILENT = ("kinesis_stream_idle",)
_STREAMS = (  # account, region, name, team, shards, mode, records, is read, waste, unknown
    (PRODUCTION, VIRGINIA, "clickstream", "data", 8, "PROVISIONED", 90_000, True, (), ()),
    (PRODUCTION, VIRGINIA, "orders", "fulfilment", 4, "ON_DEMAND", 800, True, (), ()),
    (PRODUCTION, VIRGINIA, "clickstream-v1", "data", 4, "PROVISIONED", 0, True, _SILENT, ()),
    (PRODUCTION, VIRGINIA, "ab-test-events", "storefront", 2, "PROVISIONED", 0, False, _SILENT, ()),
    # Nothing to compare with; and another one, deleted since, had records on the bill of the same month.
    (DEVELOPMENT, OREGON, "replay", "qa", 1, "PROVISIONED", 0, False, (), _SILENT),
)


def groups(company: Company) -> Estate[Group]:
    """Return every log group."""
    return company.once(_groups)


def functions(company: Company) -> Estate[Function]:
    """Return every Lambda function."""
    return company.once(_functions)


def clusters(company: Company) -> Estate[Cluster]:
    """Return every EKS cluster."""
    return company.once(_clusters)


def services(company: Company) -> Estate[Service]:
    """Return every ECS service, by ``cluster/name``."""
    return company.once(_services)


def streams(company: Company) -> Estate[Stream]:
    """Return every Kinesis stream."""
    return company.once(_streams)


def supported_until(today: date) -> dict[str, date]:
    """Return the last day of standard support of EKS's versions: AWS's own dates, then one in four months."""
    dates = {number: date(*day) for number, day in _VERSIONS.items()}
    while max(dates.values()) < today + 4 * _PACE:
        newest = max(dates)
        dates[newest + 1] = dates[newest] + _PACE
    return {f"1.{number}": day for number, day in dates.items() if day + _EXTENSION > today}


def extended_until(standard: date) -> date:
    """Return the last day of extended support."""
    return standard + _EXTENSION


def _version(today: date, *, is_old: bool) -> str:
    known = supported_until(today)
    if is_old:  # of those that left standard support a month ago or earlier, the newest
        return max((day, name) for name, day in known.items() if day < today - timedelta(days=30))[1]
    return max((day, name) for name, day in known.items())[1]


def _groups(company: Company) -> Estate[Group]:
    return Estate(
        Group(
            **made(company, account, region, name, age=age),
            stored_gib=stored,
            daily_mib=daily,
            retention=retention,
            waste=waste,
            unknown=_RETENTION if age == (20, 20) else (),
        )
        for account, region, name, stored, daily, retention, waste, age in _GROUPS
    )


def _functions(company: Company) -> Estate[Function]:
    return Estate(
        Function(
            **made(company, account, region, name, team=team),
            memory_mib=memory,
            architecture=architecture,
            warm=warm,
            use=use,
            waste=waste,
            unknown=unknown,
        )
        for account, region, name, team, memory, architecture, warm, use, waste, unknown in _FUNCTIONS
    )


def _clusters(company: Company) -> Estate[Cluster]:
    return Estate(
        Cluster(
            **made(company, account, region, name, team=team),
            version=_version(company.today, is_old=is_old),
            support_type=support_type,
            waste=waste,
        )
        for account, region, name, team, is_old, support_type, waste in _CLUSTERS
    )


def _services(company: Company) -> Estate[Service]:
    def each() -> Iterator[Service]:
        for account, region, cluster, name, team, cpu, memory, tasks, runs_on, load, waste in _SERVICES:
            full = f"{cluster}/{name}"
            yield Service(
                **made(company, account, region, name, team=team, resource_id=full),
                cluster=cluster,
                cpu_units=cpu,
                memory_mib=memory,
                tasks=tasks,
                runs_on=runs_on,
                load=load,
                waste=waste,
            )

    return Estate(each())


def _streams(company: Company) -> Estate[Stream]:
    return Estate(
        Stream(
            **made(company, account, region, name, team=team),
            shards=shards,
            mode=mode,
            records=records,
            is_read=is_read,
            waste=waste,
            unknown=unknown,
        )
        for account, region, name, team, shards, mode, records, is_read, waste, unknown in _STREAMS
    )
