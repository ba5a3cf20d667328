"""Resources as AWS describes them: one file a kind, found by walking."""

from plainbill.model.resources.base import Resource, all_kinds, arn_of, table_of
from plainbill.model.resources.ec2_instance import Ec2Instance

__all__ = ["Ec2Instance", "Resource", "all_kinds", "arn_of", "table_of"]
