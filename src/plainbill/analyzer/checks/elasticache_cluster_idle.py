"""ElastiCache clusters that nobody asks for anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plainbill.analyzer.daily import measured, too_young
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric
from plainbill.model.resources.elasticache import ElastiCacheCluster
from plainbill.prices.nodes import monthly_cache_nodes

_SPACE = "AWS/ElastiCache"
NEW = Metric(_SPACE, "NewConnections", "Sum", "connections")
OPEN = Metric(_SPACE, "CurrConnections", "Maximum", "connections")
READS = Metric(_SPACE, "GetTypeCmds", "Sum", "commands")
WRITES = Metric(_SPACE, "SetTypeCmds", "Sum", "commands")
GETS = Metric(_SPACE, "CmdGet", "Sum", "commands")
SETS = Metric(_SPACE, "CmdSet", "Sum", "commands")
ENGINE_CPU = Metric(_SPACE, "EngineCPUUtilization", "Average", "%")


@dataclass(frozen=True)
class ElastiCacheClusterIdle(WasteCheck[ElastiCacheCluster]):
    """The nodes of a cache are billed by the hour, whether anybody asks them or not.

    Make a backup if what is in it matters (Redis and Valkey), then delete it. A replication group is deleted
    as a whole.
    """

    id, title = "elasticache_cluster_idle", "Idle ElastiCache cluster"
    resource = ElastiCacheCluster
    metrics = (NEW, OPEN, READS, WRITES, GETS, SETS, ENGINE_CPU)
    action, effort = Action.DELETE, Effort.LOW
    rule = (
        "No new connection and no command that reads or writes on any of {min_days} days, and engine CPU "
        "below {max_cpu_percent} % (Redis and Valkey). To be reviewed while more than {own_connections} "
        "connections are open. The nodes of a replication group are idle only together."
    )
    source = "AWS Compute Optimizer, idle ElastiCache clusters: 14 days, all nodes"

    min_days: int = threshold(14, "Days to look back on; every one of them must have been measured.")
    max_cpu_percent: float = threshold(1.0, "Mean engine CPU of a day.")
    own_connections: int = threshold(6, "Connections that ElastiCache itself may hold to watch a node.")

    def evaluate(self, resource: ElastiCacheCluster, context: Context) -> Verdict:
        """Judge one cluster, together with the others of its replication group."""
        together = _together(resource, context)
        if together is None:
            return Unknown("the other nodes of its replication group were not read to the end")
        for one in together:
            against = too_young(context, one.created_at, self.min_days) or self._use(one, context)
            if against is not None:
                return against
        opened = measured(context, resource, OPEN, self.min_days, min_coverage=1.0)
        if isinstance(opened, Unknown):
            return opened
        return self._waste(resource, len(together), opened.maximum or 0.0, context)

    def _use(self, cluster: ElastiCacheCluster, context: Context) -> Verdict | None:
        """Return what speaks for a node: its use, or that it is not known; None where it is idle."""
        commands = (GETS, SETS) if cluster.engine == "memcached" else (READS, WRITES)
        for metric in (NEW, *commands):
            counts = measured(context, cluster, metric, self.min_days, min_coverage=1.0)
            if isinstance(counts, Unknown):
                return counts
            if counts.maximum:
                return Ok(f"{counts.total:,.0f} {metric.unit} ({metric.name}) of {cluster.cluster_id}")
        if cluster.engine == "memcached":
            return None
        cpu = measured(context, cluster, ENGINE_CPU, self.min_days, min_coverage=1.0)
        if isinstance(cpu, Unknown):
            return cpu
        busiest = cpu.maximum or 0.0
        return Ok(f"engine CPU of {busiest:.1f} %") if busiest >= self.max_cpu_percent else None

    def _waste(self, cluster: ElastiCacheCluster, nodes: int, opened: float, context: Context) -> Waste:
        cost = monthly_cache_nodes(
            context.rates, cluster.region, cluster.node_type, cluster.engine, cluster.nodes
        )
        is_held = opened > self.own_connections
        group = f", like all {nodes} nodes of {cluster.replication_group}" if nodes > 1 else ""
        return Waste(
            reason=f"0 new connections and 0 commands in {self.min_days} days (every day was measured)"
            f"{group}.",
            monthly_saving=cost,
            monthly_cost=cost,
            confidence=Confidence.REVIEW if is_held else Confidence.HIGH,
            evidence=(
                Measurement("new connections", 0, "connections", 0),
                Measurement("most connections open", opened, "connections", self.own_connections),
            ),
            keeps_billing=("backups that you keep of it",),
            doubts=_doubts(cluster, is_held=is_held),
            cleared_by="One new connection or one command.",
        )


def _together(cluster: ElastiCacheCluster, context: Context) -> Sequence[ElastiCacheCluster] | None:
    """Return the nodes that are idle only together; None where not all of them are known."""
    if cluster.replication_group is None:
        return (cluster,)
    clusters = context.inventory.beside(cluster, ElastiCacheCluster)
    if clusters is None:
        return None
    return [one for one in clusters if one.replication_group == cluster.replication_group]


def _doubts(cluster: ElastiCacheCluster, *, is_held: bool) -> tuple[str, ...]:
    doubts = []
    if is_held:
        doubts.append("Clients hold connections open; messages that are only passed on count as no command.")
    if cluster.replication_group:
        doubts.append("It may be the standby of a global datastore, which was not read.")
    return tuple(doubts)
