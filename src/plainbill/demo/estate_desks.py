"""What people work with: models behind endpoints, notebooks, desktops.

``waste`` and ``unknown`` name, by hand, the checks that must say so of a resource (see ``estate_apps.py``).
"""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.demo.company import Company
from plainbill.demo.estate import Estate, identifier, made
from plainbill.demo.estate_apps import Judged
from plainbill.demo.fleet import DEVELOPMENT, PRODUCTION, SETTLED, VIRGINIA


@dataclass(frozen=True, kw_only=True)
class Variant(Judged):
    """One production variant of an endpoint, named ``endpoint/variant``; ``calls`` every five minutes."""

    endpoint: str
    instance_type: str | None  # None: serverless
    instances: int
    calls: float


_UNCALLED = ("sagemaker_endpoint_idle",)
_VARIANTS = (  # account, endpoint, variant, team, instance type, instances, calls, waste, unknown, days ago
    (DEVELOPMENT, "ranking", "AllTraffic", "data", "ml.m5.xlarge", 1, 40, (), (), SETTLED),
    (DEVELOPMENT, "ranking-poc", "AllTraffic", "data", "ml.m5.xlarge", 1, 0, _UNCALLED, (), (190, 210)),
    (DEVELOPMENT, "image-tags", "blue", "data", "ml.m5.large", 1, 2, (), (), (190, 210)),
    (DEVELOPMENT, "image-tags", "green", "data", "ml.m5.large", 1, 0, _UNCALLED, (), (190, 210)),
    (DEVELOPMENT, "chatbot", "AllTraffic", "marketing", None, 0, 0, (), (), (90, 90)),  # billed by use
    (DEVELOPMENT, "demand-forecast", "AllTraffic", "data", "ml.m5.large", 1, 0, (), _UNCALLED, (4, 4)),
)


@dataclass(frozen=True, kw_only=True)
class Notebook(Judged):
    """A notebook instance, started or stopped so many days ago."""

    instance_type: str
    status: str
    changed: int


_RUNNING = ("sagemaker_notebook_running",)
_NOTEBOOKS = (  # account, name, team, instance type, status, changed days ago, waste
    (DEVELOPMENT, "churn-analysis", "data", "ml.t3.xlarge", "InService", 44, _RUNNING),
    (DEVELOPMENT, "pricing-study", "merchandising", "ml.t3.medium", "InService", 1, ()),
    (DEVELOPMENT, "forecast-2024", "data", "ml.m5.2xlarge", "Stopped", 230, ()),
)


@dataclass(frozen=True, kw_only=True)
class Desktop(Judged):
    """A WorkSpace; somebody ``connected`` so many days ago, None if nobody is known to have."""

    running_mode: str
    compute_type: str
    connected: int | None


_UNUSED = ("workspaces_workspace_unused",)
_DESKTOPS = (  # account, name, team, mode, compute type, connected, waste, unknown, days ago
    (PRODUCTION, "call-center-01", "storefront", "ALWAYS_ON", "STANDARD", 0, (), (), SETTLED),
    (PRODUCTION, "call-center-02", "storefront", "ALWAYS_ON", "STANDARD", 50, (), (), SETTLED),  # on leave
    (PRODUCTION, "call-center-03", "storefront", "ALWAYS_ON", "STANDARD", 140, _UNUSED, (), SETTLED),
    (PRODUCTION, "auditor", "finance", "ALWAYS_ON", "PERFORMANCE", None, _UNUSED, (), (200, 220)),
    (PRODUCTION, "agency", "marketing", "AUTO_STOP", "POWER", 300, (), (), SETTLED),  # billed by the hour
    (PRODUCTION, "call-center-04", "storefront", "ALWAYS_ON", "STANDARD", None, (), _UNUSED, (12, 12)),
)


def variants(company: Company) -> Estate[Variant]:
    """Return every variant of every endpoint, by ``endpoint/variant``."""
    return company.once(_variants)


def notebooks(company: Company) -> Estate[Notebook]:
    """Return every notebook."""
    return company.once(_notebooks)


def desktops(company: Company) -> Estate[Desktop]:
    """Return every desktop, by id."""
    return company.once(_desktops)


def _variants(company: Company) -> Estate[Variant]:
    return Estate(
        Variant(
            **made(company, account, VIRGINIA, endpoint, team=team, age=age)
            | {"name": f"{endpoint}/{variant}"},
            endpoint=endpoint,
            instance_type=instance_type,
            instances=count,
            calls=calls,
            waste=waste,
            unknown=unknown,
        )
        for account, endpoint, variant, team, instance_type, count, calls, waste, unknown, age in _VARIANTS
    )


def _notebooks(company: Company) -> Estate[Notebook]:
    return Estate(
        Notebook(
            **made(company, account, VIRGINIA, name, team=team),
            instance_type=instance_type,
            status=status,
            changed=changed,
            waste=waste,
        )
        for account, name, team, instance_type, status, changed, waste in _NOTEBOOKS
    )


def _desktops(company: Company) -> Estate[Desktop]:
    return Estate(
        Desktop(
            **made(
                company,
                account,
                VIRGINIA,
                name,
                team=team,
                age=age,
                resource_id=identifier("ws", account, name, digits=9),
            ),
            running_mode=mode,
            compute_type=compute_type,
            connected=connected,
            waste=waste,
            unknown=unknown,
        )
        for account, name, team, mode, compute_type, connected, waste, unknown, age in _DESKTOPS
    )
