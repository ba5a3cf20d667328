"""EBS snapshots, the machine images made of some, and the launch templates that name images.

What a check must say of each stands beside it: ``waste``, ``ok`` or ``unknown``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from plainbill.demo.company import Company
from plainbill.demo.estate import Estate, Resource, hostile_text, identifier, made
from plainbill.demo.estate_volumes import volumes
from plainbill.demo.fleet import DEVELOPMENT, IRELAND, PRODUCTION, VIRGINIA
from plainbill.model.period import midnight

_PLAIN: Mapping[str, str] = {}
_BACKUP = {"aws:backup:source-resource": "arn:aws:ec2:us-east-1:444455556666:volume/gone"}
_DLM = {"aws:dlm:lifecycle-policy-id": "policy-0c0ffee0c0ffee0c0", "dlm:managed": "true"}


@dataclass(frozen=True, kw_only=True)
class Snapshot(Resource):
    """One snapshot; ``name`` is its id, ``label`` what people call it.

    ``stored_gib`` are all its blocks; ``line`` is the same for those that share blocks.
    """

    label: str
    volume_id: str
    gib: int
    stored_gib: int
    line: str
    tier: str = "standard"
    description: str = ""
    orphaned: str = "ok"
    old: str = "ok"


@dataclass(frozen=True, kw_only=True)
class Image(Resource):
    """One image; ``name`` is its id, ``label`` its name. ``disks`` are GiB and stored GiB of each."""

    label: str
    disks: tuple[tuple[int, int], ...]
    line: str
    launched_at: datetime | None
    is_public: bool = False
    unused: str = "ok"

    @property
    def snapshot_ids(self) -> tuple[str, ...]:
        """Its snapshots; the first is that of the root volume, by which instances' volumes know it."""
        more = (identifier("snap", self.label, str(number)) for number in range(1, len(self.disks)))
        return identifier("snap", self.label), *more


@dataclass(frozen=True, kw_only=True)
class TemplateVersion(Resource):
    """One version of a launch template; ``name`` is the template's name."""

    number: int
    image_id: str
    is_default: bool
    is_latest: bool

    @property
    def template_id(self) -> str:
        """The template's id."""
        return identifier("lt", self.account_id, self.region, self.name.partition(":")[0])


_ALONE = ""  # shares blocks with no other
_SNAPSHOTS = (  # account, region, label, team, volume, GiB, stored, days ago, line, tags, tier, orphaned, old
    (PRODUCTION, VIRGINIA, "crm-before-migration", "fulfilment", "gone crm", 500, 320, 520, _ALONE, _PLAIN,
     "standard", "waste", "ok"),
    (PRODUCTION, VIRGINIA, "cms-2025-10", "marketing", "gone cms", 200, 90, 400, "cms", _PLAIN,
     "standard", "waste", "waste"),
    (PRODUCTION, VIRGINIA, "cms-2026-02", "marketing", "gone cms", 200, 95, 290, "cms", _PLAIN,
     "standard", "waste", "ok"),
    (PRODUCTION, VIRGINIA, "ledger-2019", "finance", "gone ledger", 1000, 700, 900, "ledger", _PLAIN,
     "archive", "waste", "ok"),
    (PRODUCTION, VIRGINIA, "fraud-features-last", "data", "gone fraud", 300, 40, 20, _ALONE, _PLAIN,
     "standard", "ok", "ok"),
    (PRODUCTION, VIRGINIA, "pricing-copy", "merchandising", "", 100, 35, 200, _ALONE, _PLAIN,
     "standard", "unknown", "unknown"),
    (PRODUCTION, VIRGINIA, "search-index-1", "search", "search-node-b", 500, 210, 400, "search", _PLAIN,
     "standard", "ok", "waste"),
    (PRODUCTION, VIRGINIA, "search-index-2", "search", "search-node-b", 500, 220, 200, "search", _PLAIN,
     "standard", "ok", "waste"),
    (PRODUCTION, VIRGINIA, "search-index-3", "search", "search-node-b", 500, 230, 5, "search", _PLAIN,
     "standard", "ok", "ok"),
    (PRODUCTION, VIRGINIA, "kafka-weekly-1", "platform", "kafka-broker-b", 1000, 600, 100, "kafka", _DLM,
     "standard", "ok", "ok"),
    (PRODUCTION, VIRGINIA, "kafka-weekly-2", "platform", "kafka-broker-b", 1000, 610, 2, "kafka", _DLM,
     "standard", "ok", "ok"),
    (PRODUCTION, VIRGINIA, "reports-backup", "finance", "gone reports", 80, 30, 200, _ALONE, _BACKUP,
     "standard", "ok", "ok"),
    (PRODUCTION, IRELAND, "gdpr-2023", "legal", "gone gdpr", 350, 120, 700, _ALONE, _PLAIN,
     "standard", "waste", "ok"),
    (DEVELOPMENT, VIRGINIA, "gitlab-before-upgrade", "engineering", "old-gitlab-a", 60, 25, 310, _ALONE,
     _PLAIN, "standard", "ok", "ok"),
)  # fmt: skip
_IMAGES = (  # account, region, label, team, disks, days ago, launched days ago, line, tags, public, unused
    (PRODUCTION, VIRGINIA, "storefront-web", "storefront", ((60, 14),), 60, 1, "storefront", _PLAIN, False,
     "ok"),
    (PRODUCTION, VIRGINIA, "storefront-web-2025", "storefront", ((60, 13),), 600, 190, "storefront", _PLAIN,
     False, "waste"),
    (PRODUCTION, VIRGINIA, "search-node", "search", ((60, 11),), 900, 500, _ALONE, _PLAIN, False, "ok"),
    (PRODUCTION, VIRGINIA, "centos-7-golden", "platform", ((30, 12),), 1000, 700, _ALONE, _PLAIN, False,
     "waste"),
    (PRODUCTION, VIRGINIA, "erp-windows-2019", "finance", ((60, 48), (200, 130)), 800, None, _ALONE, _PLAIN,
     False, "waste"),
    (PRODUCTION, VIRGINIA, "image-resizer-next", "storefront", ((30, 9),), 130, None, _ALONE, _PLAIN, False,
     "ok"),  # the default of a launch template
    (PRODUCTION, VIRGINIA, "payment-proxy-hotfix", "checkout", ((8, 4),), 300, 40, _ALONE, _PLAIN, False,
     "ok"),
    (PRODUCTION, VIRGINIA, "AwsBackup-license-server", "finance", ((60, 31),), 120, None, _ALONE,
     _BACKUP, False, "ok"),
    (DEVELOPMENT, VIRGINIA, "workshop-public", "marketing", ((30, 10),), 400, 380, _ALONE, _PLAIN, True,
     "ok"),
)  # fmt: skip
_TEMPLATES = (  # account, region, name, number, image's label or a parameter, default, latest
    (PRODUCTION, VIRGINIA, "storefront-web", 11, "storefront-web", True, False),
    (PRODUCTION, VIRGINIA, "storefront-web", 12, "storefront-web", False, True),
    (PRODUCTION, VIRGINIA, "image-resizer", 3, "image-resizer-next", True, True),
    (DEVELOPMENT, VIRGINIA, "ci-runner", 8, "resolve:ssm:/golden/ci-runner", True, True),
)

