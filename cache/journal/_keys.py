"""The screen's signing key: made on the device, kept beside the journal, and the public keys that it ever signed by."""

from __future__ import annotations

import base64
import hashlib
import importlib
import logging
import os
import re
import secrets
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Protocol

from cache._store import sync_folder
from config import Code, OohError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

log = logging.getLogger("ooh.cache")

KEY_NAME = "proof.key"
"""The private key's file in the state folder, mode 0600, PEM (PKCS #8); also the name of the systemd credential."""
PUBLIC_NAME = "proof.pub"
"""The public keys that this screen ever signed by, PEM, the newest last."""
_CREDENTIALS = "CREDENTIALS_DIRECTORY"
_PEM = re.compile(rb"-----BEGIN PUBLIC KEY-----(.*?)-----END PUBLIC KEY-----", re.DOTALL)
_DER_HEAD = bytes.fromhex("302a300506032b6570032100")
"""SubjectPublicKeyInfo of Ed25519 (RFC 8410 §4): a constant head, then the 32 bytes."""
_RAW_BYTES = 32


@dataclass(frozen=True, slots=True)
class Signature:
    """What signs one record."""

    key_id: str
    signature: str
    """Base64."""


class Signer(Protocol):
    """Signs the hashes of records; ``KeyFile`` in production."""

    def sign(self, record_hash: str) -> Signature | None:
        """None when the key cannot be used: a record without a signature is better than none."""

    def warm_up(self) -> None:
        """Load what signing takes, so that the first record need not wait for it; raises nothing."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One public key."""

    raw: bytes
    """32 bytes (RFC 8032 §5.1.5)."""

    @property
    def key_id(self) -> str:
        """The first 16 hex digits of the sha256 of the raw key."""
        return hashlib.sha256(self.raw).hexdigest()[:16]

    def pem(self) -> str:
        """As ``openssl`` reads it."""
        body = base64.b64encode(_DER_HEAD + self.raw).decode()
        return f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"

    def verifies(self, record_hash: str, signature: object) -> bool:
        """True when this key signed that hash."""
        return isinstance(signature, str) and _ed25519().verifies(self.raw, signed_bytes(record_hash), signature)


def signed_bytes(record_hash: str) -> bytes:
    """What is signed: the schema's name, a blank, and the record's hash in hex, so that no other use fits."""
    return b"ooh.play/1 " + record_hash.encode("ascii", "replace")


def read_public_keys(pem: bytes) -> tuple[PublicKey, ...]:
    """Every key of a PEM text. Raises ``OohError`` (JOURNAL_KEY) on anything that is not an Ed25519 public key."""
    keys = []
    for body in _PEM.findall(pem):
        try:
            der = base64.b64decode(b"".join(body.split()), validate=True)
        except ValueError as error:
            raise OohError(Code.JOURNAL_KEY, "not a public key in PEM") from error
        if not der.startswith(_DER_HEAD) or len(der) != len(_DER_HEAD) + _RAW_BYTES:
            raise OohError(Code.JOURNAL_KEY, "a public key, but not of Ed25519")
        keys.append(PublicKey(der[len(_DER_HEAD) :]))
    if not keys:
        raise OohError(Code.JOURNAL_KEY, "no public key in PEM")
    return tuple(keys)


