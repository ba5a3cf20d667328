"""RDS instances of a class that has a cheaper successor."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.rds_costs import as_class, instance_cost, is_previous_generation, successor
from plainbill.analyzer.waste_check import Context, WasteCheck
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Verdict, Waste
from plainbill.model.resources.rds import RdsInstance


@dataclass(frozen=True)
class RdsInstancePreviousGeneration(WasteCheck[RdsInstance]):
    """Classes of a previous generation do less for the same money, and AWS retires them one by one.

    Change the class in a maintenance window; the database restarts. A very old engine version may have to be
    upgraded first.
    """

    id, title = "rds_instance_previous_generation", "RDS instance of a previous generation"
    resource = RdsInstance
    action, effort = Action.UPGRADE, Effort.MEDIUM
    rule = (
        "Its class is of the family t1, t2, m1 to m4, r3 or r4, unless its successor is known to cost as "
        "much."
    )
    source = "Amazon RDS user guide, DB instance classes: previous generations"

    def evaluate(self, resource: RdsInstance, context: Context) -> Verdict:
        """Judge one instance."""
        if not is_previous_generation(resource.db_class):
            return Ok(f"{resource.db_class} is not of a previous generation")
        if resource.status == "stopped":
            return Ok("it is stopped, so its hours are not billed")
        newer = successor(resource.db_class)
        now = instance_cost(context, resource)
        then = None if newer is None else instance_cost(context, as_class(resource, newer))
        saving = None if now is None or then is None else now - then
        if saving is not None and saving.amount <= 0:
            return Ok(f"its successor {newer} is not cheaper")
        instead = f"{newer} takes its place" if newer else "a class of a current family takes its place"
        return Waste(
            reason=f"{resource.db_class} is of a previous generation; {instead}.",
            monthly_saving=saving,
            monthly_cost=now,
            confidence=Confidence.REVIEW if saving is None else Confidence.HIGH,
            evidence=(Measurement("class", resource.db_class), Measurement("successor", newer)),
            keeps_billing=("the instance of the newer class", "storage, IOPS and backups"),
            doubts=_doubts(price_is_known=saving is not None),
            cleared_by="A class of a current generation.",
        )


def _doubts(*, price_is_known: bool) -> tuple[str, ...]:
    reserved = "A reservation for the old family does not cover the new one."
    return (reserved,) if price_is_known else (reserved, "Whether the successor is cheaper is not known.")
