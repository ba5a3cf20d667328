"""The real command, as a user runs it, with nothing of AWS but the demo's endpoint in reach."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plainbill.demo.server import DemoEndpoint


@dataclass(frozen=True)
class Refreshed:
    """A home that the real command has filled from ``demo``, and what the command printed."""

    demo: DemoEndpoint
    home: Path
    run: Mapping[str, Any]


def environment(demo: DemoEndpoint, home: Path, **more: str) -> dict[str, str]:
    """The variables of a process that may know the demo's endpoint and nothing else of AWS."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PLAINBILL_"))}
    nowhere = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    ours = {"PLAINBILL_HOME": str(home), "PLAINBILL_DOTENV": os.devnull}
    return {**mine, **nowhere, **ours, **demo.environment, **more}


def plainbill(*words: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does."""
    command = [sys.executable, "-m", "plainbill", *words]
    return subprocess.run(command, env=dict(env), capture_output=True, text=True, timeout=300, check=False)
