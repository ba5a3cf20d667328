"""What people do with policies: save the thresholds of a question, judge by them, forget them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import Field, StringConstraints

from plainbill.analyzer.policy import unusual, with_thresholds
from plainbill.analyzer.registry import Check
from plainbill.analyzer.what_if import SettingError
from plainbill.app.forms import Note, Who, checked, fields_of
from plainbill.app.params import Params
from plainbill.app.problems import ParameterError
from plainbill.app.record import Record
from plainbill.errors import PlainbillError
from plainbill.model.policy import Policy, PolicyUse, Thresholds

_LONGEST_NAME, _LONGEST_VALUE, _MOST_THRESHOLDS = 60, 200, 40
_THRESHOLD = "set-"  # before the name of a threshold in a form
_IN_NAME = r"[^/\\\x00-\x1f\x7f]"  # a name is a part of an address, and of a line of text
NAME_PATTERN = rf"^{_IN_NAME}*[^/\\\x00-\x1f\x7f\s]{_IN_NAME}*$"  # and not blank
PolicyName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=_LONGEST_NAME, pattern=NAME_PATTERN),
]
_Value = Annotated[str, StringConstraints(max_length=_LONGEST_VALUE)]
_Name = Field(description="The policy's name.", examples=["night shift"])
_By = Field(description="Who does it.", examples=["kim"])


class SavePolicyParams(Params):
    """The thresholds of one check, to be kept in a policy in place of what it said of that check."""

    name: PolicyName = _Name
    check: str = Field(description="The check.", max_length=100, examples=["ebs_volume_unattached"])
    thresholds: dict[str, _Value] = Field(
        description="Values by threshold, as texts; usual ones are not kept. None takes the check out.",
        max_length=_MOST_THRESHOLDS,
        examples=[{"min_age_days": "30"}],
    )
    note: Note | None = Field(default=None, description="Why.", examples=["agreed with the DBAs"])
    who: Who = _By


class UsePolicyParams(Params):
    """By which policy findings are judged from now on."""

    name: PolicyName | None = Field(
        default=None,
        description="The policy's name; without it the usual thresholds.",
        examples=["night shift"],
    )
    who: Who = _By


class ForgetPolicyParams(Params):
    """Which policy is forgotten, and by whom."""

    name: PolicyName = _Name
    who: Who = _By


class RemovalParams(Params):
    """Who removes what an address names."""

    who: Who = _By


class PolicyForm(Params):
    """What the buttons of the page of policies say."""

    act: Literal["use", "forget", "usual"]
    name: PolicyName | None = None
    who: Who


def name_in_path(what: str) -> Any:
    """Return how a name is described that is a part of an address."""
    return Path(
        description=f"The {what}'s name.", min_length=1, max_length=_LONGEST_NAME, pattern=NAME_PATTERN
    )


def save_policy(record: Record, params: SavePolicyParams) -> Policy:
    """Keep the thresholds of one check under a name; raises ``ParameterError`` for what cannot be used.

    A check that is no more can be taken out of a policy that still names it, and nothing else.
    """
    check = next((one for one in record.usual_checks if one.id == params.check), None)
    texts = {} if check is None else _usable(check, params.thresholds)
    now = record.now()

    def change(before: Policy | None) -> Policy:
        settings = {} if before is None else dict(before.settings)
        if check is None and (params.thresholds or params.check not in settings):
            raise ParameterError("check", params.check, "the id of a check; /api/checks has them all")
        settings.pop(params.check, None)
        note = params.note or (before.note if before else None)
        kept = {**settings, params.check: texts} if texts else settings
        return Policy(name=params.name, settings=kept, note=note, who=params.who, saved_at=now)

    return record.state.save_policy(params.name, change)


def _usable(check: Check, thresholds: Thresholds) -> Thresholds:
    """Return those that differ from the usual ones; raises ``ParameterError``."""
    try:
        texts = unusual(check, thresholds)
        with_thresholds(check, texts)
    except SettingError as error:
        raise ParameterError(error.name, error.received, error.allowed) from error
    return texts


class PolicyRefusedError(PlainbillError):
    """A policy cannot be put in force: some of its thresholds are no more, or not allowed any more."""


def use_policy(record: Record, params: UsePolicyParams) -> bool:
    """Judge by a policy, or as usual; False where there is none of that name.

    Raises ``PolicyRefusedError`` for one that cannot be followed wholly; what was in force stays so.
    """
    asked = next((one for one in record.policies().policies if one.name == params.name), None)
    if asked is not None and asked.problems:
        raise PolicyRefusedError(
            f"the policy {asked.name!r} cannot be put in force: {'; '.join(asked.problems)}. "
            "Keep these thresholds anew in it, or take them out"
        )
    return record.state.use_policy(PolicyUse(at=record.now(), name=params.name, who=params.who))


def forget_policy(record: Record, params: ForgetPolicyParams) -> bool:
    """Forget a policy, and judge as usual where it was in force; False where there is none of that name."""
    usual = PolicyUse(at=record.now(), name=None, who=params.who)
    return record.state.delete_policy(params.name, usual)


def thresholds_form(body: bytes) -> SavePolicyParams:
    """Return what the form under a what-if question says: its thresholds have a word before their names."""
    fields = fields_of(body)
    thresholds = {
        name.removeprefix(_THRESHOLD): value for name, value in fields.items() if name.startswith(_THRESHOLD)
    }
    others = {name: value for name, value in fields.items() if not name.startswith(_THRESHOLD)}
    return checked({**others, "thresholds": thresholds}, SavePolicyParams)
