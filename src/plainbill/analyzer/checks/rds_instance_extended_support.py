"""RDS instances that pay for the extended support of an old engine version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from plainbill.analyzer.rds_costs import instance_cost, spec_of
from plainbill.analyzer.rds_support import (
    DISABLED,
    SOURCE,
    TABLE_OF,
    Support,
    has_extended_support,
    major_version,
    support_of,
)
from plainbill.analyzer.waste_check import Context, WasteCheck
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.money import Money
from plainbill.model.resources.rds import SERVERLESS, RdsInstance
from plainbill.prices.rds import monthly_rds_extended_support


@dataclass(frozen=True)
class RdsInstanceExtendedSupport(WasteCheck[RdsInstance]):
    """After the end of standard support AWS charges for each vCPU and hour on top, more in the third year.

    Upgrade to a major version in standard support; try it on a copy first (a blue/green deployment). A
    reservation does not cover the surcharge, and the standby of a Multi-AZ database pays it too.
    """

    id, title = "rds_instance_extended_support", "RDS engine version in paid extended support"
    resource = RdsInstance
    action, effort = Action.UPGRADE, Effort.HIGH
    rule = "The day from which AWS bills extended support for its major version has come."
    source = SOURCE

    def evaluate(self, resource: RdsInstance, context: Context) -> Verdict:
        """Judge one instance by the dates of its version."""
        if not has_extended_support(resource.engine):
            return Ok(f"AWS sells no extended support for {resource.engine}")
        if resource.lifecycle_support == DISABLED:
            return Ok("extended support is switched off: AWS upgrades it instead")
        version = f"{resource.engine} {major_version(resource.engine, resource.engine_version)}"
        support = support_of(resource.engine, resource.engine_version)
        if support is None:
            return Unknown(f"the support dates of {version} are not known (table of {TABLE_OF})")
        today = context.now.date()
        if today < support.billed_from:
            return Ok(f"{version} is in standard support until {support.standard_until}")
        if resource.status == "stopped":
            return Ok("it is stopped, so its hours are not billed")
        return self._waste(resource, version, support, today, context)

    def _waste(
        self, database: RdsInstance, version: str, support: Support, today: date, context: Context
    ) -> Waste:
        is_dearer = support.dearer_from is not None and today >= support.dearer_from
        spec = spec_of(database.db_class)
        surcharge = None if is_dearer or spec is None else _surcharge(context, database, spec.vcpus)
        instance = instance_cost(context, database)
        rate = "the third year's rate" if is_dearer else "the rate of the first two years"
        return Waste(
            reason=f"Standard support of {version} ended on {support.standard_until}; extended support is "
            f"billed since {support.billed_from}, now at {rate}.",
            monthly_saving=surcharge,
            monthly_cost=None if surcharge is None or instance is None else instance + surcharge,
            confidence=Confidence.HIGH,
            evidence=(
                Measurement("engine version", database.engine_version),
                Measurement("vCPUs charged", spec.vcpus * _copies(database) if spec else None, "vCPU"),
            ),
            keeps_billing=("the instance, its storage and backups",),
            doubts=_doubts(database, is_dearer=is_dearer),
            cleared_by="A major version in standard support.",
        )


def _copies(database: RdsInstance) -> int:
    """Return how many instances are charged for it; each member of a cluster is one of its own."""
    return 2 if database.multi_az and database.cluster_id is None else 1


def _surcharge(context: Context, database: RdsInstance, vcpus: int) -> Money | None:
    return monthly_rds_extended_support(
        context.rates, database.region, vcpus, multi_az=_copies(database) == 2
    )


def _doubts(database: RdsInstance, *, is_dearer: bool) -> tuple[str, ...]:
    if is_dearer:
        return ("The third year's rate is not held; it is above that of the first two.",)
    if database.db_class == SERVERLESS:
        return ("A serverless instance is charged by capacity units: the amount is not known.",)
    return ()
