"""Commands that can be pasted: they exist in AWS's own models, and no name can smuggle in another one."""

from __future__ import annotations

import re
import shlex
from functools import cache

import pytest
from botocore import xform_name
from botocore.model import OperationModel, ServiceModel
from botocore.session import Session
from hypothesis import given
from hypothesis import strategies as st

from factories import instance, volume
from plainbill.analyzer.remedies import TEXTS, Remedy, fields_of, remedy_in, remedy_of
from plainbill.model.findings import Action
from plainbill.model.resources import all_kinds

OF_THE_CLI = {"region", "query", "output"}
FILLED_IN = {"min-count", "max-count"}  # by the CLI, from its own --count, which is 1
KINDS = {kind.source: kind for kind in all_kinds()}
ALL: list[tuple[str, Remedy]] = [
    (f"{source} {action.value} {place}", remedy_in(one.text))
    for (source, action), texts in TEXTS.items()
    for place, one in enumerate(texts)
]
COMMANDS = [
    pytest.param(command, id=f"{name} {place}")
    for name, remedy in ALL
    for place, command in enumerate((*remedy.commands, *remedy.undo))
]
HOSTILE = [
    "vol-1; rm -rf ~", "$(reboot)", "`reboot`", "vol-1\nreboot", "vol-1\x1b[2J", "-x", "--profile=other",
    "file:///etc/passwd", "https://evil.example", "'", '"', "vol 1", "", "\u202evol", "vol|x", "vol&",
    "vol>x", "*", "~", "a\\b", "v" * 600,
]  # fmt: skip


@cache
def service(name: str) -> ServiceModel:
    return Session().get_service_model(name)


def operation_of(words: list[str]) -> tuple[OperationModel, list[str]]:
    """The operation of a command of the AWS CLI and the options it is given."""
    name, call = words[1], words[2]
    model = service(name)
    if call == "wait":
        waiter = Session().get_component("data_loader").load_service_model(name, "waiters-2")["waiters"]
        call = xform_name(next(each for each in waiter if xform_name(each, "-") == words[3]), "-")
        call = waiter[next(each for each in waiter if xform_name(each, "-") == words[3])]["operation"]
        return model.operation_model(call), words[4:]
    found = next(each for each in model.operation_names if xform_name(each, "-") == call)
    return model.operation_model(found), words[3:]


def inner(command: str) -> str:
    """A command without the variable that keeps its answer."""
    found = re.fullmatch(r"[A-Z]+=\$\((.*)\)", command)
    return found[1] if found else command


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_exists_at_aws(command: str) -> None:
    words = shlex.split(inner(command).replace("{{", "{"))
    assert words[0] == "aws"
    operation, rest = operation_of(words)
    members = operation.input_shape.members if operation.input_shape else {}
    allowed = {xform_name(member, "-") for member in members} | OF_THE_CLI
    given_options = {word.removeprefix("--").removeprefix("no-") for word in rest if word.startswith("--")}
    assert given_options <= allowed
    assert "region" in given_options
    required = {xform_name(each, "-") for each in getattr(operation.input_shape, "required_members", ())}
    assert required - FILLED_IN <= given_options


@pytest.mark.parametrize("command", COMMANDS)
def test_what_can_be_tried_dry_is_tried_dry_before_it_destroys(command: str) -> None:
    words = shlex.split(inner(command))
    operation, _ = operation_of(words)
    destroys = re.match(r"(delete|terminate|stop|release|modify)-", words[2]) is not None
    is_undo = any(command in remedy.undo for _, remedy in ALL)
    if destroys and not is_undo and operation.input_shape and "DryRun" in operation.input_shape.members:
        assert "--dry-run" in words


@pytest.mark.parametrize(
    ("source", "action"),
    [pytest.param(*key, id=f"{key[0]} {key[1].value}") for key in TEXTS if key[0] in KINDS],
)
def test_every_name_in_braces_is_an_attribute(source: str, action: Action) -> None:
    for text in TEXTS[source, action]:
        names = fields_of(remedy_in(text.text)) | set(text.only_for)
        assert [name for name in names if not hasattr(KINDS[source], name)] == []


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_not_plainly_a_name_makes_no_command(name: str) -> None:
    assert remedy_of(volume(volume_id=name), Action.DELETE) is None
    assert remedy_of(volume(region=name), Action.DELETE) is None


def test_what_is_not_known_makes_no_command() -> None:
    assert remedy_of(instance(), Action.PURCHASE_SAVINGS_PLANS) is None
    assert remedy_of(volume(volume_type="io1"), Action.UPGRADE) is None


@given(st.text(max_size=40))
def test_a_name_stays_one_word_of_the_shell(name: str) -> None:
    remedy = remedy_of(volume(volume_id=name), Action.DELETE)
    if remedy is not None:
        words = shlex.split(remedy.commands[-1])
        assert words[words.index("--volume-id") + 1] == name
        assert len(words) == 8


def test_a_volume_is_kept_as_a_snapshot_before_it_goes() -> None:
    remedy = remedy_of(volume(), Action.DELETE)
    assert remedy is not None
    assert [shlex.split(inner(command))[2] for command in remedy.commands] == [
        "create-snapshot", "wait", "delete-volume",
    ]  # fmt: skip
    assert "--volume-type gp3" in remedy.undo[0]
    assert remedy.notes[0] == "Run it with credentials of account 111122223333."
