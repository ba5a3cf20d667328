"""Who finds the idle instances of one estate, with how many calls, in what time, and is it right?

    make bench-peers                      (PEERS="--instances 1000" for other sizes)

One estate, one endpoint, one after another: Plainbill's whole refresh, the same with 14 days of load as its
peers look at (by itself it reads 60, hour by hour), Cloud Custodian with its EC2 metrics
filter, aws-finops-dashboard (its audit, then its dashboard), and a script that asks for every instance on
its own. The truth is known, because the estate is computed from it. Calls and billed metrics are counted at
the endpoint; CPU and memory are those of the tool's own process, the endpoint runs in this one.

What is compared is one question. Plainbill's refresh reads everything it knows besides, and a policy engine
answers any question that somebody writes down for it, and acts on it; neither is what is measured here. The
peers are installed, at fixed versions, into environments of their own under .cache/peers.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from plainbill.cli.demo import isolate
from plainbill.demo.call import Answer, Call, Options
from plainbill.demo.habits import Expected
from plainbill.demo.large_answers import LARGE_ANSWERS
from plainbill.demo.large_estate import LargeEstate
from plainbill.demo.large_shape import Shape
from plainbill.demo.server import DemoEndpoint

ROOT = Path(__file__).parents[1]
CACHE = ROOT / ".cache" / "peers"
CUSTODIAN, FINOPS = "c7n==0.9.53", "aws-finops-dashboard==2.3.0"
QUESTION = {"DescribeInstances", "GetMetricData", "GetMetricStatistics"}
"""The operations that the question of idle instances takes; EC2's and CloudWatch's."""
CPU = {"type": "metrics", "name": "CPUUtilization", "days": 14, "op": "lt"}
POLICY = {
    "policies": [
        {
            "name": "idle",
            "resource": "aws.ec2",
            "filters": [
                {"State.Name": "running"},
                {**CPU, "statistics": "Average", "value": 5},
                {**CPU, "statistics": "Maximum", "value": 10},
            ],
        }
    ]
}
"""In JSON, which is YAML too."""


@dataclass
class Metered:
    """The answers of an estate, with what CloudWatch bills for counted; it bills each metric of a request."""

    metrics: int = 0
    answers: Mapping[str, Answer] = field(init=False)

    def __post_init__(self) -> None:
        name = "cloudwatch:GetMetricData"

        def counted(call: Call) -> Mapping[str, Any]:
            stats = (query["MetricStat"]["Metric"] for query in call.params["MetricDataQueries"])
            self.metrics += len({json.dumps(metric, sort_keys=True) for metric in stats})
            return LARGE_ANSWERS[name](call)

        self.answers = {**LARGE_ANSWERS, name: counted}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One tool's run: seconds, mebibytes, what was asked, the ids it called idle (None: it does not say)."""

    name: str
    wall: float
    cpu: float
    memory: float
    calls: Counter[str]
    metrics: int
    idle: frozenset[str] | None

    @property
    def dollars(self) -> float:
        """At list price: a cent a request of Cost Explorer, a cent a thousand metrics of GetMetricData."""
        return self.calls["ce:GetCostAndUsage"] * 0.01 + self.metrics / 1000 * 0.01


Env = Mapping[str, str]
Tool = Callable[[Env, Path, Sequence[str]], frozenset[str] | None]


def main() -> None:
    parser = argparse.ArgumentParser(description="Plainbill and its peers, asked the same of one estate.")
    parser.add_argument("--instances", type=int, nargs="+", default=[200, 1_000])
    parser.add_argument("--regions", type=int, default=2)
    parser.add_argument("--latency-ms", type=float, default=80)
    given = parser.parse_args()
    tools = installed()
    for count in given.instances:
        shape = Shape(count, accounts=1, regions=given.regions)
        print(
            f"\n{count} instances in one account and {given.regions} Regions, {given.latency_ms:g} ms a call"
        )
        runs = list(measured(shape, given.latency_ms / 1000, tools))
        with DemoEndpoint(shape=shape) as aws:
            print(table(runs, aws.estate))


def installed() -> Mapping[str, Path]:
    """Return the peers' programs; what is not there yet is installed."""
    wanted = {"custodian": CUSTODIAN, "aws-finops": FINOPS}
    for program, requirement in wanted.items():
        home = CACHE / requirement
        if not (home / "bin" / program).exists():
            venv.create(home, with_pip=True, clear=True)
            install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement)
            subprocess.run((str(home / "bin" / "python"), *install), check=True)
    return {program: CACHE / requirement / "bin" / program for program, requirement in wanted.items()}


def measured(shape: Shape, latency: float, programs: Mapping[str, Path]) -> Iterator[Measured]:
    """Run every tool against an endpoint of its own."""
    tools: dict[str, Tool] = {
        "Plainbill, a whole refresh": plainbill,
        "Plainbill, the 14 days of its peers": lambda env, *at: plainbill(
            {**env, "PLAINBILL_METRIC_DAYS": "14"}, *at
        ),
        "Cloud Custodian, EC2 metrics filter": lambda *at: custodian(programs["custodian"], *at),
        "aws-finops-dashboard, audit + costs": lambda *at: finops(programs["aws-finops"], *at),
        "a script, instance by instance": script,
    }
    for name, tool in tools.items():
        meter = Metered()
        options = Options(latency=latency)
        with DemoEndpoint(shape=shape, options=options, answers=meter.answers) as aws, home() as folder:
            env = {**os.environ}
            isolate(env, folder)
            env.update(aws.environment)
            regions = [region.name for _, region in shape.places]
            spent.clear()
            idle = tool(env, folder, regions)
            calls = Counter(f"{asked.service}:{asked.operation}" for asked in aws.requests)
            wall, cpu, memory = spent.totals()
            yield Measured(
                name=name,
                wall=wall,
                cpu=cpu,
                memory=memory,
                calls=calls,
                metrics=meter.metrics,
                idle=idle,
            )


