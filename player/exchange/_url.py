"""URLs as exchanges write them, made such as can be fetched."""

from __future__ import annotations

LONGEST_URL = 8_192
_DROPPED = str.maketrans("", "", "\t\r\n")


def web_url(written: str | None) -> str | None:
    """An absolute http or https URL, or None when it is none (relative, ``data:``, ``javascript:``, too long).

    Read as browsers do (WHATWG URL §4.4): line ends and tabs go, a blank inside is ``%20``, ``//host`` is https,
    for a screen has no page that could give the scheme.
    """
    url = (written or "").translate(_DROPPED).strip().replace(" ", "%20")
    if url.startswith("//"):
        url = f"https:{url}"
    scheme, mark, rest = url.partition("://")
    if len(url) > LONGEST_URL or not mark or not rest or scheme.lower() not in {"http", "https"}:
        return None
    return url
