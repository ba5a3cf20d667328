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

from plainbill.analyzer.remedies.apps import APPS
from plainbill.analyzer.remedies.data import DATA
from plainbill.analyzer.remedies.ec2 import EC2
from plainbill.analyzer.remedies.text import RemedyText, Texts
from plainbill.model.findings import Action
from plainbill.model.resources import Resource

TEXTS: Texts = {**EC2, **DATA, **APPS}
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
    texts = TEXTS.get((resource.source, action), ())
    text = next((one for one in texts if _fits(resource, one)), None)
    if text is None:
        return None
    remedy = remedy_in(text.text)
    words = _words(resource, fields_of(remedy))
    if words is None:
        return None
    commands = tuple(command.format_map(words) for command in remedy.commands)
    undo = tuple(command.format_map(words) for command in remedy.undo)
    dry = (_DRY_RUN,) if any("--dry-run" in command for command in commands) else ()
    whose = f"Run it with credentials of account {words['account_id']}."
    return Remedy(commands, undo, (whose, *dry, *remedy.notes))


def remedy_in(text: str) -> Remedy:
    """Read a remedy as ``text.py`` says that it is written."""
    parts: dict[str, list[str]] = {"do": [], "undo": [], "note": []}
    way = place = "do"
    for line in filter(str.strip, dedent(text).splitlines()):
        if line.startswith(" "):
            parts[place][-1] += f" {line.strip()}"
        elif line == "undo:":
            way = place = "undo"
        else:
            place = "note" if line.startswith("note: ") else way
            parts[place].append(line.removeprefix("note: "))
    return Remedy(tuple(parts["do"]), tuple(parts["undo"]), tuple(parts["note"]))


def fields_of(remedy: Remedy) -> frozenset[str]:
    """Return the attributes of a resource that the commands name in braces."""
    parts = (part for command in (*remedy.commands, *remedy.undo) for part in Formatter().parse(command))
    return frozenset({name for _, name, _, _ in parts if name} | {"account_id"})


def _words(resource: Resource, names: frozenset[str]) -> Mapping[str, str] | None:
    """Return the values as words of a shell; None where one is not known or is not plainly a name."""
    words: dict[str, str] = {}
    for name in names:
        value = getattr(resource, name, None)
        values = [str(one) for one in (value if isinstance(value, tuple) else (value,)) if one is not None]
        if not values or not all(map(_PLAIN.fullmatch, values)):
            return None
        words[name] = shlex.join(values)
    return words


def _fits(resource: Resource, text: RemedyText) -> bool:
    return all(getattr(resource, name, None) == value for name, value in text.only_for.items())
