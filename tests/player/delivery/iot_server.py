"""A credential provider like AWS IoT's, over real mutual TLS, with authorities made on the spot."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Authority:
    """Signs certificates for the test."""

    folder: Path
    name: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def __post_init__(self) -> None:
        self.certificate = self._sign(self.name, self.key, authority=True)
        self.file = self.folder / f"{self.name}.pem"
        self.file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def issue(self, name: str, *, begins_in: timedelta = -timedelta(days=1)) -> tuple[Path, Path]:
        """The files of a new certificate and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._sign(name, key, authority=False, begins_in=begins_in)
        files = self.folder / f"{name}.crt", self.folder / f"{name}.key"
        files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        files[1].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return files

    def _sign(
        self,
        name: str,
        key: ec.EllipticCurvePrivateKey,
        *,
        authority: bool,
        begins_in: timedelta = -timedelta(days=1),
    ) -> x509.Certificate:
        begins = datetime.now(UTC) + begins_in
        names = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
        return (
            x509.CertificateBuilder()
            .subject_name(_named(name))
            .issuer_name(_named(self.name))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(begins + timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(names, critical=False)
            .sign(self.key, hashes.SHA256())
        )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@dataclass
class Provider:
    """What it answers, and who asked."""

    endpoint: str = ""
    life_s: float = 3_600
    status: int = 200
    body: bytes | None = None
    behind_s: float = 0.0
    """How far its clock is from this machine's."""
    asked: list[tuple[str, str | None, str]] = field(default_factory=list)
    """Path, thing, and the subject of the client's certificate."""

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.behind_s)

    def answer(self) -> bytes:
        if self.body is not None:
            return self.body
        ends = (self.now() + timedelta(seconds=self.life_s)).strftime("%Y-%m-%dT%H:%M:%SZ")
        keys = {"accessKeyId": f"ASIA{len(self.asked)}", "secretAccessKey": "secret", "sessionToken": "token"}
        return json.dumps({"credentials": {**keys, "expiration": ends}}).encode()


def drain(refused: socket.socket) -> None:
    """Read until the other side closes: a close with its request unread would be a reset, which eats our TLS alert."""
    refused.settimeout(30)
    with suppress(OSError):
        while socket.socket.recv(refused, 65_536):
            pass


@contextmanager
def providing(provider: Provider, devices: Authority, files: tuple[Path, Path]) -> Iterator[Provider]:
    """Serve it with the certificate of ``files`` to clients that ``devices`` has signed."""

    class Handler(BaseHTTPRequestHandler):
        def setup(self) -> None:
            try:
                self.request.do_handshake()
            except ssl.SSLError:
                drain(self.request)
                raise
            super().setup()

        def do_GET(self) -> None:
            subject = self.connection.getpeercert()["subject"][0][0][1]
            provider.asked.append((self.path, self.headers.get("x-amzn-iot-thingname"), subject))
            body = provider.answer()
            self.send_response_only(provider.status)
            self.send_header("Date", provider.now().strftime("%a, %d %b %Y %H:%M:%S GMT"))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Silence."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client without a certificate is what some tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    trust = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(devices.file))
    trust.verify_mode = ssl.CERT_REQUIRED
    trust.load_cert_chain(*files)
    server.socket = trust.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    provider.endpoint = f"127.0.0.1:{server.server_address[1]}"
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
