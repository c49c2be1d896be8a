"""What an answer's headers say of its body: which version it is, how long, which part, and its hash."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

_RANGE = re.compile(r"bytes\s+(\d{1,18})-(\d{1,18})/(\d{1,18}|\*)", re.IGNORECASE)
_ETAG = re.compile(r'"[\x21\x23-\x7e\x80-\xff]*"')
_SHA256 = re.compile(r"sha-256=:([A-Za-z0-9+/=]{44}):")
_STRONG_AFTER_S = 60.0


@dataclass(frozen=True, slots=True)
class Span:
    """``Content-Range``: the first byte, and the length of the whole when it is known."""

    start: int
    total: int | None


def strong_validator(headers: Mapping[str, str]) -> str | None:
    """What names exactly these bytes, for ``If-Range``; None when nothing does or no part could be asked for.

    A weak ETag is none (RFC 9110 §13.1.5). ``Last-Modified`` is one when the file was a minute old (§8.8.2.2; two
    changes may share a second). The bytes of a content coding are not those of the file.
    """
    if headers.get("accept-ranges", "").strip().lower() == "none" or headers.get("content-encoding"):
        return None
    etag = headers.get("etag", "").strip()
    if etag:
        return etag if _ETAG.fullmatch(etag) else None
    changed, sent = headers.get("last-modified", "").strip(), headers.get("date", "")
    try:
        age_s = (parsedate_to_datetime(sent) - parsedate_to_datetime(changed)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return changed if age_s >= _STRONG_AFTER_S else None


def announced_bytes(headers: Mapping[str, str]) -> int | None:
    """The body's length as it will be written, if it is known before."""
    text = headers.get("content-length", "").strip()
    known = text.isascii() and text.isdigit() and len(text) <= 18 and not headers.get("content-encoding")
    return int(text) if known else None


def content_range(headers: Mapping[str, str]) -> Span | None:
    """RFC 9110 §14.4; None when it is missing, of another unit or contradicts itself."""
    found = _RANGE.fullmatch(headers.get("content-range", "").strip())
    if found is None:
        return None
    start, end = int(found[1]), int(found[2])
    total = None if found[3] == "*" else int(found[3])
    return None if end < start or (total is not None and end >= total) else Span(start, total)


def wanted_sha256(headers: Mapping[str, str]) -> str | None:
    """The hash of the whole file as the server names it (``Repr-Digest``, RFC 9530), in hex."""
    found = _SHA256.search(headers.get("repr-digest", ""))
    if found is None:
        return None
    try:
        digest = base64.b64decode(found[1], validate=True)
    except (binascii.Error, ValueError):
        return None
    return digest.hex() if len(digest) == 32 else None
