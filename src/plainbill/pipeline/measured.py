"""What Compute Optimizer is not asked: for kinds of which a place was just seen to have none."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.compute_optimizer import ABOUT
from plainbill.model.inventory import Gap
from plainbill.model.resources import Resource
from plainbill.pipeline.resources import Resources

Lacking = Mapping[Scope, Collection[type[Resource]]]
"""The kinds of which an account has none in a Region."""


def lacking(
    kinds: Iterable[type[Resource]],
    scopes: Sequence[Scope],
    found: Iterable[Resources],
    gaps: Iterable[Gap],
) -> Lacking:
    """Return of which of ``kinds``, all of them described in ``scopes``, there is none in each.

    A kind that any gap or remark is about, there or in all places, may be there: it is not among them.
    """
    described = frozenset(kinds) & frozenset(ABOUT.values())
    there = {(one.account_id, one.region, kind) for kind, some in found if kind in described for one in some}
    untold = {(gap.source.partition(".")[0], gap.account_id, gap.region) for gap in gaps}

    def has_none(kind: type[Resource], scope: Scope) -> bool:
        places = (
            (account, region) for account in (scope.account_id, None) for region in (scope.region, None)
        )
        return (scope.account_id, scope.region, kind) not in there and not any(
            (kind.source, *place) in untold for place in places
        )

    return {scope: frozenset(kind for kind in described if has_none(kind, scope)) for scope in scopes}
