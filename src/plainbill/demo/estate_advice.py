"""What AWS recommends to the company: some that our checks say too, some they deny, some they know not of.

Savings are written by hand, as AWS's are its own: after discounts, and of the hours that ran.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from plainbill.demo.company import Company
from plainbill.demo.estate import Estate, Resource, identifier, made
from plainbill.demo.fleet import DEVELOPMENT, MANAGEMENT, PRODUCTION, VIRGINIA

AGREE, DISAGREE, ONLY_THEIRS = "agree", "disagree", "only theirs"


@dataclass(frozen=True, kw_only=True)
class Advice(Resource):
    """One recommendation; ``name`` is its id, ``subject`` the id of what it is about: None for a purchase.

    ``expected`` is how our checks stand to it, written by hand.
    """

    kind: str
    subject: str | None
    subject_arn: str | None
    action: str
    effort: str
    saving: float
    cost: float
    current: str
    recommended: str
    expected: str

    @property
    def lookback(self) -> int:
        """Days: AWS waits longer before it calls a volume unattached."""
        return 32 if self.kind == "EbsVolume" and self.action == "Delete" else 14


_Row = tuple[str, str, str | None, str, str, float, float, str, str, str]
_ROWS: tuple[_Row, ...] = (  # account, kind, of what, action, effort, saving, cost, now, then, expected
    (PRODUCTION, "EbsVolume", "orders-db-before-upgrade", "Delete", "Low", 80.0, 80.0, "800 GB gp2",
     "Snapshot and delete", AGREE),
    (PRODUCTION, "EbsVolume", "cms-media-archive", "Delete", "Low", 180.0, 180.0, "4000 GB st1",
     "Snapshot and delete", AGREE),
    (PRODUCTION, "EbsVolume", "fraud-features-copy", "Delete", "Low", 214.0, 362.5, "300 GB io1",
     "Snapshot and delete", DISAGREE),  # after a discount that the list price does not know
    (PRODUCTION, "EbsVolume", "warehouse-scratch", "Rightsize", "Low", 40.0, 160.0, "2000 GB gp3",
     "1500 GB gp3", DISAGREE),  # nothing is attached to it: it can go
    (PRODUCTION, "Ec2Instance", "kafka-broker", "MigrateToGraviton", "VeryHigh", 18.4, 91.98, "r5.large",
     "r6g.large", AGREE),
    (PRODUCTION, "Ec2Instance", "jenkins-controller", "Rightsize", "Medium", 70.08, 140.16, "m5.xlarge",
     "m5.large", DISAGREE),  # we would move it to Graviton
    (PRODUCTION, "RdsDbInstance", "reviews", "Rightsize", "Medium", 52.56, 105.85, "db.t3.large",
     "db.t3.medium", AGREE),
    (PRODUCTION, "RdsDbInstance", "inventory-import", "Stop", "Low", 124.83, 124.83, "db.m5.large", "Stop",
     DISAGREE),  # it is fed from outside
    (PRODUCTION, "RdsDbInstance", "loyalty-v2", "Stop", "Low", 124.83, 124.83, "db.m5.large", "Stop",
     DISAGREE),  # too young for us to tell
    (PRODUCTION, "RdsDbInstance", "orders-reports", "MigrateToGraviton", "Medium", 41.6, 700.8,
     "db.r6i.2xlarge", "db.r6g.2xlarge", ONLY_THEIRS),  # no check of ours
    (PRODUCTION, "LambdaFunction", "thumbnail-maker", "Rightsize", "Low", 11.27, 33.8, "1536 MB", "768 MB",
     AGREE),
    (DEVELOPMENT, "EbsVolume", "deleted-this-morning", "Delete", "Low", 6.4, 6.4, "80 GB gp3",
     "Snapshot and delete", ONLY_THEIRS),
    (MANAGEMENT, "ComputeSavingsPlans", None, "PurchaseSavingsPlans", "VeryLow", 912.5, 4380.0, "",
     "$3.10/hour for 1 year, no upfront payment", ONLY_THEIRS),
)  # fmt: skip


def advice(company: Company) -> Estate[Advice]:
    """Return all recommendations of the organization, by the account and region they are about."""
    return company.once(_made) if company.instances else Estate(())


def _made(company: Company) -> Estate[Advice]:
    return Estate(_advice(company, row) for row in _ROWS)


def _advice(company: Company, row: _Row) -> Advice:
    account, kind, name, action, effort, saving, cost, current, recommended, expected = row
    words = (account, kind, name or action)
    subject = None if name is None else _IDS.get(kind, _own_name)(company, account, name)
    facts = made(company, account, VIRGINIA, name or action, resource_id=identifier("rec", *words))
    return Advice(
        **facts,
        kind=kind,
        subject=subject,
        subject_arn=None if subject is None else _ARNS[kind].format(account=account, subject=subject),
        action=action,
        effort=effort,
        saving=saving,
        cost=cost,
        current=current,
        recommended=recommended,
        expected=expected,
    )


def _volume(_: Company, account: str, name: str) -> str:
    return identifier("vol", account, VIRGINIA, name)


def _instance(company: Company, account: str, name: str) -> str:
    here = company.instances_in(account, VIRGINIA)
    return next(one.instance_id for one in here if one.fleet.name == name)


def _own_name(_: Company, __: str, name: str) -> str:
    return name


_IDS: Mapping[str, Callable[[Company, str, str], str]] = {"EbsVolume": _volume, "Ec2Instance": _instance}
_ARNS = {
    "EbsVolume": f"arn:aws:ec2:{VIRGINIA}:{{account}}:volume/{{subject}}",
    "Ec2Instance": f"arn:aws:ec2:{VIRGINIA}:{{account}}:instance/{{subject}}",
    "LambdaFunction": f"arn:aws:lambda:{VIRGINIA}:{{account}}:function:{{subject}}",
    "RdsDbInstance": f"arn:aws:rds:{VIRGINIA}:{{account}}:db:{{subject}}",
}
