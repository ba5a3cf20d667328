"""How an answer in XML (protocols ec2 and query) becomes what botocore would make of it, with lxml."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lxml import etree

from plainbill.aws_connector.json_plan import UnplannableError
from plainbill.aws_connector.service_models import Shape

Node = Any  # lxml's element
Take = Callable[[Node], Any]
"""Turns the element of one value into botocore's value."""
_NAMESPACE = re.compile(rb'\A(\s*(?:<\?xml[^<>]*\?>)?\s*<\w+) xmlns="[^"<>]*"')
"""That of a whole document; lxml would put it before the name of each element, a fifth of the work."""
_MOST_TAGS = 1000  # of one structure: AWS's largest has a tenth
Wanted = dict[str, "Wanted"]
"""The members that are wanted of a structure, and what of each of them; all where none is named."""


def read_xml(body: bytes) -> Node:
    """Return the root of a document; elements of no other namespace than its own are in none.

    Entities are not resolved and nothing is fetched; a document with a document type is refused, for AWS
    sends none. Raises ``ValueError`` for what is not XML.
    """
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,  # a page of 1,000 instances is larger than libxml2's cautious limit
    )
    try:
        root = etree.fromstring(_NAMESPACE.sub(rb"\1", body, count=1), parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not XML: {error.msg}") from None
    document: Any = root.getroottree().docinfo
    if document.doctype:
        raise ValueError("XML with a document type")
    return root


def local_name(node: Node) -> str:
    """Return the element's name without its namespace."""
    tag: str = node.tag
    return tag[tag.rfind("}") + 1 :]


def child(node: Node, name: str) -> Node | None:
    """Return the first child of that name in any namespace."""
    return next((found for found in node if local_name(found) == name), None)


def xml_plan(shape: Shape, members: Iterable[str] = ()) -> Take:
    """Compile what makes botocore's value of an element of ``shape``; raises ``UnplannableError``.

    Where ``members`` are named, as in a ``Read``, the value has these and no others.
    """
    wanted: Wanted = {}
    for path in members:
        part = wanted
        for name in path.split("."):
            part = part.setdefault(name, {})
    return _plan(shape, (), wanted)


def _plan(shape: Shape, above: tuple[str, ...], wanted: Wanted) -> Take:
    if shape.name in above or shape.is_special:
        raise UnplannableError(shape.name)
    inside = (*above, shape.name)
    if shape.kind == "structure":
        return _structure(shape, inside, wanted)
    if shape.kind == "list":
        return _list(_plan(shape.member, inside, wanted))
    if shape.kind == "map":
        return _entries(shape, inside)
    return _SCALARS.get(shape.kind, _text)


def _structure(shape: Shape, inside: tuple[str, ...], wanted: Wanted) -> Take:
    single = _ByTag()
    repeated: dict[str, tuple[str, Callable[[list[Node]], Any]]] = {}
    for name in filter(wanted.__contains__, shape.members) if wanted else shape.members:
        member, below = shape.members[name], wanted.get(name, {})
        if not member.is_flattened:
            single[member.location_name or name] = (name, _plan(member, inside, below))
        elif member.kind == "list":
            take = _list(_plan(member.member, (*inside, member.name), below))
            repeated[member.member.location_name or member.location_name or name] = (name, take)
        else:
            repeated[member.location_name or name] = (name, _entries(member, inside))

    def flat(node: Node) -> dict[str, Any]:
        taken: dict[str, Any] = {}
        for element in node:
            if (found := single[element.tag]) is not None:
                name, take = found
                taken[name] = take(element) if take is not _text else element.text or ""
        return taken

    def with_repeated(node: Node) -> dict[str, Any]:
        taken = flat(node)
        for wire, (name, take) in repeated.items():
            if elements := [element for element in node if local_name(element) == wire]:
                taken[name] = take(elements)
        return taken

    return with_repeated if repeated else flat


class _ByTag(dict[str, tuple[str, Take] | None]):
    """Members of a structure by the local names of their elements, and by whole tags that were seen.

    None is what no member is made of.
    """

    def __missing__(self, tag: str) -> tuple[str, Take] | None:
        found = self.get(tag[tag.rfind("}") + 1 :])
        if len(self) < _MOST_TAGS:
            self[tag] = found
        return found


def _list(take: Take) -> Callable[[Iterable[Node]], list[Any]]:
    return lambda nodes: [take(node) for node in nodes]


def _entries(shape: Shape, inside: tuple[str, ...]) -> Callable[[Iterable[Node]], Mapping[str, Any]]:
    key_name, value_name = shape.key.location_name or "key", shape.value.location_name or "value"
    take_value = _plan(shape.value, inside, {})

    def entries(nodes: Iterable[Node]) -> Mapping[str, Any]:
        pairs = ({local_name(part): part for part in node} for node in nodes)
        return {_text(pair[key_name]): take_value(pair[value_name]) for pair in pairs}

    return entries


def _text(node: Node) -> str:
    text: str | None = node.text
    return "" if text is None else text


def _whole(node: Node) -> int:
    return int(node.text)


def _fraction(node: Node) -> float:
    return float(node.text)


_SCALARS: Mapping[str, Take] = {
    "boolean": lambda node: node.text == "true",
    "integer": _whole,
    "long": _whole,
    "float": _fraction,
    "double": _fraction,
    "blob": lambda node: b64decode(_text(node)),
}
"""By the shape's kind; all others, timestamps too, stay text."""
