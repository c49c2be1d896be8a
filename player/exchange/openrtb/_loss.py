"""Loss reason codes: why a bid is not taken, in the standard's numbers."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType

from player.exchange._rules import Rule


class Loss(IntEnum):
    """OpenRTB 3.0, list "Loss Reason Codes", which 2.6 §4.4 refers to (2.5: list 5.25)."""

    WON = 0
    INTERNAL = 1
    EXPIRED = 2
    INVALID = 3
    DEAL = 4
    NO_MARKUP = 7
    NO_CREATIVE_ID = 8
    NO_PRICE = 9
    BELOW_FLOOR = 100
    BELOW_DEAL_FLOOR = 101
    OUTBID = 102
    FILTERED = 200
    DISAPPROVED = 202
    FORMAT = 204
    ADVERTISER = 205
    NOT_SECURE = 207
    CATEGORY = 209
    ATTRIBUTE = 210
    AD_TYPE = 211
    TOO_LONG = 212


BY_RULE: Mapping[Rule, Loss] = MappingProxyType(
    {
        Rule.DOMAIN: Loss.ADVERTISER,
        Rule.CATEGORY: Loss.CATEGORY,
        Rule.ATTRIBUTE: Loss.ATTRIBUTE,
        Rule.UNAPPROVED: Loss.DISAPPROVED,
        Rule.LENGTH: Loss.TOO_LONG,
        Rule.AUDIO: Loss.AD_TYPE,
    }
)
_BY_CODE: Mapping[str, Loss] = MappingProxyType(
    {
        "lease.expired": Loss.EXPIRED,
        "shutdown": Loss.EXPIRED,
        "screen.off": Loss.EXPIRED,
        "creative.unsupported": Loss.FORMAT,
        "creative.not_an_image": Loss.FORMAT,
        "fetch.refused": Loss.NOT_SECURE,
        "exchange.rules": Loss.DISAPPROVED,
    }
)
_CREATIVES = ("creative.", "prepare.", "fetch.", "video.")
_OURS = ("journal.", "cache.", "process.", "display.", "play.")


def released_for(reason: str) -> Loss:
    """The loss reason of a won bid that was not shown; ``reason`` is a code of docs/errors.md."""
    if reason in _BY_CODE:
        return _BY_CODE[reason]
    if reason.startswith(_CREATIVES):
        return Loss.FILTERED
    return Loss.INTERNAL if reason.startswith(_OURS) else Loss.EXPIRED
