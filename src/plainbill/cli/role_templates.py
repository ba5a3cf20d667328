"""The read-only role of a further account as infrastructure code, made from the declared reads.

Both texts take who may assume the role and the ExternalId as parameters, so they hold no secret and are the
same for every account: one CloudFormation StackSet gives the role to a whole organization.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from textwrap import indent
from typing import Any

ROLE_NAME = "PlainbillReadOnly"
DESCRIPTION = "Lets Plainbill read what it needs to find waste; it can change nothing."
_PRINCIPAL_HELP = "ARN of the user or role that Plainbill runs as (plainbill doctor prints it)."
_EXTERNAL_ID_HELP = "A text of your own, also in PLAINBILL_EXTERNAL_ID; letters, digits and +=,.@:/- only."
_PRINCIPAL_PATTERN = r"^arn:aws[a-z-]*:iam::[0-9]{12}:(root|user/.+|role/.+)$"
_EXTERNAL_ID_PATTERN = r"^[A-Za-z0-9+=,.@:/-]{2,1224}$"

_CLOUDFORMATION = """\
AWSTemplateFormatVersion: "2010-09-09"
Description: {description}
Parameters:
  TrustedPrincipalArn:
    Type: String
    Description: {principal_help}
    AllowedPattern: {principal_pattern}
  ExternalId:
    Type: String
    Description: {external_id_help}
    AllowedPattern: {external_id_pattern}
Resources:
  ReadOnlyRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: {role}
      Description: {description}
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              AWS: !Ref TrustedPrincipalArn
            Action: sts:AssumeRole
            Condition:
              StringEquals:
                sts:ExternalId: !Ref ExternalId
      Policies:
        - PolicyName: {role}
          PolicyDocument:
{policy}
Outputs:
  RoleArn:
    Description: One of the ARNs of PLAINBILL_ROLE_ARNS.
    Value: !GetAtt ReadOnlyRole.Arn
"""

_TERRAFORM = """\
variable "trusted_principal_arn" {{
  type        = string
  description = {principal_help}
  validation {{
    condition     = can(regex({principal_pattern}, var.trusted_principal_arn))
    error_message = "It is the ARN of a user, a role or an account's root."
  }}
}}

variable "external_id" {{
  type        = string
  description = {external_id_help}
  sensitive   = true
  validation {{
    condition     = can(regex({external_id_pattern}, var.external_id))
    error_message = "Letters, digits and +=,.@:/- only, two at least."
  }}
}}

resource "aws_iam_role" "plainbill" {{
  name        = "{role}"
  description = {description}
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Principal = {{ AWS = var.trusted_principal_arn }}
      Action    = "sts:AssumeRole"
      Condition = {{ StringEquals = {{ "sts:ExternalId" = var.external_id }} }}
    }}]
  }})
}}

resource "aws_iam_role_policy" "plainbill" {{
  name   = "{role}"
  role   = aws_iam_role.plainbill.id
  policy = <<-POLICY
{policy}
  POLICY
}}

output "role_arn" {{
  description = "One of the ARNs of PLAINBILL_ROLE_ARNS."
  value       = aws_iam_role.plainbill.arn
}}
"""


def cloudformation(policy: Mapping[str, Any]) -> str:
    """Return a CloudFormation template, YAML, that makes the role; for a stack or a StackSet."""
    return _written(_CLOUDFORMATION, policy, " " * 12)


def terraform(policy: Mapping[str, Any]) -> str:
    """Return a Terraform configuration that makes the role, for whatever account its provider is of."""
    return _written(_TERRAFORM, policy, " " * 4)


def _written(template: str, policy: Mapping[str, Any], margin: str) -> str:
    """Fill a template; JSON's texts and documents are YAML's and, as long as no ``${`` is in them, HCL's."""
    return template.format(
        role=ROLE_NAME,
        description=json.dumps(DESCRIPTION),
        principal_help=json.dumps(_PRINCIPAL_HELP),
        principal_pattern=json.dumps(_PRINCIPAL_PATTERN),
        external_id_help=json.dumps(_EXTERNAL_ID_HELP),
        external_id_pattern=json.dumps(_EXTERNAL_ID_PATTERN),
        policy=indent(json.dumps(policy, indent=2), margin),
    )
