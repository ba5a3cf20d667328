"""The table of instance types is what the converter writes, and two sources must agree on each type."""

from __future__ import annotations

import csv
import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
COMMITTED = ROOT / "src" / "plainbill" / "prices" / "instance_types.csv"


def convert(data: Path, out: Path) -> subprocess.CompletedProcess[str]:
    tool = str(ROOT / "tools" / "build_instance_types.py")
    command = [sys.executable, tool, "--data", str(data), "--out", str(out)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def facts(**changes: Any) -> dict[str, Any]:
    return {
        "BareMetal": False,
        "BurstablePerformanceSupported": False,
        "CurrentGeneration": True,
        "EbsInfo": {},
        "MemoryInfo": {"SizeInMiB": 8192},
        "NetworkInfo": {"NetworkCards": [{"BaselineBandwidthInGbps": 0.75}]},
        "ProcessorInfo": {"SupportedArchitectures": ["x86_64"], "Manufacturer": "Intel"},
        "VCpuInfo": {"DefaultVCpus": 2},
    } | changes


def write(data: Path, types: dict[str, Any], other: dict[str, str] | None = None) -> None:
    (data / "prices" / "moto").mkdir(parents=True)
    (data / "prices" / "karpenter").mkdir()
    with gzip.open(data / "prices" / "moto" / "instance_types.json.gz", "wt") as file:
        json.dump(types, file)
    rows = [{"instance_type": name, "vcpu": "2", "memory_mib": "8192", "arch": "amd64"} for name in types]
    with (data / "prices" / "karpenter" / "instance_specs_prices.csv").open("w", newline="") as table:
        writer = csv.DictWriter(table, ["instance_type", "vcpu", "memory_mib", "arch"])
        writer.writeheader()
        writer.writerows(row | (other or {}) for row in rows)


@pytest.mark.parametrize(
    "other", [{"vcpu": "4"}, {"memory_mib": "8000"}, {"arch": "arm64"}, {"instance_type": "x9.big"}]
)
def test_two_sources_that_disagree_are_refused(tmp_path: Path, other: dict[str, str]) -> None:
    write(tmp_path, {"m9.large": facts()}, other)
    done = convert(tmp_path, tmp_path / "out.csv")
    assert done.returncode != 0
    assert "ValueError" in done.stderr
    assert not (tmp_path / "out.csv").exists()


def test_a_burstable_type_of_unknown_baseline_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"t9.large": facts(BurstablePerformanceSupported=True)})
    done = convert(tmp_path, tmp_path / "out.csv")
    assert done.returncode != 0
    assert "KeyError: 't9'" in done.stderr


def test_a_bandwidth_that_one_card_does_not_tell_is_left_empty(tmp_path: Path) -> None:
    cards = [{"BaselineBandwidthInGbps": 50}, {}]
    write(tmp_path, {"m9.large": facts(NetworkInfo={"NetworkCards": cards})})
    assert convert(tmp_path, tmp_path / "out.csv").returncode == 0
    assert (tmp_path / "out.csv").read_text().splitlines()[
        -1
    ] == "m9.large,2,8192,x86_64,yes,no,,0,no,0,,Intel,,"


def test_a_missing_source_is_named(tmp_path: Path) -> None:
    done = convert(tmp_path, tmp_path / "out.csv")
    assert done.returncode == 1
    assert "instance_types.json.gz is not there" in done.stderr


def test_the_committed_table_is_what_the_converter_writes(tmp_path: Path) -> None:
    if not DATA.is_dir():
        assert not os.environ.get("CI"), f"{DATA} is needed in CI"
        pytest.skip(f"{DATA} is not here")
    done = convert(DATA, tmp_path / "again.csv")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "again.csv").read_bytes() == COMMITTED.read_bytes()
