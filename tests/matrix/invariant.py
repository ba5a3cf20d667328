"""What must hold of a reading, whatever went wrong with it: it is the truth, or it says where it is not.

Each violation begins with its kind: ``silent`` (something is missing and no gap says so), ``wrong`` (a value
that is not the truth), ``elsewhere`` (what nothing happened to has changed), ``gap`` (a gap that does not
say what it must), ``whole`` (a failure that passed by itself left a hole), ``storm`` (asked too often) and
``crash``.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from matrix.site import Items, Place
from plainbill.model.inventory import Gap

Called = tuple[str, str, str]
"""Account, Region and action of a request."""
_SPLIT_OFF = frozenset({"tags"})
"""Fields that may be empty where they are unknown: they may only ever acquit."""
_NOT_ASKED = frozenset({"incomplete_uploads", "oldest_incomplete_at"})
"""Fields that are only asked for where another answer leaves them open, and so also where it fails."""
AT_ONCE = 3  # more than one: Compute Optimizer's Regions are asked at the same time
_SMALLEST = 12  # characters of a sentence


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of reading one source."""

    items: Mapping[Place, Items]
    gaps: Sequence[Gap]
    calls: Mapping[Called, int]
    pages: Mapping[Called, int] = field(default_factory=dict)  # the longest list of each
    crash: str | None = None
    units: int = 0
    hits: int = 0  # how many calls a fault was put on


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What one fault may do to a reading.

    ``places`` are where it was put; ``kinds`` what its gaps may be called; ``action`` IAM's name of what
    was refused, where something was. ``says`` must be in the remedy. It ``passes`` before the attempts end
    (or ``may_pass``), or it ``stops`` everything that is asked after it; what is gone ``may_vanish``. Where
    another way gives the same, everything is ``spared``, and what is said is a note only. At most
    ``attempts`` times as many calls are made as without it, and ``restarts`` times that where pages begin
    again.
    """

    source: str
    places: Collection[Place]
    kinds: Collection[str]
    action: str | None = None
    says: str | None = None
    passes: bool = False
    may_pass: bool = False
    stops: bool = False
    may_vanish: bool = False
    spared: bool = False
    attempts: int = 1
    at_once: int = AT_ONCE
    restarts: int = 1


def violations(truth: Seen, seen: Seen, expected: Expected) -> list[str]:
    """Return in how many ways ``seen`` breaks the rule; ``truth`` is the reading with nothing in its way."""
    if seen.crash:
        return [f"crash: {seen.crash}"]
    new = [gap for gap in seen.gaps if gap not in truth.gaps]
    forgotten = [gap for gap in truth.gaps if gap not in seen.gaps and not _is_touched(gap, expected)]
    found = [*_lost(truth, seen, expected), *_said(new, expected), *_asked(truth, seen, expected)]
    found += [f"elsewhere: the gap of {gap.account_id} is gone" for gap in forgotten]
    if expected.passes and new:
        found.append(f"whole: {new[0].kind} though it passed")
    return found


def _is_touched(gap: Gap, expected: Expected) -> bool:
    return expected.stops or _is_at((gap.account_id or "", gap.region), expected.places)


def _lost(truth: Seen, seen: Seen, expected: Expected) -> Iterator[str]:
    """Yield what is missing or not true."""
    for place in truth.items.keys() | seen.items.keys():
        before, now = truth.items.get(place, {}), seen.items.get(place, {})
        is_touched = expected.stops or _is_at(place, expected.places)
        for name in before.keys() | now.keys():
            worth = _difference(before, now, name)
            if worth is None:
                continue
            if not is_touched:
                yield f"elsewhere: {name} in {place}: {worth}"
            elif worth.startswith("wrong"):
                yield f"{worth}: {name} in {place}"
            elif expected.spared:
                yield f"whole: {name} in {place}: {worth}"
            elif not expected.may_vanish and not _is_covered(before.get(name), place, seen.gaps, expected):
                yield f"silent: {name} in {place}: {worth}"


def _difference(before: Items, now: Items, name: Hashable) -> str | None:
    if name not in before:
        return "wrong (never was there)"
    if name not in now:
        return "missing"
    return compare(before[name], now[name])


def compare(truth: Any, seen: Any, name: str = "") -> str | None:
    """Return None where both are the same, what is unknown of it, or ``wrong`` and where.

    ``None`` in the place of a value is an unknown one; a zero, a False and an empty list are values. So is a
    series of nothing but None: it says that there was nothing to measure.
    """
    if truth == seen:
        return None
    if seen is None or (name in _SPLIT_OFF and not seen) or (name.endswith("_is_known") and not seen):
        return f"{name or 'it'} unknown"
    if truth is None and name in _NOT_ASKED:
        return f"{name} told"
    if is_dataclass(truth) and type(truth) is type(seen):
        parts = (
            compare(getattr(truth, one.name), getattr(seen, one.name), one.name) for one in fields(truth)
        )
        return _worst(parts)
    is_steps = name in {"values", *_LOAD} and isinstance(seen, Sequence) and isinstance(truth, Sequence)
    if is_steps and len(truth) == len(seen):
        return _compare_steps(truth, seen, name)
    return f"wrong {name}: {str(seen)[:80]} for {str(truth)[:80]}"


def _compare_steps(truth: Sequence[Any], seen: Sequence[Any], name: str) -> str | None:
    if set(seen) == {None}:
        return f"wrong {name}: measured, and nothing there, for what was not answered"
    return _worst(compare(one, other, "a step") for one, other in zip(truth, seen, strict=True))


_LOAD = ("cpu_average", "cpu_maximum", "network_in", "network_out")


def _worst(parts: Iterable[str | None]) -> str | None:
    found = [part for part in parts if part is not None]
    return next((part for part in found if part.startswith("wrong")), found[0] if found else None)


def _is_at(place: Place, places: Collection[Place]) -> bool:
    """Say whether a fault was put where a unit of work asks; a unit without a Region asks in all of them."""
    account, region = place
    return any(account == at and (region is None or where is None or region == where) for at, where in places)


def _is_covered(item: Any, place: Place, gaps: Iterable[Gap], expected: Expected) -> bool:
    """Say whether a gap tells that an item is missing: of its source, its account and its Region."""
    account, region = place
    account, region = getattr(item, "account_id", account), region or getattr(item, "region", None)
    return any(
        gap.source == expected.source
        and gap.account_id in {None, account}
        and (gap.region is None or gap.region == region)
        for gap in gaps
    )


def _said(new: Sequence[Gap], expected: Expected) -> Iterator[str]:
    """Yield what is wrong with the gaps."""
    if not new and not (expected.passes or expected.may_pass or expected.may_vanish or expected.spared):
        yield "silent: nothing says that something went wrong"
    for gap in new:
        if gap.source != expected.source or (gap.kind not in expected.kinds and not expected.passes):
            yield f"gap: {gap.source} {gap.kind}, expected one of {sorted(expected.kinds)}"
        if min(len(gap.reason.strip()), len(gap.remedy.strip())) < _SMALLEST:
            yield f"gap: {gap.kind} without a reason or a remedy: {gap.reason!r} {gap.remedy!r}"
        if expected.says and expected.says not in gap.remedy:
            yield f"gap: the remedy does not say {expected.says!r}: {gap.remedy!r}"
        if expected.action and gap.action != expected.action:
            yield f"gap: the action is {gap.action}, not {expected.action}"
        if gap.account_id is not None and not _is_touched(gap, expected):
            yield f"elsewhere: a gap in {gap.account_id} {gap.region}"


def _asked(truth: Seen, seen: Seen, expected: Expected) -> Iterator[str]:
    """Yield which calls were made too often; a unit asks nothing more once its credentials have expired."""
    if expected.stops and seen.hits > seen.units + expected.at_once:
        yield f"storm: {seen.hits} calls with expired credentials by {seen.units} units"
    factor = expected.attempts * expected.restarts
    for called, count in seen.calls.items():
        if expected.spared and called not in truth.calls:  # what is asked in its place
            continue
        before = truth.calls.get(called, 0)
        if called[2] == "sts:GetCallerIdentity":  # asked when a key is refused: is it the Region, or the key?
            most = before + sum(truth.calls.values()) + 1
        else:
            most = max(before, 1) * factor + (2 if factor > 1 else 1)
        if count > most:
            yield f"storm: {called} {count} times, {before} without the fault, at most {most}"
