"""Write the documents that say what the code says: settings, ``.env.example``, IAM policy, checks.

``python tools/documents.py`` writes them; with ``--check`` it writes nothing and exits 1, naming what is out
of step. A document nobody can forget to update is one that nobody writes by hand.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from plainbill.cli.policy_document import iam_policy
from plainbill.data_fetcher.source import all_reads
from plainbill.settings import PREFIX, Settings, default_of, effect_of

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for the module beside this one
from tools.checks_page import checks_page

REPOSITORY = Path(__file__).resolve().parents[1]

SETTINGS_HEAD = """\
# Settings

Generated from `src/plainbill/settings.py` by `make docs`; change it there.

Every setting is an environment variable; a line in a file `.env` in the working directory does the same, and
the environment wins over it. Start from [`.env.example`](../.env.example).

| variable | default | what it does | its effect on calls and dollars |
|---|---|---|---|
"""
SETTINGS_TAIL = """
Where the AWS credentials come from is not Plainbill's to settle: it asks boto3, which looks at the
environment (`AWS_PROFILE`, `AWS_ACCESS_KEY_ID` ...), at `~/.aws/config` with its profiles and SSO sessions,
and at the role of the machine or container it runs on. `AWS_ENDPOINT_URL` is honoured everywhere.
"""
ENV_HEAD = """\
# Copy to .env and take the # off the lines you need. .env is never committed.
# Generated from src/plainbill/settings.py by `make docs`; change it there.
"""
ENV_TAIL = """
# AWS's own variables, read by boto3. A profile or a role is better than keys in a file.
# AWS_PROFILE=
# AWS_REGION=
# AWS_ACCESS_KEY_ID=
# AWS_SECRET_ACCESS_KEY=
# AWS_SESSION_TOKEN=

# Another AWS-compatible endpoint instead of AWS itself.
# AWS_ENDPOINT_URL=
"""


def settings_page() -> str:
    """``docs/settings.md``."""
    rows = [
        f"| `{PREFIX}{name.upper()}` | {f'`{default_of(setting)}`' if default_of(setting) else 'none'} "
        f"| {setting.description} | {effect_of(setting)} |"
        for name, setting in Settings.model_fields.items()
    ]
    return SETTINGS_HEAD + "\n".join(rows) + "\n" + SETTINGS_TAIL


def env_example() -> str:
    """``.env.example``: every setting, commented out, with its default."""
    entries = [
        f"\n# {setting.description}\n# {PREFIX}{name.upper()}={default_of(setting)}\n"
        for name, setting in Settings.model_fields.items()
    ]
    return ENV_HEAD + "".join(entries) + ENV_TAIL


def policy_document() -> str:
    """``docs/iam-policy.json``: exactly the reads that the sources declare."""
    return json.dumps(iam_policy(declared_actions()), indent=2) + "\n"


def actions_list() -> str:
    """The list of actions in the package: of those reads, for ``plainbill iam-policy`` and ``serve``."""
    return json.dumps(declared_actions(), indent=2) + "\n"


def declared_actions() -> list[str]:
    """IAM's names of the reads that the sources declare, sorted."""
    return sorted({read.iam_action for read in all_reads()})


DOCUMENTS: dict[str, Callable[[], str]] = {
    "docs/settings.md": settings_page,
    ".env.example": env_example,
    "docs/iam-policy.json": policy_document,
    "src/plainbill/cli/iam_actions.json": actions_list,
    "docs/checks.md": checks_page,
}


def out_of_step() -> list[str]:
    """The documents whose file differs from what the code says now."""
    return [name for name, text in DOCUMENTS.items() if _read(REPOSITORY / name) != text()]


def _read(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.exists() else None


def main(arguments: list[str]) -> int:
    """Write, or with ``--check`` compare; returns the exit code."""
    stale = out_of_step()
    if "--check" in arguments:
        print(f"out of step, run `make docs`: {', '.join(stale)}" if stale else "documents in step")
        return 1 if stale else 0
    for name in stale:
        (REPOSITORY / name).write_text(DOCUMENTS[name](), encoding="utf-8")
        print(f"wrote {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
