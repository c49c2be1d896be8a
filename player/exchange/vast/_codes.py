"""VAST's error codes: what is told to the ``Error`` URLs when an ad is not shown (VAST 4.2 §2.3.6.3, 4.3 the same)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType

from config import Code


class VastCode(IntEnum):
    """The codes that this player has cause for."""

    XML = 100
    SCHEMA = 101
    VERSION = 102
    AD_TYPE = 200
    LINEARITY = 201
    DURATION = 202
    SIZE = 203
    CATEGORY_BLOCKED = 205
    NOT_SERVED = 206
    WRAPPER = 300
    WRAPPER_TIMEOUT = 301
    WRAPPER_LIMIT = 302
    NO_AD = 303
    NOT_DISPLAYED_IN_TIME = 304
    LINEAR = 400
    FILE_NOT_FOUND = 401
    FILE_TIMEOUT = 402
    NO_MEDIA = 403
    DISPLAY = 405
    CONDITIONAL = 408
    INTERACTIVE = 409
    NONLINEAR = 500
    COMPANION = 600
    COMPANION_REQUIRED = 602
    UNDEFINED = 900
    VPAID = 901


_BY_REASON: Mapping[str, VastCode] = MappingProxyType(
    {
        Code.FETCH_STATUS.code: VastCode.FILE_NOT_FOUND,
        Code.FETCH_REFUSED.code: VastCode.FILE_NOT_FOUND,
        Code.FETCH_NETWORK.code: VastCode.FILE_NOT_FOUND,
        Code.FETCH_TIMEOUT.code: VastCode.FILE_TIMEOUT,
        Code.FETCH_TOO_LARGE.code: VastCode.NO_MEDIA,
        Code.CREATIVE_UNSUPPORTED.code: VastCode.DISPLAY,
        Code.PREPARE_TIMEOUT.code: VastCode.NOT_DISPLAYED_IN_TIME,
        Code.LEASE_EXPIRED.code: VastCode.NOT_SERVED,
    }
)
_AT_FAULT = ("creative.", "prepare.", "plate.", "video.")
"""Rooms whose failures mean that a file came and could not be displayed."""
_OURS = ("process.", "cache.", "journal.")


def code_of(reason: str) -> VastCode:
    """What a lease that was never shown tells: ``reason`` is a code of docs/errors.md, or ``shutdown`` and the like."""
    known = _BY_REASON.get(reason)
    if known is not None:
        return known
    if reason.startswith(_AT_FAULT):
        return VastCode.DISPLAY
    return VastCode.LINEAR if reason.startswith(_OURS) else VastCode.NOT_SERVED


def room_code(code: VastCode) -> Code:
    """The player's own code, for logs and ``exchange try``."""
    if code in {VastCode.XML, VastCode.SCHEMA, VastCode.VERSION, VastCode.WRAPPER, VastCode.WRAPPER_LIMIT}:
        return Code.EXCHANGE_INVALID
    return Code.EXCHANGE_UNAVAILABLE if code is VastCode.WRAPPER_TIMEOUT else Code.EXCHANGE_NO_CREATIVE