EXPECTED_SAVINGS: Mapping[str, str] = {  # USD a month, where each block is known to be its own
    "crm-before-migration": "16",  # 320 x 0.05
    "ledger-2019": "8.75",  # 700 x 0.0125, archived
    "centos-7-golden": "0.6",
    "erp-windows-2019": "8.9",  # 48 + 130
}
"""What deleting saves, by label; of all others that is not known."""


def snapshots(company: Company) -> Estate[Snapshot]:
    """Return every snapshot of the company, those of its images as well."""
    return company.once(_snapshots)


def images(company: Company) -> Estate[Image]:
    """Return every image of the company."""
    return company.once(_images)


def templates(company: Company) -> Estate[TemplateVersion]:
    """Return the default and the latest version of every launch template."""
    return company.once(_templates)


def _snapshots(company: Company) -> Estate[Snapshot]:
    return Estate((*_by_hand(company), *_of_images(company)))


def _by_hand(company: Company) -> Iterator[Snapshot]:
    known = {one.label: one.name for one in reversed(volumes(company).all)}
    for account, region, label, team, volume, gib, stored, ago, line, tags, tier, orphaned, old in _SNAPSHOTS:
        snapshot_id = identifier("snap", account, region, label)
        facts = made(company, account, region, label, team=team, age=(ago, ago), tags=tags,
                     resource_id=snapshot_id)  # fmt: skip
        copied = f"[Copied {identifier('snap', label, 'source')} from eu-west-1] " if not volume else ""
        yield Snapshot(
            **facts,
            label=label,
            volume_id=known.get(volume) or identifier("vol", account, volume) if volume else "vol-ffffffff",
            gib=gib,
            stored_gib=stored,
            line=line or snapshot_id,
            tier=tier,
            description=copied + hostile_text(company, label, facts["seed"]),
            orphaned=orphaned,
            old=old,
        )


def _of_images(company: Company) -> Iterator[Snapshot]:
    for image in images(company).all:
        for snapshot_id, (gib, stored) in zip(image.snapshot_ids, image.disks, strict=True):
            instance_id = identifier("i", image.label, "builder")
            yield Snapshot(
                name=snapshot_id,
                account_id=image.account_id,
                region=image.region,
                created_at=image.created_at,
                tags={name: value for name, value in image.tags.items() if name.startswith("aws:")},
                seed=image.seed,
                label=image.label,
                volume_id=identifier("vol", image.label, snapshot_id),
                gib=gib,
                stored_gib=stored,
                line=image.line or snapshot_id,
                description=f"Created by CreateImage({instance_id}) for {image.name}",
            )


def _images(company: Company) -> Estate[Image]:
    return Estate(
        Image(
            **made(company, account, region, label, team=team, age=(ago, ago), tags=tags,
                   resource_id=identifier("ami", label)),
            label=label,
            disks=disks,
            line=line,
            launched_at=None if launched is None else midnight(company.today) - timedelta(days=launched),
            is_public=is_public,
            unused=unused,
        )
        for account, region, label, team, disks, ago, launched, line, tags, is_public, unused in _IMAGES
    )  # fmt: skip


def _templates(company: Company) -> Estate[TemplateVersion]:
    return Estate(
        TemplateVersion(
            **made(company, account, region, f"{name}:{number}"),
            number=number,
            image_id=image if image.startswith("resolve:") else identifier("ami", image),
            is_default=is_default,
            is_latest=is_latest,
        )
        for account, region, name, number, image, is_default, is_latest in _TEMPLATES
    )
