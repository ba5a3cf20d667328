"""Read-only, proven: a hook in botocore refuses every operation that was not declared, before it is built."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from plainbill.aws_connector.errors import Asked, UndeclaredOperation
from plainbill.aws_connector.reads import Read

SIGN_IN_OPERATIONS = frozenset(
    {
        ("sts", "AssumeRole"),
        ("sts", "AssumeRoleWithWebIdentity"),
        ("sso", "GetRoleCredentials"),
        ("sso-oidc", "CreateToken"),
        ("signin", "CreateOAuth2Token"),
    }
)
"""What botocore itself must ask to turn a profile, an SSO token or a web identity into credentials."""


class Guard:
    """Lets the declared operations pass and raises ``UndeclaredOperation`` for all others."""

    def __init__(self, allowed: Iterable[tuple[str, str]]) -> None:
        self._allowed = frozenset(allowed)

    @classmethod
    def of(cls, reads: Iterable[Read]) -> Guard:
        """Return the guard that allows ``reads`` and nothing else."""
        return cls((read.service, read.operation) for read in reads)

    def watch(self, session: Any) -> None:
        """Stand before every client that ``session``, a botocore session, makes from now on."""
        events = session.get_component("event_emitter")
        events.register_first("provide-client-params.*.*", self._before, unique_id="plainbill-guard")

    def check(self, service: str, operation: str) -> None:
        """Raise ``UndeclaredOperation`` unless the operation is declared."""
        if (service, operation) not in self._allowed:
            raise UndeclaredOperation(Asked(service, operation))

    def _before(self, model: Any, **_: object) -> None:
        self.check(model.service_model.service_name, model.name)
