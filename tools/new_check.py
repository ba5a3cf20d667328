"""Write the beginning of a waste check and of its test: ``make new-check ID=ebs_volume_forgotten``.

The kind of resource is the one whose name the id begins with (``ebs_volume`` is ``EbsVolume``); ``KIND=``
names another. Refuses an id of another form than ``<service>_<resource>_<state>`` and writes over nothing.
"""

from __future__ import annotations

import re
import subprocess
import sys
import typing
from collections.abc import Iterator
from dataclasses import MISSING, fields
from datetime import datetime
from pathlib import Path
from types import UnionType
from typing import Any

from plainbill.model.resources import Resource, all_kinds

REPOSITORY = Path(__file__).resolve().parents[1]
ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+){2,}")

CHECK = '''\
"""{title}."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Effort, Ok, Unknown, Verdict
from {module} import {kind}


@dataclass(frozen=True)
class {name}(WasteCheck[{kind}]):
    """Say here why it costs money.

    Say here what to do, and what goes on to be billed afterwards.
    """

    id, title = "{id}", "{title}"
    resource, action, effort = {kind}, Action.DELETE, Effort.LOW
    rule = "Not tagged {{keep_tag}}, and at least {{min_age_days}} days without use."
    source = "our own proposal"

    keep_tag: str = threshold("keep", "A tag of this name says that somebody wants it.")
    min_age_days: int = threshold(14, "Days without use from which on it is waste.")

    def evaluate(self, resource: {kind}, context: Context) -> Verdict:
        """Judge one resource."""
        if self.keep_tag in resource.tags:
            return Ok(f"tagged {{self.keep_tag}}")
        return Unknown(f"how it was used up to {{context.now:%Y-%m-%d}} is not known")
'''
TEST = '''\
"""{title}: first what must be left alone."""

from __future__ import annotations

from dataclasses import replace

from factories import NOW, context
from plainbill.analyzer.checks.{id} import {name}
from plainbill.model.findings import Ok, Unknown, Verdict
from {module} import {kind}

PLAIN = {kind}(
{values}
)


def judge(resource: {kind}) -> Verdict:
    return {name}().evaluate(resource, context(resource))


def test_what_somebody_wants_to_keep_is_left_alone() -> None:
    assert isinstance(judge(replace(PLAIN, tags={{"keep": "yes"}})), Ok)


def test_without_evidence_nothing_is_said() -> None:
    found = judge(PLAIN)
    assert isinstance(found, Unknown)
    assert f"{{NOW:%Y-%m-%d}}" in found.reason
'''


class RefusedError(Exception):
    """Nothing was written, and why."""


def new_check(check_id: str, kind_name: str = "", root: Path = REPOSITORY) -> tuple[Path, Path]:
    """Write the check and its test below ``root`` and return both; raises ``RefusedError``."""
    if not ID.fullmatch(check_id):
        raise RefusedError(f"{check_id!r} is no id: it is <service>_<resource>_<state> in small letters")
    kind = _kind(check_id, kind_name)
    check = root / "src" / "plainbill" / "analyzer" / "checks" / f"{check_id}.py"
    test = root / "tests" / "analyzer" / "checks" / f"test_{check_id}.py"
    if there := [file for file in (check, test) if file.exists()]:
        raise RefusedError(f"{there[0]} is there already")
    words = {
        "id": check_id,
        "name": _camel(check_id),
        "title": check_id.replace("_", " ").capitalize()[:60],
        "kind": kind.__name__,
        "module": kind.__module__,
        "values": "\n".join(_values(kind)),
    }
    for file, text in ((check, CHECK), (test, TEST)):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.format(**words), encoding="utf-8")
    _lay_out(root, check, test)
    return check, test


def _kind(check_id: str, kind_name: str) -> type[Resource]:
    kinds = {kind.__name__: kind for kind in all_kinds()}
    named = kind_name or "".join(check_id.split("_")[:2])
    for name, kind in kinds.items():
        if name.casefold() == named.casefold():
            return kind
    raise RefusedError(f"{named!r} is no kind of resource; say KIND= with one of: {', '.join(sorted(kinds))}")


def _camel(check_id: str) -> str:
    return "".join(word.capitalize() for word in check_id.split("_"))


def _values(kind: type[Resource]) -> Iterator[str]:
    """Yield an argument for each field that a resource of the kind must have."""
    hints = typing.get_type_hints(kind)
    for one in fields(kind):
        if one.default is MISSING and one.default_factory is MISSING:
            yield f"    {one.name}={_example(hints[one.name], one.name)},"


def _example(hint: Any, name: str) -> str:
    if isinstance(hint, UnionType):
        return "None"
    known = {"account_id": '"111122223333"', "region": '"us-east-1"'}
    values = {str: f'"{name.replace("_", "-")}"', int: "1", float: "1.0", bool: "False", datetime: "NOW"}
    return known.get(name) or values.get(hint) or ("()" if typing.get_origin(hint) is tuple else "{}")


def _lay_out(root: Path, *files: Path) -> None:
    """Let ruff order the imports and break the lines as everywhere else."""
    for command in (["check", "--fix", "--select", "I"], ["format"]):
        subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--quiet", *map(str, files)], cwd=root, check=True
        )


def main(arguments: list[str]) -> int:
    """Write what was asked for; returns the exit code."""
    check_id, kind_name = [*arguments, "", ""][:2]
    try:
        written = new_check(check_id, kind_name)
    except RefusedError as error:
        print(error, file=sys.stderr)
        return 1
    for file in written:
        print(f"wrote {file.relative_to(REPOSITORY)}")
    print(f"write its test on, then the rule; `make test TESTS={written[1].relative_to(REPOSITORY)}` runs it")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
