"""Other thresholds of one check: what they leave alone, what goes, comes and changes, and no sum twice."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal

import pytest

from factories import context, instance, utilization, volume
from plainbill.analyzer.checks.ec2_instance_idle import Ec2InstanceIdle
from plainbill.analyzer.engine import run_checks
from plainbill.analyzer.registry import Check, all_checks
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.analyzer.what_if import SettingError, Value, allowed_of, parse_settings, variant_of, what_if
from plainbill.model.findings import Action, Effort, Ok, Unknown, Verdict, Waste
from plainbill.model.money import Money
from plainbill.model.resources.ebs import EbsVolume

HERE = ("111122223333", "us-east-1")


@dataclass(frozen=True)
class Large(WasteCheck[EbsVolume]):
    """Larger than some size; half of what is over it would be saved."""

    id, title = "large", "Large"
    resource, action, effort = EbsVolume, Action.DELETE, Effort.LOW
    rule = "Over {most_gib} GiB."

    most_gib: int = threshold(80, "GiB that are fine.")
    max_percent: float = threshold(50.0, "A percentage.")
    min_coverage: float = threshold(0.8, "A share.")
    min_days: int = threshold(7, "Days.")
    headroom: float = threshold(1.3, "A multiple.")
    is_strict: bool = threshold(False, "Yes or no.")
    word: str = threshold("gp3", "A text.")
    many: tuple[int, ...] = threshold((), "Fixed.")

    def evaluate(self, resource: EbsVolume, context: Context) -> Verdict:
        assert context
        if self.min_days > 30:
            return Unknown("30 days are stored")
        if resource.size_gib <= self.most_gib:
            return Ok("small enough")
        return Waste("large", Money(Decimal(resource.size_gib - self.most_gib)))


@dataclass(frozen=True)
class Any100(WasteCheck[EbsVolume]):
    """The same saving on every volume."""

    id, title = "any_100", "Any"
    resource, action, effort = EbsVolume, Action.DELETE, Effort.LOW
    rule = "Every one."

    def evaluate(self, resource: EbsVolume, context: Context) -> Verdict:
        assert resource
        assert context
        return Waste("there", Money(Decimal(100)))


DISKS = tuple(volume(volume_id=f"vol-{size}", size_gib=size) for size in (50, 100, 150, 400))
BOTH: tuple[Check, ...] = (Any100(), Large())


def asked(settings: dict[str, Value], checks: tuple[Check, ...] = BOTH) -> tuple[object, object, object]:
    """The ids that go, come and change."""
    known = context(*DISKS)
    said = what_if(run_checks(checks, known, [HERE]), known, Large(), settings)
    return (
        [one.finding.resource.resource_id for one in said.gone],
        [one.finding.resource.resource_id for one in said.came],
        [was.resource.resource_id for was, _ in said.changed],
    )


@pytest.mark.parametrize("settings", [{}, {"most_gib": 80}, {"max_percent": 1.0}, {"word": "io2"}])
def test_what_changes_no_verdict_changes_nothing(settings: dict[str, Value]) -> None:
    assert asked(settings) == ([], [], [])


def test_findings_go_come_and_change() -> None:
    assert asked({"most_gib": 120}) == (["vol-100"], [], ["vol-400", "vol-150"])
    assert asked({"most_gib": 40}) == ([], ["vol-50"], ["vol-400", "vol-150", "vol-100"])


def test_what_could_no_longer_be_judged_is_not_called_fine() -> None:
    known = context(*DISKS)
    said = what_if(run_checks(BOTH, known, [HERE]), known, Large(), {"min_days": 31})
    assert {one.instead for one in said.gone} == {Unknown("30 days are stored")}
    assert not said.after.monthly_saving["USD"].amount < 400
    said = what_if(run_checks(BOTH, known, [HERE]), known, Large(), {"most_gib": 120})
    assert [one.instead for one in said.gone] == [Ok("small enough")]


@pytest.mark.parametrize("settings", [{}, {"most_gib": 10}, {"most_gib": 1000}, {"min_days": 31}])
def test_the_report_is_that_of_judging_everything_anew(settings: dict[str, Value]) -> None:
    known = context(*DISKS)
    before = run_checks(BOTH, known, [HERE])
    after = what_if(before, known, Large(), settings).after
    anew = run_checks([Any100(), variant_of(Large(), settings)], context(*DISKS), [HERE])
    assert (after.findings, after.undecided, after.tallies) == (anew.findings, anew.undecided, anew.tallies)
    assert (after.counted, after.monthly_saving) == (anew.counted, anew.monthly_saving)


def test_alternatives_are_counted_once_before_and_after() -> None:
    known = context(*DISKS)
    said = what_if(run_checks(BOTH, known, [HERE]), known, Large(), {"most_gib": 300})
    assert said.before.monthly_saving == {"USD": Money(Decimal(100 + 100 + 100 + 320))}
    assert said.after.monthly_saving == {"USD": Money(Decimal(400))}


def test_nothing_that_is_tried_stays_in_memory() -> None:
    machine = instance()
    known = context(machine, utilization={machine.arn: utilization(days=28)})
    report = run_checks([Ec2InstanceIdle()], known, [HERE])
    what_if(report, known, Ec2InstanceIdle(), {"look_back_days": 21})
    held = len(known._made)  # with the arrays that every question is answered from
    said = what_if(report, known, Ec2InstanceIdle(), {"look_back_days": 14})
    assert said.changed or said.gone
    assert all(one.waste.reason for _, one in said.changed)
    assert len(known._made) == held


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("min_days", "1", 1), ("min_days", " 36500 ", 36_500), ("max_percent", "0", 0.0),
        ("max_percent", "100", 100.0), ("min_coverage", "1", 1.0), ("headroom", "1.0", 1.0),
        ("most_gib", "0", 0), ("is_strict", "yes", True), ("is_strict", "False", False),
        ("word", "<b>", "<b>"),
    ],
)  # fmt: skip
def test_settings_are_read_by_their_types(name: str, text: str, value: Value) -> None:
    assert parse_settings(Large(), {name: text}) == {name: value}


def test_an_empty_field_of_a_form_leaves_the_default() -> None:
    assert parse_settings(Large(), {"min_days": "", "most_gib": "  "}) == {}


@pytest.mark.parametrize(
    ("name", "text", "allowed"),
    [
        ("min_days", "0", "a whole number from 1 to 36500"),
        ("min_days", "36501", "a whole number from 1 to 36500"),
        ("min_days", "7.5", "a whole number from 1 to 36500"),
        ("min_days", "1_0", "a whole number from 1 to 36500"),
        ("min_days", "\u0664", "a whole number from 1 to 36500"),
        ("min_days", "9" * 5000, "a whole number from 1 to 36500"),
        ("max_percent", "100.5", "a number from 0 to 100"),
        ("max_percent", "nan", "a number from 0 to 100"),
        ("max_percent", "-1", "a number from 0 to 100"),
        ("min_coverage", "0", "a number more than 0 and at most 1"),
        ("min_coverage", "80", "a number more than 0 and at most 1"),
        ("headroom", "0.9", "a number from 1 to 100"),
        ("most_gib", "-1", "a whole number from 0 to 1000000000000"),
        ("max_percent", "inf", "a number from 0 to 100"),
        ("is_strict", "perhaps", "true or false"),
        ("word", "x" * 201, "a text of at most 200 characters"),
    ],
)
def test_a_setting_that_is_not_allowed_names_what_is(name: str, text: str, allowed: str) -> None:
    with pytest.raises(SettingError) as error:
        parse_settings(Large(), {name: text})
    assert (error.value.name, error.value.allowed) == (name, allowed)


@pytest.mark.parametrize("name", ["id", "many", "evaluate", "<script>", "__class__"])
def test_only_thresholds_can_be_set(name: str) -> None:
    with pytest.raises(SettingError, match="most_gib, max_percent"):
        parse_settings(Large(), {name: "1"})


def test_every_default_of_every_check_is_allowed() -> None:
    for check in all_checks():
        for one in check.thresholds():
            default = getattr(check, one.name)
            allowed = allowed_of(one)
            assert allowed is not None, (check.id, one.name)
            assert allowed.parse(str(default)) == default, (check.id, one.name)
        assert {one.name for one in check.thresholds()} <= {one.name for one in fields(check)}
