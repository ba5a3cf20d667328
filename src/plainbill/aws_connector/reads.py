"""The reads Plainbill makes: each is declared once, and nothing that is not declared can be sent."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.aws_connector.iam_names import ACTIONS, PREFIXES

_READING = ("Get", "Describe", "List")


@dataclass(frozen=True)
class Read:
    """One AWS operation, by botocore's names, and what is lost when it is refused.

    ``lost_without`` completes the sentence "without this permission you do not see ...". ``members`` are
    those of the answer that are used, by botocore's names from its root on with dots between
    (``Reservations.Instances.State.Name``); where some are named no others need be parsed.
    Raises ``ValueError`` for an operation that does not read; assuming a role is the one exception.
    """

    service: str
    operation: str
    lost_without: str
    members: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.operation.startswith(_READING) and (self.service, self.operation) != (
            "sts",
            "AssumeRole",
        ):
            raise ValueError(f"{self.service}:{self.operation} does not read")

    @property
    def iam_action(self) -> str:
        """The action a policy must allow: ``ce:GetCostAndUsage``."""
        return iam_action(self.service, self.operation)


def iam_action(service: str, operation: str) -> str:
    """Return IAM's name of an operation that botocore calls ``operation`` of ``service``."""
    return f"{PREFIXES.get(service, service)}:{ACTIONS.get((service, operation), operation)}"


GET_CALLER_IDENTITY = Read(
    "sts", "GetCallerIdentity", "the account the credentials belong to (AWS allows this to everyone)"
)
ASSUME_ROLE = Read("sts", "AssumeRole", "the further accounts, those whose roles are listed in the settings")
LIST_ACCOUNTS = Read(
    "organizations", "ListAccounts", "the organization's accounts, all of which the settings ask to be read"
)
DESCRIBE_REGIONS = Read(
    "ec2", "DescribeRegions", "everything that lies in a region: which ones to look in stays unknown"
)

CONNECTOR_READS: tuple[Read, ...] = (GET_CALLER_IDENTITY, ASSUME_ROLE, DESCRIBE_REGIONS, LIST_ACCOUNTS)
"""What the connector itself asks."""
