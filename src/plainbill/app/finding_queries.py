"""What a request for findings means: its parameters checked against the checks and the places there are."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.app.finding_params import DEAREST_FIRST, FindingParams, PlaceParams
from plainbill.app.place_query import PlaceQuery, service_of
from plainbill.app.queries import Known, one_of
from plainbill.app.views.judged import Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingQuery(PlaceQuery):
    """Some findings in some order."""

    action: str | None = None
    confidence: str | None = None
    state: str | None = None
    q: str = ""
    sort: str = DEAREST_FIRST


def place_query(params: PlaceParams, known: Known, judged: Judged | None) -> PlaceQuery:
    """Check the names; raises ``ParameterError`` for one that is not there."""
    ids = None if judged is None else [check.id for check in judged.checks]
    services = None if ids is None else {service_of(check_id) for check_id in ids}
    regions = known.regions
    if judged is not None and regions is not None:
        regions = {*regions, *judged.cells.regions}
    return PlaceQuery(
        check=one_of("check", params.check, ids),
        account=one_of("account", params.account, known.accounts),
        region=one_of("region", params.region, regions),
        service=one_of("service", params.service, services),
    )


def finding_query(params: FindingParams, known: Known, judged: Judged | None) -> FindingQuery:
    """Check the names; raises ``ParameterError`` as ``place_query`` does."""
    place = place_query(params, known, judged)
    return FindingQuery(
        check=place.check,
        account=place.account,
        region=place.region,
        service=place.service,
        action=params.action and params.action.value,
        confidence=params.confidence and params.confidence.value,
        state=params.state,
        q=params.q,
        sort=params.sort,
    )
