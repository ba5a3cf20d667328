"""The VPCs of the company: NAT gateways, endpoints, subnets, route tables, and every public address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plainbill.demo.company import Company
from plainbill.demo.estate import Estate, Resource, identifier, made
from plainbill.demo.fleet import (
    DEVELOPMENT,
    IRELAND,
    MANAGEMENT,
    OREGON,
    PRODUCTION,
    SETTLED,
    SYDNEY,
    VIRGINIA,
)

ZONES = "abc"
UNUSED, LOW, REDUNDANT = "nat_gateway_unused", "nat_gateway_low_traffic", "nat_gateway_redundant"
ENDPOINT_UNUSED = "vpc_endpoint_unused"


@dataclass(frozen=True, kw_only=True)
class Judged(Resource):
    """A resource with the checks that call it waste, and those that cannot tell; to all others it is fine."""

    waste: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Gateway(Judged):
    """A NAT gateway; ``gb_per_day`` is its traffic both ways, ``is_routed`` whether a route leads to it."""

    title: str
    zone: str  # a | b | c
    gb_per_day: float
    is_routed: bool = True
    vpc: str = "main"

    @property
    def allocation_id(self) -> str:
        """Its Elastic IP."""
        return identifier("eipalloc", self.name)

    @property
    def public_ip(self) -> str:
        """The address of its Elastic IP; of RFC 5737, nobody's."""
        return f"198.51.100.{10 + self.seed % 240}"

    @property
    def interface_id(self) -> str:
        """Its network interface."""
        return identifier("eni", self.name)


@dataclass(frozen=True, kw_only=True)
class Endpoint(Judged):
    """A VPC endpoint; ``mb_per_day`` is None for one that CloudWatch has nothing of."""

    endpoint_type: str
    service: str
    zones: str
    mb_per_day: float | None


def vpc_id(account: str, region: str, vpc: str = "main") -> str:
    """Return the id of a VPC; the main one is that of the instances."""
    return identifier("vpc", region, account) if vpc == "main" else identifier("vpc", region, account, vpc)


def subnet_id(account: str, region: str, zone: str, vpc: str = "main", *, is_public: bool = False) -> str:
    """Return the id of a subnet; the private ones of the main VPC are those of the instances."""
    which = [word for word, used in ((vpc, vpc != "main"), ("public", is_public)) if used]
    return identifier("subnet", region + zone, account, *which)


def table_id(account: str, region: str, name: str) -> str:
    """Return the id of a route table."""
    return identifier("rtb", account, region, name)


_GATEWAYS = (  # account, region, name, team, zone, GB a day, routed, VPC, days ago, waste, unknown
    (PRODUCTION, VIRGINIA, "nat-a", "platform", "a", 190.0, True, "main", SETTLED, (), ()),
    (PRODUCTION, VIRGINIA, "nat-b", "platform", "b", 175.0, True, "main", SETTLED, (), ()),
    (PRODUCTION, VIRGINIA, "nat-c", "platform", "c", 160.0, True, "main", SETTLED, (), ()),
    (PRODUCTION, VIRGINIA, "nat-warehouse", "data", "a", 6.0, True, "main", (150, 190), (REDUNDANT,), ()),
    (PRODUCTION, VIRGINIA, "nat-acquired-shop", None, "b", 0.0, False, "acquired", (320, 340), (UNUSED,), ()),
    # Made a few days ago and not in use yet: neither waste nor fine.
    (PRODUCTION, VIRGINIA, "nat-analytics", "data", "a", 0.0, False, "analytics", (5, 5), (), (UNUSED, LOW)),
    (PRODUCTION, OREGON, "nat-standby", "platform", "a", 0.0, True, "main", SETTLED, (UNUSED,), ()),
    (PRODUCTION, IRELAND, "nat-eu", "platform", "a", 42.0, True, "main", SETTLED, (), ()),
    (PRODUCTION, SYDNEY, "nat-au", "platform", "b", 0.3, True, "main", (120, 140), (LOW,), ()),
    (DEVELOPMENT, VIRGINIA, "nat-dev", "engineering", "a", 5.0, True, "main", SETTLED, (), ()),
    (MANAGEMENT, VIRGINIA, "nat-security", "security", "a", 0.4, True, "main", SETTLED, (LOW,), ()),
)
_ENDPOINTS = (  # account, region, type, service, zones, MB a day, days ago, waste, unknown
    (PRODUCTION, VIRGINIA, "Gateway", "s3", "", None, SETTLED, (), ()),
    (PRODUCTION, VIRGINIA, "Gateway", "dynamodb", "", None, SETTLED, (), ()),
    (PRODUCTION, VIRGINIA, "Interface", "sqs", "abc", 5200.0, SETTLED, (), ()),
    (PRODUCTION, VIRGINIA, "Interface", "logs", "abc", 48_000.0, SETTLED, (), ()),
    (PRODUCTION, VIRGINIA, "Interface", "ecr.api", "abc", 9.0, SETTLED, (), ()),
    (PRODUCTION, VIRGINIA, "Interface", "kinesis-streams", "ab", None, SETTLED, (ENDPOINT_UNUSED,), ()),
    # Made ten days ago and not in use yet.
    (PRODUCTION, VIRGINIA, "Interface", "bedrock-runtime", "ab", None, (10, 10), (), (ENDPOINT_UNUSED,)),
    # CloudWatch has nothing of it and of no other here, but the bill has its hours and not one byte.
    (PRODUCTION, IRELAND, "Interface", "secretsmanager", "ab", None, SETTLED, (ENDPOINT_UNUSED,), ()),
    # The same, but made after the first day of the bill that is looked at: that proves nothing of it.
    (DEVELOPMENT, IRELAND, "Interface", "ssm", "a", None, (31, 31), (), (ENDPOINT_UNUSED,)),
    (DEVELOPMENT, VIRGINIA, "Interface", "sts", "a", 3.0, SETTLED, (), ()),
    (DEVELOPMENT, VIRGINIA, "Interface", "sagemaker.api", "ab", None, SETTLED, (ENDPOINT_UNUSED,), ()),
)