class KeyFile:
    """The key of one state folder, or the systemd credential of its name, which goes first.

    Loaded at its first use, and again when the file was replaced: a rotation needs no restart.
    """

    def __init__(self, folder: Path, environ: Mapping[str, str] = os.environ) -> None:
        """Touches nothing yet."""
        self._folder = folder
        credentials = environ.get(_CREDENTIALS)
        self._credential = Path(credentials) / KEY_NAME if credentials else None
        self._loading = threading.Lock()
        self._key: Ed25519PrivateKey | None = None
        self._public: PublicKey | None = None
        self._of: tuple[int, int] | None = None
        self._failing = False

    @property
    def path(self) -> Path:
        """The file that holds it."""
        if self._credential is not None and self._credential.exists():
            return self._credential
        return self._folder / KEY_NAME

    def public(self) -> PublicKey:
        """The key that signs now; made when there is none. Raises ``OohError`` (JOURNAL_KEY)."""
        with self._loading:
            return self._load()[1]

    def warm_up(self) -> None:
        """See ``Signer``. What is wrong with the key is told by the first record that it should sign."""
        with suppress(OohError):
            self.public()

    def sign(self, record_hash: str) -> Signature | None:
        """See ``Signer``. The log has one line when it begins to fail and one when it works again."""
        try:
            with self._loading:
                key, public = self._load()
        except OohError as error:
            if not self._failing:
                self._failing = True
                log.error("key.failing", exc_info=error)  # noqa: TRY400 - the code says all
            return None
        if self._failing:
            self._failing = False
            log.info("key.back", extra={"facts": {"key_id": public.key_id}})
        return Signature(public.key_id, _ed25519().sign(key, signed_bytes(record_hash)))

    def rotate(self) -> PublicKey:
        """Replace the key; what the old one signed stays good by its public key. Raises ``OohError``."""
        if self.path != self._folder / KEY_NAME:
            raise OohError(Code.JOURNAL_KEY, f"{self.path} is a credential of systemd's: replace it there")
        with self._loading, _failures_named(self.path):
            self._load()
            _write_key(self.path, replace=True)
            return self._load()[1]

    def known(self) -> tuple[PublicKey, ...]:
        """Every public key that this screen ever signed by, the newest last; none before the first start."""
        try:
            return read_public_keys((self._folder / PUBLIC_NAME).read_bytes())
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise OohError(Code.JOURNAL_KEY, f"{self._folder / PUBLIC_NAME}: {error.strerror}") from error

    def _load(self) -> tuple[Ed25519PrivateKey, PublicKey]:
        path = self.path
        with _failures_named(path):
            if not path.exists():
                _write_key(path, replace=False)
            found = path.stat()
            if self._key is None or self._public is None or self._of != (found.st_ino, found.st_mtime_ns):
                self._key = _ed25519().read_private(path)
                self._public = PublicKey(_ed25519().public_of(self._key))
                self._of = (found.st_ino, found.st_mtime_ns)
                self._publish(self._public)
            return self._key, self._public

    def _publish(self, public: PublicKey) -> None:
        """Note a key that signs from now on. What is damaged there is kept out of the way of signing."""
        try:
            known = self.known()
        except OohError as error:
            log.warning("key.public_unreadable", exc_info=error)
            known = ()
        if public not in known[-1:]:
            text = "".join(key.pem() for key in (*(key for key in known if key != public), public))
            _write(self._folder / PUBLIC_NAME, text.encode(), 0o644, replace=True)
            log.info("key.signs", extra={"facts": {"key_id": public.key_id}})


def _ed25519() -> ModuleType:
    return importlib.import_module("cache.journal._ed25519")


class _failures_named:  # noqa: N801 - a context manager, used like a function
    """The system's errors become ours."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            raise OohError(Code.JOURNAL_KEY, f"{self._path}: {error.strerror or error}") from error


def _write_key(path: Path, *, replace: bool) -> None:
    """Make a key, on disk before it is used; another process may be first."""
    _write(path, _ed25519().new_private_pem(), 0o600, replace=replace)


def _write(path: Path, data: bytes, mode: int, *, replace: bool) -> None:
    """Whole or not there; without ``replace`` the first of two stays."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            new.rename(path)
        else:
            with suppress(FileExistsError):
                path.hardlink_to(new)
        sync_folder(path.parent)
    finally:
        new.unlink(missing_ok=True)


def find_key(keys: Iterable[PublicKey], key_id: object) -> PublicKey | None:
    """The key of this id."""
    return next((key for key in keys if key.key_id == key_id), None)
