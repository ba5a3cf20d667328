"""What keeps data or names: buckets, file systems, image repositories, secrets.

``waste`` and ``unknown`` name, by hand, the checks that must say so of a resource (see ``estate_apps.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plainbill.demo.company import Company
from plainbill.demo.estate import Estate, identifier, made
from plainbill.demo.estate_apps import GIB, Judged
from plainbill.demo.fleet import DEVELOPMENT, IRELAND, MANAGEMENT, OREGON, PRODUCTION, SETTLED, VIRGINIA

_HOME = (PRODUCTION, VIRGINIA)


@dataclass(frozen=True, kw_only=True)
class Bucket(Judged):
    """A bucket; ``rules`` are what its lifecycle does, ``uploads`` the days ago incomplete ones began."""

    versioning: str  # Enabled, Suspended, or nothing
    rules: tuple[str, ...]
    uploads: tuple[int, ...]


ABORT, ABORT_TEMPORARY, EXPIRE_OLD, EXPIRE = "abort", "abort tmp/", "expire old versions", "expire"
_PARTS, _OLD = "s3_bucket_incomplete_uploads", "s3_bucket_versioned_without_lifecycle"
_BOTH = (_PARTS, _OLD)
_BUCKETS = (  # account, region, name, team, versioning, rules, uploads, waste, unknown, age
    (*_HOME, "hearth-media", "storefront", "Enabled", (ABORT, EXPIRE_OLD), (200,), (), (), SETTLED),
    (*_HOME, "hearth-exports", "finance", "", (), (400, 300, 9), (_PARTS,), (), SETTLED),
    (*_HOME, "hearth-logs", "platform", "", (EXPIRE,), (2,), (), (), SETTLED),  # under way
    (*_HOME, "hearth-static", "storefront", "", (ABORT_TEMPORARY,), (90,), (_PARTS,), (), SETTLED),
    (PRODUCTION, IRELAND, "hearth-backups-eu", "platform", "Enabled", (), (150,), _BOTH, (), SETTLED),
    (PRODUCTION, OREGON, "hearth-standby", "platform", "Suspended", (ABORT,), (), (_OLD,), (), SETTLED),
    (DEVELOPMENT, VIRGINIA, "hearth-qa-artifacts", "qa", "", (), (), (), (), SETTLED),
    (DEVELOPMENT, VIRGINIA, "hearth-chatbot-poc", "marketing", "Enabled", (), (), (), (_OLD,), (9, 9)),
    (MANAGEMENT, VIRGINIA, "hearth-trail", "security", "Enabled", (ABORT, EXPIRE_OLD), (), (), (), SETTLED),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class FileSystem(Judged):
    """An EFS file system: GiB in the standard class and in infrequent access; ``clients`` are connected."""

    standard_gib: float
    infrequent_gib: float
    mount_targets: int
    clients: int
    provisioned: float | None
    moves_after: str | None


_UNUSED, _RULELESS = "efs_file_system_unused", "efs_file_system_without_lifecycle"
_EITHER = (_UNUSED, _RULELESS)
_MONTH = "AFTER_30_DAYS"
_FILE_SYSTEMS = (  # place, name, team, GiB, infrequent, mounts, clients, MiB/s, rule, waste, unknown
    (*_HOME, "shared-media", "storefront", 210.0, 690.0, 3, 8, None, _MONTH, (), ()),
    (*_HOME, "cms-uploads-old", "marketing", 140.0, 0.0, 2, 0, None, None, _EITHER, ()),
    (*_HOME, "jenkins-home", "platform", 8.0, 0.0, 2, 1, None, None, (), ()),  # too little to matter
    (*_HOME, "migration-landing", "data", 40.0, 300.0, 0, 0, 12.0, _MONTH, (_UNUSED,), ()),
    (DEVELOPMENT, VIRGINIA, "datasets", "data", 260.0, 0.0, 1, 2, None, None, (_RULELESS,), ()),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Repository(Judged):
    """A repository of ECR with so many images of about so many MiB."""

    images: int
    image_mib: int
    has_policy: bool


_UNCLEARED = ("ecr_repository_without_lifecycle",)
_REPOSITORIES = (  # account, region, name, images, MiB, policy, waste
    (PRODUCTION, VIRGINIA, "storefront/web", 30, 410, True, ()),
    (PRODUCTION, VIRGINIA, "checkout/api", 340, 260, False, _UNCLEARED),
    (PRODUCTION, VIRGINIA, "platform/base", 12, 180, False, ()),  # few, and kept on purpose
    (PRODUCTION, IRELAND, "checkout/api-eu", 64, 260, False, _UNCLEARED),
    (DEVELOPMENT, VIRGINIA, "chatbot-poc", 0, 0, False, ()),
)


@dataclass(frozen=True, kw_only=True)
class Secret(Judged):
    """A secret; ``read`` so many days ago, None if never."""

    read: int | None
    owner: str | None


_UNREAD = ("secretsmanager_secret_unused",)
_SECRETS = (  # account, region, name, team, read days ago, owner, waste, unknown, age
    (PRODUCTION, VIRGINIA, "checkout/payment-key", "checkout", 0, None, (), (), SETTLED),
    (PRODUCTION, VIRGINIA, "finance/bank-export", "finance", 31, None, (), (), SETTLED),  # once a month
    (PRODUCTION, VIRGINIA, "marketing/newsletter-2024", "marketing", 410, None, _UNREAD, (), SETTLED),
    (PRODUCTION, VIRGINIA, "erp/ftp-password", "finance", None, None, _UNREAD, (), SETTLED),
    (PRODUCTION, VIRGINIA, "rds!db-orders", "fulfilment", 200, "rds", (), (), SETTLED),  # RDS's own
    (PRODUCTION, IRELAND, "legal/archive", "legal", 89, None, (), (), SETTLED),
    (DEVELOPMENT, VIRGINIA, "chatbot/api-key", "marketing", None, None, (), _UNREAD, (12, 12)),
)


def buckets(company: Company) -> Estate[Bucket]:
    """Return every bucket."""
    return company.once(_buckets)


def file_systems(company: Company) -> Estate[FileSystem]:
    """Return every EFS file system, by id."""
    return company.once(_file_systems)


def repositories(company: Company) -> Estate[Repository]:
    """Return every repository."""
    return company.once(_repositories)


def secrets(company: Company) -> Estate[Secret]:
    """Return every secret."""
    return company.once(_secrets)


def _buckets(company: Company) -> Estate[Bucket]:
    return Estate(
        Bucket(
            **made(company, account, region, name, team=team, age=age),
            versioning=versioning,
            rules=rules,
            uploads=uploads,
            waste=waste,
            unknown=unknown,
        )
        for account, region, name, team, versioning, rules, uploads, waste, unknown, age in _BUCKETS
    )


def _file_systems(company: Company) -> Estate[FileSystem]:
    def each() -> Iterator[FileSystem]:
        for row in _FILE_SYSTEMS:
            (
                account,
                region,
                name,
                team,
                standard,
                infrequent,
                mounts,
                clients,
                mibps,
                moves,
                waste,
                unknown,
            ) = row
            file_system_id = identifier("fs", account, region, name)
            yield FileSystem(
                **made(company, account, region, name, team=team, resource_id=file_system_id),
                standard_gib=standard,
                infrequent_gib=infrequent,
                mount_targets=mounts,
                clients=clients,
                provisioned=mibps,
                moves_after=moves,
                waste=waste,
                unknown=unknown,
            )

    return Estate(each())


def _repositories(company: Company) -> Estate[Repository]:
    return Estate(
        Repository(
            **made(company, account, region, name),
            images=images,
            image_mib=size,
            has_policy=has_policy,
            waste=waste,
        )
        for account, region, name, images, size, has_policy, waste in _REPOSITORIES
    )


def _secrets(company: Company) -> Estate[Secret]:
    return Estate(
        Secret(
            **made(company, account, region, name, team=team, age=age),
            read=read,
            owner=owner,
            waste=waste,
            unknown=unknown,
        )
        for account, region, name, team, read, owner, waste, unknown, age in _SECRETS
    )


def file_system_bytes(one: FileSystem) -> tuple[int, int]:
    """Return the bytes of the standard class and of infrequent access."""
    return int(one.standard_gib * GIB), int(one.infrequent_gib * GIB)
