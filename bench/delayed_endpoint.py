"""An endpoint that answers small reads of EC2 and RDS after a while, for ``bench/fanout.py``.

    python bench/delayed_endpoint.py FOLDER --latency-ms 80 [--tls]

It computes nothing, so that what is measured is the client, and prints its URL. With ``--tls`` it makes an
authority of its own and leaves in FOLDER ``bundle.pem``: that authority at the end of the public ones, as
large a bundle as every client of AWS loads.
"""

from __future__ import annotations

import argparse
import asyncio
import ssl
import subprocess
from functools import partial
from pathlib import Path

import botocore

_EC2 = (
    b'<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><reservationSet><item>'
    b"<reservationId>r-1</reservationId><instancesSet><item><instanceId>i-1</instanceId>"
    b"<instanceType>m5.large</instanceType></item></instancesSet></item></reservationSet>"
    b"</DescribeInstancesResponse>"
)
_RDS = (
    b'<DescribeDBInstancesResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/">'
    b"<DescribeDBInstancesResult><DBInstances/></DescribeDBInstancesResult></DescribeDBInstancesResponse>"
)


class Answering(asyncio.Protocol):
    """One connection."""

    def __init__(self, latency: float) -> None:
        self._latency = latency
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        length = head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0]
        if found and len(body) >= int(length or 0):
            self._received = b""
            answer = _RDS if b"Action=DescribeDBInstances" in body else _EC2
            whole = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s"
            asyncio.get_running_loop().call_later(self._latency, self._answer, whole % (len(answer), answer))

    def _answer(self, content: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(content)


def certified(folder: Path) -> ssl.SSLContext:
    """Make a certificate for 127.0.0.1 and the bundle that trusts it."""
    key, made = folder / "key.pem", folder / "certificate.pem"
    command = ("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    whom = ("-days", "2", "-subj", "/CN=delayed", "-addext", "subjectAltName=IP:127.0.0.1")
    subprocess.run([*command, *whom, "-keyout", key, "-out", made], check=True, capture_output=True)
    public = Path(botocore.__file__).parent / "cacert.pem"
    (folder / "bundle.pem").write_bytes(public.read_bytes() + b"\n" + made.read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    return context


async def serve(folder: Path, latency: float, *, is_tls: bool) -> None:
    context = certified(folder) if is_tls else None
    loop = asyncio.get_running_loop()
    server = await loop.create_server(partial(Answering, latency), "127.0.0.1", 0, ssl=context, backlog=1024)
    print(f"http{'s' * is_tls}://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--latency-ms", type=float, default=80)
    parser.add_argument("--tls", action="store_true")
    given = parser.parse_args()
    asyncio.run(serve(given.folder, given.latency_ms / 1000, is_tls=given.tls))
