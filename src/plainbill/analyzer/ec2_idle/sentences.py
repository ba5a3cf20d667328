"""The sentences that give the reason: what was measured, what it means, what to do."""

from __future__ import annotations

from collections.abc import Sequence

from plainbill.analyzer.ec2_idle.calibration import TRACE, Probability
from plainbill.analyzer.ec2_idle.guards import INSTANCE_STORE, Guard
from plainbill.analyzer.ec2_idle.load import MEGABYTE, LookBack
from plainbill.analyzer.ec2_idle.periodic import Rhythm
from plainbill.analyzer.ec2_idle.rightsize import Rightsizing
from plainbill.analyzer.ec2_idle.schedule import Schedule
from plainbill.analyzer.ec2_idle.verdict import Grade
from plainbill.analyzer.ec2_idle.wakes import WakeEvent
from plainbill.analyzer.wording import days_text, number

_HEADS = {
    Grade.HIGH: "Idle, high confidence.",
    Grade.MEDIUM: "Idle, medium confidence.",
    Grade.REVIEW: "Probably idle: ask its owner.",
}
_ADVICE = "To be sure: stop, wait 14 days, then delete."
_ADVICE_OWN_DISK = "To be sure: copy what is on its instance store, stop, wait 14 days, then delete."


def idle_text(
    grade: Grade,
    seen: LookBack,
    events: Sequence[WakeEvent],
    probability: Probability | None,
    guards: Sequence[Guard],
) -> str:
    """Say that an instance is idle, with the measurement, the odds and what to do."""
    parts = [_HEADS[grade], measured(seen), last_wake(events), odds(probability), held_back(guards)]
    has_disk = any(guard.name == INSTANCE_STORE for guard in guards)
    return " ".join(part for part in (*parts, _ADVICE_OWN_DISK if has_disk else _ADVICE) if part)


def guarded_text(seen: LookBack, guards: Sequence[Guard]) -> str:
    """Say that the load alone would be suspicious, and what speaks for the instance."""
    return f"Left alone. {measured(seen)} {held_back(guards)}"


def measured(seen: LookBack) -> str:
    """State busy hours, coverage and the highest hour."""
    hours = "1 busy hour" if seen.busy_hours == 1 else f"{seen.busy_hours} busy hours"
    on = f" on {days_text(seen.busy_days)}" if seen.busy_days else ""
    text = f"{hours}{on} in {days_text(seen.days)} ({seen.hours_known} of {seen.hours_running} hours seen)."
    highest = []
    if seen.highest_cpu is not None:
        highest.append(f"CPU {number(seen.highest_cpu)} %")
    if seen.highest_network is not None:
        highest.append(f"{number(seen.highest_network / MEGABYTE)} MB")
    return f"{text} Highest hour: {', '.join(highest)}." if highest else text


def last_wake(events: Sequence[WakeEvent]) -> str:
    """State the latest wake event of all that are stored."""
    if not events:
        return "Last wake: none."
    event = events[-1]
    peak = "" if event.peak_cpu is None else f", CPU up to {number(event.peak_cpu)} %"
    span = "1 hour" if event.hours == 1 else f"{event.hours} hours"
    when = f"{event.start:%d %b %H:%M} UTC"
    return f"Last wake: {when}, {span}, {event.cause}{peak}, {number(event.megabytes)} MB."


def odds(probability: Probability | None) -> str:
    """State how often VMs like it stayed unused, with the interval."""
    if probability is None:
        return ""
    share = f"{100 * probability.value:.1f} %"
    if probability.low is not None and probability.high is not None:
        share += f" ({100 * probability.low:.1f} to {100 * probability.high:.1f} %)"
    return f"Of comparable VMs in {TRACE} {share} stayed unused for the next 30 days."


def held_back(guards: Sequence[Guard]) -> str:
    """State why the grade is lower than the load alone would make it."""
    return f"Less sure, because {'; '.join(guard.reason for guard in guards)}." if guards else ""


def periodic_text(rhythm: Rhythm, seen: LookBack, events: Sequence[WakeEvent]) -> str:
    """Say when it wakes and when it will next."""
    due = f"{rhythm.next_due:%d %b %H:%M}" if not rhythm.is_monthly else f"about {rhythm.next_due:%d %b}"
    return f"It has a job: it wakes {rhythm.name}, next {due}. {measured(seen)} {last_wake(events)}"


def schedulable_text(schedule: Schedule, seen: LookBack) -> str:
    """Say when it can be off and how often that would be wrong."""
    return (
        f"It can be off {len(schedule.off_hours)} of 168 hours a week: {schedule.spans}. Tried on "
        f"{schedule.weeks} held-out weeks; expect about {schedule.violations_a_month:.0f} days a month "
        f"on which it is wanted all the same. {measured(seen)}"
    )


def rightsizable_text(rightsizing: Rightsizing, seen: LookBack) -> str:
    """Say that half the vCPUs would have done."""
    what = "no hour passed" if rightsizing.level == "SAFE" else "99.5 % of the hours stayed within"
    return (
        f"In use, but one size down would do ({rightsizing.level.lower()}): {what} "
        f"CPU {number(rightsizing.cpu_percent)} %; {rightsizing.memory}. {measured(seen)}"
    )


def active_text(seen: LookBack, rhythm: Rhythm | None) -> str:
    """Say that it works."""
    woken = f" It wakes {rhythm.name}, among other times." if rhythm else ""
    return f"In use. {measured(seen)}{woken}"
