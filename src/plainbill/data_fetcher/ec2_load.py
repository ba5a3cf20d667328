"""The load of EC2 instances in two phases: CPU of all, then network where CPU leaves the verdict open.

CloudWatch bills each metric of each request, so what is not asked is not paid for. Both phases are of one
chunk of instances, so that a chunk's arrays can be stored, and forgotten, as soon as they are there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from plainbill.aws_connector import Connector, Scope
from plainbill.aws_connector.errors import CredentialsExpired, gap_of
from plainbill.data_fetcher import cloudwatch
from plainbill.data_fetcher.cloudwatch import CPU, NETWORK, Ask, CloudWatch, OneSeries
from plainbill.data_fetcher.known_hours import KnownHours, parts
from plainbill.errors import AwsError
from plainbill.model.inventory import Gap
from plainbill.model.load_block import Floats, LoadBlock, floats_of
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance

Flags = NDArray[np.bool_]
Wanted = Callable[[Sequence[Ec2Instance], Period, Floats, Floats], Flags]
"""Says, by the average and the highest CPU of each hour, of which instances the network is needed."""
_CALLS = 4  # of CPU in a chunk: the network of a chunk fills its calls, and chunks can be asked side by side


@dataclass(frozen=True, slots=True)
class _Answer:
    """What was answered whole: some instances and their series, an array of instances by hours each."""

    instances: Sequence[Ec2Instance]
    series: tuple[Floats, ...]
    gaps: Sequence[Gap]

    def of(self, chosen: Flags) -> tuple[list[Ec2Instance], tuple[Floats, ...]]:
        """Return some of the instances, and their series."""
        some = [one for one, is_chosen in zip(self.instances, chosen.tolist(), strict=True) if is_chosen]
        return some, tuple(values[chosen] for values in self.series)


def chunks(
    instances: Iterable[Ec2Instance], period: Period, asked: Period | None = None
) -> Iterator[tuple[Ec2Instance, ...]]:
    """Group instances for ``read``; where but ``asked`` of the period is asked, by as much as that fills."""
    call = cloudwatch.batch_size(asked or period, CPU)
    most = _CALLS * cloudwatch.batch_size(period, CPU)  # about: all hours are in memory
    size, rest = -(-most // call) * call, iter(instances)
    while chunk := tuple(islice(rest, size)):
        yield chunk


def read(
    connector: Connector,
    scope: Scope,
    chunk: Sequence[Ec2Instance],
    period: Period,
    wanted: Wanted,
    ask: Ask = cloudwatch.ask,
    known: KnownHours | None = None,
) -> tuple[list[LoadBlock], list[Gap]]:
    """Return the load of a chunk, and what is missing from it; ``ask`` puts the questions.

    Hours that are ``known`` are not asked where that saves a call.

    An instance without datapoints is there, nan in every hour. One that CloudWatch failed to answer for is
    not, be it for its network only, because then nothing follows from what is known. Raises ``AwsError``.
    """
    cpu = _ask(connector, scope, chunk, period, CPU, ask, known)
    if not cpu.instances:
        return [], list(cpu.gaps)
    is_wanted = wanted(cpu.instances, period, *cpu.series)
    blocks = [_block(period, *cpu.of(~is_wanted))]
    some, series = cpu.of(is_wanted)
    network = _ask_or_say(connector, scope, some, period, ask, known)
    answered = {one.arn for one in network.instances}
    both = np.array([one.arn in answered for one in some], dtype=bool)
    blocks.append(_block(period, network.instances, tuple(values[both] for values in series), network.series))
    return [block for block in blocks if len(block)], [*cpu.gaps, *network.gaps]


def _ask_or_say(
    connector: Connector,
    scope: Scope,
    some: Sequence[Ec2Instance],
    period: Period,
    ask: Ask,
    known: KnownHours | None,
) -> _Answer:
    """Ask for the network; where that fails, what CPU alone answered is kept and the gap says the rest."""
    try:
        return _ask(connector, scope, some, period, NETWORK, ask, known)
    except CredentialsExpired:
        raise
    except AwsError as error:
        gap = replace(gap_of(error, CloudWatch.name), account_id=scope.account_id, region=scope.region)
        return _Answer([], (np.empty((0, period.hours)),) * len(NETWORK), [gap])


def _ask(
    connector: Connector,
    scope: Scope,
    instances: Sequence[Ec2Instance],
    period: Period,
    series: Sequence[OneSeries],
    ask: Ask,
    known: KnownHours | None,
) -> _Answer:
    """Ask for some series of instances, in as many calls as they need."""
    found: list[tuple[Ec2Instance, list[Floats]]] = []
    gaps: list[Gap] = []
    several = list(parts(instances, period, series, known))
    for part in several:
        for batch in cloudwatch.batches(part.instances, part.period, series):
            asked = cloudwatch.queries(batch, series, scope.account_id)
            answer = ask(connector, scope, asked, part.period)
            gaps += cloudwatch.gaps_of(batch, answer, scope, series)
            for one, hours in cloudwatch.answered(batch, answer, series):
                found.append((one, part.whole(one, list(map(floats_of, hours)))))
    if len(several) > 1:
        order = {one.arn: number for number, one in enumerate(instances)}
        found.sort(key=lambda pair: order[pair[0].arn])
    rows = zip(*(whole for _, whole in found), strict=True) if found else [()] * len(series)
    arrays = tuple(np.stack(row) if row else np.empty((0, period.hours)) for row in rows)
    return _Answer([one for one, _ in found], arrays, gaps)


def _block(
    period: Period,
    instances: Sequence[Ec2Instance],
    cpu: tuple[Floats, ...],
    network: tuple[Floats, ...] | None = None,
) -> LoadBlock:
    average, maximum = cpu
    return LoadBlock(
        period=period,
        arns=[one.arn for one in instances],
        cpu_average=average,
        cpu_maximum=maximum,
        network=None if network is None else (network[0], network[1]),
    )
