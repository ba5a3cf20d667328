"""The connector, pointed at an endpoint of a test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from plainbill.aws_connector import Connector
from plainbill.data_fetcher import all_reads


@contextmanager
def connected(environment: Mapping[str, str], url: str | None = None, **options: Any) -> Iterator[Connector]:
    """Open a connector with the variables of an endpoint; ``url`` puts something in front of it.

    ``options`` are more of ``Connector.open``'s.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        if url:
            patch.setenv("AWS_ENDPOINT_URL", url)
        roles = tuple(filter(None, environment.get("PLAINBILL_ROLE_ARNS", "").split(",")))
        secret = environment.get("PLAINBILL_EXTERNAL_ID")
        with Connector.open(all_reads(), role_arns=roles, external_id=secret, **options) as connector:
            yield connector
