"""``plainbill iam-policy``: the least-privilege policy, made from the declared reads."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from plainbill.cli.codes import OK
from plainbill.data_fetcher import all_reads, iam_policy
from plainbill.data_fetcher.role_templates import cloudformation, terraform
from plainbill.settings import Settings, load_settings

_OF_THE_PAYER = frozenset({"ce", "organizations"})
"""Only the base identity is asked for costs and for the organization: its account pays for the others."""
_TEMPLATES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "cloudformation": cloudformation,
    "terraform": terraform,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Accept ``--json`` as every command does: a policy has no other form."""
    parser.add_argument("--json", action="store_true", help="the policy is JSON, with or without this option")
    parser.add_argument(
        "--role",
        action="store_true",
        help="the policy of the role in a further account: without costs and assuming others",
    )
    parser.add_argument(
        "--template",
        choices=sorted(_TEMPLATES),
        help="that role itself, as a CloudFormation template (for a StackSet too) or Terraform configuration",
    )


def run(args: argparse.Namespace) -> int:
    """Print the policy of the base identity; it may assume exactly the roles that the settings name."""
    if args.template:
        sys.stdout.write(template_text(args.template))
    elif args.role:
        print(role_policy_text())
    else:
        print(policy_text(load_settings()))
    return OK


def policy_text(settings: Settings) -> str:
    """Return the policy of the base identity; it may assume exactly the roles that the settings name."""
    return json.dumps(iam_policy(all_reads(), _roles(settings)), indent=2)


def role_policy_text() -> str:
    """Return the policy of the role in a further account."""
    return json.dumps(_of_a_role(), indent=2)


def template_text(name: str) -> str:
    """Return that role itself, for ``cloudformation`` or ``terraform``."""
    return _TEMPLATES[name](_of_a_role())


def _roles(settings: Settings) -> list[str]:
    name = settings.organization_role
    return [*settings.role_arns, *([f"arn:aws:iam::*:role/{name}"] if name else [])]


def _of_a_role() -> dict[str, Any]:
    return iam_policy([read for read in all_reads() if read.service not in _OF_THE_PAYER])
