"""Addresses, gateways, endpoints, VPNs, firewalls and load balancers, as items."""

from __future__ import annotations

from plainbill.prices.items.kinds import Item, LoadBalancerKind, Unit

PUBLIC_IPV4_IN_USE = Item("vpc", "public_ipv4_in_use", Unit.HOUR)
PUBLIC_IPV4_IDLE = Item("vpc", "public_ipv4_idle", Unit.HOUR)
NAT_GATEWAY_HOUR = Item("vpc", "nat_gateway", Unit.HOUR)
NAT_GATEWAY_DATA = Item("vpc", "nat_gateway", Unit.GB)
VPC_ENDPOINT_INTERFACE_HOUR = Item("vpc", "interface_endpoint", Unit.HOUR)
"""One interface endpoint in one availability zone."""
VPC_ENDPOINT_INTERFACE_DATA = Item("vpc", "interface_endpoint", Unit.GB)
"""The first petabyte of a month."""
VPC_ENDPOINT_GATEWAY_LB_HOUR = Item("vpc", "gateway_load_balancer_endpoint", Unit.HOUR)
VPC_ENDPOINT_GATEWAY_LB_DATA = Item("vpc", "gateway_load_balancer_endpoint", Unit.GB)
TRANSIT_GATEWAY_ATTACHMENT = Item("vpc", "transit_gateway_attachment", Unit.HOUR)
TRANSIT_GATEWAY_DATA = Item("vpc", "transit_gateway", Unit.GB)
VPN_CONNECTION = Item("vpc", "site_to_site_vpn_connection", Unit.HOUR)
CLIENT_VPN_ENDPOINT_ASSOCIATION = Item("vpc", "client_vpn_endpoint_association", Unit.HOUR)
CLIENT_VPN_CONNECTION = Item("vpc", "client_vpn_connection", Unit.HOUR)
NETWORK_FIREWALL_ENDPOINT = Item("vpc", "network_firewall_endpoint", Unit.HOUR)
NETWORK_FIREWALL_DATA = Item("vpc", "network_firewall_endpoint", Unit.GB)
TRAFFIC_MIRROR_SESSION = Item("vpc", "traffic_mirror_session", Unit.HOUR)


def load_balancer(kind: LoadBalancerKind) -> Item:
    """The running hours of a load balancer."""
    return Item("elb", kind.value, Unit.HOUR)


def load_balancer_capacity(kind: LoadBalancerKind) -> Item:
    """One capacity unit (LCU, NLCU, GLCU) for an hour; a Classic one is billed by the GB instead."""
    return Item("elb", f"{kind.value}_capacity_unit", Unit.HOUR)


ELB_CLASSIC_DATA = Item("elb", "classic", Unit.GB)
