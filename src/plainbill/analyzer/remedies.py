"""What would end a waste, as commands of the AWS CLI to read and copy, and what undoes it.

Plainbill never runs them: it only reads. Names and ids come from whoever may name a resource, and a command
is pasted into a shell: a value that is not plainly a name makes no command at all.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from textwrap import dedent

from plainbill.analyzer.remedy_texts import TEXTS
from plainbill.model.findings import Action
from plainbill.model.resources import Resource

_PLAIN = re.compile(r"(?!-)(?!.*://)[A-Za-z0-9_.:/+=@#,-]{1,512}", re.ASCII)
"""What AWS's own names are made of. Not at the start a hyphen (an option), nowhere ``://``: the AWS CLI reads
the file or page that such a value names."""
_DRY_RUN = "--dry-run only asks whether you may. Take it off to do it."


@dataclass(frozen=True, slots=True)
class Remedy:
    """Commands for a POSIX shell, in order; ``undo`` is empty where nothing brings the thing back."""

    commands: tuple[str, ...]
    undo: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def remedy_of(resource: Resource, action: Action) -> Remedy | None:
    """Return the commands for a kind of resource and an action; None where they cannot be derived."""
    text = TEXTS.get((resource.source, action))
    if text is None or not _fits(resource, text.only_for):
        return None
    remedy = remedy_in(text.text)
    words = _words(resource, fields_of(remedy))
    if words is None:
        return None
    commands = tuple(command.format_map(words) for command in remedy.commands)
    dry = (_DRY_RUN,) if any("--dry-run" in command for command in commands) else ()
    return Remedy(
        commands,
        tuple(command.format_map(words) for command in remedy.undo),
        (f"Run it with credentials of account {words['account_id']}.", *dry, *remedy.notes),
    )


def remedy_in(text: str) -> Remedy:
    """Read a remedy: a command a line, an indented line continues it; ``undo:`` begins the way back."""
    parts: dict[str, list[str]] = {"do": [], "undo": [], "note": []}
    place = "do"
    for line in dedent(text).strip().splitlines():
        if line.startswith(" "):
            parts[place][-1] += f" {line.strip()}"
        elif line == "undo:":
            place = "undo"
        elif line.startswith("note: "):
            place = "note"
            parts[place].append(line.removeprefix("note: "))
        else:
            parts[place].append(line)
    return Remedy(tuple(parts["do"]), tuple(parts["undo"]), tuple(parts["note"]))


def fields_of(remedy: Remedy) -> frozenset[str]:
    """Return the attributes of a resource that the commands name in braces."""
    parts = (part for command in (*remedy.commands, *remedy.undo) for part in Formatter().parse(command))
    return frozenset({name for _, name, _, _ in parts if name} | {"account_id"})


def _words(resource: Resource, names: frozenset[str]) -> dict[str, str] | None:
    """Return the values as words of a shell; None where one is not known or is not plainly a name."""
    values = {name: getattr(resource, name, None) for name in names}
    if any(value is None or not _PLAIN.fullmatch(str(value)) for value in values.values()):
        return None
    return {name: shlex.quote(str(value)) for name, value in values.items()}


def _fits(resource: Resource, only_for: Mapping[str, object]) -> bool:
    return all(getattr(resource, name, None) == value for name, value in only_for.items())
