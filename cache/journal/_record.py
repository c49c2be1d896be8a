"""The record's bytes: canonical JSON, its hash, and the chain that the hashes make."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

import msgspec

from cache._shapes import Play

UNHASHED = frozenset({"hash", "key_id", "signature"})
"""Fields that come after the hash: the hash cannot cover itself nor its own signature."""


def canonical_json(record: object) -> bytes:
    """One value, one spelling: sorted keys, no blanks, UTF-8, numbers as in RFC 8785 §3.2.2.3.

    Takes what msgspec knows (dataclasses too). Raises ``ValueError`` on NaN and infinity, which JSON cannot say.
    A lone surrogate, which UTF-8 cannot say, becomes ``?``.
    """
    return _text(msgspec.to_builtins(record, str_keys=True)).encode("utf-8", "replace")


def record_json(play: Play) -> bytes:
    """The record as it is kept and delivered, without a newline."""
    return canonical_json(play)


def play_hash(play: Play | Mapping[str, Any]) -> str:
    """sha256, hex, of the canonical JSON without ``hash``, ``key_id`` and ``signature``; a Play or its parsed JSON."""
    fields = msgspec.to_builtins(play) if isinstance(play, Play) else play
    covered = {key: value for key, value in fields.items() if key not in UNHASHED}
    return hashlib.sha256(canonical_json(covered)).hexdigest()


def _text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        # RFC 8785 §3.2.3 sorts by UTF-16 code units; encoded big-endian they sort as bytes.
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_text(key)}:{_text(value[key])}" for key in keys) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_text, value)) + "]"
    if isinstance(value, float):
        return _number(value)
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """A double as ECMAScript writes it (RFC 8785 §3.2.2.3): shortest digits, exponent from 1e21 and below 1e-6."""
    if not math.isfinite(value):
        message = f"{value} has no form in JSON"
        raise ValueError(message)
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = f"{abs(value)!r}".partition("e")
    whole, _, part = mantissa.partition(".")
    digits = (whole + part).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + part) - len(digits))
    digits = digits.rstrip("0")
    return sign + _placed(digits, point)


def _placed(digits: str, point: int) -> str:
    """``digits`` with the decimal point after the first ``point`` of them (ECMA-262 Number::toString)."""
    count = len(digits)
    if count <= point <= 21:
        return digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    power = point - 1
    tail = f".{digits[1:]}" if count > 1 else ""
    return f"{digits[0]}{tail}e{'+' if power > 0 else '-'}{abs(power)}"
