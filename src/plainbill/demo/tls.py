"""A throw-away certificate for the endpoint, so that clients pay for TLS as they do with AWS.

Made anew at every start by the ``openssl`` command, for two days and this machine only; clients trust it
by ``AWS_CA_BUNDLE`` and by nothing else.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from plainbill.errors import PlainbillError

_ARGUMENTS = (
    *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
    *("-days", "2", "-subj", "/CN=plainbill-demo"),
    *("-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"),
    *("-addext", "keyUsage=critical,digitalSignature,keyCertSign"),
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Files in PEM; the certificate is its own authority, and so the bundle a client needs."""

    certificate: Path
    key: Path


@contextmanager
def throw_away() -> Iterator[Certificate]:
    """Make a certificate for 127.0.0.1 and take it away again.

    Raises ``PlainbillError`` where there is no ``openssl`` command or it refuses.
    """
    command = shutil.which("openssl")
    if command is None:
        raise PlainbillError("the demo's endpoint needs the openssl command for TLS; it is not on PATH")
    with tempfile.TemporaryDirectory(prefix="plainbill-tls-") as folder:
        made = Certificate(Path(folder) / "certificate.pem", Path(folder) / "key.pem")
        files = ("-keyout", str(made.key), "-out", str(made.certificate))
        done = subprocess.run((command, *_ARGUMENTS, *files), capture_output=True, text=True, check=False)
        if done.returncode:
            raise PlainbillError(f"openssl made no certificate: {done.stderr.strip()}")
        yield made
