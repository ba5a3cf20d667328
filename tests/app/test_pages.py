"""The page shows what the JSON says, and names written by others stay text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from app.company import EC2, STORED, collected, fleet, gap
from app.conftest import ADDRESS, dashboard
from app.test_status import a_run
from factories import cost_record, utilization
from plainbill.app.pages import changed_query
from plainbill.model.cost import CostTable
from plainbill.model.run import RunState
from plainbill.settings import Settings
from plainbill.storage import CostSpan, Home, SnapshotStore, State

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "</title></style></textarea><svg onload=alert(1)>",
    "javascript:alert(1)",
    "=cmd|' /C calc'!A0",
    "\u202eevil\u2028\u2029\x00\x07",
]


class Seen(HTMLParser):
    """Every element and attribute of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


def elements(html: str) -> list[tuple[str, dict[str, str | None]]]:
    seen = Seen()
    seen.feed(html)
    return seen.elements


def hostile_home(home: Home, name: str) -> None:
    """Every string that AWS gives is the same hostile one."""
    machines = [
        replace(
            machine,
            tags={"Name": name},
            instance_type=name,
            platform=name,
            availability_zone=name,
            managed_by=(name,),
        )
        for machine, _ in fleet().values()
    ]
    costs = {
        table: CostSpan(
            span.period, [replace(row, key=name if row.key == EC2 else row.key) for row in span.records]
        )
        for table, span in collected().costs.items()
    }
    gaps = (gap(reason=name, remedy=name, source=name, kind=name, action=name),)
    accounts = dict.fromkeys(collected().accounts, name)
    SnapshotStore(home.snapshots).write(
        collected(instances=machines, costs=costs, gaps=gaps, accounts=accounts)
    )
    state = State(home.state_db)
    state.start_run(a_run())
    state.finish_run(a_run(state=RunState.FAILED, error=name))
    state.close()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text_everywhere(home: Home, settings: Settings, name: str) -> None:
    hostile_home(home, name)
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    for url in ("/", "/?part=idle", f"/?q={'x' * 5}", "/?sort=name"):
        page = client.get(url)
        assert page.status_code == 200
        for tag, attributes in elements(page.text):
            assert tag != "img"
            assert not [each for each in attributes if each.startswith("on")], (tag, attributes)
            assert tag != "script" or str(attributes.get("src", "")).startswith("/static/")
            assert not str(attributes.get("href") or "").startswith("javascript:")
            assert "style" not in attributes
    shown = client.get("/api/idle-instances").json()["instances"]
    assert {row["name"] for row in shown} == {name}
    assert name in unescape(client.get("/?part=idle").text)


def test_a_hostile_filter_stays_text(client: TestClient) -> None:
    for text in HOSTILE:
        page = client.get("/", params={"q": text})
        assert page.status_code == 200
        assert not [
            each for tag, each in elements(page.text) if tag == "img" or "onerror" in each or "onload" in each
        ]


def test_the_page_says_what_the_json_says(client: TestClient) -> None:
    page = client.get("/").text
    costs, idle = client.get("/api/cost-by-service").json(), client.get("/api/idle-instances").json()
    found = re.search(r'id="sentence">(.*?)</p>', page, re.DOTALL)
    assert found is not None
    sentence = re.sub(r"</?strong>", "", found[1])
    assert f"{idle['counts']['idle']} of {idle['counts']['running']} running instances" in sentence
    assert f"<strong>${round(float(costs['total'])):,}</strong>" in found[1]
    for row in idle["instances"]:
        assert row["instance_id"] in page
    for row in costs["services"]:
        assert row["service"] in page


def test_before_anything_was_read_the_page_stands_without_figures(empty_client: TestClient) -> None:
    page = empty_client.get("/")
    assert page.status_code == 200
    ids = {attributes.get("id") for _, attributes in elements(page.text)}
    assert ids.isdisjoint({"figures", "sentence", "idle"})


@pytest.mark.parametrize("left_out", list(CostTable))
def test_the_page_stands_without_one_of_the_tables(
    home: Home, settings: Settings, left_out: CostTable
) -> None:
    costs = {table: span for table, span in collected().costs.items() if table is not left_out}
    SnapshotStore(home.snapshots).write(collected(costs=costs, gaps=(gap(source="cost_explorer"),)))
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    assert client.get("/").status_code == 200


def test_the_page_stands_without_instances_and_metrics(home: Home, settings: Settings) -> None:
    SnapshotStore(home.snapshots).write(collected(instances=[], utilization={}, metrics_period=None))
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    assert client.get("/").status_code == 200
    assert client.get("/?part=idle").status_code == 200


def test_a_part_is_the_same_as_in_the_whole_page(client: TestClient) -> None:
    whole, part = client.get("/").text, client.get("/?part=idle").text
    assert "<html" not in part
    assert 'id="idle"' in part
    rows = re.findall(r"i-[0-9a-f]{17}", part)
    assert rows
    assert rows == [each for each in re.findall(r"i-[0-9a-f]{17}", whole) if each in rows][: len(rows)]


def test_many_idle_instances_are_paged_by_the_url(home: Home, settings: Settings) -> None:
    idle, _ = fleet()["idle"]
    many = [replace(idle, instance_id=f"i-{n:017x}") for n in range(60)]
    used = {machine.arn: utilization() for machine in many}
    SnapshotStore(home.snapshots).write(collected(instances=many, utilization=used))
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    pages = [client.get(f"/?part=idle&sort=instance_id&page={page}").text for page in (1, 2, 3, 9)]
    ids = [list(dict.fromkeys(re.findall(r"i-[0-9a-f]{17}", page))) for page in pages]
    assert [len(each) for each in ids] == [25, 25, 10, 10]
    assert ids[0] + ids[1] + ids[2] == [machine.instance_id for machine in many]
    assert len(client.get("/api/idle-instances").json()["instances"]) == 60


@pytest.mark.parametrize(("accounts", "shown"), [(12, 12), (13, 10)])
def test_all_of_a_few_accounts_are_shown_and_of_many_the_largest_and_the_sum_of_the_others(
    home: Home, settings: Settings, accounts: int, shown: int
) -> None:
    day = STORED.end_day - timedelta(days=1)
    records = [cost_record(day, EC2, str(n + 1), f"{n:012}") for n in range(accounts)]
    costs = {CostTable.SERVICE: CostSpan(STORED, records)}
    SnapshotStore(home.snapshots).write(collected(costs=costs, accounts={"000000000000": None}))
    page = TestClient(dashboard(home, settings), base_url=ADDRESS).get("/").text
    table = page.partition("By account</caption>")[2].partition("</table>")[0]
    others = accounts - shown
    rows = [*range(accounts, others, -1), *([sum(range(others + 1))] if others else [])]
    assert re.findall(r"\$([\d.]+)", table) == [f"{cost}.00" for cost in (*rows, sum(rows))]
    assert (f"{others} others</a>" in table) is (others > 0)


@pytest.mark.parametrize(
    ("asked", "changes", "url"),
    [
        ({}, {}, "/"),
        ({"part": "idle", "q": ""}, {}, "/"),
        ({"page": "3", "sort": "name"}, {"page": None}, "/?sort=name"),
        ({"q": "a b&c"}, {"page": 2}, "/?q=a+b%26c&page=2"),
        ({"page": "1"}, {"page": 2}, "/?page=2"),
    ],
)
def test_links_keep_what_they_do_not_change(
    asked: dict[str, str], changes: dict[str, object], url: str
) -> None:
    assert changed_query(asked)(**changes) == url
