"""Every page of the demo in each state of the data: accessible, within its policy, not too wide."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from browser.conftest import Open
from browser.site import Site, served
from browser.tools import axe_source
from e2e.scenes import fill
from plainbill.app.places import MORE_PLACES, PLACES
from plainbill.storage import Home

pytestmark = pytest.mark.browser

ALL = [place.path for place in (*PLACES, *MORE_PLACES)]
NARROW = 360


@pytest.fixture(scope="module", params=["gaps", "stale", "empty", "new"])
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = tmp_path_factory.mktemp(request.param) / "home"
    fill(request.param, home)
    with served(Home(home)) as site:
        yield site


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible(open_page: Open, scene: Site, scheme: str) -> None:
    page = open_page(f"{scene.url}/", color_scheme=scheme)
    found = {}
    for path in ALL:
        page.goto(scene.url + path)
        page.evaluate(axe_source())
        found[path] = page.evaluate("axe.run().then(found => found.violations.map(each => each.id))")
    assert {path: ids for path, ids in found.items() if ids} == {}


def test_no_page_is_wider_than_a_narrow_screen(open_page: Open, scene: Site) -> None:
    page = open_page(f"{scene.url}/", viewport={"width": NARROW, "height": 800})
    wide = {}
    for path in ALL:
        page.goto(scene.url + path)
        wide[path] = page.evaluate("document.documentElement.scrollWidth")
    assert {path: width for path, width in wide.items() if width > NARROW} == {}
