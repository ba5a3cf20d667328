"""The story of a refresh: ask AWS, keep what it said, record what it did not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from time import monotonic

from plainbill.analyzer.registry import Check
from plainbill.aws_connector import Connector, Scope
from plainbill.data_fetcher import cost_explorer, ec2_instances
from plainbill.data_fetcher.compute_optimizer import ComputeOptimizer
from plainbill.data_fetcher.crew import FIRST, Crew, Reading, Unit
from plainbill.data_fetcher.metric_statistics import FreeMetrics
from plainbill.errors import PlainbillError
from plainbill.model.cost import AnyTable, CostMetric, CostTable
from plainbill.model.inventory import Gap
from plainbill.model.progress import Progress
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.aws_advice import is_hole
from plainbill.model.run import Run, RunState, new_run_id
from plainbill.pipeline.bill import Bill, Details, in_turn
from plainbill.pipeline.cost_requests import CostRequests
from plainbill.pipeline.expected import Expected
from plainbill.pipeline.free_requests import free_room
from plainbill.pipeline.judging import Second
from plainbill.pipeline.keeping import move_on, not_confirmed
from plainbill.pipeline.load import LoadReader, load_reader
from plainbill.pipeline.measured import lacking
from plainbill.pipeline.memory import give_back, sparing_memory
from plainbill.pipeline.monitoring import Monitoring
from plainbill.pipeline.on_the_bill import accounts_by_service, units_on_the_bill
from plainbill.pipeline.opinions import Opinions
from plainbill.pipeline.prices import ask_for_prices
from plainbill.pipeline.regions import where_to_look
from plainbill.pipeline.resources import (
    Resources,
    by_kind,
    metric_units,
    resource_units,
    wanted_collectors,
)
from plainbill.pipeline.units import read_units
from plainbill.settings import Settings
from plainbill.storage import Collected, CostSpan, Snapshot, SnapshotStore, State
from plainbill.storage.expected import cost_requests_made

REGIONS = "ec2_regions"  # the name of the step that asks an account for its Regions
Costs = Mapping[AnyTable, cost_explorer.CostReading]


@dataclass(frozen=True, slots=True)
class Manner:
    """How a refresh is made.

    ``costs_again`` asks for the bill also where it was asked for today, ``load_again`` for all hours of load,
    ``remarks`` tells at the end how answers came about, and ``policy`` is the one whose thresholds the checks
    have.
    """

    costs_again: bool = False
    load_again: bool = False
    remarks: Callable[[], Sequence[Gap]] = tuple
    policy: str | None = None


AS_USUAL = Manner()


@sparing_memory()
def refresh(
    connector: Connector,
    store: SnapshotStore,
    state: State,
    settings: Settings,
    now: datetime,
    report: Callable[[Progress], None],
    checks: Sequence[Check],
    how: Manner = AS_USUAL,
) -> Run:
    """Read everything once and keep it as a snapshot; return the record of the run, already stored.

    What cannot be read becomes a gap and the rest goes on: the run is PARTIAL. If nothing at all can be
    read it is FAILED, with the reason, and the last snapshot stays. The caller holds the collector's
    lock. ``now`` is the instant the figures are of; ``report`` is told of every step, by one thread at a
    time. Of resources, what ``checks`` look at is read. Raises ``StorageError``, after recording the run as
    failed.
    """
    started = monotonic()
    run = _begun(connector, now)
    state.start_run(run)
    run = replace(run, state=RunState.FAILED, error="The refresh was stopped before it could end.")
    second = Second()
    try:
        last = _of_the_same_bill(store.latest(), connector)
        bill = _bill(connector, last, state, settings, run, again=how.costs_again)
        free = FreeMetrics(free_room(settings, state, last, run.started_at))
        with store.load_writer(run.run_id) as writer:
            known = None if how.load_again else last
            load = load_reader(settings, checks, run.started_at, free, writer, known)
            collected, anything = collect(connector, last, settings, run, report, checks, bill, load)
            give_back()
            uncounted = read_units(connector, state, run.started_at, report)
            collected = replace(collected, gaps=(*collected.gaps, *uncounted, *how.remarks()))
            if anything:
                second.start_for(len(collected.utilization), load.window.hours)
            written = store.write(collected) if anything else None
            collected = replace(collected, gaps=(*collected.gaps, *not_confirmed(store)))
        done = _judged(run, collected, anything=anything)
        del collected, load  # all of it is stored: judging has the memory
        give_back()
        if written is not None:
            move_on(store, state, written, checks, how.policy, second)
        run = done
    except PlainbillError as error:
        run = replace(run, error=str(error))
        raise
    finally:
        second.end()
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
    bill: Bill,
    load: LoadReader,
) -> tuple[Collected, bool]:
    """Read costs, resources and metrics at the same time; say also whether anything could be read.

    The load of instances is stored at once.
    """
    collectors, expected = wanted_collectors(checks), Expected(last)
    report, free = in_turn(report), load.free
    opinions = Opinions(connector, last, run.started_at, bill, ask_aws=settings.aws_opinions)
    monitoring = Monitoring(settings.monitoring_account, free)
    with (
        ThreadPoolExecutor(1, "plainbill-load") as beside,
        free,
        Crew(report) as crew,
        Crew(report, workers=1, lends=False) as till,
    ):
        crew.gaps.extend((*connector.account_gaps, *bill.kept))
        tables = till.start(bill.cost_units())
        billed = till.start(bill.usage_units())
        details = till.start(bill.detail_units())
        regions = crew.results(crew.start(_region_units(connector)))
        enabled = list(chain.from_iterable(regions))
        places = where_to_look(connector.home, settings.regions, enabled, last, run.started_at.date())
        crew.gaps.extend(places.gaps)
        scopes = places.looked_into
        monitoring.start(crew, connector, enabled, scopes)
        later = [one for one in collectors if one.beside_running]
        billed_only = [one for one in collectors if one.billed_as]
        at_the_end = [one for one in collectors if one is ComputeOptimizer]
        at_once = [one for one in collectors if one not in (*later, *billed_only, *at_the_end)]
        described = crew.start(_instance_units(connector, scopes, expected))
        waiting = crew.start(resource_units(connector, at_once, scopes, expected))
        instances = crew.results(described)
        waiting += crew.start(resource_units(connector, later, _with_running(instances), expected))
        asking = monitoring.asking(crew)
        usage = beside.submit(load.keep, crew, connector, instances, asking)
        found = crew.results(waiting)
        measured: list[Resources] = [*found, *((Ec2Instance, several) for several in instances)]
        none = lacking((Ec2Instance, *(one.kind for one in at_once)), scopes, measured, tuple(crew.gaps))
        sparingly = partial(ComputeOptimizer.read, none=none)
        opinion = crew.start(resource_units(connector, at_the_end, scopes, expected, sparingly))
        measuring = crew.start(metric_units(connector, checks, measured, run.started_at, asking))
        costs = dict(till.results(tables))
        on_bill = accounts_by_service(costs, last, run.started_at.date())
        reserved = crew.start(units_on_the_bill(connector, billed_only, scopes, expected, on_bill))
        asked = till.start(opinions.units(found, costs))
        series = crew.results(measuring)
        found = [*found, *crew.results(reserved), *crew.results(opinion)]
        loads = usage.result()
        answers = opinions.kept(till.results(asked))
        usage_billed = dict(till.results(billed))
        costs |= dict(till.results(details))
        crew.gaps.extend(
            (
                *till.gaps,
                *bill.note(),
                *opinions.notes(),
                *free.notes,
                *monitoring.notes(connector),
                *_not_on_the_bill(connector, costs, last),
            )
        )
        collected = Collected(
            run_id=run.run_id,
            taken_at=run.started_at,
            accounts=_accounts(connector, costs, last),
            regions=tuple(sorted({scope.region for scope in scopes})),
            costs={
                table: CostSpan(cost.period, cost.records, cost.missing_days) for table, cost in costs.items()
            },
            instances=[instance for several in instances for instance in several],
            utilization=loads,
            metrics_period=load.window if loads or not any(instances) else None,
            load_whole_at=load.whole_at,
            gaps=tuple(crew.gaps),
            base_account=connector.accounts[0].account_id,
            resources=by_kind(collectors, found),
            series={key: one for several in series for key, one in several.items()},
            places=tuple((scope.account_id, scope.region) for scope in enabled),
            skipped=places.skipped,
            usage=usage_billed,
            answers=answers,
        )
        listed = ask_for_prices(crew, connector, collected, last.listed() if last else (), checks)
    collected = replace(collected, gaps=_in_order(crew.gaps), listed=listed)
    return collected, bool(costs or instances or found or bill.is_all_there_was)


def _bill(
    connector: Connector, last: Snapshot | None, state: State, settings: Settings, run: Run, *, again: bool
) -> Bill:
    """Return what of the bill is to be asked within the requests that are left of the day."""
    requests = CostRequests(
        connector.meter,
        cost_requests_made(state, run.started_at),
        settings.cost_explorer_requests_a_day,
        plan=lambda planned: state.note_run(replace(run, operations=(planned,))),
    )
    details = Details.of(settings.cost_details, last)
    return Bill(connector, last, run.started_at.date(), requests, details, again=again)


def _of_the_same_bill(last: Snapshot | None, connector: Connector) -> Snapshot | None:
    """Return the last snapshot, unless the credentials are those of another account than it is of."""
    same = last is not None and last.manifest.base_account == connector.accounts[0].account_id
    return last if same else None


def _region_units(connector: Connector) -> Iterator[Unit[list[Scope]]]:
    for account in connector.accounts:
        yield Unit(REGIONS, account.account_id, None, partial(_read_regions, connector, account.account_id))


def _read_regions(connector: Connector, account_id: str) -> Reading[list[Scope]]:
    scopes = [Scope(account_id, region) for region in connector.regions(account_id)]
    return Reading(scopes, len(scopes))


def _instance_units(
    connector: Connector, scopes: Iterable[Scope], expected: Expected
) -> Iterator[Unit[list[Ec2Instance]]]:
    for scope in scopes:
        read = partial(_read_instances, connector, scope)
        weight = FIRST + expected.things(Ec2Instance, scope.account_id, scope.region)
        yield Unit(ec2_instances.Ec2Instances.name, scope.account_id, scope.region, read, weight)


def _read_instances(connector: Connector, scope: Scope) -> Reading[list[Ec2Instance]]:
    instances, gaps = ec2_instances.read(connector, scope)
    return Reading(instances, len(instances), gaps)


def _with_running(instances: Iterable[list[Ec2Instance]]) -> list[Scope]:
    """Return the accounts and Regions in which an instance runs."""
    running = (one for several in instances for one in several if one.state == "running")
    return [Scope(*place) for place in sorted({(one.account_id, one.region) for one in running})]


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
    service, span = costs.get(CostTable.SERVICE), last and last.manifest.tables.get(CostTable.SERVICE)
    if service is None and span is None:
        return
    billed = {record.account_id for record in (service.records if service else ())}
    if last and span:
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
        run_id=new_run_id(now),
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
