"""WorkSpaces that are paid by the month and used by nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from plainbill.analyzer.measured import covered
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.analyzer.wording import ago, days_text
from plainbill.model.findings import Action, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric
from plainbill.model.resources.workspaces import Workspace
from plainbill.prices.managed import monthly_workspace

_CONNECTED = Metric("AWS/WorkSpaces", "UserConnected", "Maximum", "users")
_GONE = {"TERMINATING", "TERMINATED"}


@dataclass(frozen=True)
class WorkspacesWorkspaceUnused(WasteCheck[Workspace]):
    """An AlwaysOn WorkSpace costs its whole monthly fee, whether or not its user ever connects.

    Ask the user, then delete it, which deletes the files on it; or change it to AutoStop, which is billed a
    small fee and the hours of use.
    """

    id, title = "workspaces_workspace_unused", "WorkSpace nobody connects to"
    resource, action, effort = Workspace, Action.DELETE, Effort.LOW
    metrics = (_CONNECTED,)
    rule = "AlwaysOn, and no user connected for {days} days."
    source = "Compute Optimizer: AlwaysOn WorkSpaces without a user connection in 63 days"

    days: int = threshold(63, "Days to look back on; more than 63 are not measured.")

    def evaluate(self, resource: Workspace, context: Context) -> Verdict:
        """Judge one desktop."""
        return self._without_metrics(resource, context) or self._by_metrics(resource, context)

    def _without_metrics(self, resource: Workspace, context: Context) -> Verdict | None:
        """Return the answer where what is measured does not matter."""
        if resource.state in _GONE:
            return Ok(f"it is {resource.state}")
        if resource.running_mode is None:
            return Unknown("AWS did not say how it is billed")
        if resource.running_mode != "ALWAYS_ON":
            return Ok("it is not billed by the month")
        return None

    def _by_metrics(self, resource: Workspace, context: Context) -> Verdict:
        last = resource.last_connected_at
        if last is not None and context.now - last < timedelta(days=self.days):
            return Ok(f"somebody was connected {ago(last, context.now)}")
        if not resource.connection_is_known:
            return Unknown("when somebody last connected could not be read")
        measured = context.used(resource, _CONNECTED, self.days)
        if measured is not None and measured.maximum:
            return Ok("somebody was connected")
        connected = covered(context, resource, _CONNECTED, self.days)
        # AWS says nothing of how old it is: without the days that were measured it may be new.
        if isinstance(connected, Unknown) and last is None:
            return connected
        said = "no connection is known" if last is None else f"the last one was {ago(last, context.now)}"
        cost = monthly_workspace(context.rates, resource.region, resource.compute_type or "", "ALWAYS_ON")
        return Waste(
            f"AlwaysOn, and no user connected in {days_text(self.days)}: {said}",
            cost,
            cost,
            evidence=(
                Measurement(
                    "last connection", None if last is None else (context.now - last).days, "days", self.days
                ),
                Measurement("users connected", None if isinstance(connected, Unknown) else 0, "", 1),
            ),
            keeps_billing=("its directory, where no other WorkSpace is in it",),
            cleared_by="one connection",
        )
