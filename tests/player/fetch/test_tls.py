"""TLS: trusted, for the name that was asked for, or not at all."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from config import Code, OohError
from player.fetch import Guard, GuardedHttp
from tests.player.fetch.server import serving


def certificate(folder: Path, name: str) -> Path:
    """A self-signed certificate for ``name``, with its key, as one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.mark.parametrize(
    ("trusted", "name", "works"),
    [(True, "ads.test", True), (True, "other.test", False), (False, "ads.test", False)],
)
def test_only_a_trusted_certificate_of_the_asked_name_will_do(
    tmp_path: Path, *, trusted: bool, name: str, works: bool
) -> None:
    pem = certificate(tmp_path, "ads.test")
    server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_tls.load_cert_chain(pem)
    trust = ssl.create_default_context(cafile=pem) if trusted else None
    with serving(server_tls) as web:
        http = GuardedHttp(Guard.of((name,), lambda _host, _port: ["127.0.0.1"]), "test", trust)
        url = f"https://{name}:{web.port}/hello"
        if works:
            assert http.request("GET", url, headers={}, body=None, timeout_s=5, max_bytes=100).body == b"hello"
            return
        with pytest.raises(OohError) as found:
            http.request("GET", url, headers={}, body=None, timeout_s=5, max_bytes=100)
        assert found.value.code is Code.FETCH_NETWORK


def test_a_slow_body_under_tls_is_cut_too(tmp_path: Path) -> None:
    pem = certificate(tmp_path, "ads.test")
    server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_tls.load_cert_chain(pem)
    with serving(server_tls) as web:
        trust = ssl.create_default_context(cafile=pem)
        http = GuardedHttp(Guard.of(("ads.test",), lambda _host, _port: ["127.0.0.1"]), "test", trust)
        url = f"https://ads.test:{web.port}/drip"
        with pytest.raises(OohError) as found:
            http.request("GET", url, headers={}, body=None, timeout_s=0.3, max_bytes=100_000)
        assert found.value.code is Code.FETCH_TIMEOUT
