"""A check that breaks says nothing, and nothing is concluded from that."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest

from factories import NOW, context, instance, volume
from plainbill.analyzer.engine import Report, run_checks
from plainbill.analyzer.isolation import SOURCE, Failed, attempt
from plainbill.analyzer.lifecycle import advance
from plainbill.analyzer.own_verdicts import of_checks
from plainbill.analyzer.reading import arns
from plainbill.analyzer.registry import Check
from plainbill.analyzer.waste_check import Context, WasteCheck, metrics_of
from plainbill.model.findings import Action, Effort, Unknown, Verdict, Waste
from plainbill.model.lifecycle import FindingState
from plainbill.model.metrics import Metric
from plainbill.model.money import Money
from plainbill.model.resources import Resource
from plainbill.model.resources.ebs import EbsVolume

HERE, THERE = ("111122223333", "us-east-1"), ("111122223333", "eu-west-1")
READS = Metric("AWS/EBS", "VolumeReadOps", "Sum", "operations")
A_GIB = Decimal("0.1")
SECRET = "wJalrXUtnFEMI/K7MDENG"
LARGE, SMALL = volume(volume_id="vol-1", size_gib=100), volume(volume_id="vol-2", size_gib=10)
ELSEWHERE = volume(volume_id="vol-3", size_gib=10, region="eu-west-1", availability_zone="eu-west-1a")


@dataclass(frozen=True)
class Unattached(WasteCheck[EbsVolume]):
    """Every volume is waste."""

    id, title = "unattached", "A volume"
    resource, action, effort, metrics = EbsVolume, Action.DELETE, Effort.LOW, (READS,)
    rule = "None."

    def evaluate(self, resource: EbsVolume, context: Context) -> Verdict:
        assert context
        return Waste("a volume", Money(A_GIB * resource.size_gib), None)


@dataclass(frozen=True)
class BreaksOnLarge(Unattached):
    """Every small volume is waste; at a large one it breaks."""

    id = "breaks_on_large"

    def measures(self, resource: EbsVolume) -> bool:
        raise KeyError(resource.tags["Name"])

    def evaluate(self, resource: EbsVolume, context: Context) -> Verdict:
        if resource.size_gib > 50:
            raise LookupError(f"{SECRET} of {resource.volume_id}")
        return super().evaluate(resource, context)


class SaysNothing(Unattached):
    """Forgets to answer."""

    id = "says_nothing"

    def evaluate(self, resource: EbsVolume, context: Context) -> Verdict:
        assert resource
        assert context
        return None  # type: ignore[return-value]  # what a check without types may do


def report(*checks: Check, of: tuple[Resource, ...] = (LARGE, SMALL, ELSEWHERE)) -> Report:
    return run_checks(checks, context(*of, asked=[EbsVolume]), [HERE, THERE])


def test_what_the_other_checks_say_is_as_it_was() -> None:
    alone, beside = report(Unattached()), report(Unattached(), BreaksOnLarge())
    assert [one for one in beside.findings if one.check.id == "unattached"] == alone.findings
    assert beside.tallies["unattached", *HERE] == alone.tallies["unattached", *HERE]


def test_where_a_check_breaks_it_could_not_check_and_elsewhere_it_did() -> None:
    said = report(BreaksOnLarge())
    gap = said.tallies["breaks_on_large", *HERE].gap
    assert gap is not None
    assert (gap.source, gap.kind, gap.account_id, gap.region) == (SOURCE, "LookupError", *HERE)
    assert "breaks_on_large failed with LookupError" in gap.reason
    assert said.tallies["breaks_on_large", *THERE].gap is None
    assert [one.resource for one in said.findings] == [ELSEWHERE, SMALL]
    assert [(one.resource, one.reason) for one in said.undecided] == [
        (LARGE, "breaks_on_large failed with LookupError")
    ]


def test_what_an_error_says_is_repeated_neither_in_answers_nor_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Loud(BreaksOnLarge):
        """The same under a name that nothing was logged of yet."""

        id = "loud"

    with caplog.at_level(logging.ERROR):
        said = [report(Loud(), of=(LARGE, volume(volume_id="vol-9", size_gib=200))) for _ in range(2)]
    assert SECRET not in repr(said)
    assert SECRET not in caplog.text
    assert "loud failed with LookupError" in caplog.text
    assert "in evaluate" in caplog.text
    assert len(caplog.records) == 1


def test_a_check_that_answers_with_no_verdict_has_failed() -> None:
    said = report(SaysNothing())
    assert [one.reason for one in said.undecided] == ["says_nothing failed with TypeError"] * 3
    assert said.tallies["says_nothing", *THERE].unknown


@pytest.mark.parametrize("left", [(LARGE, SMALL), (LARGE,)], ids=["all there", "another one deleted"])
def test_no_finding_is_gone_because_its_check_broke(left: tuple[Resource, ...]) -> None:
    class Whole(Unattached):
        """What the check was before it broke."""

        id = "breaks_on_large"

    first = report(Whole(), of=(LARGE, SMALL))
    records = advance([], first, arns(context(LARGE, SMALL)), NOW)
    after = advance(records, report(BreaksOnLarge(), of=left), arns(context(*left)), NOW + timedelta(hours=1))
    assert [one.state for one in after] == [FindingState.OPEN] * 2


def test_a_check_that_cannot_say_whether_it_wants_metrics_gets_none_and_takes_none_away() -> None:
    assert metrics_of([BreaksOnLarge()], LARGE) == frozenset()
    assert metrics_of([BreaksOnLarge(), Unattached()], LARGE) == {READS}


def test_a_broken_check_is_no_opinion_against_the_advice_of_aws() -> None:
    (said,) = of_checks([BreaksOnLarge()], LARGE, context(LARGE))
    assert isinstance(said.verdict, Unknown)
    assert of_checks([BreaksOnLarge()], instance(), context()) == []


def test_what_ends_well_is_passed_on_and_what_is_meant_to_end_everything_too() -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    assert attempt("sum", max, 1, 2) == 2
    assert isinstance(attempt("sum", int, "no number"), Failed)
    with pytest.raises(KeyboardInterrupt):
        attempt("stop", stop)
