"""The query and ec2 protocols' requests: a flat form back to nested parameters."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from plainbill.aws_connector.service_models import Shape
from plainbill.demo.wire_json import instant

Tree = dict[str, Any]
"""The form's dotted names as nested dicts; a leaf is its text."""


def read_form(body: bytes) -> dict[str, str]:
    """Parse an ``application/x-www-form-urlencoded`` body."""
    return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))


def read_params(shape: Shape, form: Mapping[str, str], *, is_ec2: bool) -> dict[str, Any]:
    """Give the form's fields the structure and the types of the operation's input.

    Raises ``ValueError`` for a field that is not of its type.
    """
    tree: Tree = {}
    for name, text in form.items():
        _plant(tree, name.split("."), text)
    return _structure(shape, tree, is_ec2=is_ec2)


def _plant(tree: Tree, path: list[str], text: str) -> None:
    for step in path[:-1]:
        branch = tree.setdefault(step, {})
        if not isinstance(branch, dict):
            return  # `A=x&A.B=y` is no request of ours: the first wins
        tree = branch
    tree.setdefault(path[-1], text)


def _structure(shape: Shape, tree: Tree, *, is_ec2: bool) -> dict[str, Any]:
    params: dict[str, Any] = {}
    for name, member in shape.members.items():
        field = _field_name(name, member, is_ec2=is_ec2)
        if field in tree:
            params[name] = _value(member, tree[field], is_ec2=is_ec2)
    return params


def _field_name(name: str, member: Shape, *, is_ec2: bool) -> str:
    if is_ec2:
        own = member.location_name or name
        return member.query_name or own[:1].upper() + own[1:]
    if member.kind == "list" and member.is_flattened and member.member.location_name:
        return member.member.location_name
    return member.location_name or name


def _value(shape: Shape, node: Any, *, is_ec2: bool) -> Any:
    if shape.kind == "structure":
        return _structure(shape, node, is_ec2=is_ec2) if isinstance(node, dict) else {}
    if shape.kind == "list":
        return _list(shape, node, is_ec2=is_ec2)
    if shape.kind == "map":
        entries = _numbered(node if shape.is_flattened else _below(node, "entry"))
        key, value = shape.key.location_name or "key", shape.value.location_name or "value"
        return {entry[key]: _value(shape.value, entry[value], is_ec2=is_ec2) for entry in entries}
    if not isinstance(node, str):
        raise ValueError(f"{shape.name} has fields of its own but is a {shape.kind}")  # noqa: TRY004 -- one error for every malformed form
    return scalar(shape.kind, node)


def _list(shape: Shape, node: Any, *, is_ec2: bool) -> list[Any]:
    if not is_ec2 and not shape.is_flattened:
        node = _below(node, shape.member.location_name or "member")
    return [_value(shape.member, item, is_ec2=is_ec2) for item in _numbered(node)]


def _below(node: Any, step: str) -> Any:
    return node.get(step, {}) if isinstance(node, dict) else {}


def _numbered(node: Any) -> list[Any]:
    if not isinstance(node, dict):
        return []
    return [node[index] for index in sorted((key for key in node if key.isdigit()), key=int)]


def scalar(kind: str, text: str) -> Any:
    """Read one value of a botocore type from its text; raises ``ValueError`` for text of another type."""
    if kind in {"integer", "long"}:
        return int(text)
    if kind in {"float", "double"}:
        return float(text)
    if kind == "boolean":
        return text.lower() == "true"
    if kind == "timestamp":
        return instant(text)
    return base64.b64decode(text) if kind == "blob" else text
