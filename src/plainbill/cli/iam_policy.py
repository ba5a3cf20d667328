"""``plainbill iam-policy``: the least-privilege policy, made from the declared reads.

What is declared is written into the package beside this file (``make docs``): ``serve`` shows the policy too,
and must not load all that asks AWS for that.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from plainbill.cli.codes import OK
from plainbill.cli.policy_document import iam_policy
from plainbill.cli.role_templates import cloudformation, terraform
from plainbill.settings import Settings, load_settings

_ACTIONS = Path(__file__).with_name("iam_actions.json")
"""IAM's names of all declared reads."""
_OF_THE_PAYER = ("ce:", "organizations:")
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
    return json.dumps(iam_policy(_actions(), _roles(settings)), indent=2)


def role_policy_text() -> str:
    """Return the policy of the role in a further account."""
    return json.dumps(_of_a_role(), indent=2)


def template_text(name: str) -> str:
    """Return that role itself, for ``cloudformation`` or ``terraform``."""
    return _TEMPLATES[name](_of_a_role())


def _roles(settings: Settings) -> list[str]:
    name = settings.organization_role
    return [*settings.role_arns, *([f"arn:aws:iam::*:role/{name}"] if name else [])]


def _actions() -> list[str]:
    declared: list[str] = json.loads(_ACTIONS.read_text(encoding="utf-8"))
    return declared


def _of_a_role() -> dict[str, Any]:
    return iam_policy([action for action in _actions() if not action.startswith(_OF_THE_PAYER)])
