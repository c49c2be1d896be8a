"""Keys and secrets: can the player read each file that it is to have, is it what it should be, may others read it?"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from cache import KeyFile
from config import ConfigError, read_secret
from player.doctor._finding import Finding, worst
from player.doctor._patient import Patient

_SOON = timedelta(days=30)
_CREDENTIALS = "CREDENTIALS_DIRECTORY"
_MOST_BYTES = 65_536


def look_at_keys(patient: Patient) -> Finding:
    """Every ``*_file`` that is configured, the device's certificate with its key, and the key that signs plays."""
    files = {key: text for key, text in _files(patient) if text}
    found = [finding for key, text in files.items() if (finding := _secret(patient, key, text)) is not None]
    if not found:
        found += _pair(patient)
    found += _signing(patient)
    told = f"{len(files)} of the configuration can be read" if files else "the configuration names none"
    signs = "plays are signed" if KeyFile(patient.folders.state, patient.environ).path.exists() else "none signs yet"
    return worst("keys", found, f"{told}; {signs}")


def _files(patient: Patient) -> Iterator[tuple[str, str]]:
    config = patient.config
    for number, exchange in enumerate(patient.exchanges()):
        name = "exchange" if len(patient.exchanges()) == 1 else f"exchange[{number}]"
        yield f"{name}.token_file", exchange.token_file
        yield f"{name}.api_key_file", exchange.api_key_file
    panels = config.panels
    for kind, panel in (("weather", panels.weather), ("scores", panels.scores), ("headlines", panels.headlines)):
        yield f"panels.{kind}.key_file", panel.key_file if panel.enabled else ""
    yield "proof.gateway_token_file", config.proof.gateway_token_file
    if config.proof.credentials == "iot":
        yield "proof.certificate_file", config.proof.certificate_file
        yield "proof.key_file", config.proof.key_file
    yield "heartbeat.token_file", config.heartbeat.token_file
    yield "web.pin_file", config.web.pin_file if config.web.enabled else ""


def _secret(patient: Patient, key: str, text: str) -> Finding | None:
    path = Path(text)
    if not path.is_absolute():
        if _CREDENTIALS not in patient.environ:
            return None  # systemd's, for the service alone; the services' own log tells
        path = Path(patient.environ[_CREDENTIALS]) / path
    try:
        mode = path.stat().st_mode
        if not patient.user.may(path, 4):
            step = f"sudo chown {patient.user.name}: {path} && sudo chmod 600 {path}"
            return Finding("keys", "fail", f"bad key: {key}: {patient.user.name} may not read {path}", step)
        read_secret(str(path), patient.environ)
    except OSError as error:
        step = f"Put the file there, or correct {key}: sudo ooh-player setup"
        return Finding("keys", "fail", f"bad key: {key}: {path}: {error.strerror}", step)
    except ConfigError as error:
        what = error.problems[0].message
        return Finding("keys", "fail", f"bad key: {key}: {path}: {what}", f"Write the right file, or correct {key}.")
    if mode & stat.S_IROTH:
        return Finding("keys", "warn", f"{key}: everybody on this machine may read {path}", f"sudo chmod 600 {path}")
    return None


def _pair(patient: Patient) -> Iterator[Finding]:
    """The device's certificate and its private key: of another device's, servers say no and no more."""
    proof = patient.config.proof
    files = (proof.certificate_file, proof.key_file)
    if proof.credentials != "iot" or not all(Path(file).is_absolute() for file in files):
        return
    try:
        certificate = x509.load_pem_x509_certificate(_read(proof.certificate_file))
    except ValueError:
        step = "Write the device's certificate there: PEM, -----BEGIN CERTIFICATE-----."
        yield Finding("keys", "fail", f"bad key: {proof.certificate_file} is no certificate", step)
        return
    try:
        key = load_pem_private_key(_read(proof.key_file), password=None)
    except (ValueError, TypeError):
        step = "Write the certificate's private key there: PEM, without a password."
        yield Finding("keys", "fail", f"bad key: {proof.key_file} is no private key", step)
        return
    kind = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if certificate.public_key().public_bytes(*kind) != key.public_key().public_bytes(*kind):
        what = f"bad key: {proof.key_file} is not the key of {proof.certificate_file}"
        yield Finding("keys", "fail", what, "Copy both again from the same device in AWS IoT; each has its own pair.")
        return
    yield from _time_left(certificate, patient.clock.now(), proof.certificate_file)


def _time_left(certificate: x509.Certificate, now: datetime, path: str) -> Iterator[Finding]:
    ends = certificate.not_valid_after_utc
    step = "Give the device a new certificate and key in AWS IoT; while the clock is wrong, mend that first."
    if not certificate.not_valid_before_utc <= now <= ends:
        yield Finding("keys", "fail", f"bad key: {path} is not valid now (it ends {ends:%Y-%m-%d})", step)
    elif ends - now < _SOON:
        yield Finding("keys", "warn", f"{path} ends {ends:%Y-%m-%d}", step)


def _signing(patient: Patient) -> Iterator[Finding]:
    """The key that signs plays; it is made before the first one, so that there is none is no fault."""
    path = KeyFile(patient.folders.state, patient.environ).path
    try:
        if not path.exists():
            return
        if not patient.user.may(path, 4):
            step = f"sudo chown {patient.user.name}: {path} && sudo chmod 600 {path}"
            what = f"bad key: {patient.user.name} may not read {path}: plays are not signed"
            yield Finding("keys", "fail", what, step)
            return
        key = load_pem_private_key(_read(str(path)), password=None)
        mode = path.stat().st_mode
    except OSError as error:
        yield Finding("keys", "fail", f"bad key: {path}: {error.strerror}: plays are not signed", _NEW_KEY.format(path))
        return
    except (ValueError, TypeError):
        yield Finding("keys", "fail", f"bad key: {path} is no private key: plays are not signed", _NEW_KEY.format(path))
        return
    if not isinstance(key, Ed25519PrivateKey):
        yield Finding("keys", "fail", f"bad key: {path} is not of Ed25519: plays are not signed", _NEW_KEY.format(path))
    elif mode & 0o077 and not _is_credential(patient, path):
        yield Finding("keys", "warn", f"others may read {path}, which signs plays", f"sudo chmod 600 {path}")


_NEW_KEY = "Move {} away: a new key is made at the next play; give its public one on (ooh-player key)."


def _is_credential(patient: Patient, path: Path) -> bool:
    return str(path.parent) == patient.environ.get(_CREDENTIALS)


def _read(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return file.read(_MOST_BYTES)
