"""RDS instances that pay for a standby although a tag says that they are not production."""

from __future__ import annotations

from dataclasses import dataclass, replace

from plainbill.analyzer.rds_costs import full_cost, instance_cost
from plainbill.analyzer.waste_check import Context, WasteCheck
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.rds import RdsInstance

_KEYS = frozenset({"environment", "env", "stage"})
_NOT_PRODUCTION = frozenset(
    (
        "dev",
        "development",
        "test",
        "testing",
        "qa",
        "sandbox",
        "demo",
        "poc",
        "staging",
        "stage",
        "nonprod",
        "nonproduction",
    )
)


@dataclass(frozen=True)
class RdsInstanceMultiAzNonproduction(WasteCheck[RdsInstance]):
    """A standby in a second zone doubles the price, and outside production nobody may need it.

    Switch Multi-AZ off; the database stays up. It is a matter of the owner's: the only evidence is a tag, and
    tags are often wrong.
    """

    id, title = "rds_instance_multi_az_nonproduction", "Standby of an RDS instance outside production"
    resource = RdsInstance
    action, effort = Action.SCALE_IN, Effort.LOW
    rule = (
        "Multi-AZ, and its tag environment, env or stage says dev, development, test, testing, qa, sandbox, "
        "demo, poc, staging, stage, nonprod or nonproduction. Always to be reviewed."
    )
    source = "Kosty, Multi-AZ in development; our own words for it"

    def evaluate(self, resource: RdsInstance, context: Context) -> Verdict:
        """Judge one instance; the copies of a cluster's data are no option of the instance."""
        if not resource.multi_az or resource.cluster_id or resource.is_aurora:
            return Ok("no standby of its own")
        if resource.status == "stopped":
            return Ok("it is stopped")
        named = [value for key, value in resource.tags.items() if key.strip().lower() in _KEYS]
        if not named:
            return Unknown("no tag says what environment it belongs to")
        if not all(_plain(value) in _NOT_PRODUCTION for value in named):
            return Ok("its tags do not all name an environment that is known not to be production")
        alone = replace(resource, multi_az=False)
        now, then = full_cost(context, resource), full_cost(context, alone)
        if now is None or then is None:
            now, then = instance_cost(context, resource), instance_cost(context, alone)
        return Waste(
            reason=f"It has a standby in a second zone, and its tags say that it is {_plain(named[0])}.",
            monthly_saving=None if now is None or then is None else now - then,
            monthly_cost=now,
            confidence=Confidence.REVIEW,
            evidence=(Measurement("environment by its tags", _plain(named[0])),),
            keeps_billing=("the instance and one copy of its storage",),
            doubts=(
                "The tag is the only evidence.",
                "A rehearsal of production may need the same standby as production.",
            ),
            cleared_by="A tag that says production, or Single-AZ.",
        )


def _plain(value: str) -> str:
    return value.strip().lower().replace("-", "").replace("_", "").replace(" ", "")
