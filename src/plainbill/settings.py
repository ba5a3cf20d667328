"""All settings, each with its help text; read from the environment and ``.env``."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from dotenv import dotenv_values, load_dotenv
from pydantic import (
    Field,
    JsonValue,
    PrivateAttr,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from plainbill.errors import ConfigError

_ROLE_NAME = re.compile(r"(?:[\w+=,.@-]+/)*[\w+=,.@-]{1,64}", re.ASCII)  # IAM's own rule
_ACCOUNT_ID = re.compile(r"\d{12}", re.ASCII)
_LISTS = (
    "allowed_hosts",
    "role_arns",
    "profiles",
    "regions",
    "cost_groupings",
    "cost_tag",
    "cost_category",
)
_LONGEST_NAME = 128
"""Characters of a tag's key at AWS; a cost category's name has fewer."""
Words = Annotated[tuple[str, ...], NoDecode]
PREFIX = "PLAINBILL_"


def _effect(text: str) -> dict[str, JsonValue]:
    """What a setting does to AWS calls and their dollars, for the page and the document of settings."""
    return {"effect": text}


NO_EFFECT = _effect("None.")


class Origin(StrEnum):
    """Where the value in force comes from; the later wins."""

    DEFAULT = "default"
    DOTENV = ".env"
    ENVIRONMENT = "environment"
    OPTION = "command line"


class Settings(BaseSettings):
    """Plainbill's own settings, ``PLAINBILL_*``; AWS's own variables (``AWS_PROFILE`` ...) are boto3's."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    home: Path = Field(
        default=Path("~/.local/share/plainbill"),
        description="The folder that holds all of Plainbill's files.",
        json_schema_extra=NO_EFFECT,
    )
    host: str = Field(
        default="127.0.0.1",
        description="The address to listen on; any but loopback needs a password.",
        json_schema_extra=NO_EFFECT,
    )
    port: int = Field(
        default=8585,
        ge=0,
        le=65535,
        description="The port of the dashboard.",
        json_schema_extra=NO_EFFECT,
    )
    password: SecretStr | None = Field(
        default=None,
        description="Asked for by the dashboard (user name: any); needed beyond loopback.",
        json_schema_extra=NO_EFFECT,
    )
    allowed_hosts: Words = Field(
        default=(),
        description="Further host names the dashboard answers to, separated by commas.",
        json_schema_extra=NO_EFFECT,
    )
    role_arns: Words = Field(
        default=(),
        description="Roles to assume, one for each further account, separated by commas.",
        json_schema_extra=_effect(
            "Each account adds its own calls: metrics at $0.01 for 1,000; the rest is free."
        ),
    )
    external_id: SecretStr | None = Field(
        default=None,
        description="The ExternalId that the roles' trust policies ask for.",
        json_schema_extra=NO_EFFECT,
    )
    organization_role: str | None = Field(
        default=None,
        description="The name of a role to assume in every further account of the organization "
        "(`PlainbillReadOnly`); the accounts are listed by organizations:ListAccounts.",
        json_schema_extra=_effect(
            "Each account adds its own calls: metrics at $0.01 for 1,000; the rest is free."
        ),
    )
    profiles: Words = Field(
        default=(),
        description="Named profiles of `~/.aws/config`, separated by commas, each for a further account: "
        "static keys, single sign-on, a role with a source_profile, credential_process.",
        json_schema_extra=_effect(
            "Each account adds its own calls: metrics at $0.01 for 1,000; the rest is free."
        ),
    )
    monitoring_account: str | None = Field(
        default=None,
        description="The account of CloudWatch cross-account observability (12 digits), one of those that "
        "are read: metrics of what is linked to it are asked there, in fewer calls.",
        json_schema_extra=_effect("Fewer calls for the same metrics."),
    )
    regions: Words = Field(
        default=("all",),
        description="Where to look: `all` enabled Regions; `auto` leaves out, for a week at most, those "
        "without usage on the bill and without anything at the last look; or names, separated by commas.",
        json_schema_extra=_effect(
            "Fewer Regions are fewer calls, most of them free; metrics cost $0.01 for 1,000."
        ),
    )
    cost_days: int = Field(
        default=30,
        ge=1,
        le=366,
        description="Days of cost the first screen shows.",
        json_schema_extra=_effect("None: 13 months are read whatever is shown."),
    )
    idle_days: int = Field(
        default=14,
        ge=1,
        le=455,
        description="Days of an instance's load that the idle table judges by.",
        json_schema_extra=_effect("None: it is judged from what is stored."),
    )
    metric_days: int = Field(
        default=60,
        ge=1,
        le=455,
        description="Days of CloudWatch metrics of instances to read; AWS bills metrics, not days.",
        json_schema_extra=_effect("More days are more answers, not more metrics: the price stays."),
    )
    refresh_hours: int = Field(
        default=24,
        ge=0,
        le=8784,  # a year
        description="`serve` refreshes data older than this; 0 never refreshes by itself.",
        json_schema_extra=_effect("Each refresh is paid anew; half the hours are about twice the dollars."),
    )
    monthly_api_dollars: Decimal | None = Field(
        default=None,
        ge=0,
        allow_inf_nan=False,
        description="The most US dollars that reading AWS may cost in a calendar month (UTC); a refresh that "
        "is expected to pass it is not begun.",
        json_schema_extra=_effect("The ceiling of it all, in US dollars a month."),
    )
    cost_explorer_requests_a_day: int = Field(
        default=10,
        ge=0,
        description="The most requests to Cost Explorer, $0.01 each, in a day (UTC), over all refreshes; "
        "pages that were begun are finished. What is not asked keeps its last figures, with their age.",
        json_schema_extra=_effect("At most $0.01 times this a day; fewer leave older figures."),
    )
    cost_groupings: Words = Field(
        default=("region", "usage_type", "purchase_type"),
        description="What days of cost are also grouped by, in the order of what it is worth, separated by "
        "commas: `region`, `usage_type`, `purchase_type`. Each is a Cost Explorer request a day at least.",
        json_schema_extra=_effect("$0.01 a day for each at least, within the requests of a day."),
    )
    cost_tag: Words = Field(
        default=(),
        description="The keys of cost allocation tags that costs are also grouped by, separated by commas, "
        "most worth first; each is a request a day.",
        json_schema_extra=_effect("$0.01 a day for each at least, within the requests of a day."),
    )
    cost_category: Words = Field(
        default=(),
        description="The names of cost categories that costs are also grouped by, separated by commas, most "
        "worth first; each is a request a day.",
        json_schema_extra=_effect("$0.01 a day for each at least, within the requests of a day."),
    )
    aws_opinions: bool = Field(
        default=True,
        description="Ask AWS also for its own anomalies (once a day), forecast (every third day) and reasons "
        "for the last month's change (twice a month), to show beside Plainbill's: about $0.42 a month, "
        "within the requests a day.",
        json_schema_extra=_effect("About $0.42 a month, within the requests of a day."),
    )
    free_metrics: Literal["auto", "on", "off"] = Field(
        default="off",
        description="Ask for metrics one by one, within CloudWatch's free million requests a month: `auto` "
        "where a small fleet is sure to stay far below it, `on` always, `off` never.",
        json_schema_extra=_effect("Up to a million requests a month are free; beyond, $0.01 for 1,000."),
    )

    _origins: Mapping[str, Origin] = PrivateAttr(default_factory=dict)

    def origin(self, name: str) -> Origin:
        """Return where the value of a setting comes from; an argument of a program counts as an option."""
        usual = Origin.OPTION if name in self.model_fields_set else Origin.DEFAULT
        return self._origins.get(name, usual)

    @property
    def cost_details(self) -> tuple[str, ...]:
        """The further tables of costs to ask for, most worth first: ``region``, ``tag:team`` ..."""
        tags = (f"tag:{key}" for key in self.cost_tag)
        return (*self.cost_groupings, *tags, *(f"cost_category:{name}" for name in self.cost_category))

    @field_validator(*_LISTS, mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            tuple(word.strip() for word in value.split(",") if word.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("regions", mode="after")
    @classmethod
    def _regions(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if len(value) > 1 and {"all", "auto"} & set(value):
            raise ValueError("all, auto, or names of Regions separated by commas")
        return value or ("all",)

    @field_validator("cost_groupings", mode="after")
    @classmethod
    def _known_groupings(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := set(value) - {"region", "usage_type", "purchase_type"}:
            raise ValueError(f"region, usage_type, purchase_type; not {', '.join(sorted(unknown))}")
        return tuple(dict.fromkeys(value))

    @field_validator("cost_tag", "cost_category", mode="after")
    @classmethod
    def _chosen_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := [name for name in value if len(name) > _LONGEST_NAME or "$" in name]:
            raise ValueError(f"names of at most {_LONGEST_NAME} characters without $; not {wrong[0]}")
        return tuple(dict.fromkeys(value))

    @field_validator("organization_role", mode="after")
    @classmethod
    def _role_name(cls, value: str | None) -> str | None:
        if value and not _ROLE_NAME.fullmatch(value):
            raise ValueError("the name of a role, with its path if it has one, not an ARN")
        return value or None

    @field_validator("monitoring_account", mode="after")
    @classmethod
    def _account_id(cls, value: str | None) -> str | None:
        if value and not _ACCOUNT_ID.fullmatch(value):
            raise ValueError("the 12 digits of an account")
        return value or None

    @field_validator("home", "monthly_api_dollars", mode="before")
    @classmethod
    def _empty_is_default(cls, value: object, info: ValidationInfo) -> object:
        # An empty path would be the working directory.
        return cls.model_fields[str(info.field_name)].default if value == "" else value

    @field_validator("home", mode="after")
    @classmethod
    def _expand(cls, value: Path) -> Path:
        try:
            home = value.expanduser().absolute()
        except RuntimeError:  # no such user, or one without a home folder
            raise ValueError("a folder, written without ~ where nobody knows what ~ stands for") from None
        if not _is_text(str(home)):
            raise ValueError("a folder whose path is text in UTF-8")
        return home

    @field_validator("password", "external_id", mode="after")
    @classmethod
    def _empty_is_none(cls, value: SecretStr | None) -> SecretStr | None:
        return value if value and value.get_secret_value() else None


def default_of(setting: FieldInfo) -> str:
    """A setting's default as it would be written in ``.env``; empty for none."""
    return as_written(setting.default)


def as_written(value: object) -> str:
    """A value as it would be written in ``.env``; empty for none."""
    if value is None or value == ():
        return ""
    return ",".join(value) if isinstance(value, tuple) else str(value)


def effect_of(setting: FieldInfo) -> str:
    """What a setting does to AWS calls and their dollars; raises ``KeyError`` where that was not said."""
    said = setting.json_schema_extra
    return str(said["effect"]) if isinstance(said, dict) else ""


def load_settings(**overrides: object) -> Settings:
    """Read ``.env``, or the file that PLAINBILL_DOTENV names, into the environment; then the settings.

    The environment wins over the file, overrides that are not None win over both. Raises ``ConfigError``
    naming the variable, what it holds and what it may hold.
    """
    file = os.environ.get("PLAINBILL_DOTENV", ".env")
    told = _read_into_environment(file)
    for variable, value in os.environ.items():
        if variable.upper().startswith(PREFIX) and not _is_text(value):
            raise ConfigError(variable, _shown(variable, value), "text in UTF-8")
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        settings = Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "PLAINBILL_" + str(first["loc"][0]).upper()
        raise ConfigError(name, _shown(name, first["input"]), allowed_by(first["msg"])) from None
    settings._origins = _origins(given, told)  # noqa: SLF001  of this module's own class
    return settings


def _read_into_environment(file: str) -> Mapping[str, str | None]:
    """Put what a ``.env`` says where the environment says nothing; return all that it says."""
    try:
        load_dotenv(file)
        return dotenv_values(file)
    except OSError as error:
        raise ConfigError(".env", file, f"a file that can be read ({error.strerror or error})") from None
    except ValueError as error:  # another encoding, or a character that no variable can hold
        raise ConfigError(".env", file, f"lines of NAME=value in UTF-8 ({error})") from None


def _is_text(value: str) -> bool:
    """Say whether the bytes of a variable were UTF-8; of others Python keeps halves of characters."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _shown(variable: str, value: object) -> object:
    return "(hidden)" if variable.upper() in {"PLAINBILL_PASSWORD", "PLAINBILL_EXTERNAL_ID"} else value


def allowed_by(message: str) -> str:
    """What pydantic's message says is allowed, without the words around it."""
    return message.removeprefix("Input should be ").removeprefix("Value error, ")


def _origins(given: Mapping[str, object], file: Mapping[str, str | None]) -> dict[str, Origin]:
    """Tell the file from the environment by the value: the file was read into it, where it was free."""
    told = {name.upper(): value for name, value in file.items()}
    origins = {}
    for variable, value in os.environ.items():
        name = variable.upper()
        if name.startswith(PREFIX):
            same = told.get(name) == value
            origins[name.removeprefix(PREFIX).lower()] = Origin.DOTENV if same else Origin.ENVIRONMENT
    return {**origins, **dict.fromkeys(given, Origin.OPTION)}
