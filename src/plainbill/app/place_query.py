"""Some checks in some places: what a page of findings or of coverage is about."""

from __future__ import annotations

from dataclasses import dataclass


def service_of(check_id: str) -> str:
    """Return the service of a check: the first word of its id."""
    return check_id.partition("_")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceQuery:
    """Some checks in some places; None is all of them."""

    check: str | None = None
    account: str | None = None
    region: str | None = None
    service: str | None = None

    def wants(self, check_id: str, account_id: str | None, region: str | None) -> bool:
        """Say whether a check in a place is asked for; a place of None is everywhere."""
        return (
            self.check in (None, check_id)
            and self.service in (None, service_of(check_id))
            and (self.account is None or account_id in (None, self.account))
            and (self.region is None or region in (None, self.region))
        )
