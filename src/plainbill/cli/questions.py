"""What the commands that answer as the dashboard does share: its options, asked of the same record."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterable
from typing import TypeVar

from pydantic import ValidationError

from plainbill.app.params import Params
from plainbill.app.problems import ParameterError
from plainbill.app.record import Edition, Record
from plainbill.app.views.shapes import GapView
from plainbill.cli.output import say
from plainbill.errors import ConfigError
from plainbill.settings import allowed_by, load_settings
from plainbill.storage import Home

P = TypeVar("P", bound=Params)


def add_options(parser: argparse.ArgumentParser, params: type[Params]) -> None:
    """Declare one option for each parameter of the URL, with its help text, and the form of the answer."""
    for name, field in params.model_fields.items():
        text = (field.description or "").replace("`", "").replace("%", "%%")
        parser.add_argument(_option(name), dest=name, metavar="X", help=text)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the JSON that the dashboard's API gives")
    form.add_argument("--csv", action="store_true", help="print the table as CSV")


def given(args: argparse.Namespace, params: type[P]) -> P:
    """Return the options as parameters; raises ``ConfigError`` for the first that has the wrong form."""
    values = {name: getattr(args, name, None) for name in params.model_fields}
    try:
        return params.model_validate({name: value for name, value in values.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        is_missing = first["type"] == "missing"  # its input is what it is missing in
        received, allowed = ("", "something") if is_missing else (first["input"], allowed_by(first["msg"]))
        raise ConfigError(_option(str(first["loc"][0])), received, allowed) from None


def refused(error: ParameterError) -> ConfigError:
    """Return the error of a parameter as that of the option which stands for it."""
    received = None if error.received is None else str(error.received)
    return ConfigError(_option(error.parameter), received, error.allowed)


def needed(args: argparse.Namespace, name: str, what: str) -> str:
    """Return an option that cannot be left out here; raises ``ConfigError`` where it was."""
    value = getattr(args, name)
    if value is None:
        raise ConfigError(_option(name), None, what)
    return str(value)


def _option(parameter: str) -> str:
    return f"--{parameter.replace('_', '-')}"


def open_record() -> tuple[Record, Edition]:
    """Return what is stored, as the dashboard sees it at this moment; asks AWS for nothing."""
    settings = load_settings()
    record = Record(Home(settings.home), settings, None)
    return record, asyncio.run(record.edition())


def say_gaps(gaps: Iterable[GapView]) -> None:
    """Say what could not be read and what to do about it."""
    for gap in gaps:
        where = " ".join(part for part in (gap.account_id, gap.region) if part)
        reason = gap.reason if gap.reason.endswith(".") else f"{gap.reason};"
        say(f"not complete: {where + ': ' if where else ''}{reason} {gap.remedy}")
