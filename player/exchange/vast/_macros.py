"""The IAB's VAST macros (the list "VAST 4.x Macros", which holds for every version): what each is filled with."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from player.exchange._shapes import Opportunity, ScreenIdentity

UNKNOWN = "-1"
"""The player knows the macro and not its value (the list, "Unknown values")."""
WITHHELD = "-2"
"""The player knows the value and does not tell it."""

KNOWN = frozenset(
    {
        *("ADCATEGORIES", "ADCOUNT", "ADPLAYHEAD", "ADSERVINGID", "ADTYPE", "APIFRAMEWORKS", "APPBUNDLE", "ASSETURI"),
        *("BLOCKEDADCATEGORIES", "BREAKMAXADLENGTH", "BREAKMAXADS", "BREAKMAXDURATION", "BREAKMINADLENGTH"),
        *("BREAKMINDURATION", "BREAKPOSITION", "CACHEBUSTING", "CLICKPOS", "CLICKTYPE", "CLIENTUA", "CONTENTCAT"),
        *("CONTENTID", "CONTENTPLAYHEAD", "CONTENTURI", "DEVICEIP", "DEVICEUA", "DOMAIN", "DSAPARAMS", "DSAPUBRENDER"),
        *("DSAREQUIRED", "ERRORCODE", "EXTENSIONS", "GDPRCONSENT", "GPPSECTIONID", "GPPSTRING", "IFA", "IFATYPE"),
        *("INVENTORYSTATE", "LATLONG", "LIMITADTRACKING", "MEDIAMIME", "MEDIAPLAYHEAD", "OMIDPARTNER", "PAGEURL"),
        *("PLACEMENTTYPE", "PLAYBACKMETHODS", "PLAYERCAPABILITIES", "PLAYERSIZE", "PLAYERSTATE", "PODSEQUENCE"),
        *("REASON", "REGULATIONS", "SERVERSIDE", "SERVERUA", "STOREID", "STOREURL", "TIMESTAMP", "TRANSACTIONID"),
        *("UNIVERSALADID", "VASTVERSIONS", "VERIFICATIONVENDORS"),
    }
)
"""The whole list. What is not in it is foreign, and stays as it is."""
LATER = frozenset(
    {
        *("TIMESTAMP", "CACHEBUSTING", "ERRORCODE", "REASON", "ASSETURI"),
        *("ADPLAYHEAD", "CONTENTPLAYHEAD", "MEDIAPLAYHEAD"),
    }
)
"""Known only when the call is made; the others when the ad was taken."""
# What servers wrote before there was a list.
_OLD = {
    "CACHEBUSTER": "CACHEBUSTING",
    "CACHE_BUSTER": "CACHEBUSTING",
    "CACHE_BUSTING": "CACHEBUSTING",
    "RANDOM": "CACHEBUSTING",
    "ERROR_CODE": "ERRORCODE",
    "ASSET_URI": "ASSETURI",
}
_MACRO = re.compile(r"(?:\[|%5B)([A-Z_]{2,30})(?:\]|%5D)", re.IGNORECASE)
_VAST_VERSIONS = "2,3,5,6,7,8,11,12,13,14,15,16"
"""AdCOM 1.0, list "Creative Subtypes - Audio/Video": VAST 2.0 to 4.3 and their wrappers."""
_STANDALONE = "4"
_NO_CONTENT = "00:00:00.000"


@dataclass(frozen=True, slots=True)
class Moment:
    """What is known when a call is made; None is unknown."""

    seed: str
    """Whose call it is: the same gives the same random number, so that a call is not made twice in two forms."""
    at: datetime | None = None
    playhead_ms: int | None = None
    asset: str | None = None
    error: int | None = None
    reason: int | None = None

    def values(self) -> dict[str, str]:
        """By macro."""
        playhead = None if self.playhead_ms is None else clock_of(self.playhead_ms)
        known = {
            "TIMESTAMP": None if self.at is None else stamp(self.at),
            "ASSETURI": self.asset,
            "ADPLAYHEAD": playhead,
            "CONTENTPLAYHEAD": playhead,  # VAST 3's name for what ADPLAYHEAD is since 4.1
            "MEDIAPLAYHEAD": _NO_CONTENT,  # of the content around the ad: there is none
            "ERRORCODE": None if self.error is None else str(self.error),
            "REASON": None if self.reason is None else str(self.reason),
        }
        return {name: value for name, value in known.items() if value is not None}


def fill(url: str, values: Mapping[str, str], later: frozenset[str] = frozenset()) -> str:
    """``url`` with every macro of the list replaced, percent-encoded; those of ``later`` and foreign ones stay."""

    def one(macro: re.Match[str]) -> str:
        name = macro[1].upper()
        name = _OLD.get(name, name)
        if name not in KNOWN:
            return macro[0]
        return f"[{name}]" if name in later else quote(values.get(name, UNKNOWN), safe="")

    return _MACRO.sub(one, url)


def fill_now(url: str, moment: Moment) -> str:
    """``url`` as it is called: with what is known now, and a random number of its own."""
    digest = hashlib.sha256(f"{moment.seed}\n{url}".encode()).digest()
    number = 10_000_000 + int.from_bytes(digest[:8]) % 90_000_000
    return fill(url, {**moment.values(), "CACHEBUSTING": str(number)})


def screen_values(screen: ScreenIdentity, opportunity: Opportunity, transaction: str, domain: str) -> dict[str, str]:
    """What is known of screen and slot: for the request, and for every call that follows from it."""
    size, agent = opportunity.screen, f"ooh-player/{screen.player_version}"
    most_s, least_s = str(opportunity.max_ms // 1000), str(max(1, opportunity.min_ms // 1000))
    place = None
    if screen.latitude is not None and screen.longitude is not None:
        place = f"{screen.latitude},{screen.longitude}"
    known = {
        "ADCOUNT": str(opportunity.count),
        "BLOCKEDADCATEGORIES": ",".join(code for taxonomy, code in opportunity.rules.categories if taxonomy == 1),
        "BREAKMAXADLENGTH": most_s,
        "BREAKMAXADS": str(opportunity.count),
        "BREAKMAXDURATION": most_s,
        "BREAKMINADLENGTH": least_s,
        "BREAKMINDURATION": least_s,
        "BREAKPOSITION": _STANDALONE,
        "CLICKTYPE": "0",
        "CLIENTUA": agent,
        "DEVICEIP": WITHHELD,
        "DEVICEUA": agent,
        "DOMAIN": domain,
        "IFA": screen.screen_id,
        "IFATYPE": "ppid",  # the operator's own name for the screen, not a person's
        "INVENTORYSTATE": "mautoplayed",
        "LATLONG": place,
        "MEDIAMIME": ",".join((*opportunity.video_mimes, *opportunity.mimes)),
        "MEDIAPLAYHEAD": _NO_CONTENT,
        "PLAYBACKMETHODS": "2",
        "PLAYERCAPABILITIES": "mautoplay,fullscreen",
        "PLAYERSIZE": f"{size.w},{size.h}",
        "PLAYERSTATE": "muted,fullscreen",
        "SERVERSIDE": "0",
        "TRANSACTIONID": transaction,
        "VASTVERSIONS": _VAST_VERSIONS,
    }
    return {name: value for name, value in known.items() if value}


def clock_of(ms: int) -> str:
    """``HH:MM:SS.mmm``."""
    seconds, rest = divmod(max(0, ms), 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def stamp(at: datetime) -> str:
    """ISO 8601 with milliseconds and the zone, in UTC."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
