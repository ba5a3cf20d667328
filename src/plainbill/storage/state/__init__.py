"""What Plainbill itself must remember: runs, findings and settings, in one SQLite file."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from plainbill.errors import StorageError
from plainbill.model.anomaly import AnomalyDecision
from plainbill.model.budget import Budget, BudgetChange
from plainbill.model.cost_rule import CostRuleChange, SavedCostRule
from plainbill.model.lifecycle import FindingRecord
from plainbill.model.policy import Policy, PolicyUse
from plainbill.model.run import OperationCost, Run, RunState
from plainbill.model.units import UnitMetric, UnitSeries
from plainbill.storage.home import LOCK_NAME
from plainbill.storage.lock import CollectorLock
from plainbill.storage.state import anomalies as _anomalies
from plainbill.storage.state import budgets as _budgets
from plainbill.storage.state import cost_rules as _cost_rules
from plainbill.storage.state import findings as _findings
from plainbill.storage.state import policies as _policies
from plainbill.storage.state import runs as _runs
from plainbill.storage.state import units as _units
from plainbill.storage.state.database import Database, Watch
from plainbill.storage.state.findings import FindingEvent
from plainbill.storage.state.units import Imported

__all__ = ["FindingEvent", "State"]

_log = logging.getLogger(__name__)


class State:
    """The state file at ``path``; safe to share between threads and between processes.

    ``lock`` is the collector's lock, by default beside the file. ``problems`` says what was damaged
    and set aside. Raises ``StorageError`` when the file cannot be used.
    """

    def __init__(self, path: Path, lock: Path | None = None) -> None:
        self._database = Database(path)
        self._watch = Watch(path)
        self._lock = CollectorLock(lock or path.with_name(LOCK_NAME))
        self.close_interrupted()

    @property
    def problems(self) -> tuple[str, ...]:
        """What was damaged in the last days, and whether anything can be kept now, in sentences."""
        return self._database.problems

    def close(self) -> None:
        """Let go of the file."""
        self._watch.close()
        self._database.close()

    def start_run(self, run: Run) -> None:
        """Record a run that begins; its caller holds the collector's lock, so no other run is alive."""
        with self._database.transaction() as connection:
            _runs.fail_interrupted(connection, set(_runs.running(connection)) - {run.run_id})
            _runs.save_run(connection, replace(run, state=RunState.RUNNING))

    def note_run(self, run: Run) -> None:
        """Record how far a run has come, so that what it spent is known even if its process dies."""
        with self._database.transaction() as connection:
            _runs.save_run(connection, replace(run, state=RunState.RUNNING))

    def finish_run(self, run: Run) -> None:
        """Record how a run ended, with its operations and gaps."""
        with self._database.transaction() as connection:
            _runs.save_run(connection, run)
        self._database.keep_copy()

    def runs(self, limit: int = 50) -> list[Run]:
        """Return the latest runs, newest first; one whose process died shows as failed."""
        dead = self.close_interrupted()
        with self._database.reading() as connection:
            return [_runs.unless_dead(run, dead) for run in _runs.load_runs(connection, limit)]

    def close_interrupted(self) -> frozenset[str]:
        """Mark runs of dead processes as failed, as far as the file can be written; return their ids."""
        with self._database.reading() as connection:
            unfinished = frozenset(_runs.running(connection))
        if not unfinished or self._lock.is_held():
            return frozenset()
        # A run that began since the first question is not among these.
        try:
            with self._database.transaction() as connection:
                _runs.fail_interrupted(connection, unfinished)
        except StorageError as error:
            _log.warning("an interrupted run could not be marked: %s", error)
        return unfinished

    def api_spend(self, since: datetime) -> tuple[Decimal, Decimal]:
        """Return what AWS's API cost in runs started at or after ``since``: lowest, highest, in USD."""
        with self._database.reading() as connection:
            return _runs.spend_since(connection, since)

    def operations_in(self, start: datetime, end: datetime) -> list[OperationCost]:
        """Return what runs asked that began or ended in ``[start, end)``, summed by operation."""
        with self._database.reading() as connection:
            return _runs.operations_in(connection, start, end)

    def findings(self) -> list[FindingRecord]:
        """Return what is remembered of every finding, by id."""
        with self._database.reading() as connection:
            return _findings.load(connection)

    def finding_events(self, finding_id: str) -> list[FindingEvent]:
        """Return every change of state of a finding, oldest first."""
        with self._database.reading() as connection:
            return _findings.events(connection, finding_id)

    def advance_findings(
        self, advance: Callable[[Iterable[FindingRecord]], Iterable[FindingRecord]]
    ) -> list[FindingRecord]:
        """Move all findings on in one transaction, so that no decision made meanwhile is lost."""
        with self._database.transaction() as connection:
            after = list(advance(_findings.load(connection)))
            _findings.save(connection, after)
        return after

    def change_finding(
        self, finding_id: str, change: Callable[[FindingRecord], FindingRecord]
    ) -> FindingRecord | None:
        """Change one finding as a person decided, in one transaction; None where it is not known.

        ``change`` may raise: then nothing is changed.
        """
        with self._database.transaction() as connection:
            before = _findings.load_one(connection, finding_id)
            if before is None:
                return None
            after = change(before)
            _findings.save(connection, [after], is_decided=True)
        self._database.keep_copy()
        return after

    def anomaly_decisions(self) -> dict[str, AnomalyDecision]:
        """Return the latest word on each anomaly that a person said anything of, by its id."""
        with self._database.reading() as connection:
            return _anomalies.load(connection)

    def decide_anomaly(self, decision: AnomalyDecision) -> None:
        """Remember what a person says of an anomaly."""
        with self._database.transaction() as connection:
            _anomalies.save(connection, decision)
        self._database.keep_copy()

    def budgets(self) -> list[Budget]:
        """Return every budget, by name."""
        with self._database.reading() as connection:
            return _budgets.load(connection)

    def budget_changes(self, limit: int = 20) -> list[BudgetChange]:
        """Return who set or removed which budget, newest first."""
        with self._database.reading() as connection:
            return _budgets.changes(connection, limit)

    def save_budget(self, budget: Budget) -> None:
        """Write a budget in place of the one of its name."""
        with self._database.transaction() as connection:
            _budgets.save(connection, budget)
        self._database.keep_copy()

    def remove_budget(self, change: BudgetChange) -> bool:
        """Remove the budget that a change names; False where there is none."""
        with self._database.transaction() as connection:
            found = _budgets.delete(connection, change)
        self._database.keep_copy()
        return found

    def cost_rules(self) -> list[SavedCostRule]:
        """Return every saved rule for shared costs, by name."""
        with self._database.reading() as connection:
            return _cost_rules.load(connection)

    def cost_rule_changes(self, limit: int = 20) -> list[CostRuleChange]:
        """Return who saved or removed which rule for shared costs, newest first."""
        with self._database.reading() as connection:
            return _cost_rules.changes(connection, limit)

    def save_cost_rule(self, saved: SavedCostRule) -> None:
        """Write a rule in place of the one of its name; where it is the usual one, no other is."""
        with self._database.transaction() as connection:
            _cost_rules.save(connection, saved)
        self._database.keep_copy()

    def remove_cost_rule(self, change: CostRuleChange) -> bool:
        """Remove the rule that a change names; False where there is none."""
        with self._database.transaction() as connection:
            found = _cost_rules.delete(connection, change)
        self._database.keep_copy()
        return found

    def units(self) -> list[UnitSeries]:
        """Return everything that costs can be divided by, by name."""
        with self._database.reading() as connection:
            return _units.load(connection)

    def save_units(self, series: UnitSeries) -> Imported:
        """Add numbers of units to those of the same name; raises ``UnitsDifferError``."""
        with self._database.transaction() as connection:
            done = _units.save(connection, series)
        self._database.keep_copy()
        return done

    def remove_units(self, name: str) -> bool:
        """Forget the units of a name; False where there are none."""
        with self._database.transaction() as connection:
            found = _units.delete(connection, name)
        self._database.keep_copy()
        return found

    def unit_metrics(self) -> list[UnitMetric]:
        """Return the metrics of CloudWatch that costs are divided by, by name."""
        with self._database.reading() as connection:
            return _units.load_metrics(connection)

    def name_unit_metric(self, metric: UnitMetric) -> None:
        """Let refreshes read the numbers of units from CloudWatch; raises ``UnitsTakenError``."""
        with self._database.transaction() as connection:
            _units.name_metric(connection, metric)
        self._database.keep_copy()

    def keep_unit_days(
        self, metric: UnitMetric, days: Mapping[date, Decimal], until: date, at: datetime
    ) -> bool:
        """Add what CloudWatch answered of days up to ``until``; False where it is named no more."""
        with self._database.transaction() as connection:
            return _units.keep_days(connection, metric, days, until, at)

    def policies(self) -> list[Policy]:
        """Return every policy, by name."""
        with self._database.reading() as connection:
            return _policies.load(connection)

    def policy_in_force(self) -> Policy | None:
        """Return the policy by which findings are judged, None for the usual thresholds."""
        with self._database.reading() as connection:
            return _policies.in_force(connection)

    def policy_uses(self, limit: int = 20) -> list[PolicyUse]:
        """Return by what findings were judged since when, newest first."""
        with self._database.reading() as connection:
            return _policies.uses(connection, limit)

    def save_policy(self, name: str, change: Callable[[Policy | None], Policy]) -> Policy:
        """Write what ``change`` makes of the policy of a name, None for a new one, in one transaction.

        Where it is in force, findings are judged otherwise from now on: that is noted as a use of it.
        """
        with self._database.transaction() as connection:
            before, current = _policies.load_one(connection, name), _policies.in_force(connection)
            after = change(before)
            _policies.save(connection, after)
            if current is not None and current.name == name and current.settings != after.settings:
                _policies.use(connection, PolicyUse(at=after.saved_at, name=name, who=after.who))
        self._database.keep_copy()
        return after

    def use_policy(self, use: PolicyUse) -> bool:
        """Judge by a policy from now on; False, and nothing is changed, where there is none of that name."""
        with self._database.transaction() as connection:
            if use.name is not None and _policies.load_one(connection, use.name) is None:
                return False
            _policies.use(connection, use)
            return True

    def delete_policy(self, name: str, use: PolicyUse) -> bool:
        """Forget a policy, and judge as ``use`` says where it was in force; False where there is none."""
        with self._database.transaction() as connection:
            current = _policies.in_force(connection)
            if not _policies.delete(connection, name):
                return False
            if current is not None and current.name == name:
                _policies.use(connection, use)
            return True

    def version(self) -> int:
        """Return a number that changes with every change of the file, whoever made it; cheap to ask for."""
        return self._watch.version()
