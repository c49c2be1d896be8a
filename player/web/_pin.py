"""The PIN: weighed, and kept as a scrypt hash in a file that only the player's user reads."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from config import Code, ConfigError, OohError, read_secret

LEAST_CHARACTERS = 6
MOST_CHARACTERS = 64
_FEWEST_DIFFERENT = 3
_SCHEME = "scrypt"
# 16 MB and some 50 ms on a desktop, a third of a second on a Pi 3 (RFC 7914; OWASP's floor for interactive use).
_N, _R, _P = 1 << 14, 8, 1
_MOST_MEMORY_BYTES = 64 << 20
_MOST_N, _MOST_R, _MOST_P = 1 << 16, 16, 4
_SALT_BYTES, _HASH_BYTES = 16, 32
_YEARS = ("19", "20")
_COMMON_WORDS = """
password passwort passwd qwerty qwertz azerty letmein admin administrator welcome changeme default iloveyou monkey
dragon secret player ooh-player oohplayer signage screen display raspberry raspberrypi 1q2w3e 1qaz2wsx abc123
123321 123654 147258 147852 258456 258369 369258 159753 159357 142536 789456 456123 112233 332211 121314
102030 010203 314159 271828 112358 123698 741852 963852 852456 100200 520131 1314520
"""
_COMMON = frozenset(_COMMON_WORDS.split())


@dataclass(frozen=True, slots=True)
class Pin:
    """A PIN's hash as its file holds it. ``mark`` changes with every new PIN, the same one set again too."""

    mark: str
    n: int
    r: int
    p: int
    salt: bytes
    hashed: bytes

    def fits(self, tried: str) -> bool:
        """True when ``tried`` is the PIN; compared in constant time."""
        return hmac.compare_digest(_scrypt(_settled(tried), self.salt, self.n, self.r, self.p), self.hashed)


def read_pin(pin_file: str) -> Pin | None:
    """The hash in ``web.pin_file``; None when no file is named, there is none, or it holds no hash."""
    if not pin_file:
        return None
    try:
        text = read_secret(pin_file)
        scheme, n, r, p, salt, hashed = text.strip().split("$")
        pin = Pin(hashlib.sha256(text.encode()).hexdigest(), int(n), int(r), int(p), _bytes(salt), _bytes(hashed))
    except (ConfigError, ValueError):
        return None
    sane = 2 <= pin.n <= _MOST_N and 1 <= pin.r <= _MOST_R and 1 <= pin.p <= _MOST_P and not pin.n & (pin.n - 1)
    return pin if scheme == _SCHEME and sane and len(pin.hashed) == _HASH_BYTES and len(pin.salt) >= 8 else None


def write_pin(file: Path, pin: str, owner: tuple[int, int] | None = None) -> None:
    """Weigh a PIN and write its hash, mode 0600, in place of the one before. ``owner``: uid and gid it shall have.

    Raises ``OohError``: WEB_PIN_WEAK; FILE_UNUSABLE.
    """
    why = weakness(pin)
    if why is not None:
        raise OohError(Code.WEB_PIN_WEAK, why)
    new = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            if owner is not None:
                os.fchown(handle, *owner)
            os.write(handle, hash_pin(pin).encode() + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)
        new.replace(file)
    except OSError as error:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise OohError(Code.FILE_UNUSABLE, f"{file}: {error.strerror or error}") from error


def hash_pin(pin: str) -> str:
    """``scrypt$n$r$p$salt$hash``: what is needed to check it stands with it."""
    salt = secrets.token_bytes(_SALT_BYTES)
    hashed = _scrypt(_settled(pin), salt, _N, _R, _P)
    return "$".join((_SCHEME, str(_N), str(_R), str(_P), _text(salt), _text(hashed)))


def weakness(pin: str) -> str | None:
    """Why this PIN would soon be guessed; None when it is good enough behind the page's rising delays."""
    pin = _settled(pin).casefold()
    if len(pin) < LEAST_CHARACTERS:
        return f"it has fewer than {LEAST_CHARACTERS} characters"
    if len(pin) > MOST_CHARACTERS:
        return f"it has more than {MOST_CHARACTERS} characters"
    if len(set(pin)) < _FEWEST_DIFFERENT:
        return f"it has fewer than {_FEWEST_DIFFERENT} different characters"
    if len({ord(after) - ord(before) for before, after in pairwise(pin)}) == 1:
        return "its characters stand in a row"
    if any(pin == pin[:size] * (len(pin) // size) for size in range(1, len(pin) // 2 + 1)):
        return "it repeats itself"
    if pin.isdecimal() and len(pin) <= 8 and (pin[:2] in _YEARS or pin[-4:-2] in _YEARS):
        return "it looks like a date"
    if pin in _COMMON or pin.rstrip("0123456789!") in _COMMON:
        return "it is a common one"
    return None


def _settled(pin: str) -> str:
    """One spelling of what looks the same on two keyboards (Unicode NFKC)."""
    return unicodedata.normalize("NFKC", pin).strip()


def _scrypt(pin: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    secret = pin.encode("utf-8", "replace")
    return hashlib.scrypt(
        secret, salt=salt, n=n, r=r, p=p, maxmem=_MOST_MEMORY_BYTES + (128 * r * n), dklen=_HASH_BYTES
    )


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, altchars=b"-_", validate=True)
