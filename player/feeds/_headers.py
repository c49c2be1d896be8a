"""What HTTP headers say of an answer's age: pure arithmetic (RFC 9111 §4.2, RFC 9110 §6.6.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_MAX_AGE = re.compile(r'(?:^|[,\s])max-age\s*=\s*"?(\d{1,9})', re.IGNORECASE)
_UNSHARED = re.compile(r"(?:^|[,\s])(?:no-cache|no-store)\b", re.IGNORECASE)


def date_of(headers: Mapping[str, str], name: str = "date") -> datetime | None:
    """The HTTP date under ``name``, aware, or None."""
    try:
        at = parsedate_to_datetime(headers.get(name, "")[:64])
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def age_s(headers: Mapping[str, str]) -> float:
    """How long the answer lay in caches on its way (``Age``), seconds."""
    told = headers.get("age", "").strip()
    return float(told[:9]) if told.isascii() and told.isdigit() else 0.0


def fresh_for_s(headers: Mapping[str, str]) -> float:
    """How long nothing new is to be expected: ``max-age``, else ``Expires`` − ``Date``, less ``Age``; at least 0."""
    control = headers.get("cache-control", "")[:500]
    if _UNSHARED.search(control):
        return 0.0
    told = _MAX_AGE.search(control)
    if told:
        return max(0.0, float(told[1]) - age_s(headers))
    sent, expires = date_of(headers), date_of(headers, "expires")
    if sent is None or expires is None:
        return 0.0
    return max(0.0, (expires - sent).total_seconds() - age_s(headers))
