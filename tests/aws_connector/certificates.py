"""Certificates for tests: an authority, and what it vouches for."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from aws_connector.wire import CannedAws

DAY = timedelta(days=1)


@dataclass
class Authority:
    """A certificate authority of its own, in a folder; ``bundle`` is what trusts it."""

    folder: Path
    name: str

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])
        made = (
            _certificate(self._subject, self._subject, self._key.public_key(), datetime.now(UTC) + 30 * DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.bundle = self.folder / "bundle.pem"
        self.bundle.write_bytes(made.public_bytes(Encoding.PEM))

    def serves(self, *hosts: str, until: timedelta = 2 * DAY) -> ssl.SSLContext:
        """Return a server's context with a certificate for ``hosts`` that ends ``until`` from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "endpoint")])
        names = [x509.IPAddress(ip_address(one)) if one[0].isdigit() else x509.DNSName(one) for one in hosts]
        made = (
            _certificate(subject, self._subject, key.public_key(), datetime.now(UTC) + until)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        file = self.folder / f"{'-'.join(hosts)}.pem"
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(private + made.public_bytes(Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


@contextmanager
def canned_over_tls(context: ssl.SSLContext) -> Iterator[CannedAws]:
    """The canned endpoint behind TLS; its ``url`` is that of 127.0.0.1."""
    canned = CannedAws()
    canned.url = canned.url.replace("http:", "https:")
    canned._server.socket = context.wrap_socket(canned._server.socket, server_side=True)
    with canned:
        yield canned


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - 30 * DAY)
        .not_valid_after(end)
    )
