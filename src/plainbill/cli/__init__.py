"""The command line: parses, prints and starts things; stdout is for data, stderr for talk.

Exit codes: 0 all right, 1 failed, 2 wrong usage or setting, 3 incomplete (something could not be read).
"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from collections.abc import Sequence
from typing import Protocol

from plainbill import __version__
from plainbill.cli.codes import FAILED, INTERRUPTED, OK, USAGE
from plainbill.cli.text import printable
from plainbill.errors import ConfigError, PlainbillError

COMMANDS = {
    "demo": "show a made-up company, without an AWS account",
    "serve": "show your costs in the browser",
    "refresh": "read everything from AWS once",
    "costs": "costs by service, from what is stored",
    "idle": "potentially idle EC2 instances, from what is stored",
    "findings": "everything that costs more than it must, from what is stored",
    "decide": "snooze, dismiss or open a finding, or say that it is done",
    "checks": "list the waste checks",
    "explain": "say of one waste check why, by which rule and from what it judges",
    "policies": "list thresholds kept under a name, and judge by one of them",
    "budgets": "what a month may cost and how it goes, from what is stored",
    "showback": "who owes what by tag or account, and what a unit costs, from what is stored",
    "units": "numbers of customers, requests ... that costs are divided by",
    "spent": "what asking AWS cost, what AWS billed for it, and what the next refresh may cost",
    "report": "the month on a page: bill, changes, forecast, waste, anomalies, gaps",
    "doctor": "say which credentials are used and which reads are allowed",
    "iam-policy": "print the least-privilege policy that Plainbill needs",
}


class Command(Protocol):
    """What each module of a command offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's options."""

    def run(self, args: argparse.Namespace) -> int:
        """Do it; return the exit code."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; our own errors become one sentence on stderr."""
    words = list(sys.argv[1:] if argv is None else argv)
    _open_streams()
    _print_anything()
    try:
        parser, commands = _parsers(words)  # imports the command: Ctrl-C may come in the middle of it
        args = parser.parse_args(words)
        return _flushed(commands[args.command].run(args))
    except ConfigError as error:
        return _say(error, USAGE)
    except PlainbillError as error:
        return _say(error, FAILED)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output (head, less) has left, and misses nothing
        _drop_output()
        return OK
    except OSError as error:  # a full disk under `> file`: every file of ours has an error of its own
        place = error.filename or "the output"
        if error.filename is None:
            _drop_output()
        return _say(PlainbillError(f"{place} cannot be used: {error.strerror or error}"), FAILED)


def _flushed(code: int) -> int:
    """Write out what was printed while a reader that has left is still ours to handle, not at exit."""
    sys.stdout.flush()
    return code


def _drop_output() -> None:
    """Let what is left of the output go nowhere, or the last flush fails as well."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _open_streams() -> None:
    """Give a process that was started without streams (``>&-``) empty ones.

    Python has None in their place, and the next file that is opened would be what others take for the output.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def _print_anything() -> None:
    """A name in letters that the terminal's encoding does not have is printed by their codes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _parsers(words: Sequence[str]) -> tuple[argparse.ArgumentParser, dict[str, Command]]:
    """Return the parser; only the module of the command that is asked for is imported."""
    parser = argparse.ArgumentParser(
        prog="plainbill", description="AWS costs that reconcile, waste that is proven."
    )
    parser.add_argument("--version", action="version", version=f"plainbill {__version__}")
    sub = parser.add_subparsers(dest="command", required=True, metavar="command")
    commands: dict[str, Command] = {}
    for name, text in COMMANDS.items():
        command_parser = sub.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        if name in words[:1]:
            command: Command = importlib.import_module(f"plainbill.cli.{name.replace('-', '_')}")
            command.add_arguments(command_parser)
            commands[name] = command
    return parser, commands


def _say(error: PlainbillError, code: int) -> int:
    print(f"plainbill: {printable(str(error))}", file=sys.stderr)
    return code
