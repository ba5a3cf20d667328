"""Three answers from every check everywhere, and no dollar counted twice."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import context, gap, volume
from plainbill.analyzer.engine import Report, Tally, run_checks
from plainbill.analyzer.waste_check import Context, WasteCheck
from plainbill.model.findings import Action, Effort, Ok, Unknown, Verdict, Waste
from plainbill.model.money import Money
from plainbill.model.resources import Resource
from plainbill.model.resources.ebs import EbsVolume

FINE = Ok()
HERE = ("111122223333", "us-east-1")
THERE = ("111122223333", "eu-west-1")


@dataclass(frozen=True)
class Saying(WasteCheck[EbsVolume]):
    """Says of every volume what it was told to say."""

    id, title = "saying", "Says what it was told"
    resource, action, effort = EbsVolume, Action.DELETE, Effort.LOW
    rule = "None."

    verdict: Verdict = FINE
    name: str = "saying"

    def evaluate(self, resource: EbsVolume, context: Context) -> Verdict:
        assert context
        assert resource
        return self.verdict


def saying(verdict: Verdict, name: str = "saying") -> Saying:
    return type(name, (Saying,), {"id": name})(verdict=verdict)  # type: ignore[no-any-return]


def money(amount: str) -> Money:
    return Money(Decimal(amount))


def saves(amount: str | None, parts: dict[str, Money] | None = None, cost: str = "1000") -> Waste:
    return Waste("too dear", None if amount is None else money(amount), money(cost), parts=parts or {})


def report(*checks: Saying, of: tuple[Resource, ...] = (volume(),)) -> Report:
    return run_checks(checks, context(*of, asked=[EbsVolume]), [HERE, THERE])


def test_what_works_for_its_money_is_no_finding() -> None:
    said = report(saying(Ok()))
    assert said.findings == []
    assert said.tallies["saying", *HERE] == Tally(ok=1)
    assert said.monthly_saving == {}


def test_what_cannot_be_judged_is_neither_clean_nor_a_finding() -> None:
    said = report(saying(Unknown("no data")))
    assert said.findings == []
    assert [one.reason for one in said.undecided] == ["no data"]
    assert said.tallies["saying", *HERE] == Tally(unknown=1)


def test_a_place_with_nothing_in_it_is_clean_and_one_that_was_not_read_is_not() -> None:
    denied = gap(source="ebs_volumes", region="eu-west-1")
    said = run_checks([saying(Ok())], context(volume(), gaps=[denied], asked=[EbsVolume]), [HERE, THERE])
    assert said.tallies["saying", *THERE] == Tally(gap=denied)
    assert said.tallies["saying", *HERE] == Tally(ok=1)
    nothing = run_checks([saying(Ok())], context(asked=[EbsVolume]), [THERE])
    assert nothing.tallies["saying", *THERE] == Tally()


@pytest.mark.parametrize("source", ["accounts", "ec2_regions"])
def test_an_account_that_could_not_be_entered_is_clean_nowhere(source: str) -> None:
    denied = gap(source=source, region=None)
    said = run_checks([saying(Ok())], context(gaps=[denied], asked=[EbsVolume]), [HERE, THERE])
    assert [tally.gap for tally in said.tallies.values()] == [denied, denied]


def test_savings_on_one_thing_are_alternatives_and_the_largest_counts() -> None:
    said = report(saying(saves("30"), "delete"), saying(saves("12"), "shrink"))
    assert said.monthly_saving == {"USD": money("30")}
    assert [said.counted[one.finding_id].amount for one in said.findings] == [30, 0]


def test_equal_savings_on_one_thing_count_once() -> None:
    said = report(saying(saves("30"), "delete"), saying(saves("30"), "shrink"))
    assert said.monthly_saving == {"USD": money("30")}


def test_a_disk_counts_once_for_itself_and_for_its_stopped_instance() -> None:
    disks = [volume(volume_id="vol-1"), volume(volume_id="vol-2")]
    with_disks = {disk.arn: money("10") for disk in disks}
    whole = saying(saves("20", with_disks), "instance_stopped")
    said = report(whole, saying(saves("10"), "volume_on_stopped"), of=tuple(disks))
    assert said.monthly_saving == {"USD": money("20")}


def test_a_saving_that_is_not_known_is_in_no_sum_and_sorted_last() -> None:
    said = report(saying(saves(None), "a_unknown"), saying(saves("1"), "b_known"))
    assert [one.check.id for one in said.findings] == ["b_known", "a_unknown"]
    assert said.unknown_price == 1
    assert said.monthly_saving == {"USD": money("1")}


def test_a_finding_keeps_its_id_over_runs_and_shares_it_with_no_other() -> None:
    two = (volume(volume_id="vol-1"), volume(volume_id="vol-2"))
    first, again = (report(saying(saves("1")), of=two).findings for _ in range(2))
    assert [one.finding_id for one in first] == [one.finding_id for one in again]
    assert len({one.finding_id for one in first}) == 2


@pytest.mark.parametrize(
    ("saving", "cost", "parts"),
    [
        pytest.param("-1", "5", {}, id="negative"),
        pytest.param("6", "5", {}, id="above the cost"),
        pytest.param("5", "5", {"a": "4"}, id="not the sum of its parts"),
        pytest.param(None, "5", {"a": "4"}, id="parts of what is not known"),
    ],
)
def test_a_saving_that_cannot_be_is_refused(saving: str | None, cost: str, parts: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="saving"):
        saves(saving, {arn: money(part) for arn, part in parts.items()}, cost)


AMOUNTS = st.decimals(min_value=0, max_value=1000, places=2)


@given(st.lists(st.tuples(st.integers(0, 4), AMOUNTS), max_size=12))
def test_all_savings_together_never_exceed_what_the_things_cost(claims: list[tuple[int, Decimal]]) -> None:
    disks = [volume(volume_id=f"vol-{number}") for number in range(5)]
    checks = [
        saying(saves(str(amount), {disks[number].arn: Money(amount)}), f"check_{position}")
        for position, (number, amount) in enumerate(claims)
    ]
    total = report(*checks, of=(disks[0],)).monthly_saving.get("USD", money("0"))
    assert total.amount <= 5 * 1000
    largest = {number: max(a for n, a in claims if n == number) for number, _ in claims}
    assert total.amount == sum(largest.values())
