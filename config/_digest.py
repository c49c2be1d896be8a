"""The digest of a configuration: does a process run with this one, and does a fleet all run with the same?"""

from __future__ import annotations

import hashlib
from dataclasses import asdict

import msgspec

from config._words import masked
from config.schema import Config

_LENGTH = 16


def config_hash(config: Config) -> str:
    """16 hex digits of the SHA-256 of every effective value, wherever each was set.

    Passwords inside URLs are masked first, so nothing can be guessed from it; secrets in files have no part in it.
    """
    plain = msgspec.json.encode(_masked(asdict(config)), order="deterministic")
    return hashlib.sha256(plain).hexdigest()[:_LENGTH]


def _masked(value: object) -> object:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {name: _masked(item) for name, item in value.items()}
    return [_masked(item) for item in value] if isinstance(value, (list, tuple)) else value
