"""Is it a good ad request? As strict as the API's documentation, and a little more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

NETWORK = "sandbox-network"
API_KEY = "sandbox-key"
FARTHEST_AHEAD_S = 900
_PAST_S = 5
_VENUE = re.compile(r"[A-Za-z0-9_-]+")
_MIME = re.compile(r"[a-z]+/[a-z0-9.+-]+")
_KNOWN = frozenset(
    {
        "network_id",
        "api_key",
        "device_id",
        "venue_id",
        "display_time",
        "number_of_screens",
        "direct_connection",
        "device_attribute",
        "display_area",
        "latitude",
        "longitude",
    }
)


def problems(body: object, now_s: float) -> list[str]:
    """What is wrong with a request; empty: nothing."""
    if not isinstance(body, dict):
        return ["body: not an object"]
    return [*_identity(body), *_times(body, now_s), *_place(body), *_areas(body), *_attributes(body), *_emptiness(body)]


def authentic(body: dict[str, Any]) -> bool:
    """The sandbox's own keys."""
    return body.get("network_id") == NETWORK and body.get("api_key") == API_KEY


def _identity(body: dict[str, Any]) -> Iterator[str]:
    for key in ("network_id", "api_key", "device_id"):
        if not isinstance(body.get(key), str) or not body[key]:
            yield f"{key}: a text is required"
    if len(str(body.get("device_id", ""))) > 64:
        yield "device_id: longer than 64"
    for key in sorted(set(body) - _KNOWN):
        yield f"{key}: not a field of the API"
    if type(body.get("number_of_screens")) is not int or body["number_of_screens"] < 1:
        yield "number_of_screens: a whole number from 1 is required"
    if not isinstance(body.get("direct_connection"), bool):
        yield "direct_connection: true or false is required"


def _times(body: dict[str, Any], now_s: float) -> Iterator[str]:
    at = body.get("display_time")
    if type(at) is not int:
        yield "display_time: whole seconds since 1970 are required"
    elif at > now_s + FARTHEST_AHEAD_S + 1:
        yield f"display_time: {at - now_s:.0f} s ahead; at most {FARTHEST_AHEAD_S}"
    elif at < now_s - _PAST_S:
        yield f"display_time: {now_s - at:.0f} s ago"


def _place(body: dict[str, Any]) -> Iterator[str]:
    venue = body.get("venue_id")
    has_place = "latitude" in body and "longitude" in body
    if venue is None and not has_place:
        yield "venue_id: required, or latitude and longitude"
    if venue is not None and not (isinstance(venue, str) and _VENUE.fullmatch(venue)):
        yield "venue_id: letters, digits, - and _ only"
    for key, most in (("latitude", 90), ("longitude", 180)):
        if key in body and (isinstance(body[key], bool) or not isinstance(body[key], int | float)):
            yield f"{key}: a number is required"
        elif key in body and abs(body[key]) > most:
            yield f"{key}: out of range"


def _areas(body: dict[str, Any]) -> Iterator[str]:
    areas = body.get("display_area")
    if not isinstance(areas, list) or not areas or not all(isinstance(area, dict) for area in areas):
        yield "display_area: a list of objects is required"
        return
    if len({str(area.get("id")) for area in areas}) != len(areas):
        yield "display_area: an id twice"
    for area in areas:
        yield from _area(area)


def _area(area: dict[str, Any]) -> Iterator[str]:
    if not isinstance(area.get("id"), str) or not area["id"]:
        yield "display_area.id: a text is required"
    for key in ("width", "height"):
        if type(area.get(key)) is not int or area[key] < 1:
            yield f"display_area.{key}: pixels are required"
    media = area.get("supported_media")
    if (
        not isinstance(media, list)
        or not media
        or not all(isinstance(one, str) and _MIME.fullmatch(one) for one in media)
    ):
        yield "display_area.supported_media: a list of mime types is required"
    if area.get("allow_audio") is not False:
        yield "display_area.allow_audio: false is required of a silent screen"
    if "cpm_floor_cents" in area and (type(area["cpm_floor_cents"]) is not int or area["cpm_floor_cents"] < 1):
        yield "display_area.cpm_floor_cents: whole cents"
    least, most = area.get("min_duration", 1), area.get("max_duration", 1_000)
    if type(least) is not int or type(most) is not int or not 0 < least <= most:
        yield "display_area: min_duration and max_duration are whole seconds, in this order"


def _attributes(body: dict[str, Any]) -> Iterator[str]:
    attributes = body.get("device_attribute")
    if not isinstance(attributes, list):
        yield "device_attribute: a list is required"
        return
    for one in attributes:
        if (
            not isinstance(one, dict)
            or set(one) != {"name", "value"}
            or not all(isinstance(v, str) for v in one.values())
        ):
            yield "device_attribute: each has a name and a value, texts"


def _emptiness(body: dict[str, Any]) -> Iterator[str]:
    for key, value in body.items():
        if value is None or value == "":
            yield f"{key}: empty; leave it out"
