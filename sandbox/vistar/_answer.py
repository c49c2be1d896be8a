"""The answers of ``get_ad`` and ``get_asset``: as the API gives them, and as real servers garble them."""

from __future__ import annotations

from typing import Any

from sandbox._dice import Dice
from sandbox.exchange._catalogue import Catalogue, Creative
from sandbox.exchange._mix import BROKEN_CREATIVES, Mix, Outcome
from sandbox.vistar._book import Leased

LEASE_S = 900
"""A lease ends 15 minutes after the display time asked for."""
_ODDITIES = ("", "texts", "area", "old", "", "bare")
"""Harmless things that servers do: numbers as texts, another area, the old API's names, fields left out."""


def leased(mix: Mix, number: int, outcome: Outcome, creative: Creative, display_time: int, now_s: float) -> Leased:
    """What is written down of an advertisement."""
    return Leased(
        lease_id=f"{mix.seed}-{number}-{int(Dice(mix.seed).roll('lease', number, now_s) * 1e9):09d}",
        file=f"broken/{outcome.flavour}" if outcome.flavour in BROKEN_CREATIVES else creative.file,
        made_at=now_s,
        expires_at=float(display_time + LEASE_S),
        length_s=mix.slot_ms / 1000,
        flaky={3: "proof", 5: "expiration"}.get(number % 7, ""),
    )


def advertisement(
    lease: Leased, creative: Creative, area: str, base: str, number: int, outcome: Outcome
) -> dict[str, Any]:
    """One member of ``advertisement``."""
    ad: dict[str, Any] = {
        "id": lease.lease_id,
        "lease_expiry": int(lease.expires_at),
        "display_time": int(lease.expires_at) - LEASE_S,
        "display_area_id": area,
        "asset_id": creative.file,
        "asset_url": f"{base}/creatives/{lease.file}",
        "creative_id": creative.file.rpartition(".")[0],
        "campaign_id": creative.campaign,
        "advertiser": creative.domain,
        "width": creative.width,
        "height": creative.height,
        "mime_type": creative.mime,
        "length_in_seconds": round(lease.length_s),
        "length_in_milliseconds": round(lease.length_s * 1000),
        "proof_of_play_url": f"{base}/api/v1/proof_of_play/json?lease={lease.lease_id}",
        "expiration_url": f"{base}/api/v1/expire/json?lease={lease.lease_id}",
        "cpm": creative.price,
    }
    if outcome.flavour == "unknown_imp":
        del ad["asset_url"]
        return ad
    return _garbled(ad, _ODDITIES[number % len(_ODDITIES)])


def asset(creative: Creative, base: str) -> dict[str, Any]:
    """One member of ``asset``."""
    return {
        "asset_id": creative.file,
        "asset_url": f"{base}/creatives/{creative.file}",
        "creative_id": creative.file.rpartition(".")[0],
        "width": creative.width,
        "height": creative.height,
        "mime_type": creative.mime,
        "advertiser": creative.domain,
    }


def fitting(catalogue: Catalogue, turn: int, area: dict[str, Any]) -> Creative | None:
    """The picture whose turn it is, of those the area takes."""
    pictures = tuple(mime for mime in area["supported_media"] if mime.startswith("image/"))
    return catalogue.pick(turn, pictures or ("none/such",), area.get("cpm_floor_cents", 0) / 100)


def _garbled(ad: dict[str, Any], how: str) -> dict[str, Any]:
    match how:
        case "texts":
            for key in ("lease_expiry", "length_in_milliseconds", "width", "height", "cpm"):
                ad[key] = str(ad[key])
        case "area":
            ad["display_area_id"] = "Display-Area-1"
        case "old":
            ad["lease_id"], ad["mimeType"] = ad.pop("id"), ad.pop("mime_type")
        case "bare":
            for key in ("display_area_id", "mime_type", "width", "height", "advertiser", "cpm"):
                del ad[key]
    return ad
