"""Plainbill itself, stock from the command line, reads an estate of any size to the end."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from plainbill.cli.demo import isolate
from plainbill.demo.habits import Expected
from plainbill.demo.large_shape import Shape
from plainbill.demo.server import DemoEndpoint

OWN = (sys.executable, "-m", "plainbill")


@pytest.mark.slow
def test_a_whole_refresh_has_no_gap_and_every_idle_instance_is_found(tmp_path: Path) -> None:
    with DemoEndpoint(shape=Shape(60, 3, 2)) as aws:
        environment = dict(os.environ)
        isolate(environment, tmp_path)
        environment.update(aws.environment)
        done = subprocess.run(
            (*OWN, "refresh", "--json"), env=environment, stdout=subprocess.PIPE, check=True
        )
        run = json.loads(done.stdout)
        assert (run["state"], run["gaps"]) == ("complete", [])
        command = (*OWN, "findings", "--check", "ec2_instance_idle", "--csv")
        told = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
        found = {row["resource_id"] for row in csv.DictReader(io.StringIO(told))}
        assert found >= aws.estate.idle()
        assert all(aws.estate.truth(one) is not Expected.NOT_IDLE for one in found)
