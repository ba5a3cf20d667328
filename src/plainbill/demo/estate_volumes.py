"""EBS volumes: those of every instance, and those that are attached to none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from plainbill.demo.company import Company
from plainbill.demo.ec2_facts import block_devices
from plainbill.demo.estate import Estate, Resource, hostile_tags, identifier, made, seed_of
from plainbill.demo.fleet import DEVELOPMENT, IRELAND, OREGON, PRODUCTION, VIRGINIA
from plainbill.demo.instances import DemoInstance

_GP3_IOPS, _GP3_THROUGHPUT = 3000, 125
"""What a gp3 volume has for nothing, at any size."""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """To which instance a volume is attached, and since when."""

    instance: DemoInstance
    device: str
    attached_at: datetime
    is_deleted_with_it: bool


@dataclass(frozen=True, kw_only=True)
class Volume(Resource):
    """One volume; ``name`` is its id, ``label`` what people call it.

    ``iops`` and ``throughput`` (MiB/s) are what it is provisioned with.

    ``use`` is how much of the instance's own load reaches it: 0 for one that is attached and idle.
    """

    label: str
    volume_type: str
    gib: int
    iops: int | None
    throughput: int | None
    attachment: Attachment | None
    zone: str
    use: float = 1.0

    @property
    def state(self) -> str:
        """``in-use`` or ``available``."""
        return "available" if self.attachment is None else "in-use"

    @property
    def availability_zone(self) -> str:
        """Where it is: with its instance."""
        return self.zone


_SECOND = {  # data volumes, by fleet: type, GiB, provisioned IOPS, and how much of them is used
    "search-node": ("gp3", 500, 6000, 1.0),
    "kafka-broker": ("gp2", 1000, None, 1.0),
    "eks-workers": ("gp3", 200, None, 0.4),
    "eks-workers-eu": ("gp3", 200, None, 0.0),  # provisioned for a cache that was never built
    "staging-db": ("io1", 400, 8000, 0.02),  # hardly one of its 8,000 operations a second is used
    "orders-batch": ("gp3", 1000, 12_000, 0.3),  # made fast for a sale that is long over
    "report-runner": ("io2", 200, 8000, 0.4),  # needed, though on Sundays only
    "jenkins-controller": ("gp2", 200, None, 1.0),  # as fast a gp3 would cost more
}
_FAST = {"orders-batch": 500}
"""Fleets that bought throughput for it, MiB/s."""
_CLAIM = {"kubernetes.io/created-for/pvc/name": "data-chatbot-0", "ebs.csi.aws.com/cluster": "true"}
_GP2_ROOTS = {
    "erp",
    "legacy-catalog",
    "old-cms",
    "reporting-2024",
    "old-gitlab",
    "wiki",
    "jenkins-controller",
}
"""Older fleets, never moved from gp2."""
_UNATTACHED = (  # account, region, name, team, type, GiB, IOPS, days ago
    (PRODUCTION, VIRGINIA, "orders-db-before-upgrade", "fulfilment", "gp2", 800, None, (390, 420)),
    (PRODUCTION, VIRGINIA, "warehouse-scratch", "data", "gp3", 2000, None, (160, 170)),
    (PRODUCTION, VIRGINIA, "fraud-features-copy", "data", "io1", 300, 5000, (95, 95)),
    (PRODUCTION, VIRGINIA, "cms-media-archive", "marketing", "st1", 4000, None, (600, 640)),
    (PRODUCTION, VIRGINIA, "checkout-restore-drill", None, "gp3", 250, None, (2, 2)),  # of the day before
    (PRODUCTION, VIRGINIA, "tiny-gp2", "platform", "gp2", 4, None, (300, 310)),  # 3 MiB/s more than gp3
    (PRODUCTION, IRELAND, "gdpr-export-2024", "legal", "gp2", 350, None, (500, 540)),
    (DEVELOPMENT, VIRGINIA, "load-test-data", "qa", "io2", 200, 3000, (66, 66)),
    (DEVELOPMENT, VIRGINIA, "pvc-chatbot-poc", None, "gp2", 100, None, (40, 60)),
    (DEVELOPMENT, OREGON, "staging-west-data", "storefront", "gp3", 150, None, (210, 230)),
)
EXPECTED: Mapping[str, tuple[str, ...]] = {
    "orders-db-before-upgrade": ("ebs_volume_gp2", "ebs_volume_unattached"),
    "warehouse-scratch": ("ebs_volume_unattached",),
    "fraud-features-copy": ("ebs_volume_unattached",),
    "cms-media-archive": ("ebs_volume_unattached",),
    "tiny-gp2": ("ebs_volume_unattached",),
    "gdpr-export-2024": ("ebs_volume_unattached",),
    "load-test-data": ("ebs_volume_unattached",),
    "pvc-chatbot-poc": ("ebs_volume_gp2", "ebs_volume_unattached"),
    "staging-west-data": ("ebs_volume_unattached",),
    "erp-a": ("ebs_volume_gp2",),
    "legacy-catalog-a": ("ebs_volume_gp2",),
    "old-cms-a": ("ebs_volume_gp2",),
    "reporting-2024-a": ("ebs_volume_gp2", "ebs_volume_on_stopped_instance"),
    "old-gitlab-a": ("ebs_volume_gp2", "ebs_volume_on_stopped_instance"),
    "wiki-a": ("ebs_volume_gp2",),
    "jenkins-controller-a": ("ebs_volume_gp2",),
    "kafka-broker-b": ("ebs_volume_gp2",),
    "blackfriday-extra-a": ("ebs_volume_on_stopped_instance",),
    "demo-day-a": ("ebs_volume_on_stopped_instance",),
    "vat-import-a": ("ebs_volume_on_stopped_instance",),
    "eks-workers-eu-b": ("ebs_volume_idle",),
    "staging-db-b": ("ebs_volume_iops_overprovisioned",),
    "orders-batch-b": ("ebs_volume_gp3_overprovisioned",),
}
"""Which checks must call a volume waste, by its label; all others must not."""


def volumes(company: Company) -> Estate[Volume]:
    """Return every volume of the company."""
    return company.once(_made)


def _made(company: Company) -> Estate[Volume]:
    return Estate((*_attached(company), *_unattached(company)))


def _attached(company: Company) -> Iterator[Volume]:
    for instance in company.instances:
        for number, mapping in enumerate(block_devices(instance)):
            yield _of_instance(company, instance, number, mapping["DeviceName"], mapping["Ebs"])


def _of_instance(
    company: Company, instance: DemoInstance, number: int, device: str, ebs: dict[str, object]
) -> Volume:
    volume_type, gib, iops, use = _kind(instance, number)
    attached_at = ebs["AttachTime"]
    assert isinstance(attached_at, datetime)  # noqa: S101 - block_devices says so
    volume_id = str(ebs["VolumeId"])
    seed = seed_of(volume_id)
    label = f"{instance.fleet.name}-{device[-1]}"
    has_tags = "team" in instance.tags
    tags = {"team": instance.tags["team"], "Name": label} if has_tags else {}
    return Volume(
        name=volume_id,
        account_id=instance.account_id,
        region=instance.region,
        created_at=attached_at,
        tags=hostile_tags(company, tags, seed),
        seed=seed,
        label=label,
        volume_type=volume_type,
        gib=gib,
        iops=_iops(volume_type, gib, iops),
        throughput=_throughput(volume_type, instance.fleet.name if number else ""),
        attachment=Attachment(
            instance=instance,
            device=device,
            attached_at=attached_at,
            is_deleted_with_it=bool(ebs["DeleteOnTermination"]),
        ),
        zone=instance.availability_zone,
        use=use,
    )


def _kind(instance: DemoInstance, number: int) -> tuple[str, int, int | None, float]:
    """Return type, GiB, provisioned IOPS and use of an instance's first or second volume."""
    fleet = instance.fleet
    if number:
        return _SECOND.get(fleet.name, ("gp3", 100, None, 1.0))
    size = (
        8 if fleet.instance_type.endswith((".micro", ".small")) else 30 if "t3" in fleet.instance_type else 60
    )
    return "gp2" if fleet.name in _GP2_ROOTS else "gp3", size, None, 0.2


def _iops(volume_type: str, gib: int, provisioned: int | None) -> int | None:
    """Return what DescribeVolumes tells: provisioned ones, gp3's own, gp2's 3 for each GiB; none of disks."""
    if volume_type == "gp2":
        return min(max(100, 3 * gib), 16_000)
    return provisioned or (_GP3_IOPS if volume_type == "gp3" else None)


def _throughput(volume_type: str, fleet: str = "") -> int | None:
    return _FAST.get(fleet, _GP3_THROUGHPUT) if volume_type == "gp3" else None


def _unattached(company: Company) -> Iterator[Volume]:
    for account, region, name, team, volume_type, gib, iops, age in _UNATTACHED:
        volume_id = identifier("vol", account, region, name)
        tags = _CLAIM if name.startswith("pvc-") else {}
        facts = made(company, account, region, name, team=team, age=age, resource_id=volume_id, tags=tags)
        yield Volume(
            **facts,
            label=name,
            volume_type=volume_type,
            gib=gib,
            iops=_iops(volume_type, gib, iops),
            throughput=_throughput(volume_type),
            attachment=None,
            zone=region + "abc"[facts["seed"] % 3],
        )
