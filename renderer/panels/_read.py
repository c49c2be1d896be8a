"""Reading a snapshot's data: every value may be missing or odd, none may stop the show."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from renderer.panels._type import clean

_NOTHING: Mapping[str, Any] = {}


def root(data: object) -> Mapping[str, Any]:
    """A snapshot's data; an empty table when it is none."""
    return data if isinstance(data, Mapping) else _NOTHING


def table(value: object, key: str) -> Mapping[str, Any]:
    """The table under ``key``; an empty one when there is none."""
    found = value.get(key) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else _NOTHING


def tables(value: object, key: str, limit: int = 64) -> list[Mapping[str, Any]]:
    """The tables in the list under ``key``; anything else in it is left out."""
    found = value.get(key) if isinstance(value, Mapping) else None
    return [item for item in found[:limit] if isinstance(item, Mapping)] if isinstance(found, list | tuple) else []


def number(value: Mapping[str, Any], key: str, least: float, most: float) -> float | None:
    """The number under ``key`` when it is one and within reason."""
    found = value.get(key)
    if isinstance(found, bool) or not isinstance(found, int | float) or not least <= found <= most:
        return None
    return float(found) if math.isfinite(found) else None


def whole(value: Mapping[str, Any], key: str, least: int, most: int) -> int | None:
    """The whole number under ``key`` (``3`` or ``3.0``) when it is within reason."""
    found = number(value, key, least, most)
    return int(found) if found is not None and found == int(found) else None


def text(value: Mapping[str, Any], key: str, limit: int = 80) -> str:
    """The text under ``key`` as one printable line; empty when there is none."""
    return clean(value.get(key), limit)


def texts(value: Mapping[str, Any], key: str, limit: int) -> tuple[str, ...]:
    """The first texts in the list under ``key``, each one printable line, without repeats."""
    found = value.get(key)
    lines = [clean(item, 160) for item in found[:64]] if isinstance(found, list | tuple) else []
    return tuple(dict.fromkeys(line for line in lines if line))[:limit]


def moment(value: Mapping[str, Any], key: str) -> datetime | None:
    """The RFC 3339 time under ``key``, aware (one without an offset is taken as UTC)."""
    found = value.get(key)
    if not isinstance(found, str):
        return None
    try:
        at = datetime.fromisoformat(found)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
