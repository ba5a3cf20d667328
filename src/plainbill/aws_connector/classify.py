"""From botocore's errors to Plainbill's few kinds (``errors.py``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import botocore.exceptions as boto
from botocore.parsers import ResponseParserError

from plainbill.aws_connector.errors import (
    AccessDenied,
    Asked,
    AwsCallError,
    ClockSkew,
    CredentialsExpired,
    CredentialsRejected,
    InvalidRequest,
    NotEnabled,
    NotFound,
    ServerFailure,
    Throttled,
)
from plainbill.aws_connector.failure_codes import CODES, KIND_OF_CLASS, KIND_OF_CODE
from plainbill.aws_connector.redact import one_line

BOTOCORE_FAILURES = (boto.BotoCoreError, boto.ClientError, ResponseParserError)
"""What a call through botocore raises when it fails."""

_ENCODED = "Encoded authorization failure message"  # EC2 appends hundreds of unreadable characters
_NOT_SWITCHED_ON = (
    "not enabled for cost explorer",
    "not enrolled for recommendations",  # Cost Optimization Hub
    "premium support subscription",  # Trusted Advisor
)
"""What AWS says under the code of a denial where no policy would help."""
_LONGEST_DENIAL = 700  # characters: it names who asked and for what first, and what refused last
_TOLERATED_SKEW = timedelta(minutes=4)  # AWS itself tolerates five


def kind_of_exception(raised: type[BaseException]) -> type[AwsCallError] | None:
    """Return the kind of an exception class of botocore's: its own, or that of its nearest named ancestor."""
    return next((KIND_OF_CLASS[known] for known in raised.__mro__ if known in KIND_OF_CLASS), None)


def classify(error: Exception, asked: Asked, now: datetime) -> AwsCallError:
    """Return what ``error``, one of ``BOTOCORE_FAILURES``, means; ``now`` is compared to AWS's clock.

    ``CredentialsRejected`` may also be a region that is not enabled: AWS gives both the same code, and
    only another call can tell them apart.
    """
    if isinstance(error, boto.ClientError) and not isinstance(error, boto.EventStreamError):
        return _of_answer(error.response, asked, now)
    kind = kind_of_exception(type(error)) or InvalidRequest
    return kind(asked, type(error).__name__, one_line(str(error)))


def _of_answer(response: Mapping[str, Any], asked: Asked, now: datetime) -> AwsCallError:
    told, metadata = response.get("Error", {}), response.get("ResponseMetadata", {})
    code, words = str(told.get("Code", "")), str(told.get("Message") or "").partition(_ENCODED)[0]
    ahead = _ahead(metadata.get("HTTPHeaders", {}), now)
    if _is_skew(code, words, ahead):
        return ClockSkew(asked, one_line(code), one_line(words) if ahead is None else _skew_in_words(ahead))
    kind = _kind_of_words(code, words) or KIND_OF_CODE.get(code)
    kind = kind or _kind_of_status(code, metadata.get("HTTPStatusCode"))
    if kind is AccessDenied:
        return AccessDenied(asked, one_line(code), one_line(words, _LONGEST_DENIAL))
    return kind(asked, one_line(code), one_line(words))


def _kind_of_words(code: str, words: str) -> type[AwsCallError] | None:
    """Tell apart what AWS gives one code."""
    if any(said in words.lower() for said in _NOT_SWITCHED_ON):
        return NotEnabled
    return CredentialsExpired if code == "RequestExpired" else None


def _kind_of_status(code: str, status: int | None) -> type[AwsCallError]:
    """Judge an unknown code by wording and HTTP status; an unreadable denial is a denial all the same."""
    if "NotFound" in code or code.startswith("NoSuch") or code == "404":  # S3's, and its answer to a HEAD
        return NotFound
    if status in {401, 403}:
        return AccessDenied
    if status == 429:
        return Throttled
    return ServerFailure if status is not None and status >= 500 else InvalidRequest


def _is_skew(code: str, words: str, ahead: timedelta | None) -> bool:
    if code in CODES[ClockSkew]:
        return True
    if any(said in words for said in ("Signature expired", "Signature not yet current")):
        return True
    return (
        KIND_OF_CODE.get(code) is CredentialsRejected and ahead is not None and abs(ahead) > _TOLERATED_SKEW
    )


def _ahead(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return how far this machine's clock is ahead of the one that answered; None when it did not say."""
    try:
        return now - parsedate_to_datetime(headers["date"])
    except (KeyError, ValueError, TypeError):
        return None  # no date, an unreadable one, or one without a zone


def _skew_in_words(ahead: timedelta) -> str:
    minutes = round(abs(ahead) / timedelta(minutes=1))
    return f"the clock is {minutes} min {'ahead' if ahead > timedelta(0) else 'behind'}"
