"""What the doctor says of keys and secrets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from cache import KeyFile
from config import Config, ExchangeConfig, ProofConfig
from player.doctor import Finding, User
from player.doctor._keys import look_at_keys
from tests.player.doctor.patients import is_told, patient

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SOMEBODY = User("ooh-player", 54321, frozenset({54321}))


def pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def certificate(key: ec.EllipticCurvePrivateKey, days: int = 365) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "screen-7")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(7).not_valid_before(NOW - timedelta(days=400)).not_valid_after(NOW + timedelta(days=days))
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def device(folder: Path, cert: bytes, key: bytes) -> Config:
    (folder / "device.pem").write_bytes(cert)
    (folder / "device.key").write_bytes(key)
    for name in ("device.pem", "device.key"):
        (folder / name).chmod(0o600)
    return Config(
        proof=ProofConfig(
            stream="plays",
            credentials="iot",
            iot_endpoint="x.credentials.iot.eu-central-1.amazonaws.com",
            iot_role_alias="player",
            certificate_file=str(folder / "device.pem"),
            key_file=str(folder / "device.key"),
        )
    )


def with_token(folder: Path, text: str = "s3cret\n", mode: int = 0o600) -> Config:
    (folder / "token").write_text(text)
    (folder / "token").chmod(mode)
    return Config(exchange=(ExchangeConfig(url="https://ads.example/x", token_file=str(folder / "token")),))


def look(folder: Path, config: Config, **others: object) -> Finding:
    return look_at_keys(patient(folder, config, **others))  # type: ignore[arg-type]


def test_nothing_configured_is_fine(tmp_path: Path) -> None:
    assert is_told(look(tmp_path, Config()), "ok", "names none; none signs yet")


def test_a_token_that_can_be_read_is_fine_and_not_told(tmp_path: Path) -> None:
    told = look(tmp_path, with_token(tmp_path))
    assert is_told(told, "ok", "1 of the configuration can be read")
    assert "s3cret" not in told.what


def test_a_token_that_is_not_there(tmp_path: Path) -> None:
    config = with_token(tmp_path)
    (tmp_path / "token").unlink()
    assert is_told(look(tmp_path, config), "fail", "bad key: exchange.token_file: ", "setup")


def test_an_empty_token(tmp_path: Path) -> None:
    assert is_told(look(tmp_path, with_token(tmp_path, "")), "fail", "the file is empty", "exchange.token_file")


def test_a_token_that_only_root_may_read_is_told_with_the_command(tmp_path: Path) -> None:
    told = look(tmp_path, with_token(tmp_path), user=SOMEBODY)
    assert is_told(told, "fail", "ooh-player may not read", "sudo chown ooh-player:")


def test_a_token_that_everybody_may_read(tmp_path: Path) -> None:
    assert is_told(look(tmp_path, with_token(tmp_path, mode=0o644)), "warn", "everybody", "chmod 600")


def test_a_credential_is_looked_for_where_systemd_puts_it(tmp_path: Path) -> None:
    exchange = ExchangeConfig(url="https://ads.example/x", token_file="ooh_token")
    config = Config(exchange=(exchange,))
    assert is_told(look(tmp_path, config), "ok", "1 of")
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert is_told(look(tmp_path, config, environ=environ), "fail", f"{tmp_path}/ooh_token: No such file")
    (tmp_path / "ooh_token").write_text("x")
    (tmp_path / "ooh_token").chmod(0o400)
    assert is_told(look(tmp_path, config, environ=environ), "ok", "1 of")


def test_the_devices_own_key_and_certificate_are_a_pair(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    assert is_told(look(tmp_path, device(tmp_path, certificate(key), pem(key))), "ok", "2 of the configuration")


def test_another_devices_key_is_named(tmp_path: Path) -> None:
    key, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    told = look(tmp_path, device(tmp_path, certificate(key), pem(other)))
    assert is_told(told, "fail", "device.key is not the key of ", "from the same device")


@pytest.mark.parametrize(("days", "grade", "what"), [(-3, "fail", "is not valid now"), (10, "warn", "ends 2026-12-02")])
def test_a_certificate_ends(tmp_path: Path, days: int, grade: str, what: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    assert is_told(look(tmp_path, device(tmp_path, certificate(key, days), pem(key))), grade, what, "new certificate")


@pytest.mark.parametrize(("cert", "what"), [(b"x", "is no certificate"), (None, "is no private key")])
def test_files_that_hold_something_else(tmp_path: Path, cert: bytes | None, what: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    config = device(tmp_path, certificate(key) if cert is None else cert, b"y")
    assert is_told(look(tmp_path, config), "fail", what, "PEM")


# The key that signs plays.


@pytest.fixture
def signing(tmp_path: Path) -> Path:
    (tmp_path / "state").mkdir()
    keys = KeyFile(tmp_path / "state", {})
    keys.public()
    return keys.path


def test_the_signing_key_is_there(tmp_path: Path, signing: Path) -> None:
    assert signing.exists()
    assert is_told(look(tmp_path, Config()), "ok", "plays are signed")


@pytest.mark.parametrize(("data", "what"), [(b"", "is no private key"), (b"not a key", "is no private key")])
def test_a_signing_key_that_is_none(tmp_path: Path, signing: Path, data: bytes, what: str) -> None:
    signing.write_bytes(data)
    assert is_told(look(tmp_path, Config()), "fail", what, "a new key is made")


def test_a_signing_key_of_another_kind(tmp_path: Path, signing: Path) -> None:
    signing.write_bytes(pem(ec.generate_private_key(ec.SECP256R1())))
    assert is_told(look(tmp_path, Config()), "fail", "is not of Ed25519", "Move")


def test_a_signing_key_of_another_user(tmp_path: Path, signing: Path) -> None:
    assert signing.exists()
    assert is_told(look(tmp_path, Config(), user=SOMEBODY), "fail", "plays are not signed", "sudo chown")


def test_a_signing_key_that_others_may_read(tmp_path: Path, signing: Path) -> None:
    signing.chmod(0o644)
    assert is_told(look(tmp_path, Config()), "warn", "others may read", "chmod 600")


def test_looking_makes_no_key(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    look(tmp_path, replace(Config()))
    assert not list((tmp_path / "state").iterdir())
