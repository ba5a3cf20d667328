"""AWS/ElastiCache, AWS/Redshift and AWS/ES: all three publish zeros while nothing happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from plainbill.demo.company import Company
from plainbill.demo.estate_datastores import Cache, caches, domains, warehouses
from plainbill.demo.measure import Listed, Provider, Wanted, daily, flat, per_hour, since
from plainbill.demo.series import Series, Span


def _counted(amount: float, seed: int, spans: tuple[Span, ...]) -> Series:
    """Return a count of which an hour of the day has ``amount`` and one of the night a fifth."""
    if amount < 1:
        return flat(per_hour(amount), spans=spans)
    return daily(per_hour(amount) / 5, per_hour(amount), seed=seed, spans=spans)


_OF_REDIS: Mapping[str, Callable[[Cache], float]] = {
    "NewConnections": lambda cache: cache.new,
    "GetTypeCmds": lambda cache: cache.reads,
    "SetTypeCmds": lambda cache: cache.writes,
}
_OF_MEMCACHED: Mapping[str, Callable[[Cache], float]] = {
    "NewConnections": lambda cache: cache.new,
    "CmdGet": lambda cache: cache.reads,
    "CmdSet": lambda cache: cache.writes,
}


def _counts(cache: Cache) -> Mapping[str, Callable[[Cache], float]]:
    return _OF_MEMCACHED if cache.engine == "memcached" else _OF_REDIS


def _of_cache(wanted: Wanted) -> Series | None:
    cache = caches(wanted.company).named(wanted.account, wanted.region, wanted.only("CacheClusterId"))
    if cache is None:
        return None
    spans = since(cache.created_at)
    if wanted.metric == "CurrConnections":
        return flat(cache.connections, spans=spans)
    if wanted.metric == "EngineCPUUtilization" and cache.engine != "memcached":
        return flat(cache.cpu, "Percent", spans)
    amount = _counts(cache).get(wanted.metric)
    return None if amount is None else _counted(amount(cache), cache.seed, spans)


def _cache_list(company: Company, account: str, region: str) -> Listed:
    for cache in caches(company).at(account, region):
        own = () if cache.engine == "memcached" else ("EngineCPUUtilization",)
        for name in ("CurrConnections", *own, *_counts(cache)):
            yield name, {"CacheClusterId": cache.name}


def _of_warehouse(wanted: Wanted) -> Series | None:
    known = warehouses(wanted.company)
    warehouse = known.named(wanted.account, wanted.region, wanted.only("ClusterIdentifier"))
    if warehouse is None or warehouse.status == "paused" or wanted.metric != "DatabaseConnections":
        return None
    if not warehouse.connections:
        return flat(0)
    return daily(1, warehouse.connections, seed=warehouse.seed)


def _warehouse_list(company: Company, account: str, region: str) -> Listed:
    for warehouse in warehouses(company).at(account, region):
        yield "DatabaseConnections", {"ClusterIdentifier": warehouse.name}


def _of_domain(wanted: Wanted) -> Series | None:
    name = wanted.dimensions.get("DomainName")
    exactly = {"DomainName": name, "ClientId": wanted.account}
    domain = domains(wanted.company).named(wanted.account, wanted.region, name)
    if domain is None or wanted.dimensions != exactly:
        return None
    amounts = {"SearchRate": domain.searches, "IndexingRate": domain.documents}
    amount = amounts.get(wanted.metric)
    return None if amount is None else _counted(amount, domain.seed, since(domain.created_at))


def _domain_list(company: Company, account: str, region: str) -> Listed:
    for domain in domains(company).at(account, region):
        for name in ("SearchRate", "IndexingRate"):
            yield name, {"DomainName": domain.name, "ClientId": account}


METRICS: Mapping[str, Provider] = {
    "AWS/ElastiCache": Provider(_of_cache, _cache_list),
    "AWS/Redshift": Provider(_of_warehouse, _warehouse_list),
    "AWS/ES": Provider(_of_domain, _domain_list),
}
