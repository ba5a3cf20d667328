"""An answer as bytes that read back as the very same values: JSON, and for datapoints what is cheaper.

A full answer of ``GetMetricData`` has 100,800 numbers under as many instants, mostly the same instants again
and again: they are written once, and the numbers as they are in memory (8 bytes each).
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import orjson

_AS_IT_IS = (
    orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_SUBCLASS
)
_ABOUT_THE_CALL = "ResponseMetadata"  # request ids and headers: of the call, not of what was asked about
_SERIES, _STAMPS, _VALUES = "MetricDataResults", "Timestamps", "Values"
_JSON, _POINTS = b"J", b"P"
_LENGTH = struct.Struct("<I")


def written(answer: Mapping[str, Any]) -> bytes | None:
    """Return an answer as bytes; None where it cannot be read back as it is.

    JSON has no NaN (it would come back as null), no bytes, no instants and no lone surrogates.
    """
    told = {name: value for name, value in answer.items() if name != _ABOUT_THE_CALL}
    try:
        return _with_points(told) or _as_json(told)
    except TypeError:
        return None


def read(content: bytes) -> dict[str, Any]:
    """Return the answer again."""
    answer: dict[str, Any]
    if content[:1] == _JSON:
        answer = orjson.loads(content[1:])
        return answer
    (length,) = _LENGTH.unpack_from(content, 1)
    start = 1 + _LENGTH.size
    instants, answer = orjson.loads(content[start : start + length])
    values = array("d")
    values.frombytes(content[start + length :])
    at = 0
    for series in answer[_SERIES]:
        which, count = series[_STAMPS], series[_VALUES]
        series[_STAMPS], series[_VALUES] = list(instants[which]), values[at : at + count].tolist()
        at += count
    return answer


def _as_json(told: Mapping[str, Any]) -> bytes | None:
    content = orjson.dumps(told, option=_AS_IT_IS)
    return _JSON + content if b"null" not in content or orjson.loads(content) == told else None


def _with_points(told: Mapping[str, Any]) -> bytes | None:
    """Return an answer of datapoints, None for any other; whole numbers come back as floats."""
    results = told.get(_SERIES)
    if not isinstance(results, list) or not results:
        return None
    if any(_STAMPS not in one or _VALUES not in one for one in results):
        return None
    instants: list[Sequence[object]] = []
    heads = []
    values = array("d")
    for one in results:
        heads.append({**one, _STAMPS: _place_of(one[_STAMPS], instants), _VALUES: len(one[_VALUES])})
        some = one[_VALUES]
        values += array("d", some.tobytes() if isinstance(some, np.ndarray) else some)
    words = orjson.dumps([instants, {**told, _SERIES: heads}], option=_AS_IT_IS)
    if b"null" in words:
        return None
    return b"".join((_POINTS, _LENGTH.pack(len(words)), words, values.tobytes()))


def _place_of(stamps: Sequence[object], instants: list[Sequence[object]]) -> int:
    """Return where these instants are among those that are written, added where the last are others."""
    if not instants or instants[-1] != stamps:
        instants.append(stamps)
    return len(instants) - 1
