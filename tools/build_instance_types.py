"""Write the table of instance type facts that the package carries.

    python tools/build_instance_types.py [--data ../shared/data] [--out
    src/plainbill/prices/instance_types.csv]

Input: ``prices/moto/instance_types.json.gz``, answers of ``ec2:DescribeInstanceTypes`` that moto publishes
(Apache-2.0), and ``prices/karpenter/instance_specs_prices.csv``, karpenter's table of the same types
(Apache-2.0), which must agree on vCPUs, memory and architecture. The CPU baselines of burstable types, which
that API does not tell, are the table of AWS's EC2 user guide below.
Output: one line a type, sorted.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HEADER = [
    "# What EC2 instance types are, by ec2:DescribeInstanceTypes.",
    "# Written by tools/build_instance_types.py; do not edit.",
    "# source: getmoto/moto, moto/ec2/resources/instance_types.json (commit 0af643a5d, 2026-08-02)",
    "# checked against: aws/karpenter-provider-aws, instance-types.md (commit 1d927085d, 2026-07-20)",
    "# baseline_percent: AWS EC2 user guide, burstable performance instances, baseline utilization per vCPU",
    "# licence: Apache-2.0; what a type is, is a fact published by AWS",
    "# as of: 2026-08-02",
]
COLUMNS = [
    "instance_type",
    "vcpus",
    "memory_mib",
    "architectures",
    "current",
    "bare_metal",
    "baseline_percent",
    "gpus",
    "accelerated",
    "instance_store_gb",
    "hypervisor",
    "manufacturer",
    "network_mbps",
    "ebs_mbps",
]
_T3 = {
    "nano": "5",
    "micro": "10",
    "small": "20",
    "medium": "20",
    "large": "30",
    "xlarge": "40",
    "2xlarge": "40",
}
BASELINES = {
    "t2": _T3 | {"xlarge": "22.5", "2xlarge": "17"},
    "t3": _T3,
    "t3a": _T3,
    "t4g": _T3,
}
ACCELERATORS = ("GpuInfo", "NeuronInfo", "InferenceAcceleratorInfo", "FpgaInfo", "MediaAcceleratorInfo")
Facts = Mapping[str, Any]


def gpus(facts: Facts) -> str:
    """Return how many GPUs a type has; a part of one for types that share a GPU (g6f)."""
    held = facts.get("GpuInfo", {}).get("Gpus", [])
    return _digits(
        sum(
            (gpu["Count"] or gpu["LogicalGpuCount"] * Decimal(str(gpu["GpuPartitionSize"])) for gpu in held),
            Decimal(0),
        )
    )


def network_mbps(facts: Facts) -> str:
    """Return the baseline bandwidth of all network cards together, empty where one of them does not tell."""
    cards = [card.get("BaselineBandwidthInGbps") for card in facts["NetworkInfo"].get("NetworkCards", [])]
    if not cards or None in cards:
        return ""
    return _digits(sum((Decimal(str(card)) for card in cards), Decimal(0)) * 1000)


def _digits(number: Decimal | int) -> str:
    return f"{Decimal(number).normalize():f}"


def baseline(name: str, *, burstable: bool) -> str:
    """Return the baseline of a burstable type in percent of a vCPU; ``KeyError`` for one not in the table."""
    if not burstable:
        return ""
    family, _, size = name.partition(".")
    return BASELINES[family][size]


def row(name: str, facts: Facts) -> list[str]:
    """Return the line of one type."""
    ebs = facts["EbsInfo"].get("EbsOptimizedInfo", {}).get("BaselineBandwidthInMbps", "")
    return [
        name,
        str(facts["VCpuInfo"]["DefaultVCpus"]),
        str(facts["MemoryInfo"]["SizeInMiB"]),
        "+".join(sorted(facts["ProcessorInfo"]["SupportedArchitectures"])),
        _yes(facts["CurrentGeneration"]),
        _yes(facts["BareMetal"]),
        baseline(name, burstable=facts["BurstablePerformanceSupported"]),
        gpus(facts),
        _yes(any(kind in facts for kind in ACCELERATORS)),
        str(facts.get("InstanceStorageInfo", {}).get("TotalSizeInGB", 0)),
        facts.get("Hypervisor", ""),
        facts["ProcessorInfo"].get("Manufacturer", ""),
        network_mbps(facts),
        str(ebs),
    ]


def _yes(value: object) -> str:
    return "yes" if value is True else "no"


def check(types: Mapping[str, Facts], others: Mapping[str, Mapping[str, str]]) -> None:
    """Raise ``ValueError`` where the two sources disagree on what a type is."""
    for name, other in others.items():
        facts = types.get(name)
        if facts is None:
            raise ValueError(f"{name} is in one source only")
        ours = (facts["VCpuInfo"]["DefaultVCpus"], facts["MemoryInfo"]["SizeInMiB"])
        architectures = facts["ProcessorInfo"]["SupportedArchitectures"]
        arch = {"amd64": "x86_64"}.get(other["arch"], other["arch"])
        if ours != (int(other["vcpu"]), int(other["memory_mib"])) or arch not in architectures:
            raise ValueError(f"{name}: {ours} {architectures} against {dict(other)}")


def convert(data: Path) -> str:
    """Return the table as text; raises ``ValueError`` where the sources disagree."""
    with gzip.open(data / "moto" / "instance_types.json.gz", "rt", encoding="utf-8") as file:
        types: dict[str, Facts] = json.load(file)
    with (data / "karpenter" / "instance_specs_prices.csv").open(encoding="utf-8", newline="") as file:
        check(types, {line["instance_type"]: line for line in csv.DictReader(file)})
    lines = [",".join(row(name, facts)) for name, facts in sorted(types.items())]
    return "\n".join([*HEADER, ",".join(COLUMNS), *lines]) + "\n"


def main() -> int:
    """Convert both files; exit 1 with a sentence when one is not there."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--out", type=Path, default=ROOT / "src/plainbill/prices/instance_types.csv")
    options = parser.parse_args()
    folder = options.data / "prices"
    for source in (
        folder / "moto" / "instance_types.json.gz",
        folder / "karpenter" / "instance_specs_prices.csv",
    ):
        if not source.is_file():
            print(f"{source} is not there; give the folder that holds prices/ with --data", file=sys.stderr)
            return 1
    table = convert(folder)
    options.out.write_text(table, encoding="utf-8", newline="\n")
    print(f"{options.out}: {table.count(chr(10)) - len(HEADER) - 1} types", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
