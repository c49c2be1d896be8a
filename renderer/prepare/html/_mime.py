"""What a file of an archive is called over HTTP: by its name, and pages by what they say of themselves."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

_TYPES = {
    ".avif": "image/avif",
    ".css": "text/css",
    ".eot": "application/vnd.ms-fontobject",
    ".gif": "image/gif",
    ".htm": "text/html",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".json": "application/json",
    ".m4v": "video/mp4",
    ".mjs": "text/javascript",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".otf": "font/otf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".webm": "video/webm",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xhtml": "application/xhtml+xml",
    ".xml": "application/xml",
}
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset", re.IGNORECASE)
_HEAD_BYTES = 1_024
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def mime_of(name: str, body: bytes) -> str:
    """The content type; ``application/octet-stream`` for what is not known."""
    found = _TYPES.get(PurePosixPath(name.lower()).suffix, "application/octet-stream")
    return page_type(body) if found == "text/html" else f"{found}; charset=utf-8" if _is_text(found) else found


def page_type(body: bytes) -> str:
    """``text/html``, with UTF-8 said for a page that is UTF-8 and does not say so: browsers would take Windows-1252."""
    if body[:2] in _UTF_16 or _CHARSET.search(body[:_HEAD_BYTES]):
        return "text/html"
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "text/html"
    return "text/html; charset=utf-8"


def _is_text(mime: str) -> bool:
    return mime.startswith("text/") or mime in ("application/json", "image/svg+xml")
