"""EC2 of a large estate: pages of instances as text, filters over arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from plainbill.demo.answers_ec2 import INVALID_TOKEN, describe_regions, not_found, page_size
from plainbill.demo.call import Answer, Call, offset_of, token_at
from plainbill.demo.company import Company
from plainbill.demo.large_company import LargeCompany
from plainbill.demo.large_ec2_page import Pages
from plainbill.demo.large_lives import TYPES, Lives, tags_of
from plainbill.demo.large_shape import Shape
from plainbill.demo.wire_scope import WireError
from plainbill.demo.wire_xml import Written


def company_of(call: Call) -> LargeCompany:
    """Return the company of a call, which is a large one; raises ``TypeError`` where it is not."""
    if not isinstance(call.company, LargeCompany):
        raise TypeError("these answers are of a large company")
    return call.company


def describe_instances(call: Call) -> Mapping[str, Any]:
    """List the instances of one account in one Region, by pages when ``MaxResults`` is given."""
    ids, size, company = call.params.get("InstanceIds"), page_size(call), company_of(call)
    here: Sequence[int] = company.shape.numbers_in(call.account, call.region)
    if ids:
        numbers = {one: company.shape.number_of(one) for one in ids}
        missing = sorted(one for one, number in numbers.items() if number is None or number not in here)
        if missing:
            raise not_found(missing)
        here = sorted(number for number in numbers.values() if number is not None)
    chosen = _filtered(call, here) if call.params.get("Filters") else here
    request = {key: value for key, value in call.params.items() if key != "NextToken"}
    start = offset_of(call.params.get("NextToken"), request, INVALID_TOKEN)
    end = start + min(size, call.options.instances_page) if size else len(chosen)
    text = company.once(_pages).page(company.estate, chosen[start:end])
    return {"Reservations": Written(text)} | (
        {"NextToken": token_at(end, request)} if end < len(chosen) else {}
    )


def _pages(_: Company) -> Pages:
    return Pages()


def _filtered(call: Call, numbers: Sequence[int]) -> Sequence[int]:
    """Keep what every filter matches; within a filter any value will do, ``*`` and ``?`` are wildcards."""
    company = company_of(call)
    kept = numbers
    for wanted in call.params["Filters"]:
        lives = company.estate.lives(kept)
        has = _reader(wanted.get("Name", ""))(company.shape, lives)
        patterns = wanted.get("Values", ())
        fits = {one: any(fnmatchcase(word, value) for word in one for value in patterns) for one in set(has)}
        kept = [number for number, words in zip(kept, has, strict=True) if fits[words]]
    return kept


_Words = list[tuple[str, ...]]
"""What each instance has to compare a filter's values with: none, one or several words."""
_Reader = Callable[[Shape, Lives], _Words]


def _states(_: Shape, lives: Lives) -> _Words:
    return [("running",) if is_running else ("stopped",) for is_running in lives.is_running.tolist()]


def _zones(shape: Shape, lives: Lives) -> _Words:
    rows = zip(lives.places.tolist(), lives.seed.tolist(), strict=True)
    return [(shape.places[place][1].name + "abc"[seed % 3],) for place, seed in rows]


def _tag(key: str) -> _Reader:
    return lambda shape, lives: [
        (tags[key],) if key in tags else ()
        for tags in (tags_of(shape, number) for number in lives.numbers.tolist())
    ]


_READERS: Mapping[str, _Reader] = {
    "instance-state-name": _states,
    "instance-id": lambda shape, lives: [(shape.id_of(number),) for number in lives.numbers.tolist()],
    "instance-type": lambda _, lives: [(TYPES[kind],) for kind in lives.type.tolist()],
    "availability-zone": _zones,
    "instance-lifecycle": lambda _, lives: [()] * len(lives.numbers),
    "tenancy": lambda _, lives: [("default",)] * len(lives.numbers),
    "tag-key": lambda shape, lives: [tuple(tags_of(shape, 0))] * len(lives.numbers),
}


def _reader(name: str) -> _Reader:
    if name in _READERS:
        return _READERS[name]
    if name.startswith("tag:"):
        return _tag(name.removeprefix("tag:"))
    raise WireError("InvalidParameterValue", f"The filter '{name}' is invalid")


ANSWERS: Mapping[str, Answer] = {
    "ec2:DescribeRegions": describe_regions,
    "ec2:DescribeInstances": describe_instances,
}
