"""Load balancers of both generations, what they send traffic to, and how much there is of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from plainbill.demo.company import Company
from plainbill.demo.estate import Estate, identifier, made
from plainbill.demo.estate_network import Judged
from plainbill.demo.fleet import DEVELOPMENT, IRELAND, PRODUCTION, SETTLED, VIRGINIA
from plainbill.demo.instances import DemoInstance

NO_TARGETS = "elb_load_balancer_without_targets"
NO_HEALTHY = "elb_load_balancer_without_healthy_targets"
NO_TRAFFIC = "elb_load_balancer_no_traffic"
CLASSIC_UNUSED = "elb_classic_unused"
_PREFIX = {"application": "app", "network": "net", "gateway": "gwy"}
_KUBERNETES = {"elbv2.k8s.aws/cluster": "production", "ingress.k8s.aws/stack": "shop/web"}


@dataclass(frozen=True, kw_only=True)
class Group:
    """A target group of one load balancer: the fleet behind it, and the health of each target."""

    arn: str
    title: str
    targets: tuple[str, ...]
    state: str


@dataclass(frozen=True, kw_only=True)
class Balancer(Judged):
    """An application or network load balancer; ``requests`` are an hour's, of a busy one."""

    kind: str
    is_public: bool
    requests: float
    group: Group | None

    @property
    def path(self) -> str:
        """The end of its ARN, which is CloudWatch's name of it."""
        return path_of(self.kind, self.name)

    @property
    def full_arn(self) -> str:
        """Its ARN."""
        return self.arn("elasticloadbalancing", f"loadbalancer/{self.path}")


def path_of(kind: str, name: str) -> str:
    """Return CloudWatch's name of a load balancer."""
    return f"{_PREFIX[kind]}/{name}/{identifier('lb', name)[4:]}"


@dataclass(frozen=True, kw_only=True)
class Classic(Judged):
    """A Classic Load Balancer, its instances, how many are healthy, and its requests an hour."""

    instances: tuple[str, ...]
    healthy: int
    requests: float


class _Row(NamedTuple):
    account: str
    region: str
    name: str
    fleet: str | None  # behind it; "" is a target group without targets, None no target group
    requests: float = 0  # an hour
    kind: str = "application"
    health: str = "healthy"
    is_public: bool = False
    age: tuple[int, int] = SETTLED
    waste: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


_BALANCERS = (
    _Row(PRODUCTION, VIRGINIA, "storefront", "storefront-web", 90_000, is_public=True),
    _Row(PRODUCTION, VIRGINIA, "storefront-api", "storefront-api", 140_000, is_public=True),
    _Row(PRODUCTION, VIRGINIA, "checkout", "checkout-api", 22_000),
    _Row(PRODUCTION, VIRGINIA, "kafka-ingest", "kafka-broker", 4000, "network"),
    # Sends old names on to the shop: no target group, but traffic.
    _Row(PRODUCTION, VIRGINIA, "www-redirect", None, 700, is_public=True),
    _Row(PRODUCTION, VIRGINIA, "old-cms", "old-cms", is_public=True, waste=(NO_TRAFFIC,)),
    _Row(PRODUCTION, VIRGINIA, "campaign-2024", "", is_public=True, age=(420, 440),
         waste=(NO_TARGETS, NO_TRAFFIC)),
    _Row(PRODUCTION, VIRGINIA, "legacy-catalog", "legacy-catalog", 4, health="unhealthy",
         waste=(NO_HEALTHY,)),
    _Row(PRODUCTION, VIRGINIA, "warehouse-feed", "warehouse-migration", 0, "network", age=(150, 190),
         waste=(NO_TRAFFIC,)),
    _Row(PRODUCTION, VIRGINIA, "k8s-shop-web", "eks-workers", 30_000, is_public=True),
    # Made a few days ago, without targets and traffic yet.
    _Row(PRODUCTION, VIRGINIA, "fraud-canary", "", age=(4, 4), unknown=(NO_TARGETS, NO_TRAFFIC)),
    _Row(PRODUCTION, IRELAND, "storefront-eu", "storefront-web-eu", 41_000, is_public=True),
    _Row(DEVELOPMENT, VIRGINIA, "staging", "staging-web", 60),
    _Row(DEVELOPMENT, VIRGINIA, "feature-env", "feature-env", is_public=True, age=(40, 200),
         waste=(NO_TRAFFIC,)),
)  # fmt: skip
_CLASSIC = (  # account, region, name, fleet or None, healthy, requests an hour, days ago, waste
    (PRODUCTION, VIRGINIA, "erp-classic", "erp", 2, 340, SETTLED, ()),
    (PRODUCTION, VIRGINIA, "reporting-classic", "report-runner", 1, 0, SETTLED, (CLASSIC_UNUSED,)),
    (DEVELOPMENT, VIRGINIA, "jenkins-old", None, 0, 0, SETTLED, (CLASSIC_UNUSED,)),
)


def balancers(company: Company) -> Estate[Balancer]:
    """Return every application and network load balancer of the company."""
    return company.once(_balancers)


def _balancers(company: Company) -> Estate[Balancer]:
    return Estate(_balancer(company, row) for row in _BALANCERS)


def _balancer(company: Company, row: _Row) -> Balancer:
    tags = _KUBERNETES if row.name.startswith("k8s-") else {}
    return Balancer(
        **made(company, row.account, row.region, row.name, age=row.age, tags=tags),
        kind=row.kind,
        is_public=row.is_public,
        requests=row.requests,
        group=None if row.fleet is None else _group(company, row, row.fleet),
        waste=row.waste,
        unknown=row.unknown,
    )


def _group(company: Company, row: _Row, fleet: str) -> Group:
    path = f"targetgroup/{row.name}/{identifier('tg', row.account, row.region, row.name)[4:]}"
    return Group(
        arn=f"arn:aws:elasticloadbalancing:{row.region}:{row.account}:{path}",
        title=row.name,
        targets=tuple(one.instance_id for one in _fleet(company, row.account, row.region, fleet)),
        state=row.health,
    )


def classics(company: Company) -> Estate[Classic]:
    """Return every Classic Load Balancer of the company."""
    return company.once(_classics)


def _classics(company: Company) -> Estate[Classic]:
    return Estate(
        Classic(
            **made(company, account, region, name, team="finance", age=age),
            instances=tuple(one.instance_id for one in _fleet(company, account, region, fleet or "")),
            healthy=healthy,
            requests=requests,
            waste=waste,
        )
        for account, region, name, fleet, healthy, requests, age, waste in _CLASSIC
    )


def _fleet(company: Company, account: str, region: str, name: str) -> Iterator[DemoInstance]:
    return (one for one in company.instances_in(account, region) if one.fleet.name == name)


def groups(company: Company) -> Mapping[str, tuple[Balancer, Group]]:
    """Return every target group with its load balancer, by ARN."""
    return {one.group.arn: (one, one.group) for one in balancers(company).all if one.group}
