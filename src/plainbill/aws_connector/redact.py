"""No credential in any log line or error text, whatever level the loggers are set to.

botocore at DEBUG writes whole requests and answers, session tokens and secret keys among them. So its
loggers (and boto3's and urllib3's) never go below INFO, and what is logged passes a filter that removes
what looks like a credential and what is known to be one.
"""

from __future__ import annotations

import logging
import re
import threading
import unicodedata
from base64 import b64encode
from urllib.parse import quote, quote_plus

_AWS_LOGGERS = ("botocore", "boto3", "urllib3", "s3transfer")
_HIDDEN = "(hidden)"
_ACCESS_KEY_ID = re.compile(r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{12,}\b")
_NAMED_SECRET = re.compile(
    r"""(?ix)
    (secret_?access_?key | session_?token | security-?token | x-amz-security-token | external_?id
     | x-amz-signature | \bsignature)
    ( (?: ["'\s]* [:=>] | %3D ) [\s"'b]* )   # between name and value: JSON, XML, header, query
    [^\s"'<>&,;]{2,}
    """
)
_IN_ADDRESS = re.compile(r"(?<=://)[^\s/@\"'<>]*:[^\s/@\"'<>]*(?=@)")  # user:password of a URL
_SHORTEST_SECRET = 8  # characters; hiding anything shorter would blot out ordinary words
_FORMATTER = logging.Formatter()


class _Known:
    """The secrets in use, by owner, so that renewed ones take the place of the old."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._raw: dict[str, tuple[str | None, ...]] = {}
        self._spellings: dict[str, tuple[str, ...]] = {}

    def keep(self, owner: str, secrets: tuple[str | None, ...]) -> None:
        if self._raw.get(owner) == secrets:
            return
        long_enough = [secret for secret in secrets if secret and len(secret) >= _SHORTEST_SECRET]
        spellings = {spelled for secret in long_enough for spelled in _spellings(secret)}
        with self._lock:
            self._raw[owner] = secrets
            self._spellings[owner] = tuple(sorted(spellings, key=len, reverse=True))

    def hide(self, text: str) -> str:
        with self._lock:
            known = tuple(self._spellings.values())
        for spellings in known:
            for spelled in spellings:
                text = text.replace(spelled, _HIDDEN)
        return text


def _spellings(secret: str) -> set[str]:
    raw = secret.encode()
    return {
        secret,
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        b64encode(raw).decode(),
        raw.hex(),
    }


_KNOWN = _Known()


def hide_from_logs(owner: str, *secrets: str | None) -> None:
    """Remember ``owner``'s secrets so that they are removed from every text, raw or encoded."""
    _KNOWN.keep(owner, secrets)


def redact(text: str) -> str:
    """Return ``text`` without credentials."""
    text = _IN_ADDRESS.sub(_HIDDEN, _ACCESS_KEY_ID.sub(_HIDDEN, _KNOWN.hide(text)))
    return _NAMED_SECRET.sub(rf"\1\2{_HIDDEN}", text)


def one_line(text: str, limit: int = 300) -> str:
    """Return AWS's words fit for a message: one line, no credential, no control or direction character."""
    plain = "".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in redact(text))
    words = " ".join(plain.split())
    return words if len(words) <= limit else words[: limit - 1] + "…"


class CredentialFilter(logging.Filter):
    """Redacts a record's message and traceback; drops what AWS's libraries say below INFO."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record may pass, redacted."""
        if record.levelno < logging.INFO and record.name.partition(".")[0] in _AWS_LOGGERS:
            return False
        record.msg, record.args = redact(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = _FORMATTER.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        return True


_FILTER = CredentialFilter()


def quiet_aws_logs() -> None:
    """Cap the loggers of AWS's libraries at INFO and put the filter on them and on the root's handlers.

    May be called again, after handlers were added.
    """
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in _AWS_LOGGERS:
            _cap(logging.getLogger(name))
    for name in _AWS_LOGGERS:
        _cap(logging.getLogger(name))
        logging.getLogger(name).setLevel(max(logging.INFO, logging.getLogger(name).level))
    for handler in logging.root.handlers:
        handler.addFilter(_FILTER)


def _cap(logger: logging.Logger) -> None:
    logger.addFilter(_FILTER)
    if logger.level != logging.NOTSET:
        logger.setLevel(max(logging.INFO, logger.level))
