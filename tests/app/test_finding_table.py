"""The index of findings gives what looking at each of them would."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from plainbill.app.examples_findings import FINDINGS
from plainbill.app.finding_params import FindingSort
from plainbill.app.finding_queries import FindingQuery
from plainbill.app.views.finding_shapes import FindingRowView
from plainbill.app.views.finding_table import FindingTable
from plainbill.app.views.standing import LISTED
from plainbill.model.findings import Confidence, Effort

PLAIN = FINDINGS.findings[0]
CHECKS, ACCOUNTS, REGIONS = (
    ("ebs_a_b", "ebs_c_d", "rds_e_f"),
    ("1" * 12, "2" * 12),
    ("us-east-1", "eu-west-1"),
)
AMOUNTS = st.none() | st.integers(0, 5).map(Decimal)
SORTS = [sign + field for field in FindingSort.__args__ for sign in ("", "-")]  # type: ignore[attr-defined]  # of a Literal


@st.composite
def tables(draw: st.DrawFn) -> list[FindingRowView]:
    rows = []
    for number in range(draw(st.integers(0, 25))):
        check, saving = draw(st.sampled_from(CHECKS)), draw(AMOUNTS)
        row = replace(
            PLAIN,
            finding_id=f"{number:016x}",
            check_id=check,
            service=check.partition("_")[0],
            title=draw(st.sampled_from(["Old", "new"])),
            arn=f"arn:{number}",
            resource_id=f"r-{number}",
            name=draw(st.sampled_from([None, "Web", "db"])),
            account_id=draw(st.sampled_from(ACCOUNTS)),
            region=draw(st.sampled_from(REGIONS)),
            confidence=draw(st.sampled_from([None, *(one.value for one in Confidence)])),
            effort=draw(st.sampled_from([one.value for one in Effort])),
            state=draw(st.sampled_from(["open", "acted", "gone", "dismissed"])),
            currency=draw(st.sampled_from(["USD", "CNY"])),
            monthly_saving=saving,
            counted_saving=saving,
        )
        rows.append(row)
    return rows


QUERIES = st.builds(
    FindingQuery,
    check=st.sampled_from([None, None, *CHECKS]),
    account=st.sampled_from([None, None, *ACCOUNTS]),
    region=st.sampled_from([None, *REGIONS, "sa-east-1"]),
    service=st.sampled_from([None, "ebs"]),
    confidence=st.sampled_from([None, "high"]),
    state=st.sampled_from([None, "all", "gone"]),
    q=st.sampled_from(["", "WEB", "web old", "r-1"]),
    sort=st.sampled_from(SORTS),
)


def wanted(rows: list[FindingRowView], query: FindingQuery) -> list[FindingRowView]:
    """Every row looked at by itself."""
    words = query.q.casefold().split()
    return [
        row
        for row in rows
        if query.wants(row.check_id, row.account_id, row.region)
        and query.confidence in (None, row.confidence)
        and (row.state in LISTED if query.state is None else query.state in ("all", row.state))
        and all(word in f"{row.title} {row.name or ''} {row.resource_id}".casefold() for word in words)
    ]


@given(tables(), QUERIES)
def test_what_a_query_names_is_found_whichever_index_finds_it(
    rows: list[FindingRowView], query: FindingQuery
) -> None:
    plain = [replace(row, reason="", account_name=None) for row in rows]
    table = FindingTable(plain)
    found = table.matching(query)
    assert {row.finding_id for row in found} == {row.finding_id for row in wanted(plain, query)}
    assert len(found) == len(wanted(plain, query))


@given(tables(), st.sampled_from(SORTS))
def test_rows_come_in_order_and_unknown_values_last(rows: list[FindingRowView], sort: str) -> None:
    field = sort.removeprefix("-")
    found = FindingTable(rows).matching(FindingQuery(state="all", sort=sort))
    values = [getattr(row, field) for row in found]
    known = [value for value in values if value is not None]
    assert values[: len(known)] == known
    if field not in {"confidence", "effort"}:
        keys = [value.casefold() if isinstance(value, str) else value for value in known]
        assert keys == sorted(keys, reverse=sort.startswith("-"))
    equal = [(row.check_id, row.arn) for row in found if getattr(row, field) == (known or [None])[0]]
    if field not in {"title", "name"}:
        assert equal == sorted(equal)


@given(tables(), QUERIES)
def test_totals_are_the_sums_of_what_is_listed(rows: list[FindingRowView], query: FindingQuery) -> None:
    table = FindingTable(rows)
    places = table.in_state(table.places(query), query.state)
    totals, listed = table.totals(places), [row for row in table.at(places) if row.state in LISTED]
    assert totals.findings == len(listed)
    assert totals.unknown_price == sum(row.monthly_saving is None for row in listed)
    for currency in ("USD", "CNY"):
        amounts = [row.counted_saving for row in listed if row.currency == currency]
        known = [amount for amount in amounts if amount is not None]
        assert totals.monthly_saving.get(currency) == (sum(known) if known else None)
    assert sum(totals.by_check.values()) == len(listed)
