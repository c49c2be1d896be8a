"""OpenRTB's substitution macros in the URLs of a bid (OpenRTB 2.6 §4.4)."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote

SHOWN_AT_MS = "${SHOWN_AT_MS}"
"""In the URL of an ``on_shown`` beacon: when the play began, Unix milliseconds, filled in when it was shown."""
LOSS_CODE = "${LOSS_CODE}"
"""In the URL of an ``on_released`` beacon: why it was not shown, filled in when that is known."""

# Some servers escape the whole URL once or twice, the macro's own marks included; the standard's own text has a blank
# for an underscore. A code after a colon says how the value is encoded: B64, or what two parties agreed on.
_MACRO = re.compile(
    r"(?:\$|%24|%2524)(?:\{|%7B|%257B)(AUCTION(?:(?:_|%20| )[A-Z0-9]{1,20}){1,6})"
    r"(?:(?::|%3A|%253A)([A-Z0-9_-]{0,20}))?(?:\}|%7D|%257D)",
    re.IGNORECASE,
)
_BLANK = re.compile(r"%20| ")


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
    min_to_win: Decimal | None = None
    """What would have tied (§4.4.1); None where the price did not decide."""
    cleared: bool = True
    """False of a bid that lost: its clearing price is not told (§4.4.1)."""

    def resolve(self, url: str, loss: int) -> str:
        """``url`` with every macro replaced; ``loss`` is a loss reason code, ``Loss.WON`` where there is none."""
        return _MACRO.sub(lambda macro: self._value(macro, loss), url)

    def resolve_shown(self, url: str) -> str:
        """``url`` of a call for a showing: the time of it is filled in with the play (`filled_in`)."""
        return _MACRO.sub(lambda macro: _later(macro, "AUCTION_IMP_TS", SHOWN_AT_MS) or self._value(macro, 0), url)

    def resolve_released(self, url: str) -> str:
        """``url`` of a loss that may come: its reason is filled in when it has come (`filled_in`)."""
        return _MACRO.sub(lambda macro: _later(macro, "AUCTION_LOSS", LOSS_CODE) or self._value(macro, 0), url)

    def _value(self, macro: re.Match[str], loss: int) -> str:
        known = self._values(loss)
        value = known.get(_name(macro), "")
        code = (macro[2] or "").upper()
        if code == "B64":
            value = base64.b64encode(value.encode()).decode("ascii")
        elif code:
            value = ""  # encoded in a way that nobody told this player of
        plain_marks = "%25" not in macro[0]
        return quote(value, safe="") if plain_marks else quote(quote(value, safe=""), safe="")

    def _values(self, loss: int) -> dict[str, str]:
        price = plain(self.price) if self.cleared else ""
        least = "" if self.min_to_win is None else plain(self.min_to_win)
        return {
            "AUCTION_ID": self.request_id,
            "AUCTION_BID_ID": self.bid_id,
            "AUCTION_IMP_ID": self.imp_id,
            "AUCTION_SEAT_ID": self.seat_id,
            "AUCTION_AD_ID": self.ad_id,
            "AUCTION_PRICE": price,
            "AUCTION_CURRENCY": self.currency,
            "AUCTION_MBR": "1" if self.cleared else "",  # clearing price by bid price: it is a first-price auction
            "AUCTION_LOSS": str(loss),
            "AUCTION_MIN_TO_WIN": least,
            "AUCTION_MINIMUM_BID_TO_WIN": least,  # as some bidders write it
            "AUCTION_MIN_BID_TO_WIN": least,
            "AUCTION_MULTIPLIER": plain(self.multiplier),
        }


def filled_in(url: str, mark: str, value: int | None) -> str:
    """The URL with what was left to be known later, ``SHOWN_AT_MS`` or ``LOSS_CODE``; None: it never came to be."""
    text = "" if value is None else str(value)
    encoded = quote(base64.b64encode(text.encode()).decode("ascii"), safe="")
    return url.replace(_encoded(mark), encoded).replace(mark, text)


def removed(text: str) -> str:
    """``text`` without the macros that differ from bid to bid."""
    return _MACRO.sub("", text)


def plain(exact: Decimal) -> str:
    """A decimal number without exponent and without idle zeros: ``2.50`` is ``2.5``, ``1E+2`` is ``100``."""
    digits = format(exact, "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return digits if digits not in {"", "-0"} else "0"


def _name(macro: re.Match[str]) -> str:
    return _BLANK.sub("_", macro[1]).upper()


def _later(macro: re.Match[str], name: str, mark: str) -> str | None:
    if _name(macro) != name:
        return None
    return {"": mark, "B64": _encoded(mark)}.get((macro[2] or "").upper())


def _encoded(mark: str) -> str:
    return f"{mark[:-1]}:B64}}"
