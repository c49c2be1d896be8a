"""The values in VAST's attributes and elements, as servers really write them."""

from __future__ import annotations

import re
from decimal import Decimal
from urllib.parse import urljoin, urlsplit

from player import _loose as loose
from player.exchange._url import LONGEST_URL, web_url
from player.exchange.vast._model import Pricing

_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,3}(?:[.,]\d{1,9})?)")
_SECONDS = re.compile(r"(\d{1,7}(?:[.,]\d{1,9})?)\s?(ms|s)?")
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)\s?%")
_WHOLE = re.compile(r"(\d{1,9})(?:\.\d*)?(?:px)?", re.IGNORECASE)
_RELATIVE = ("/", "./", "../", "?")
_SURELY_MS = 5_000
_LONGEST_MS = 24 * 3_600_000


def length_ms(written: str) -> int | None:
    """``HH:MM:SS`` or ``HH:MM:SS.mmm`` (VAST 4.2 §3.8.1), ``MM:SS``, or bare seconds. None when it is no time.

    Bare numbers from 5000 on are milliseconds: as seconds they were more than an hour.
    """
    clock = _CLOCK.fullmatch(written.strip())
    if clock is not None:
        hours, minutes, seconds = int(clock[1] or 0), int(clock[2]), float(clock[3].replace(",", "."))
        found = round((hours * 3600 + minutes * 60 + seconds) * 1000)
    else:
        bare = _SECONDS.fullmatch(written.strip())
        if bare is None:
            return None
        number = float(bare[1].replace(",", "."))
        found = round(number if bare[2] == "ms" or (bare[2] is None and number >= _SURELY_MS) else number * 1000)
    return found if found <= _LONGEST_MS else None


def percent(written: str) -> float | None:
    """``25%``: an offset in parts of the ad's length (VAST 4.2 §3.14.1)."""
    found = _PERCENT.fullmatch(written.strip())
    return float(found[1]) if found is not None and float(found[1]) <= 100 else None


def whole(written: str) -> int:
    """Pixels, kilobits, places in a pod: 0 when it is no number."""
    found = _WHOLE.fullmatch(written.strip())
    return int(found[1]) if found is not None else 0


def flag(written: str, otherwise: bool) -> bool:  # noqa: FBT001 - the standard's default, beside what is written
    """XML's booleans, in any case."""
    return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(
        written.strip().lower(), otherwise
    )


def address(written: str, base: str | None) -> str | None:
    """What can be called or fetched, or None: ``about:blank``, blanks, ``javascript:``, a bare word.

    A path is taken relative to the document it stands in (RFC 3986 §5.1.3) where that has an address.
    """
    text = written.strip()
    if base is not None and text.startswith(_RELATIVE) and not text.startswith("//"):
        try:
            text = urljoin(base, text)
        except ValueError:
            return None
    found = web_url(text)
    if found is None or len(found) > LONGEST_URL:
        return None
    try:
        named = bool(urlsplit(found).netloc.rpartition("@")[2])
    except ValueError:  # a macro in brackets where the host stands
        named = False
    return found if named else None


def pricing(amount: str, model: str, currency: str) -> Pricing | None:
    """``<Pricing model="cpm" currency="USD">2.50</Pricing>``; None for prices of clicks and views, and for none."""
    cpm = loose.to_number(amount.strip().replace(",", "."))
    if model.strip().lower() not in {"cpm", ""} or cpm is None or cpm < Decimal(0):
        return None
    code = currency.strip().upper()
    return Pricing(cpm, code if re.fullmatch("[A-Z]{3}", code) else None)
