"""Ed25519 (RFC 8032) by cryptography. Imported when the first record is signed and not before: it costs 20 ms."""

from __future__ import annotations

import base64
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from config import Code, OohError

_MOST_BYTES = 65_536


def new_private_pem() -> bytes:
    """A new private key, PKCS #8."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def read_private(path: Path) -> Ed25519PrivateKey:
    """The private key of a file. Raises ``OohError`` (JOURNAL_KEY), ``OSError``; no part of the key is told."""
    with path.open("rb") as file:
        data = file.read(_MOST_BYTES)
    try:
        key = load_pem_private_key(data, password=None)
    except (ValueError, TypeError):  # not chained: the message could carry a part of the key
        raise OohError(Code.JOURNAL_KEY, f"{path}: not a private key in PEM without a password") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise OohError(Code.JOURNAL_KEY, f"{path}: a private key, but not of Ed25519")
    return key


def public_of(key: Ed25519PrivateKey) -> bytes:
    """Its public key, 32 bytes."""
    return key.public_key().public_bytes_raw()


def sign(key: Ed25519PrivateKey, data: bytes) -> str:
    """The signature, base64."""
    return base64.b64encode(key.sign(data)).decode()


def verifies(public: bytes, data: bytes, signature: str) -> bool:
    """True when this key made that signature, and it is spelt in the one way that it can be."""
    try:
        raw = base64.b64decode(signature, validate=True)
        if base64.b64encode(raw).decode() != signature:
            return False
        Ed25519PublicKey.from_public_bytes(public).verify(raw, data)
    except (InvalidSignature, ValueError):
        return False
    return True
