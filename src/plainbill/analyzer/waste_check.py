"""The contract of a waste check: values in, one of three answers out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import ChainMap
from collections.abc import Callable, Hashable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import Field, dataclass, field, fields, replace
from datetime import datetime, timedelta
from functools import cached_property
from operator import itemgetter
from typing import Any, ClassVar, Generic, TypeVar

from plainbill.analyzer.isolation import Failed, attempt
from plainbill.model.billing import BilledUsage
from plainbill.model.findings import Action, Effort, Head, Verdict
from plainbill.model.inventory import Gap
from plainbill.model.metrics import Metric, Series
from plainbill.model.resources import Resource
from plainbill.model.utilization import Utilization
from plainbill.prices.ec2 import InstancePrices
from plainbill.prices.items import Item
from plainbill.prices.ladder import Receipt
from plainbill.prices.rate import RateSource

Price = tuple[str, Item]
"""What can be asked of rates: a region and an item."""
R = TypeVar("R", bound=Resource)
T = TypeVar("T")
_WHOLE_ACCOUNT = frozenset({"accounts", "ec2_regions"})
"""Sources whose gap leaves all of an account unread: its role, or the list of its Regions."""


@dataclass(frozen=True)
class Inventory:
    """All resources of one reading by kind, and what could not be read of them."""

    resources: Mapping[type[Resource], Sequence[Resource]]
    gaps: Sequence[Gap] = ()

    def gap(self, kind: type[Resource], account_id: str, region: str) -> Gap | None:
        """Return why the kind is not, or not wholly, known there; None where it was read to the end."""
        key = (kind.source, account_id, region)
        if key not in self._gaps_found:
            self._gaps_found[key] = self._gap(*key)
        return self._gaps_found[key]

    def _gap(self, of_kind: str, account_id: str, region: str) -> Gap | None:
        found = [
            one
            for source in (of_kind, *_WHOLE_ACCOUNT)
            for account in (account_id, None)
            for place in (region, None)
            if (one := self._first_gaps.get((source, account, place))) is not None
        ]
        return min(found, default=(0, None), key=itemgetter(0))[1]

    @cached_property
    def _first_gaps(self) -> Mapping[tuple[str, str | None, str | None], tuple[int, Gap]]:
        """The first gap of each source in each account and region, and which of all it is."""
        first: dict[tuple[str, str | None, str | None], tuple[int, Gap]] = {}
        for number, gap in enumerate(self.gaps):
            first.setdefault((gap.source, gap.account_id, gap.region), (number, gap))
        return first

    def beside(self, resource: Resource, kind: type[R]) -> Sequence[R] | None:
        """Return all resources of a kind in a resource's account and region.

        None where they were not read to the end: then nothing follows from one that is absent.
        """
        if kind not in self.resources or self.gap(kind, resource.account_id, resource.region):
            return None
        return self._by_place(kind).get((resource.account_id, resource.region), ())

    def beside_by(self, resource: Resource, kind: type[R], name: str) -> Mapping[Any, Sequence[R]] | None:
        """Return what ``beside`` returns, by the value of a field; by each of its values where it is a tuple.

        None as ``beside`` is. Made once for each place, so that looking up is quick among many resources.
        """
        asked = (kind, name, resource.account_id, resource.region)
        if asked not in self._indexes:
            found = self.beside(resource, kind)
            self._indexes[asked] = None if found is None else _index(found, name)
        return self._indexes[asked]  # type: ignore[return-value]  # as in _by_place

    def _by_place(self, kind: type[R]) -> Mapping[tuple[str, str], Sequence[R]]:
        if kind not in self._places:
            places: dict[tuple[str, str], list[Resource]] = {}
            for one in self.resources[kind]:
                places.setdefault((one.account_id, one.region), []).append(one)
            self._places[kind] = places
        return self._places[kind]  # type: ignore[return-value]  # each kind's list holds that kind only

    _gaps_found: dict[tuple[str, str, str], Gap | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _places: dict[type[Resource], Mapping[tuple[str, str], Sequence[Resource]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _indexes: dict[tuple[type[Resource], str, str, str], Mapping[Any, Sequence[Resource]] | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )


def _index(resources: Iterable[Resource], name: str) -> Mapping[Any, Sequence[Resource]]:
    """Return resources by the value of a field; by each of its values where it is a tuple."""
    index: dict[Any, list[Resource]] = {}
    for one in resources:
        value = getattr(one, name)
        for key in value if isinstance(value, tuple) else (value,):
            index.setdefault(key, []).append(one)
    return index


@dataclass(frozen=True)
class Context:
    """All that a check may know besides the resource itself; no clock, no network."""

    now: datetime
    rates: RateSource
    """What ``plainbill.prices``'s ``monthly_...`` functions ask."""
    inventory: Inventory
    series: Mapping[tuple[str, str], Series] = field(default_factory=dict)
    utilization: Mapping[str, Utilization] = field(default_factory=dict)
    """Of EC2 instances, by the hour and by ARN."""
    billed: BilledUsage | None = None
    """Of about the last month; None where it was not read, of which nothing follows."""
    _made: MutableMapping[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def prices(self) -> InstancePrices:
        """The prices of EC2 instances, by the same rates."""
        return InstancePrices(self.rates)

    def used(self, resource: Resource, metric: Metric, days: int) -> Series | None:
        """Return the last ``days`` days of a metric of a resource; None where they were not read.

        Where fewer days are stored than asked for it is None too: a rule over 30 days is not proven by 14.
        """
        series = self.series.get((resource.arn, metric.key))
        if series is None or series.period.end - series.period.start < timedelta(days=days):
            return None
        return series.last(timedelta(days=days))

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what ``make`` made for this key, made when it was first asked for: what checks share."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]  # type: ignore[no-any-return]  # made by the same ``make``

    def made(self, key: Hashable) -> object:
        """Return what was made for this key so far; None where nobody has asked for it."""
        return self._made.get(key)

    def aside(self) -> Context:
        """Return the same, but what is made from now on is remembered apart and goes with the copy."""
        copy = replace(self)
        copy.__dict__["_made"] = ChainMap({}, self._made)  # as a field that ``replace`` makes anew
        return copy

    def noting(self) -> tuple[Context, Receipt]:
        """Return the same, and what was made, with rates that note what they are asked; and the notes."""
        receipt = Receipt(self.rates)
        copy = replace(self, rates=receipt)
        copy.__dict__["_made"] = self._made
        return copy, receipt

    def age(self, since: datetime | None) -> timedelta | None:
        """Return how long ago something was; None where AWS does not say when."""
        return None if since is None else self.now - since


def threshold(default: Any, text: str, lowest: int | None = None, highest: int | None = None) -> Any:
    """Declare a setting of a check as a dataclass field; ``text`` is shown in docs and on the page.

    The bounds, both included, are for a number whose name does not say them (``what_if.allowed_of``).
    """
    return field(default=default, metadata={"help": text, "lowest": lowest, "highest": highest})


@dataclass(frozen=True)
class WasteCheck(ABC, Generic[R]):
    """Decides, for one resource, whether it costs more than it must.

    One subclass a file; the file's name is ``id``: ``<service>_<resource>_<state>``. The class's
    docstring is the explanation that people read: why it costs, what to do, what stays. Fields made with
    ``threshold`` are the settings. Everything else is derived from these: the CloudWatch queries from
    ``resource`` and ``metrics``, the IAM policy from the source of ``resource`` and ``needs``, the docs.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    resource: ClassVar[type[Resource]]
    action: ClassVar[Action]
    effort: ClassVar[Effort]
    metrics: ClassVar[tuple[Metric, ...]] = ()
    needs: ClassVar[tuple[type[Resource], ...]] = ()
    """Further kinds that ``evaluate`` looks at."""
    rule: ClassVar[str]
    """The rule in a sentence, with the names of the thresholds in braces: ``over {min_days} days``."""
    source: ClassVar[str] = ""
    """Where the rule comes from: the vendor's page, a measurement, our own proposal."""

    @abstractmethod
    def evaluate(self, resource: R, context: Context) -> Verdict:
        """Judge one resource; pure."""

    def measures(self, resource: R) -> bool:  # noqa: ARG002 - a check that overrides it looks at it
        """Say whether the metrics of a resource are needed: each one costs money to read.

        False only where ``evaluate`` decides without them.
        """
        return True

    def metrics_for(self, resource: Resource) -> Iterable[Metric]:
        """Return the metrics that the check wants of a resource of any kind.

        Of its own kind those in ``metrics``; a check that also looks at what others measure overrides it.
        """
        if not self.metrics or not isinstance(resource, self.resource):
            return ()
        own: R = resource  # type: ignore[assignment]  # ``self.resource`` is R's class
        return self.metrics if self.measures(own) else ()

    def prices_asked(self, resource: R) -> Iterable[Price] | None:  # noqa: ARG002 - as in ``measures``
        """Return every price that ``evaluate`` may ask of the rates for a resource, or more than those.

        None where only judging tells. Who wants to know what judging asks for need not judge where all of
        them are asked for anyway.
        """
        return None

    def look_ahead(self, resources: Sequence[R], context: Context) -> None:
        """Work out for several resources at once what ``evaluate``, asked of each next, will look at.

        It says the same without: among many resources, what is worked out together is cheaper.
        """

    def heads(self, context: Context) -> Sequence[Head] | None:  # noqa: ARG002 - as in ``measures``
        """Return what ``evaluate`` comes to for each resource of its kind in the inventory, in their order.

        None where ``evaluate`` itself is as quick as this could be. For what-if questions about thousands
        of resources, of which few are shown.
        """
        return None

    def prepare(self, context: Context) -> None:
        """Make what ``heads`` needs once for a context, whatever the thresholds."""

    @property
    def explanation(self) -> str:
        """The docstring, as people read it."""
        return _unindented(type(self).__doc__ or "")

    @property
    def rule_text(self) -> str:
        """The rule with the thresholds of this instance filled in."""
        return self.rule.format(**{one.name: getattr(self, one.name) for one in self.thresholds()})

    @classmethod
    def thresholds(cls) -> tuple[Field[Any], ...]:
        """Return the settings; each has its text in ``metadata["help"]``."""
        return tuple(one for one in fields(cls) if "help" in one.metadata)

    @classmethod
    def kinds(cls) -> frozenset[type[Resource]]:
        """Return every kind of resource the check looks at."""
        return frozenset((cls.resource, *cls.needs))


def metrics_of(checks: Iterable[WasteCheck[Any]], resource: Resource) -> frozenset[Metric]:
    """Return every metric that some check wants of a resource."""
    return frozenset(metric for check in checks for metric in _wanted(check, resource))


def _wanted(check: WasteCheck[Any], resource: Resource) -> Iterable[Metric]:
    """Return the metrics that a check wants of a resource; one that fails to say gets none, as they cost."""
    wanted = attempt(check.id, lambda: tuple(check.metrics_for(resource)))
    return () if isinstance(wanted, Failed) else wanted


def _unindented(text: str) -> str:
    first, _, rest = text.strip().partition("\n")
    return "\n".join([first.strip(), *(line.strip() for line in rest.splitlines())]).strip()
