"""Where a refresh looks: every enabled Region, those that the settings name, or those that may hold anything.

Free things in an empty Region save nothing, and what costs something is on the bill a day or two later. So
with ``auto`` an account's Region is left out while three things hold: the bill of the last refresh covers it
and has no usage of the account there, the last look found nothing there that is ever judged, and that look
was whole and less than a week ago. Each place that is left out is said, as a gap of everything in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from plainbill.aws_connector import Scope
from plainbill.model.billing import UsageSpan
from plainbill.model.inventory import Gap
from plainbill.model.resources import Ec2Instance, Resource, all_kinds
from plainbill.model.resources.aws_advice import is_hole
from plainbill.model.resources.vpc import RouteTable, Subnet
from plainbill.prices.billing_regions import region_and_name, spellings
from plainbill.storage import Snapshot

ALL, AUTO = "all", "auto"
LOOK_EVERY = timedelta(days=7)
BILL_DAYS = 30
"""Days of usage that the bill must reach back."""
BILL_AGE = timedelta(days=3)
"""How long before the refresh the bill may end."""
_SOURCE = "ec2_regions"
_OF_EVERY_REGION: frozenset[type[Resource]] = frozenset({RouteTable, Subnet})
"""AWS puts a network into each Region of each account; it costs nothing and nothing is said of it."""
_COSTS = "cost_explorer"
_LEFT_OUT = "Not among PLAINBILL_REGIONS, so nothing was looked for."
_NOTHING = "Skipped: no usage on the bill from {} to {}, and nothing that is judged at the last look ({})."


@dataclass(frozen=True, slots=True)
class Places:
    """Where to look, where not, and since when: the day of the last look by account and Region."""

    looked_into: list[Scope]
    gaps: Sequence[Gap] = ()
    skipped: tuple[tuple[str, str, date], ...] = ()


def where_to_look(
    home: str, wanted: Sequence[str], scopes: Sequence[Scope], last: Snapshot | None, today: date
) -> Places:
    """Divide the enabled Regions; ``wanted`` is the setting: ``all``, ``auto`` or names of Regions.

    What is unknown is looked into: without a last snapshot or a bill nothing is skipped. With ``auto``
    ``home``, the Region of the first calls, is always looked into, for what has no Regions is asked there.
    """
    if list(wanted) == [ALL]:
        return Places(list(scopes))
    if list(wanted) != [AUTO]:
        out = [scope for scope in scopes if scope.region not in wanted]
        named = [scope for scope in scopes if scope.region in wanted]
        left = [_skipped(scope, _LEFT_OUT, "Name it in PLAINBILL_REGIONS.") for scope in out]
        unknown = set(wanted) - {scope.region for scope in scopes} if scopes else ()
        return Places(named, [*left, *map(_not_enabled, sorted(unknown))])
    span = _fresh_bill(last, today)
    if last is None or span is None:
        return Places(list(scopes))
    empty = _empty_since(last, span, scopes, today)
    empty = {scope: day for scope, day in empty.items() if scope.region != home}
    said = "Nothing; PLAINBILL_REGIONS=all looks everywhere at each refresh."
    first, end = span.period.first_day, span.period.end_day - timedelta(days=1)
    gaps = tuple(_skipped(scope, _NOTHING.format(first, end, day), said) for scope, day in empty.items())
    skipped = tuple((scope.account_id, scope.region, day) for scope, day in empty.items())
    return Places([scope for scope in scopes if scope not in empty], gaps, skipped)


def _fresh_bill(last: Snapshot | None, today: date) -> UsageSpan | None:
    """Return who used what of which Region, where that is known for long enough and until lately."""
    billed = last.billed() if last else None
    span = billed.by_account if billed else None
    if span is None or span.period.days < BILL_DAYS:
        return None
    is_fresh = today - BILL_AGE <= span.period.end_day <= today + timedelta(days=1)  # none is of the future
    return span if is_fresh else None


def _empty_since(last: Snapshot, span: UsageSpan, scopes: Iterable[Scope], today: date) -> dict[Scope, date]:
    """Return the places that may be left out, with the day of the last look."""
    before = {(account, region): day for account, region, day in last.manifest.skipped}
    known = set(last.manifest.places)
    occupied = _with_resources(last) | {
        (record.key, region_and_name(record.usage_type)[0]) for record in span.records
    }
    found = {}
    for scope in scopes:
        place = (scope.account_id, scope.region)
        looked = before.get(place, last.manifest.taken_at.date())
        is_empty = place not in occupied and (scope.account_id, None) not in occupied
        has_code = bool(spellings(scope.region, "x"))
        was_looked_into = place in before or (place in known and _was_whole(last, *place))
        if is_empty and has_code and was_looked_into and timedelta(0) <= today - looked < LOOK_EVERY:
            found[scope] = looked
    return found


def _with_resources(last: Snapshot) -> set[tuple[str, str | None]]:
    found: list[Resource] = []
    kinds: set[type[Resource]] = {*all_kinds(), Ec2Instance}
    for kind in kinds - _OF_EVERY_REGION:
        found.extend(last.resources(kind) or ())
    return {(one.account_id, one.region) for one in found}


def _was_whole(last: Snapshot, account_id: str, region: str) -> bool:
    """Say whether the last refresh looked at everything there; what is missing of costs the bill tells."""
    return not any(
        is_hole(gap)
        and gap.source.partition(".")[0] != _COSTS
        and gap.account_id in {None, account_id}
        and gap.region in {None, region}
        for gap in last.manifest.gaps
    )


def _not_enabled(region: str) -> Gap:
    """A Region that the settings name and that nobody has: misspelt, or switched off."""
    reason = "PLAINBILL_REGIONS names it, and no account that was asked has such a Region enabled."
    remedy = "Correct PLAINBILL_REGIONS, or enable the Region."
    return _gap(None, region, reason, remedy, kind="RegionDisabled")


def _skipped(scope: Scope, reason: str, remedy: str) -> Gap:
    return _gap(scope.account_id, scope.region, reason, remedy, kind="Skipped")


def _gap(account_id: str | None, region: str, reason: str, remedy: str, *, kind: str) -> Gap:
    return Gap(
        source=_SOURCE,
        account_id=account_id,
        region=region,
        kind=kind,
        action=None,
        reason=reason,
        remedy=remedy,
    )
