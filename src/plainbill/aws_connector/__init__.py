"""The only door to AWS: credentials, the read-only guard, pages, errors, prices of calls."""

from plainbill.aws_connector.aside import stepping
from plainbill.aws_connector.connector import Account, Connector, Scope
from plainbill.aws_connector.door import WORKERS
from plainbill.aws_connector.meter import Meter
from plainbill.aws_connector.reads import CONNECTOR_READS, Read
from plainbill.aws_connector.timestamps import instant, instant_or_none

__all__ = [
    "CONNECTOR_READS",
    "WORKERS",
    "Account",
    "Connector",
    "Meter",
    "Read",
    "Scope",
    "instant",
    "instant_or_none",
    "stepping",
]
