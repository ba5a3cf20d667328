"""One endpoint whose faults change from cell to cell, and how one source is read from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from aws import connected
from factories import NOW
from matrix.invariant import Called, Seen
from matrix.site import Place, Site, Truth
from matrix.sites import HASTE, PATIENCE, READ_TIMEOUT, before_anything
from plainbill.aws_connector import Connector
from plainbill.aws_connector.reads import iam_action
from plainbill.data_fetcher.crew import Crew
from plainbill.demo.call import Options
from plainbill.demo.fault_catalogue import CATALOGUE, THROTTLED
from plainbill.demo.faults import Effect, Fault, Foreign, Torn
from plainbill.demo.fleet import DEVELOPMENT, IRELAND, PRODUCTION, VIRGINIA
from plainbill.demo.injection import Injected
from plainbill.demo.server import DemoEndpoint
from plainbill.model.progress import Progress
from plainbill.pipeline import REGIONS

PLACES = ((PRODUCTION, VIRGINIA), (PRODUCTION, IRELAND), (DEVELOPMENT, VIRGINIA))
"""Where what has Regions is read: two Regions of one account, and another account."""
SILENT = CATALOGUE["torn_silent"]
_WATCHED = Injected(effect=THROTTLED, times=0)
"""Nothing goes wrong, but pages are counted."""
_MOST_CALLS, _LONGER_PAGE = 80, 40
_REMEMBERED = frozenset({REGIONS, "compute_optimizer"})
"""Sources that ask for an account's Regions, which a connector does once."""


@dataclass
class Rig:
    """The endpoint of a matrix, and what each source says when nothing goes wrong."""

    aws: DemoEndpoint
    truth: Truth
    _baselines: dict[str, tuple[Options, Seen]] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)
    _current: Connector | None = None

    def baseline(self, site: Site) -> Seen:
        """Return the reading of a source with nothing in its way, in pages that are short for it."""
        if site.source not in self._baselines:
            options = self._in_short_pages(site)
            seen = self._read(site, options)
            if sum(seen.calls.values()) > _MOST_CALLS:  # a long list in a short one: images of a repository
                options = replace(options, list_page=_LONGER_PAGE)
                seen = self._read(site, options)
            self._baselines[site.source] = options, seen
        return self._baselines[site.source][1]

    def seen(self, site: Site, injected: Sequence[Injected], read_timeout: float = READ_TIMEOUT) -> Seen:
        """Return the reading of a source with faults in its way; silence is heard out so many seconds."""
        self.baseline(site)
        options = self._baselines[site.source][0]
        return self._read(site, options, injected, read_timeout)

    def _in_short_pages(self, site: Site) -> Options:
        """Return the page sizes at which the longest list of a source has about three pages."""
        whole = self._read(site, Options())
        most = max((len(items) for items in whole.items.values()), default=0)
        return Options(
            list_page=max(1, most // 3),
            instances_page=max(1, most // 3),
            metrics_page=1,
            datapoints_page=150,
            cost_groups_page=150,
            accounts_page=1,
        )

    def _read(
        self,
        site: Site,
        options: Options,
        injected: Sequence[Injected] = (),
        read_timeout: float = READ_TIMEOUT,
    ) -> Seen:
        self.aws.options = self.aws.endpoint.options = options
        is_silent = any(one.effect == SILENT for one in injected)
        if is_silent:
            self.renew()
        connector = self._connector(read_timeout if is_silent else PATIENCE)
        self.aws.requests.clear()
        self.aws.change(injected=(*injected, _WATCHED))
        seen = self._worked(site, connector)
        if site.source in _REMEMBERED or any(fault_costs_attempts(one.effect) for one in injected):
            self.renew()
        return seen

    def _connector(self, read_timeout: float) -> Connector:
        if self._current is None:
            self._current = self._stack.enter_context(
                connected(self.aws.environment, read_timeout=read_timeout, haste=HASTE)
            )
        return self._current

    def renew(self) -> None:
        """Let go of the connector: one that asked again has used up some of its patience."""
        self._stack.close()
        self._current = None

    def _worked(self, site: Site, connector: Connector) -> Seen:
        units = list(site.units(connector, self.truth))
        items: dict[Place, dict[Any, Any]] = {}
        with Crew(_unheard) as crew:
            started = crew.start(units)
            crashes = [error for one in started if (error := one.exception()) is not None]
            for place, some in crew.results(() if crashes else started):
                items.setdefault(place, {}).update(some)
            gaps = list(crew.gaps)
        crash = f"{type(crashes[0]).__name__}: {crashes[0]}" if crashes else None
        hits = sum(self.aws.endpoint.injector.hits.values())
        return Seen(items, gaps, self._calls(), self._pages(), crash, len(units), hits)

    def _calls(self) -> Counter[Called]:
        return Counter(
            (str(one.account), one.region, iam_action(one.service, one.operation))
            for one in list(self.aws.requests)
        )

    def _pages(self) -> dict[Called, int]:
        longest: dict[Called, int] = {}
        for (account, region, service, operation, _), page in self.aws.endpoint.injector.pages.items():
            called = (account, region, iam_action(service, operation))
            longest[called] = max(page, longest.get(called, 1))
        return longest


def fault_costs_attempts(effect: Effect) -> bool:
    """Say whether an effect is asked again, so that a connector has less patience left."""
    if isinstance(effect, Fault | Foreign):
        return effect.status >= 500 or effect == THROTTLED
    return isinstance(effect, Torn)


def _unheard(_: Progress) -> None:
    """Nobody watches the progress."""


@contextmanager
def rigged() -> Iterator[Rig]:
    """Start an endpoint."""
    with DemoEndpoint(now=NOW) as aws:
        with connected(aws.environment, haste=HASTE) as connector:
            whole = before_anything(connector)
        scopes = [one for one in whole.scopes if (one.account_id, one.region) in PLACES]
        instances = [one for one in whole.instances if (one.account_id, one.region) in PLACES]
        rig = Rig(aws, Truth(scopes, instances, whole.measured))
        yield rig
        rig.renew()
