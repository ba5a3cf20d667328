"""All settings, each with its help text; read from the environment and ``.env``."""

from __future__ import annotations

import os
import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from dotenv import load_dotenv
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from plainbill.errors import ConfigError

_ROLE_NAME = re.compile(r"(?:[\w+=,.@-]+/)*[\w+=,.@-]{1,64}", re.ASCII)  # IAM's own rule
_ACCOUNT_ID = re.compile(r"\d{12}", re.ASCII)
Words = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """Plainbill's own settings, ``PLAINBILL_*``; AWS's own variables (``AWS_PROFILE`` ...) are boto3's."""

    model_config = SettingsConfigDict(env_prefix="PLAINBILL_", frozen=True, extra="ignore")

    home: Path = Field(
        default=Path("~/.local/share/plainbill"),
        description="The folder that holds all of plainbill's files.",
    )
    host: str = Field(
        default="127.0.0.1", description="The address to listen on; any but loopback needs a password."
    )
    port: int = Field(default=8585, ge=0, le=65535, description="The port of the dashboard.")
    password: SecretStr | None = Field(
        default=None, description="Asked for by the dashboard (user name: any); needed beyond loopback."
    )
    allowed_hosts: Words = Field(
        default=(), description="Further host names the dashboard answers to, separated by commas."
    )
    role_arns: Words = Field(
        default=(), description="Roles to assume, one for each further account, separated by commas."
    )
    external_id: SecretStr | None = Field(
        default=None, description="The ExternalId that the roles' trust policies ask for."
    )
    organization_role: str | None = Field(
        default=None,
        description="The name of a role to assume in every further account of the organization "
        "(`PlainbillReadOnly`); the accounts are listed by organizations:ListAccounts.",
    )
    profiles: Words = Field(
        default=(),
        description="Named profiles of `~/.aws/config`, separated by commas, each for a further account: "
        "static keys, single sign-on, a role with a source_profile, credential_process.",
    )
    monitoring_account: str | None = Field(
        default=None,
        description="The account of CloudWatch cross-account observability (12 digits), one of those that "
        "are read: metrics of what is linked to it are asked there, in fewer calls.",
    )
    regions: Words = Field(
        default=("all",),
        description="Where to look: `all` enabled Regions; `auto` leaves out, for a week at most, those "
        "without usage on the bill and without anything at the last look; or names, separated by commas.",
    )
    cost_days: int = Field(default=30, ge=1, le=366, description="Days of cost the first screen shows.")
    idle_days: int = Field(
        default=14, ge=1, le=455, description="Days of an instance's load that the idle table judges by."
    )
    metric_days: int = Field(
        default=60,
        ge=1,
        le=455,
        description="Days of CloudWatch metrics of instances to read; AWS bills metrics, not days.",
    )
    refresh_hours: int = Field(
        default=24, ge=0, description="`serve` refreshes data older than this; 0 never refreshes by itself."
    )
    monthly_api_dollars: Decimal | None = Field(
        default=None,
        ge=0,
        allow_inf_nan=False,
        description="The most US dollars that reading AWS may cost in a calendar month (UTC); a refresh that "
        "is expected to pass it is not begun.",
    )

    cost_explorer_requests_a_day: int = Field(
        default=10,
        ge=0,
        description="The most requests to Cost Explorer, $0.01 each, in a day (UTC), over all refreshes; "
        "pages that were begun are finished. What is not asked keeps its last figures, with their age.",
    )

    aws_opinions: bool = Field(
        default=True,
        description="Ask AWS also for its own anomalies (once a day), forecast (every third day) and reasons "
        "for the last month's change (twice a month), to show beside plainbill's: about $0.42 a month, "
        "within the requests a day.",
    )

    free_metrics: Literal["auto", "on", "off"] = Field(
        default="off",
        description="Ask for metrics one by one, within CloudWatch's free million requests a month: `auto` "
        "where a small fleet is sure to stay far below it, `on` always, `off` never.",
    )

    @field_validator("allowed_hosts", "role_arns", "profiles", "regions", mode="before")
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

    @field_validator("home", mode="after")
    @classmethod
    def _expand(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("password", "external_id", mode="after")
    @classmethod
    def _empty_is_none(cls, value: SecretStr | None) -> SecretStr | None:
        return value if value and value.get_secret_value() else None


def load_settings(**overrides: object) -> Settings:
    """Read ``.env``, or the file that PLAINBILL_DOTENV names, into the environment; then the settings.

    The environment wins over the file, overrides that are not None win over both. Raises ``ConfigError``
    naming the variable, what it holds and what it may hold.
    """
    load_dotenv(os.environ.get("PLAINBILL_DOTENV", ".env"))
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "PLAINBILL_" + str(first["loc"][0]).upper()
        received = "(hidden)" if name in {"PLAINBILL_PASSWORD", "PLAINBILL_EXTERNAL_ID"} else first["input"]
        raise ConfigError(name, received, first["msg"].removeprefix("Input should be ")) from None
