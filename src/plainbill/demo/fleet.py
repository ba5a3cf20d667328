"""The instances of Harbor & Hearth, an online shop for the home: who runs how many of what, and how."""

from __future__ import annotations

from dataclasses import dataclass

MANAGEMENT, PRODUCTION, DEVELOPMENT = "111122223333", "444455556666", "777788889999"
VIRGINIA, OREGON, IRELAND, SYDNEY = "us-east-1", "us-west-2", "eu-west-1", "ap-southeast-2"

LINUX, WINDOWS = "Linux/UNIX", "Windows"
OLD = (45, 900)
"""Days since the first launch, from and to: most of the fleet is older than the bill's 13 months."""
SETTLED = (430, 1100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """``count`` instances alike; ages are days since the first launch, ``pause`` days ago from and to."""

    account: str = PRODUCTION
    region: str = VIRGINIA
    name: str
    instance_type: str
    habit: str
    team: str
    count: int = 1
    age: tuple[int, int] = SETTLED
    market: str = "on-demand"  # or spot
    managed: str = ""  # autoscaling | eks
    platform: str = LINUX
    tenancy: str = "default"
    is_public: bool = False
    pause: tuple[int, int] | None = None  # stopped in between, and so without a metric
    stopped: int | None = None  # stopped for so many days


def _of(account: str, region: str, rows: tuple[Fleet, ...]) -> tuple[Fleet, ...]:
    return tuple(_moved(row, account, region) for row in rows)


def _moved(row: Fleet, account: str, region: str) -> Fleet:
    fields = {name: getattr(row, name) for name in Fleet.__dataclass_fields__}
    return Fleet(**(fields | {"account": account, "region": region}))


_PRODUCTION_VIRGINIA = (
    Fleet(name="storefront-web", instance_type="m6i.large", habit="shop", team="storefront", count=8,
          managed="autoscaling", age=OLD),
    Fleet(name="storefront-api", instance_type="c6i.xlarge", habit="shop", team="storefront", count=6,
          managed="autoscaling", age=OLD),
    Fleet(name="checkout-api", instance_type="c6i.large", habit="shop", team="checkout", count=4),
    Fleet(name="search-node", instance_type="r6i.xlarge", habit="steady", team="search", count=3),
    Fleet(name="eks-workers", instance_type="m5.xlarge", habit="steady", team="platform", count=10,
          managed="eks", age=OLD),
    Fleet(name="kafka-broker", instance_type="r5.large", habit="steady", team="platform", count=3),
    Fleet(name="recommender-gpu", instance_type="g4dn.xlarge", habit="calm", team="data", count=2, age=OLD),
    Fleet(name="orders-batch", instance_type="m5.2xlarge", habit="nightly batch", team="fulfilment", count=2),
    Fleet(name="pricing-batch", instance_type="c5.2xlarge", habit="weekly batch", team="merchandising"),
    Fleet(name="image-resizer", instance_type="c5.large", habit="shop", team="storefront", count=4,
          market="spot", managed="autoscaling", age=(22, 70)),
    Fleet(name="report-runner", instance_type="m5.large", habit="weekly batch", team="finance"),
    Fleet(name="sftp-gateway", instance_type="t3.medium", habit="relay", team="fulfilment", is_public=True),
    Fleet(name="bastion", instance_type="t3.micro", habit="asleep", team="platform", is_public=True),
    Fleet(name="erp", instance_type="m5.xlarge", habit="calm", team="finance", count=2, platform=WINDOWS),
    Fleet(name="license-server", instance_type="m5.large", habit="just above the average", team="finance",
          tenancy="dedicated"),
    Fleet(name="legacy-catalog", instance_type="m4.xlarge", habit="idle", team="merchandising", count=2),
    Fleet(name="ab-test-collector", instance_type="m5.large", habit="asleep", team="storefront", age=OLD),
    Fleet(name="old-cms", instance_type="m5.xlarge", habit="short nightly cron", team="marketing"),
    Fleet(name="warehouse-migration", instance_type="r5.2xlarge", habit="idle", team="data", count=2,
          age=(150, 190)),
    Fleet(name="jenkins-controller", instance_type="m5.xlarge", habit="office hours", team="platform"),
    Fleet(name="session-cache-old", instance_type="r4.large", habit="asleep", team="checkout", count=2),
    Fleet(name="loyalty-api", instance_type="c6i.large", habit="shop", team="checkout", count=2, age=(2, 3)),
    Fleet(name="fraud-model-canary", instance_type="m6i.xlarge", habit="idle", team="data", age=(4, 4)),
    Fleet(name="payment-proxy", instance_type="t3.small", habit="silent", team="checkout"),
    Fleet(name="reporting-2024", instance_type="m5.2xlarge", habit="idle", team="finance", count=2,
          stopped=97),
    Fleet(name="blackfriday-extra", instance_type="c6i.2xlarge", habit="shop", team="storefront", count=3,
          stopped=31),
)  # fmt: skip

_PRODUCTION_ELSEWHERE = (
    *_of(PRODUCTION, OREGON, (
        Fleet(name="standby-web", instance_type="m6i.large", habit="asleep", team="platform", count=2),
        Fleet(name="standby-db", instance_type="r6i.xlarge", habit="calm", team="platform"),
        Fleet(name="storefront-web-west", instance_type="m6i.large", habit="shop", team="storefront", count=4,
              managed="autoscaling", age=OLD),
    )),
    *_of(PRODUCTION, IRELAND, (
        Fleet(name="storefront-web-eu", instance_type="m6g.large", habit="shop", team="storefront", count=5,
              managed="autoscaling", age=OLD),
        Fleet(name="checkout-api-eu", instance_type="c6g.large", habit="shop", team="checkout", count=3),
        Fleet(name="gdpr-export", instance_type="m5.large", habit="idle", team="legal"),
        Fleet(name="eks-workers-eu", instance_type="m5.xlarge", habit="steady", team="platform", count=3,
              managed="eks", age=OLD),
        Fleet(name="vat-import", instance_type="t3.medium", habit="idle", team="finance", stopped=212),
    )),
    *_of(PRODUCTION, SYDNEY, (
        Fleet(name="storefront-web-au", instance_type="t4g.large", habit="shop", team="storefront", count=3,
              age=(120, 140)),
        Fleet(name="catalog-sync-au", instance_type="t3.medium", habit="idle", team="merchandising",
              age=(120, 140)),
    )),
)  # fmt: skip

_DEVELOPMENT = (
    *_of(DEVELOPMENT, VIRGINIA, (
        Fleet(name="workstation", instance_type="t3.xlarge", habit="office hours", team="engineering",
              count=5, age=OLD),
        Fleet(name="feature-env", instance_type="t3.large", habit="idle", team="storefront", count=4,
              age=(40, 200)),
        Fleet(name="ci-runner", instance_type="c5.xlarge", habit="office hours", team="platform", count=5,
              market="spot", managed="autoscaling", age=(20, 60)),
        Fleet(name="qa-browsers", instance_type="t3.large", habit="nightly batch", team="qa", count=3,
              age=OLD),
        Fleet(name="load-test", instance_type="c5.4xlarge", habit="asleep", team="qa", count=2, age=(66, 66)),
        Fleet(name="ranking-training", instance_type="g4dn.2xlarge", habit="idle", team="data", age=(83, 83)),
        Fleet(name="sandbox", instance_type="t3.medium", habit="asleep", team="engineering", count=3,
              age=(60, 500), is_public=True),
        Fleet(name="staging-web", instance_type="m5.large", habit="calm", team="storefront", count=2),
        Fleet(name="staging-db", instance_type="r5.large", habit="just below both", team="platform"),
        Fleet(name="chatbot-poc", instance_type="t3.large", habit="idle", team="marketing", count=2,
              age=(3, 9)),
        Fleet(name="wiki", instance_type="t3.large", habit="idle", team="engineering", platform=WINDOWS),
        Fleet(name="perf-replay", instance_type="m5.large", habit="idle", team="qa", count=2, age=OLD,
              pause=(11, 6)),
        Fleet(name="notebook", instance_type="m5.xlarge", habit="just above the peak", team="data", age=OLD),
        Fleet(name="old-gitlab", instance_type="m5.2xlarge", habit="idle", team="engineering", stopped=301),
        Fleet(name="demo-day", instance_type="t3.large", habit="idle", team="marketing", count=4, stopped=58),
    )),
    *_of(DEVELOPMENT, OREGON, (
        Fleet(name="staging-web-west", instance_type="m5.large", habit="calm", team="storefront", count=2),
    )),
    *_of(DEVELOPMENT, IRELAND, (
        Fleet(name="translation-test", instance_type="t3.large", habit="idle", team="qa", count=2, age=OLD),
    )),
)  # fmt: skip

_MANAGEMENT = _of(MANAGEMENT, VIRGINIA, (
    Fleet(name="security-scanner", instance_type="m5.large", habit="nightly batch", team="security"),
    Fleet(name="audit-forwarder", instance_type="t3.small", habit="idle", team="security"),
))  # fmt: skip

_SEEN_INSIDE = (  # what CPU and traffic alone would get wrong: memory, GPUs, credits, a whole group
    Fleet(name="session-cache", instance_type="r6i.large", habit="asleep", team="checkout"),
    Fleet(name="embedding-trainer", instance_type="g4dn.xlarge", habit="asleep", team="data", age=OLD),
    Fleet(name="report-cache", instance_type="m5.xlarge", habit="calm", team="finance"),
    Fleet(name="thumbnailer", instance_type="t3.medium", habit="pegged", team="storefront"),
    Fleet(name="webhook-sender", instance_type="t3.medium", habit="above its baseline", team="checkout"),
    *_of(DEVELOPMENT, VIRGINIA, (
        Fleet(name="promo-engine", instance_type="m5.large", habit="asleep", team="marketing", count=2,
              managed="autoscaling", age=(90, 120)),
        Fleet(name="etl-workers", instance_type="m5.large", habit="weekly batch", team="data", count=2,
              managed="autoscaling", age=(90, 120)),
    )),
)  # fmt: skip

FLEETS = (*_PRODUCTION_VIRGINIA, *_PRODUCTION_ELSEWHERE, *_DEVELOPMENT, *_MANAGEMENT, *_SEEN_INSIDE)
