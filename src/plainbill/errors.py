"""The exception tree of Plainbill.

    PlainbillError
    ├── ConfigError              a setting is wrong: names it, what was received, what is allowed
    ├── CurrencyMismatchError    two currencies met in one sum
    ├── StorageError             a file of ours is damaged, missing or locked
    │   └── RefreshRunningError  another refresh holds the collector's lock
    ├── JudgingError             a process that judged part of a fleet ended before it was done
    ├── SpendingCapError         a refresh would cost more than the settings allow in a month
    └── AwsError                 AWS did not answer what was asked; leaves in aws_connector.errors

Problems in the user's data are values (``Gap``, ``Unknown``), not exceptions.
"""

from __future__ import annotations


class PlainbillError(Exception):
    """Anything Plainbill raises on purpose; ``str()`` says what, where and what to do."""


class ConfigError(PlainbillError):
    """A setting cannot be used."""

    def __init__(self, setting: str, received: object, allowed: str) -> None:
        self.setting, self.received, self.allowed = setting, received, allowed
        super().__init__(f"{setting} is {received!r}; allowed: {allowed}")


class CurrencyMismatchError(PlainbillError):
    """Amounts of two currencies were about to be added."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"cannot add {other} to {one}: convert first, or sum each currency on its own")


class StorageError(PlainbillError):
    """A file of ours cannot be read or written."""


class RefreshRunningError(StorageError):
    """Another refresh holds the lock."""


class JudgingError(PlainbillError):
    """A process that judged part of a reading ended before it was done."""


class SpendingCapError(PlainbillError):
    """A refresh was not begun, because it would cost more than is allowed in a month."""


class AwsError(PlainbillError):
    """AWS did not give the answer that was asked for."""
