"""The table of list prices is what the converter writes, and the converter checks the sums it reads."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from plainbill.prices import ListPrices
from tools.list_prices.facts import FACTS
from tools.list_prices.golden import Line, read, shortest, unit_price

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
COMMITTED = ROOT / "src" / "plainbill" / "prices" / "list_prices.csv"
D = Decimal

GOLDEN = """
 Name                                             Monthly Qty  Unit                  Monthly Cost

 aws_ebs_volume.gp3
 ├─ Storage (general purpose SSD, gp3)                    40  GB                           $3.20
 └─ I/O requests                             Monthly cost depends on usage: $0.05 per 1M request

 aws_s3_bucket.usage
 ├─ Standard
 │  └─ Storage                                        10,000  GB                         $230.00  *
 └─ Glacier
    └─ Storage                                            10  GB                           $0.04  *

 OVERALL TOTAL                                                                           $233.24
"""


def convert(data: Path, out: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.list_prices", "--data", str(data), "--out", str(out)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def there() -> Path:
    if not DATA.is_dir():
        assert not os.environ.get("CI"), f"{DATA} is needed in CI"
        pytest.skip(f"{DATA} is not here")
    return DATA


def line(quantity: str | None, cost: str | None, stated: str | None = None) -> Line:
    numbers = [None if text is None else D(text) for text in (quantity, cost, stated)]
    return Line("aws_thing.one", "", "Thing", *numbers)


# --- what is refused ------------------------------------------------------------------------------


def test_a_file_whose_lines_do_not_add_up_is_refused() -> None:
    with pytest.raises(ValueError, match=r"add up to 233\.24, the file says 243\.24"):
        read(GOLDEN.replace("$233.24", "$243.24"))


def test_a_file_in_another_currency_is_refused() -> None:
    with pytest.raises(ValueError, match="no total in dollars"):
        read(GOLDEN.replace("$233.24", "233.24 元"))


def test_two_lines_that_need_two_prices_are_refused() -> None:
    with pytest.raises(ValueError, match="no price can be told"):
        unit_price([line("100", "10.00"), line("100", "11.00")])


def test_a_stated_price_that_does_not_give_the_cost_is_refused() -> None:
    with pytest.raises(ValueError, match="does not give the monthly costs"):
        unit_price([line("100", "10.00"), line(None, None, "0.11")])


def test_a_price_known_from_elsewhere_must_give_the_cost_too() -> None:
    assert unit_price([line("5", "0.20")], given=D("0.04")) == D("0.04")
    with pytest.raises(ValueError, match="does not give the monthly costs"):
        unit_price([line("5", "0.20")], given=D("0.05"))


@pytest.mark.parametrize(
    ("low", "high"),
    [
        pytest.param("0.039", "0.041", id="cents that leave a twentieth open"),
        pytest.param("3.8125", "3.8175", id="five prices of three digits"),
        pytest.param("0", "0.0001", id="perhaps nothing"),
    ],
)
def test_a_price_that_would_be_a_guess_is_refused(low: str, high: str) -> None:
    with pytest.raises(ValueError, match="price"):
        shortest(D(low), D(high))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    done = convert(tmp_path, tmp_path / "out.csv")
    assert done.returncode == 1
    assert ".golden is not there" in done.stderr
    assert not (tmp_path / "out.csv").exists()


def test_a_file_that_lost_a_line_we_price_is_refused(tmp_path: Path) -> None:
    shutil.copytree(there() / "prices" / "infracost_golden", tmp_path / "prices" / "infracost_golden")
    file = tmp_path / "prices" / "infracost_golden" / "nat_gateway_test.golden"
    file.chmod(0o644)
    file.write_text(file.read_text().replace("Data processed", "Data carried away"))
    done = convert(tmp_path, tmp_path / "out.csv")
    assert done.returncode != 0
    assert "nat_gateway_test has no line 'Data processed'" in done.stderr


# --- what is read --------------------------------------------------------------------------------


def test_lines_are_read_with_their_resource_and_section() -> None:
    assert [(one.resource, one.section, one.quantity, one.cost, one.stated) for one in read(GOLDEN)] == [
        ("aws_ebs_volume.gp3", "", D(40), D("3.20"), None),
        ("aws_ebs_volume.gp3", "", None, None, D("0.05")),
        ("aws_s3_bucket.usage", "Standard", D(10_000), D(230), None),
        ("aws_s3_bucket.usage", "Glacier", D(10), D("0.04"), None),
    ]


@pytest.mark.parametrize(
    ("quantity", "cost", "units_per_month", "price"),
    [
        ("730", "16.43", 1, "0.0225"),
        ("730", "99.28", 1, "0.136"),
        ("30", "2.85", 730, "0.00013"),
        ("1", "29.55", 730, "0.04048"),
        ("60000", "59.40", 1, "0.00099"),
        ("2190", "1285.53", 1, "0.587"),
    ],
)
def test_the_price_behind_rounded_cents_is_found(
    quantity: str, cost: str, units_per_month: int, price: str
) -> None:
    assert unit_price([line(quantity, cost)], units_per_month) == D(price)


def test_a_monthly_figure_of_something_hourly_becomes_its_hour() -> None:
    assert unit_price([line(None, None, "5.84"), line("1.3698", "8.00")], 730) == D("0.008")


# --- and what is committed -------------------------------------------------------------------------


def test_the_committed_table_is_what_the_converter_writes(tmp_path: Path) -> None:
    done = convert(there(), tmp_path / "again.csv")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "again.csv").read_bytes() == COMMITTED.read_bytes()


def test_the_table_is_sorted_and_names_its_source_and_licence() -> None:
    lines = COMMITTED.read_text().splitlines()
    rows = [row for row in lines if not row.startswith(("#", "service,"))]
    assert rows == sorted(set(rows))
    assert any(row.startswith("# source: infracost") for row in lines)
    assert any(row.startswith("# licence: Apache-2.0") for row in lines)


def test_a_fact_from_elsewhere_is_in_the_table_with_its_source() -> None:
    for fact in FACTS:
        rate = ListPrices.load().rate("us-east-1", fact.item)
        assert rate is not None
        assert (rate.price.amount, rate.source) == (D(fact.price), fact.source)
