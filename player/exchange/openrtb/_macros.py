"""OpenRTB's substitution macros in the URLs of a bid (OpenRTB 2.6 §4.4)."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote

SHOWN_AT_MS = "${SHOWN_AT_MS}"
"""In the URL of an ``on_shown`` beacon: when the play began, Unix milliseconds, filled in when it was shown."""
WON = 0
EXPIRED = 2
INVALID = 3
NO_MARKUP = 7
NO_PRICE = 9
BELOW_FLOOR = 100
OUTBID = 102
TOO_LONG = 212
# Loss reason codes (OpenRTB 3.0, list "Loss Reason Codes", which 2.6 refers to): the ones this player has cause for.

# Some servers escape the whole URL, the macro's own marks included.
_MACRO = re.compile(r"(?:\$|%24)(?:\{|%7B)(AUCTION_[A-Z_]{1,40})(:B64|%3AB64)?(?:\}|%7D)", re.IGNORECASE)
# "Timestamp when the impression was fulfilled", Unix milliseconds (2.6-202303): made for screens.
_SHOWN_AT = re.compile(r"(?:\$|%24)(?:\{|%7B)AUCTION_IMP_TS(?:\}|%7D)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Auction:
    """What the macros of one bid stand for. Empty is unknown: such a macro is removed, as the standard says."""

    request_id: str
    bid_id: str
    imp_id: str
    seat_id: str
    ad_id: str
    price: Decimal
    currency: str
    multiplier: Decimal

    def resolve(self, url: str, loss: int) -> str:
        """``url`` with every macro replaced; ``loss`` is a loss reason code, ``WON`` where there is none."""
        return _MACRO.sub(lambda macro: self._value(macro, loss), url)

    def resolve_shown(self, url: str) -> str:
        """``url`` of a call for a showing: as ``resolve``, and when it was shown is filled in with the play."""
        return self.resolve(_SHOWN_AT.sub(SHOWN_AT_MS, url), WON)

    def _value(self, macro: re.Match[str], loss: int) -> str:
        values = {
            "AUCTION_ID": self.request_id,
            "AUCTION_BID_ID": self.bid_id,
            "AUCTION_IMP_ID": self.imp_id,
            "AUCTION_SEAT_ID": self.seat_id,
            "AUCTION_AD_ID": self.ad_id,
            "AUCTION_PRICE": plain(self.price),
            "AUCTION_CURRENCY": self.currency,
            "AUCTION_MBR": "1",  # clearing price by bid price: what is asked for is a first-price auction
            "AUCTION_LOSS": str(loss),
            "AUCTION_MULTIPLIER": plain(self.multiplier),
        }
        value = values.get(macro[1].upper(), "")
        if macro[2] is not None:
            value = base64.b64encode(value.encode()).decode("ascii")
        return quote(value, safe="")


def removed(text: str) -> str:
    """``text`` without the macros that differ from bid to bid."""
    return _MACRO.sub("", _SHOWN_AT.sub("", text))


def plain(exact: Decimal) -> str:
    """A decimal number without exponent and without idle zeros: ``2.50`` is ``2.5``, ``1E+2`` is ``100``."""
    digits = format(exact, "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return digits if digits not in {"", "-0"} else "0"
