"""The exchange's reading of a bid request: strict, so that a player that is sloppy is told at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

VERSION = "2.6"
OOH_DEVICE = 8
"""AdCOM 1.0, List: Device Types."""
VENDOR_MEASURED = 1
"""AdCOM 1.0, List: DOOH Multiplier Measurement Source Types: 1 needs ``qty.vendor``."""
_CURRENCY = re.compile(r"^[A-Z]{3}$")
_DISTRIBUTION = ("site", "app", "dooh")


@dataclass(frozen=True, slots=True)
class Imp:
    """What the exchange needs of one impression offered to it."""

    id: str
    mimes: tuple[str, ...]
    floor: float


def problems(headers: Mapping[str, str], body: object) -> list[str]:
    """Every way in which a request is not good OpenRTB 2.6 for DOOH; empty when it is good."""
    found = list(_header_problems(headers))
    if not isinstance(body, dict):
        return [*found, "body: must be a JSON object"]
    found += _void_problems(body, "")
    found += _root_problems(body)
    found += _dooh_problems(body)
    found += _device_problems(body)
    imps = body.get("imp")
    if not isinstance(imps, list) or not imps:
        return [*found, "imp: at least one is required"]
    for at, imp in enumerate(imps):
        found += _imp_problems(imp, f"imp[{at}]")
    ids = [imp["id"] for imp in imps if isinstance(imp, dict) and isinstance(imp.get("id"), str)]
    if len(set(ids)) != len(ids):
        found.append("imp: ids must be unique within the request")
    return found


def imps_of(body: Mapping[str, Any]) -> tuple[Imp, ...]:
    """The impressions of a request without problems."""
    return tuple(
        Imp(id=imp["id"], mimes=tuple(imp["banner"].get("mimes", ())), floor=float(imp.get("bidfloor", 0)))
        for imp in body["imp"]
    )


def _header_problems(headers: Mapping[str, str]) -> Iterator[str]:
    if headers.get("x-openrtb-version") != VERSION:
        yield f"header x-openrtb-version: must be {VERSION}"
    if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        yield "header content-type: must be application/json"


def _void_problems(value: object, path: str) -> Iterator[str]:
    """OpenRTB 2.6 section 2.4 leaves out what is unknown: no nulls, no empty strings."""
    if value is None or value == "":
        yield f"{path}: leave out what is unknown, instead of null or an empty string"
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _void_problems(inner, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _void_problems(inner, f"{path}[{at}]")


def _root_problems(body: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(body.get("id"), str):
        yield "id: a string is required"
    currencies = body.get("cur", [])
    if not isinstance(currencies, list) or not all(isinstance(cur, str) and _CURRENCY.match(cur) for cur in currencies):
        yield "cur: must be a list of ISO 4217 codes"
    if "tmax" in body and not _positive_integer(body["tmax"]):
        yield "tmax: must be milliseconds, a positive integer"
    if "at" in body and not _positive_integer(body["at"]):
        yield "at: must be 1 (first price), 2 (second price) or an exchange's own, above 500"
    if "test" in body and body["test"] not in (0, 1):
        yield "test: must be 0 or 1"


def _dooh_problems(body: Mapping[str, Any]) -> Iterator[str]:
    channels = [name for name in _DISTRIBUTION if name in body]
    if channels != ["dooh"]:
        yield f"dooh: exactly one of site, app and dooh, and here dooh, is required; found {channels or 'none'}"
        return
    dooh = body["dooh"]
    if not isinstance(dooh, dict):
        yield "dooh: must be an object"
        return
    if not isinstance(dooh.get("id"), str) and not isinstance(dooh.get("name"), str):
        yield "dooh: id or name is required"
    venues = dooh.get("venuetype", [])
    if not isinstance(venues, list) or not all(isinstance(venue, str) for venue in venues):
        yield "dooh.venuetype: must be a list of strings"
    if "venuetypetax" in dooh and not _positive_integer(dooh["venuetypetax"]):
        yield "dooh.venuetypetax: must be an integer of AdCOM's list (1: OpenOOH 1.0)"
    if "publisher" in dooh and not isinstance(dooh["publisher"], dict):
        yield "dooh.publisher: must be an object"


def _device_problems(body: Mapping[str, Any]) -> Iterator[str]:
    device = body.get("device")
    if device is None:
        return
    if not isinstance(device, dict):
        yield "device: must be an object"
        return
    if device.get("devicetype", OOH_DEVICE) != OOH_DEVICE:
        yield f"device.devicetype: must be {OOH_DEVICE} (OOH device)"
    for key in ("w", "h"):
        if key in device and not _positive_integer(device[key]):
            yield f"device.{key}: must be pixels, a positive integer"


def _imp_problems(imp: object, path: str) -> Iterator[str]:
    if not isinstance(imp, dict):
        yield f"{path}: must be an object"
        return
    if not isinstance(imp.get("id"), str):
        yield f"{path}.id: a string is required"
    if "bidfloor" in imp and not _number(imp["bidfloor"], at_least=0):
        yield f"{path}.bidfloor: must be a number, not negative"
    if "secure" in imp and imp["secure"] not in (0, 1):
        yield f"{path}.secure: must be 0 or 1"
    if "exp" in imp and not _positive_integer(imp["exp"]):
        yield f"{path}.exp: must be seconds, a positive integer"
    if "dt" in imp and not _number(imp["dt"], at_least=0):
        yield f"{path}.dt: must be milliseconds since the Unix epoch"
    yield from _banner_problems(imp.get("banner"), f"{path}.banner")
    yield from _qty_problems(imp.get("qty"), f"{path}.qty")
    if "video" in imp:
        yield from _video_problems(imp["video"], f"{path}.video")
    if "pmp" in imp:
        yield from _pmp_problems(imp["pmp"], f"{path}.pmp")


def _banner_problems(banner: object, path: str) -> Iterator[str]:
    if not isinstance(banner, dict):
        yield f"{path}: is required: this exchange has images only"
        return
    formats = banner.get("format", [])
    sizes = [*formats, banner] if isinstance(formats, list) else []
    if not any(_sized(size) for size in sizes):
        yield f"{path}: w and h, or format with w and h, are required, in pixels"
    mimes = banner.get("mimes", [])
    if not isinstance(mimes, list) or not all(isinstance(mime, str) and "/" in mime for mime in mimes):
        yield f"{path}.mimes: must be a list of types such as image/png"


def _video_problems(video: object, path: str) -> Iterator[str]:
    """OpenRTB 2.6 section 3.2.7."""
    if not isinstance(video, dict):
        yield f"{path}: must be an object"
        return
    mimes = video.get("mimes")
    if not isinstance(mimes, list) or not mimes or not all(isinstance(mime, str) and "/" in mime for mime in mimes):
        yield f"{path}.mimes: is required, a list of types such as video/mp4"
    for key in ("protocols", "playbackmethod", "delivery", "battr"):
        if not all(_positive_integer(one) for one in video.get(key, ())):
            yield f"{path}.{key}: must be a list of positive integers"
    shortest, longest = video.get("minduration", 0), video.get("maxduration", 1)
    if not (_number(shortest, at_least=0) and _positive_integer(longest) and shortest <= longest):
        yield f"{path}.maxduration: must be seconds, not under minduration"
    if video.get("plcmt", 1) not in (1, 2, 3, 4):
        yield f"{path}.plcmt: must be 1 to 4"


def _pmp_problems(pmp: object, path: str) -> Iterator[str]:
    """OpenRTB 2.6 sections 3.2.11 and 3.2.12."""
    deals = pmp.get("deals") if isinstance(pmp, dict) else None
    if not isinstance(deals, list) or not all(isinstance(deal, dict) for deal in deals):
        yield f"{path}.deals: must be a list of objects"
        return
    for at, deal in enumerate(deals):
        if not isinstance(deal.get("id"), str):
            yield f"{path}.deals[{at}].id: a string is required"
        if "bidfloor" in deal and not _number(deal["bidfloor"], at_least=0):
            yield f"{path}.deals[{at}].bidfloor: must be a number, not negative"


def _qty_problems(qty: object, path: str) -> Iterator[str]:
    """OpenRTB 2.6 section 3.2.31: how many people one play reaches, and who says so."""
    if not isinstance(qty, dict):
        yield f"{path}: is required for DOOH"
        return
    if not _number(qty.get("multiplier"), at_least=0) or qty["multiplier"] == 0:
        yield f"{path}.multiplier: a number above 0 is required"
    if qty.get("sourcetype") == VENDOR_MEASURED and not isinstance(qty.get("vendor"), str):
        yield f"{path}.vendor: is required when sourcetype is {VENDOR_MEASURED}"


def _sized(size: object) -> bool:
    return isinstance(size, dict) and _positive_integer(size.get("w")) and _positive_integer(size.get("h"))


def _positive_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _number(value: object, *, at_least: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= at_least
