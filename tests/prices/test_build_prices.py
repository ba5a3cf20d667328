"""The table in the package is what the converter writes, to the byte."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
COMMITTED = ROOT / "src" / "plainbill" / "prices" / "on_demand_linux.csv"


def convert(data: Path, out: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        str(ROOT / "tools" / "build_prices.py"),
        "--data",
        str(data),
        "--out",
        str(out),
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def write(data: Path, prices: str) -> None:
    folder = data / "prices" / "karpenter"
    folder.mkdir(parents=True)
    (folder / "ondemand_linux_prices.json").write_text(prices)


@pytest.mark.parametrize("price", ["0", "-0.1"])
def test_a_price_of_nothing_is_refused(tmp_path: Path, price: str) -> None:
    regions = ("cn-north-1", "us-east-1", "us-gov-east-1", "us-gov-west-1")
    write(tmp_path, json.dumps({region: {"m5.large": float(price)} for region in regions}))
    done = convert(tmp_path, tmp_path / "out.csv")
    assert done.returncode != 0
    assert "is no list price" in done.stderr
    assert not (tmp_path / "out.csv").exists()


def test_a_region_of_an_unstated_day_is_refused(tmp_path: Path) -> None:
    write(tmp_path, '{"eu-west-1": {"m5.large": 0.107}}')
    done = convert(tmp_path, tmp_path / "out.csv")
    assert done.returncode != 0
    assert "eu-west-1" in done.stderr


def test_a_missing_source_is_named(tmp_path: Path) -> None:
    done = convert(tmp_path, tmp_path / "out.csv")
    assert done.returncode == 1
    assert "ondemand_linux_prices.json is not there" in done.stderr


def test_the_committed_table_is_what_the_converter_writes(tmp_path: Path) -> None:
    if not DATA.is_dir():
        assert not os.environ.get("CI"), f"{DATA} is needed in CI"
        pytest.skip(f"{DATA} is not here")
    done = convert(DATA, tmp_path / "again.csv")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "again.csv").read_bytes() == COMMITTED.read_bytes()


def test_the_table_is_sorted_and_holds_each_price_once() -> None:
    rows = [line for line in COMMITTED.read_text().splitlines() if not line.startswith(("#", "region,"))]
    names = [tuple(row.split(",")[:2]) for row in rows]
    assert names == sorted(set(names))