@contextmanager
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="plainbill-bench-") as folder:
        yield Path(folder)


class Spent:
    """Seconds, CPU seconds and the largest memory of the processes that were run."""

    def __init__(self) -> None:
        self._runs: list[tuple[float, float, float]] = []

    def clear(self) -> None:
        self._runs.clear()

    def run(self, command: Sequence[str], env: Env, folder: Path) -> None:
        """Run a process to its end; raises ``CalledProcessError`` with what it said when it fails."""
        took = folder / "took"
        launcher = (sys.executable, "-S", str(ROOT / "bench" / "launched.py"), str(took))
        with (folder / "said").open("w+b") as said:
            done = subprocess.run(
                (*launcher, *command),
                env=dict(env),
                cwd=folder,
                stdout=said,
                stderr=subprocess.STDOUT,
                check=False,
            )
            if done.returncode:
                said.seek(0)
                raise subprocess.CalledProcessError(done.returncode, command, said.read()[-2000:])
        wall, cpu, memory = json.loads(took.read_text(encoding="utf-8"))
        self._runs.append((wall, cpu, memory))

    def totals(self) -> tuple[float, float, float]:
        wall, cpu, memory = zip(*self._runs, strict=True)
        return sum(wall), sum(cpu), max(memory)


spent = Spent()


def plainbill(env: Env, folder: Path, _: Sequence[str]) -> frozenset[str]:
    """Refresh, which is measured; then read the findings from what was stored."""
    own = (sys.executable, "-m", "plainbill")
    spent.run((*own, "refresh"), env, folder)
    command = (*own, "findings", "--check", "ec2_instance_idle", "--csv")
    told = subprocess.run(command, env=dict(env), cwd=folder, capture_output=True, text=True, check=True)
    return frozenset(row["resource_id"] for row in csv.DictReader(io.StringIO(told.stdout)))


def custodian(program: Path, env: Env, folder: Path, regions: Sequence[str]) -> frozenset[str]:
    policy = folder / "idle.yml"
    policy.write_text(json.dumps(POLICY), encoding="utf-8")
    where = [word for region in regions for word in ("--region", region)]
    output = folder / "output"
    command = (str(program), "run", *where, "--cache-period", "0", "--output-dir", str(output), str(policy))
    spent.run(command, env, folder)
    found = [json.loads(path.read_text(encoding="utf-8")) for path in output.rglob("resources.json")]
    return frozenset(one["InstanceId"] for resources in found for one in resources)


def finops(program: Path, env: Env, folder: Path, regions: Sequence[str]) -> None:
    """Its audit of stopped, unused and untagged resources, and its costs; it knows no idle instances."""
    config, credentials = folder / "config", folder / "credentials"
    config.write_text("[default]\nregion = us-east-1\n", encoding="utf-8")
    key = f"aws_access_key_id = {env['AWS_ACCESS_KEY_ID']}\naws_secret_access_key = nothing\n"
    credentials.write_text(f"[default]\n{key}", encoding="utf-8")
    files = {"AWS_CONFIG_FILE": str(config), "AWS_SHARED_CREDENTIALS_FILE": str(credentials)}
    command = (str(program), "--profiles", "default", "--regions", *regions)
    for more in (("--audit",), ()):
        spent.run((*command, *more), {**env, **files}, folder)


def script(env: Env, folder: Path, regions: Sequence[str]) -> frozenset[str]:
    command = (sys.executable, str(ROOT / "bench" / "naive_scan.py"), *regions)
    spent.run(command, env, folder)
    return frozenset(json.loads((folder / "said").read_text(encoding="utf-8")))


def table(runs: Sequence[Measured], estate: LargeEstate) -> str:
    """A row for each tool, and below what each was wrong about, by the kind of instance."""
    head = f"{'':38}{'calls':>7}{'for it':>8}{'dollars':>9}{'wall s':>8}{'CPU s':>7}{'MiB':>6}  answer"
    lines = [head]
    for run in runs:
        asked = sum(count for name, count in run.calls.items() if name.partition(":")[2] in QUESTION)
        calls = f"{run.calls.total():7,}{asked:8,}{run.dollars:9.3f}"
        lines.append(
            f"{run.name:38}{calls}{run.wall:8.1f}{run.cpu:7.1f}{run.memory:6.0f}  {judged(run.idle, estate)}"
        )
    for run in runs:
        if run.idle is not None:
            lines += [f"  {run.name}: {text}" for text in mistakes(run.idle, estate)]
    return "\n".join(lines)


def judged(idle: frozenset[str] | None, estate: LargeEstate) -> str:
    if idle is None:
        return "does not say"
    kinds = Counter(estate.truth(one) for one in idle)
    return (
        f"{kinds[Expected.IDLE]} of {len(estate.idle())} idle found; "
        f"{kinds[Expected.NOT_IDLE]} busy and {kinds[Expected.COULD_NOT_TELL]} open ones called idle"
    )


def mistakes(idle: frozenset[str], estate: LargeEstate) -> Iterator[str]:
    """Yield, by the kind of instance, what was called idle although it is busy or open, and what was missed.

    Open is what two weeks of metrics cannot tell: too young, away for days, half of the hours unseen.
    """
    busy = {one for one in idle if estate.truth(one) is Expected.NOT_IDLE}
    cases = (("busy", busy), ("open", idle - estate.idle() - busy), ("missed", estate.idle() - idle))
    for what, ids in cases:
        kinds = Counter(estate.way(estate.shape.number_of(one) or 0).name for one in ids)
        if kinds:
            yield f"{what}: " + ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())


if __name__ == "__main__":
    main()
