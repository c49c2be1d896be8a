"""Which media files to try, and in which order: what is described decides the order, what is downloaded the rest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from urllib.parse import urlsplit

from config import Size
from player.exchange._shapes import Opportunity
from player.exchange.vast._model import MediaFile

MOST_FILES = 6
"""Tried of one ad, each a download."""
_ALIASES = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "video/x-mp4": "video/mp4",
    "video/m4v": "video/mp4",
    "video/x-m4v": "video/mp4",
    "video/mpeg4": "video/mp4",
    "mp4": "video/mp4",
    "webm": "video/webm",
}
_BY_ENDING = {
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
}
_PROGRAMS = ("application/javascript", "application/x-javascript", "text/javascript", "text/html")
_NEVER = (*_PROGRAMS, "application/x-shockwave-flash", "application/x-mpegurl", "application/vnd.apple.mpegurl")
_NEVER_KINDS = ("audio/", "application/dash", "text/")
_PLAYLISTS = frozenset({"m3u8", "mpd"})
_MOST_PIXELS = 3840 * 2160
_MOST_KBPS = 20_000
"""Past these a file is taken only when there is no lighter one: it takes weak boards minutes to prepare."""


def is_program(file: MediaFile) -> bool:
    """VPAID and the like: code that wants to be run (VAST 4.2 §3.9)."""
    return bool(file.framework) or file.mime in _PROGRAMS


def mime_of(file: MediaFile, opportunity: Opportunity) -> str | None:
    """Its type as far as it can be known before the download; None when it is nothing that this player shows.

    The type that is described, else what the address ends in: types lie more often than endings.
    """
    if is_program(file):
        return None
    shown = (*opportunity.video_mimes, *(mime for mime in opportunity.mimes if mime.startswith("image/")))
    if file.mime in _NEVER or file.mime.startswith(_NEVER_KINDS):
        return None
    described = _ALIASES.get(file.mime, file.mime)
    if described in shown:
        return described
    by_ending = _BY_ENDING.get(_ending(file.url))
    return by_ending if by_ending in shown else None


def choose(files: Sequence[MediaFile], opportunity: Opportunity) -> tuple[MediaFile, ...]:
    """The files to try, best first: a film before a picture, the screen's shape, enough pixels and not too many."""
    fit = [(file, mime) for file in files if (mime := mime_of(file, opportunity)) is not None]
    ranked = sorted(fit, key=lambda one: _rank(one[0], one[1], opportunity.screen))  # stable: then as they stand
    best: dict[str, MediaFile] = {}
    for file, _ in ranked:
        best.setdefault(file.url, file)
    return tuple(best.values())[:MOST_FILES]


def _rank(file: MediaFile, mime: str, screen: Size) -> tuple[bool, bool, bool, int, float, int]:
    """Less is better."""
    doubtful = file.streamed or _ending(file.url) in _PLAYLISTS or _ALIASES.get(file.mime, file.mime) != mime
    heavy = file.width * file.height > _MOST_PIXELS or file.kbps > _MOST_KBPS
    picture = mime.startswith("image/")
    if not (file.width and file.height):
        return doubtful, picture, heavy, 1, 1.0, -file.kbps
    apart = abs(math.log2((file.width / file.height) / (screen.w / screen.h)))
    enlarged = math.log2(min(screen.w / file.width, screen.h / file.height))
    # Pixels that are missing are missed twice as much as pixels too many, which only cost the preparing.
    return doubtful, picture, heavy, round(apart * 4), round(enlarged * 2 if enlarged > 0 else -enlarged, 2), -file.kbps


def _ending(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2].rpartition(".")[2].lower()
