"""The story of a refresh: ask AWS, keep what it said, record what it did not."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import chain
from time import monotonic

from plainbill.analyzer.registry import Check
from plainbill.aws_connector import Connector, Scope
from plainbill.data_fetcher import cloudwatch, cost_explorer, ec2_instances
from plainbill.data_fetcher.crew import Crew, Reading, Unit
from plainbill.data_fetcher.pace import Pace
from plainbill.errors import PlainbillError
from plainbill.model.cost import CostMetric, CostTable
from plainbill.model.inventory import Gap
from plainbill.model.period import Period
from plainbill.model.progress import Progress
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.aws_advice import is_hole
from plainbill.model.run import Run, RunState
from plainbill.model.utilization import Utilization
from plainbill.pipeline.findings import remember_findings
from plainbill.pipeline.prices import ask_for_prices
from plainbill.pipeline.resources import (
    Resources,
    by_kind,
    metric_units,
    resource_units,
    wanted_collectors,
)
from plainbill.pipeline.usage import usage_units
from plainbill.settings import Settings
from plainbill.storage import Collected, CostSpan, Snapshot, SnapshotStore, State

REGIONS = "ec2_regions"  # the name of the step that asks an account for its Regions
Costs = Mapping[CostTable, cost_explorer.CostReading]


def refresh(
    connector: Connector,
    store: SnapshotStore,
    state: State,
    settings: Settings,
    now: datetime,
    report: Callable[[Progress], None],
    checks: Sequence[Check],
    policy: str | None = None,
) -> Run:
    """Read everything once and keep it as a snapshot; return the record of the run, already stored.

    What cannot be read becomes a gap and the rest goes on: the run is PARTIAL. If nothing at all can be
    read it is FAILED, with the reason, and the last snapshot stays. The caller holds the collector's
    lock. ``now`` is the instant the figures are of; ``report`` is told of every step, by one thread at a
    time. Of resources, what ``checks`` look at is read. Raises ``StorageError``, after recording the run
    as failed.
    """
    started = monotonic()
    run = _begun(connector, now)
    state.start_run(run)
    run = replace(run, state=RunState.FAILED, error="The refresh was stopped before it could end.")
    try:
        last = _of_the_same_bill(store.latest(), connector)
        collected, anything = collect(connector, last, settings, run, report, checks)
        if anything:
            remember_findings(state, store.write(collected), checks, policy)
            store.prune()
        run = _judged(run, collected, anything=anything)
    except PlainbillError as error:
        run = replace(run, error=str(error))
        raise
    finally:
        took = timedelta(seconds=monotonic() - started)
        run = replace(run, finished_at=now + took, operations=connector.meter.operations())
        state.finish_run(run)
    return run


def collect(
    connector: Connector,
    last: Snapshot | None,
    settings: Settings,
    run: Run,
    report: Callable[[Progress], None],
    checks: Sequence[Check],
) -> tuple[Collected, bool]:
    """Read costs, resources and metrics at the same time; say also whether anything could be read."""
    days = max(settings.idle_days, settings.metric_days)
    window, pace = cloudwatch.window(run.started_at, days), Pace()
    collectors = wanted_collectors(checks)
    with Crew(report) as crew:
        crew.gaps.extend(connector.account_gaps)
        tables = crew.start(_cost_units(connector, last, run.started_at.date()))
        billed = crew.start(usage_units(connector, last, run.started_at.date()))
        regions = crew.results(crew.start(_region_units(connector)))
        scopes = list(chain.from_iterable(regions))
        later = [one for one in collectors if one.beside_running]
        waiting = crew.start(
            resource_units(connector, (one for one in collectors if one not in later), scopes)
        )
        instances = crew.results(crew.start(_instance_units(connector, scopes)))
        waiting += crew.start(resource_units(connector, later, _with_running(instances)))
        usage = crew.start(_metric_units(connector, instances, window, pace))
        found = crew.results(waiting)
        measured: list[Resources] = [*found, *((Ec2Instance, several) for several in instances)]
        series = crew.results(crew.start(metric_units(connector, checks, measured, run.started_at, pace)))
        load = crew.results(usage)
        costs = dict(crew.results(tables))
        usage_billed = dict(crew.results(billed))
        crew.gaps.extend(_not_on_the_bill(connector, costs, last))
        collected = Collected(
            run_id=run.run_id,
            taken_at=run.started_at,
            accounts=_accounts(connector, costs, last),
            regions=tuple(sorted({scope.region for scope in scopes})),
            costs={
                table: CostSpan(cost.period, cost.records, cost.missing_days) for table, cost in costs.items()
            },
            instances=[instance for several in instances for instance in several],
            utilization={arn: usage for several in load for arn, usage in several.items()},
            metrics_period=window if load or not any(instances) else None,
            gaps=tuple(crew.gaps),
            base_account=connector.accounts[0].account_id,
            resources=by_kind(collectors, found),
            series={key: one for several in series for key, one in several.items()},
            places=tuple((scope.account_id, scope.region) for scope in scopes),
            usage=usage_billed,
        )
        listed = ask_for_prices(crew, connector, collected, last.listed() if last else (), checks)
    collected = replace(collected, gaps=_in_order(crew.gaps), listed=listed)
    return collected, bool(costs or instances or found)


def _of_the_same_bill(last: Snapshot | None, connector: Connector) -> Snapshot | None:
    """Return the last snapshot, unless the credentials are those of another account than it is of."""
    same = last is not None and last.manifest.base_account == connector.accounts[0].account_id
    return last if same else None


def _cost_units(
    connector: Connector, last: Snapshot | None, today: date
) -> Iterator[Unit[tuple[CostTable, cost_explorer.CostReading]]]:
    """Only the account that asks is asked for costs: the paying account answers for all of its members."""
    payer = connector.accounts[0].account_id
    currency = last.manifest.currency if last and last.manifest.tables else None
    for table in CostTable:
        period = cost_explorer.open_period(today, _oldest_open_day(last, table, today))
        read = partial(_read_costs, connector, payer, period, table, currency)
        yield Unit(cost_explorer.source_name(table), payer, None, read)


def _read_costs(
    connector: Connector, account_id: str, period: Period, table: CostTable, currency: str | None
) -> Reading[tuple[CostTable, cost_explorer.CostReading]]:
    reading, gaps = cost_explorer.read(connector, account_id, period, table, currency)
    return Reading((table, reading) if reading else None, len(reading.records) if reading else 0, gaps)


def _oldest_open_day(last: Snapshot | None, table: CostTable, today: date) -> date | None:
    """Return the first day of a table that must be asked for again; None asks for all that is kept."""
    return last.oldest_open_day(table, today, cost_explorer.history_start(today)) if last else None


def _region_units(connector: Connector) -> Iterator[Unit[list[Scope]]]:
    for account in connector.accounts:
        yield Unit(REGIONS, account.account_id, None, partial(_read_regions, connector, account.account_id))


def _read_regions(connector: Connector, account_id: str) -> Reading[list[Scope]]:
    scopes = [Scope(account_id, region) for region in connector.regions(account_id)]
    return Reading(scopes, len(scopes))


def _instance_units(connector: Connector, scopes: Iterable[Scope]) -> Iterator[Unit[list[Ec2Instance]]]:
    for scope in scopes:
        read = partial(_read_instances, connector, scope)
        yield Unit(ec2_instances.Ec2Instances.name, scope.account_id, scope.region, read)


def _read_instances(connector: Connector, scope: Scope) -> Reading[list[Ec2Instance]]:
    instances, gaps = ec2_instances.read(connector, scope)
    return Reading(instances, len(instances), gaps)


def _with_running(instances: Iterable[list[Ec2Instance]]) -> list[Scope]:
    """Return the accounts and Regions in which an instance runs."""
    running = (one for several in instances for one in several if one.state == "running")
    return [Scope(*place) for place in sorted({(one.account_id, one.region) for one in running})]


def _metric_units(
    connector: Connector, instances: Iterable[list[Ec2Instance]], window: Period, pace: Pace
) -> Iterator[Unit[dict[str, Utilization]]]:
    """Many running instances of one Region are several units, so that they are asked at the same time."""
    for several in instances:
        running = (instance for instance in several if instance.state == "running")
        for batch in cloudwatch.batches(running, window):
            scope = Scope(batch[0].account_id, batch[0].region)
            read = partial(_read_metrics, connector, pace, scope, batch, window)
            yield Unit(cloudwatch.CloudWatch.name, scope.account_id, scope.region, read)


def _read_metrics(
    connector: Connector, pace: Pace, scope: Scope, batch: tuple[Ec2Instance, ...], window: Period
) -> Reading[dict[str, Utilization]]:
    pace.wait(scope, cloudwatch.points(batch, window))
    utilization, gaps = cloudwatch.read(connector, scope, batch, window)
    return Reading(utilization, len(utilization), gaps)


def _accounts(connector: Connector, costs: Costs, last: Snapshot | None) -> dict[str, str | None]:
    """Return the names of all accounts that were looked into or are on the bill, the asking one first."""
    names: dict[str, str | None] = {account.account_id: account.name for account in connector.accounts}
    known = [last.manifest.accounts] if last else []
    for some in (*known, *(cost.account_names for cost in costs.values())):
        names.update({account: name for account, name in some.items() if name or account not in names})
    for cost in costs.values():
        names.update(
            {str(r.account_id): None for r in cost.records if r.account_id and r.account_id not in names}
        )
    return names


def _not_on_the_bill(connector: Connector, costs: Costs, last: Snapshot | None) -> Iterator[Gap]:
    """Yield a gap for each account given by role whose costs the asking account does not pay."""
    if (service := costs.get(CostTable.SERVICE)) is None:
        return
    billed = {record.account_id for record in service.records}
    if last and (span := last.manifest.tables.get(CostTable.SERVICE)):
        billed |= {account for account, _ in last.costs_by_account(span.period, CostMetric.UNBLENDED)}
    payer, *others = connector.accounts
    for account in others:
        if account.account_id not in billed:
            yield Gap(
                source=cost_explorer.CostExplorer.name,
                account_id=account.account_id,
                region=None,
                kind="NotOnTheBill",
                action=None,
                reason=f"Account {account.account_id} is not on the bill of {payer.account_id}: "
                "its instances are here, its costs are not.",
                remedy="Use credentials of the account that pays for it (the management account).",
            )


def _in_order(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """Sort gaps; calls for the same thing that failed for the same reason are one."""
    once = dict.fromkeys(gaps)
    return tuple(sorted(once, key=lambda gap: (gap.source, gap.account_id or "", gap.region or "", gap.kind)))


def _begun(connector: Connector, now: datetime) -> Run:
    return Run(
        run_id=f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}",
        state=RunState.RUNNING,
        started_at=now,
        finished_at=None,
        accounts=tuple(account.account_id for account in connector.accounts),
        regions=(),
        operations=(),
        gaps=(),
    )


def _judged(run: Run, collected: Collected, *, anything: bool) -> Run:
    state = RunState.PARTIAL if any(map(is_hole, collected.gaps)) else RunState.COMPLETE
    error = None
    if not anything:
        reasons = dict.fromkeys(f"{gap.reason} {gap.remedy}" for gap in collected.gaps)
        state, error = RunState.FAILED, "Nothing could be read. " + " ".join(list(reasons)[:3])
    return replace(run, state=state, error=error, regions=collected.regions, gaps=collected.gaps)
