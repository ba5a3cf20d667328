"""The published idle rules of vendors, put to stored hourly data; each function says how exactly.

A rule returns Waste or Ok with the measurement; None where the hours hold none of a metric that it needs.
Coverage and age are asked by the preset (presets.py), before a rule may say Waste.
"""

from __future__ import annotations

from plainbill.analyzer.ec2_idle.stored import (
    Stored,
    highest,
    known,
    mean,
    megabytes_a_day,
    percentile,
)
from plainbill.model.findings import Ok, Verdict, Waste

_SECONDS = 3600


def compute_optimizer(stored: Stored) -> Verdict | None:
    """AWS Compute Optimizer, idle EC2 instances: peak CPU under 5 % and under 5 MB of network a day.

    As documented in its user guide ("Viewing idle resource recommendations"), not its engine. The peak is
    the hour's statistic Maximum, which is the highest 5-minute sample (1-minute with detailed
    monitoring), so nothing is approximated there; the network is the mean of the measured hours x 24.
    """
    peak = highest(stored.peak)
    if peak is not None and peak >= 5:
        return Ok(f"CPU peaked at {peak:.1f} %; idle means under 5 %.")
    network = megabytes_a_day(stored.network)
    if peak is None or network is None:
        return None
    text = f"CPU peaked at {peak:.2f} % and {network:.2f} MB a day went in and out in {stored.days} days"
    return _answer(network < 5, f"{text}; idle means under 5 % and under 5 MB a day.")


def cost_explorer(stored: Stored) -> Verdict | None:
    """Cost Explorer's rightsizing, "idle": maximum CPU of at most 1 % in 14 days.

    From the Cost Management user guide. The maximum is the hour's statistic Maximum: not approximated.
    """
    peak = highest(stored.peak)
    if peak is None:
        return None
    return _answer(peak <= 1, f"CPU peaked at {peak:.2f} % in {stored.days} days; idle means at most 1 %.")


def trusted_advisor(stored: Stored) -> Verdict | None:
    """AWS Trusted Advisor, low utilization: on 4 or more of 14 days, mean CPU <= 10 % and <= 5 MB.

    Days are UTC days, the last 14 of the 15 that fourteen times 24 hours may touch; a day's MB are its mean
    hour x 24, so that a partly seen day is not a quiet day.
    """
    quiet = low = seen = days = 0
    for cpu, network in list(stored.by_day())[-stored.days :]:
        average, megabytes = mean(cpu), megabytes_a_day(network)
        days += average is not None
        quiet += average is not None and average <= 10
        if average is None or megabytes is None:
            continue
        seen += 1
        low += average <= 10 and megabytes <= 5
    if days and quiet < 4:
        return Ok(f"CPU averaged at most 10 % on {quiet} of {days} days; low utilization means 4 in 14.")
    if not seen:
        return None
    text = f"On {low} of {seen} days CPU averaged at most 10 % and at most 5 MB went in and out"
    return _answer(low >= 4, f"{text}; low utilization means 4 such days in 14.")


def gcp(stored: Stored) -> Verdict | None:
    """Google Cloud's idle VM: < 0.03 vCPU for 97 % of the time, < 2,000 B/s in and < 1,000 B/s out for 95 %.

    Google looks at its own finer samples; here an hour counts by its mean, which hides short bursts, so
    that this flags a little more. Needs the number of vCPUs: without it there is no answer.
    """
    vcpu = None if stored.vcpus is None else percentile(stored.cpu, 97)
    if vcpu is not None and stored.vcpus is not None and vcpu * stored.vcpus / 100 >= 0.03:
        return Ok(f"97 % of hours used up to {vcpu * stored.vcpus / 100:.3f} vCPU; idle means under 0.03.")
    coming, going = percentile(stored.network_in, 95), percentile(stored.network_out, 95)
    if vcpu is None or coming is None or going is None or stored.vcpus is None:
        return None
    used, received, sent = vcpu * stored.vcpus / 100, coming / _SECONDS, going / _SECONDS
    text = f"97 % of hours used up to {used:.3f} vCPU, 95 % got up to {received:.0f} and sent {sent:.0f} B/s"
    is_idle = used < 0.03 and received < 2000 and sent < 1000
    return _answer(is_idle, f"{text}; idle means under 0.03 vCPU, 2000 and 1000 B/s.")


def azure(stored: Stored) -> Verdict | None:
    """Azure Advisor's shutdown: P95 of maximum CPU < 3 %, and mean CPU <= 2 % throughout the last 3 days.

    Azure takes maxima of 30 minutes, here they are of an hour, which flags a little less. Its third test,
    outbound network under 2 % of the capacity, is left out: the capacity is not stored. So this flags more
    than Azure does where a VM sends much with little CPU.
    """
    p95 = percentile(stored.peak, 95)
    recent = highest(stored.last(3).cpu)
    if p95 is None or recent is None:
        return None
    text = f"95 % of hours peaked at up to {p95:.2f} % CPU, the last 3 days averaged up to {recent:.2f} %"
    return _answer(p95 < 3 and recent <= 2, f"{text}; shutdown means under 3 % and at most 2 %.")


def optscale(stored: Stored) -> Verdict | None:
    """OptScale's abandoned instance: mean CPU <= 5 % and mean network <= 1,000 B/s, in and out, 7 days."""
    cpu, network = mean(stored.cpu), mean(stored.network)
    if cpu is None or network is None:
        return None
    rate = network / _SECONDS
    text = f"CPU averaged {cpu:.2f} % and the network {rate:.0f} B/s in {stored.days} days"
    return _answer(cpu <= 5 and rate <= 1000, f"{text}; abandoned means at most 5 % and 1000 B/s.")


def average_cpu(stored: Stored) -> Verdict | None:
    """The usual script: mean CPU under 5 %, nothing else."""
    cpu = mean(stored.cpu)
    if cpu is None:
        return None
    text = f"CPU averaged {cpu:.2f} % in {len(known(stored.cpu))} hours"
    return _answer(cpu < 5, f"{text}; idle means under 5 %.")


def _answer(is_waste: bool, reason: str) -> Verdict:  # noqa: FBT001 - the outcome itself
    return Waste(reason, monthly_saving=None) if is_waste else Ok(reason)
