"""What ``plainbill demo --with`` shows is read by the ordinary refresh from what the endpoint does."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from e2e.process import plainbill
from plainbill.cli.codes import USAGE
from plainbill.cli.demo import endpoint, isolate
from plainbill.demo.scenery import scenery
from plainbill.demo.scenes import SCENES
from plainbill.model.period import utc_now

DEVELOPMENT = "777788889999"


def read(scene: str, home: Path) -> Any:
    """The record of a refresh of a scene, by the command line."""
    env = dict(os.environ)
    isolate(env, home)
    with endpoint(scene) as variables:
        done = plainbill("refresh", "--json", env={**env, **variables})
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def test_a_name_that_is_none_is_refused_with_the_names(tmp_path: Path) -> None:
    done = plainbill("demo", "--with", "nothing", env={**os.environ, "PLAINBILL_HOME": str(tmp_path)})
    assert done.returncode == USAGE
    assert all(name in done.stderr for name in SCENES)
    assert not any(tmp_path.iterdir())


def test_every_scene_has_its_scenery() -> None:
    for name, scene in SCENES.items():
        assert scenery(name, utc_now())
        assert scene.about


def test_an_account_with_nothing_is_read_to_the_end(tmp_path: Path) -> None:
    run = read("empty", tmp_path)
    assert (run["state"], run["gaps"]) == ("complete", [])


def test_gaps_are_of_every_kind_and_the_rest_is_read(tmp_path: Path) -> None:
    run = read("gaps", tmp_path)
    assert run["state"] == "partial"
    kinds = {gap["kind"] for gap in run["gaps"]}
    assert kinds >= {"AccessDenied", "RegionDisabled", "Throttled", "DaysMissing", "NotEnabled"}
    assert all(gap["reason"] and gap["remedy"] for gap in run["gaps"])
    (role,) = (gap for gap in run["gaps"] if gap["action"] == "sts:AssumeRole")
    assert role["account_id"] == DEVELOPMENT
    assert any("service control policy" in gap["remedy"] for gap in run["gaps"])
