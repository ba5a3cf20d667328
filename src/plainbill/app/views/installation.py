"""This installation: its settings, what it stores, when it refreshes. No secret is in any of these values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from plainbill.settings import PREFIX, Settings, as_written, default_of, effect_of

_AWS_VARIABLES = (
    "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_ENDPOINT_URL",
    "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONFIG_FILE", "AWS_CA_BUNDLE",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRowView:
    """One setting with the value in force; of a secret only whether it is ``set``. Empty is none."""

    variable: str
    value: str
    is_secret: bool
    default: str
    origin: str
    description: str
    effect: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredView:
    """What some stored files are for, how many they are and how many bytes they hold."""

    what: str
    files: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessView:
    """A text to copy: a policy or a role that lets Plainbill read, and the command that prints it."""

    title: str
    command: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsView:
    """The settings and the state of this installation.

    ``next_refresh`` is None where no refresh starts by itself; ``last_refresh`` is when the shown data were
    read. ``aws_variables`` are AWS's own that are set, by name: Plainbill does not show what they hold.
    """

    version: str
    home: str
    settings: Sequence[SettingRowView]
    aws_variables: Sequence[str]
    stored: Sequence[StoredView]
    last_refresh: datetime | None
    next_refresh: datetime | None
    access: Sequence[AccessView]


def setting_rows(settings: Settings) -> Iterator[SettingRowView]:
    """Every setting, in the order of the document of settings."""
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        is_secret = "SecretStr" in str(field.annotation)
        yield SettingRowView(
            variable=f"{PREFIX}{name.upper()}",
            value=("set" if value else "") if is_secret else as_written(value),
            is_secret=is_secret,
            default=default_of(field),
            origin=settings.origin(name).value,
            description=field.description or "",
            effect=effect_of(field),
        )


def aws_variables(environment: Mapping[str, str]) -> Sequence[str]:
    """Return the names of AWS's own variables that are set."""
    return tuple(name for name in _AWS_VARIABLES if environment.get(name))


def next_refresh(taken_at: datetime | None, hours: int, now: datetime) -> datetime | None:
    """Return when data become so old that ``serve`` refreshes them; None where it never does."""
    if not hours:
        return None
    return now if taken_at is None else max(now, taken_at + timedelta(hours=hours))