def gateways(company: Company) -> Estate[Gateway]:
    """Return every NAT gateway of the company."""
    return company.once(_gateways)


def _gateways(company: Company) -> Estate[Gateway]:
    return Estate(
        Gateway(
            **made(company, account, region, name, team=team, age=age,
                   resource_id=identifier("nat", account, region, name)),
            title=name, zone=zone, gb_per_day=load, is_routed=routed, vpc=vpc, waste=waste, unknown=unknown,
        )
        for account, region, name, team, zone, load, routed, vpc, age, waste, unknown in _GATEWAYS
    )  # fmt: skip


def endpoints(company: Company) -> Estate[Endpoint]:
    """Return every VPC endpoint of the company."""
    return company.once(_endpoints)


def _endpoints(company: Company) -> Estate[Endpoint]:
    return Estate(
        Endpoint(
            **made(company, account, region, service, team="platform", age=age,
                   resource_id=identifier("vpce", account, region, service)),
            endpoint_type=kind, service=f"com.amazonaws.{region}.{service}", zones=zones, mb_per_day=load,
            waste=waste, unknown=unknown,
        )
        for account, region, kind, service, zones, load, age, waste, unknown in _ENDPOINTS
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Subnet:
    """One subnet, and the VPC and zone it is in."""

    subnet: str
    vpc: str
    zone: str
    tags: dict[str, str]


def subnets_at(company: Company, account: str, region: str) -> Iterator[Subnet]:
    """Yield the subnets of an account in a region: a private and a public one in each zone of each VPC."""
    vpcs = dict.fromkeys(["main", *(one.vpc for one in gateways(company).at(account, region))])
    for vpc in vpcs:
        for zone in ZONES:
            for is_public in (False, True):
                yield Subnet(
                    subnet=subnet_id(account, region, zone, vpc, is_public=is_public),
                    vpc=vpc_id(account, region, vpc),
                    zone=region + zone,
                    tags={"Name": f"{vpc}-{'public' if is_public else 'private'}-{zone}"},
                )


@dataclass(frozen=True, kw_only=True)
class Table:
    """One route table: of the gateway it leads to, or the main one of a VPC, which leads to none."""

    table: str
    vpc: str
    gateway: Gateway | None
    tags: dict[str, str]


def tables_at(company: Company, account: str, region: str) -> Iterator[Table]:
    """Yield the route tables of an account in a region."""
    here = gateways(company).at(account, region)
    for vpc in dict.fromkeys(["main", *(one.vpc for one in here)]):
        place = vpc_id(account, region, vpc)
        main = table_id(account, region, f"main of {vpc}")
        yield Table(table=main, vpc=place, gateway=None, tags={"Name": f"{vpc}-main"})
    for one in here:
        if one.is_routed:
            yield Table(
                table=table_id(account, region, one.title),
                vpc=vpc_id(account, region, one.vpc),
                gateway=one,
                tags={"Name": f"private by {one.title}"},
            )
