"""The browser of the tests is a real one: it draws, and axe reads what it drew."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from browser.tools import REPOSITORY, axe_source, launched

PNG = b"\x89PNG\r\n\x1a\n"
PAGE = "<html lang='en'><title>A page</title><main><h1>A page</h1><img src='data:,'></main></html>"
ASK = "from browser.tools import find_chromium; print(find_chromium().found)"


@pytest.mark.browser
def test_the_browser_draws_and_axe_finds_what_is_wrong() -> None:
    with launched() as browser:
        page = browser.new_page()
        page.set_content(PAGE)
        assert page.screenshot().startswith(PNG)
        page.evaluate(axe_source())
        violations = page.evaluate("axe.run().then(found => found.violations.map(each => each.id))")
    assert violations == ["image-alt"]


def test_a_browser_that_was_named_but_does_not_run_is_an_error(tmp_path: Path) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\necho 'please install me first' >&2\nexit 1\n")
    broken.chmod(0o755)
    asked = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=REPOSITORY / "tests",
        env={**os.environ, "CHROMIUM": str(broken)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 1
    assert f"$CHROMIUM: {broken} --version failed" in asked.stderr
