"""The pack: an HTML5 creative with all that it asked for, as one file of the store. It needs no network any more.

A zip archive, stored and not deflated so that its bytes depend on its content alone: ``ooh-creative.json`` first, then
``r/0000``, ``r/0001`` … in the order of their addresses. The sha256 of the pack is the creative's.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import msgspec

from config import Code, OohError, Size
from renderer.prepare.html._archive import read_archive
from renderer.prepare.html._shapes import Resource, Site

INDEX = "ooh-creative.json"
_FORMAT = 1
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Entry:
    url: str
    file: str
    status: int
    content_type: str
    found_at: str = ""


@dataclass(frozen=True, slots=True)
class _Index:
    format: int
    start: str
    resources: tuple[_Entry, ...]
    size: Size | None = None
    fluid: bool = False


def write_pack(site: Site, path: Path) -> None:
    """Write it; the same site gives the same bytes. Raises ``OSError``."""
    named = sorted(site.resources.items())
    entries = tuple(
        _Entry(url, f"r/{at:04}", found.status, found.content_type, found.url) for at, (url, found) in enumerate(named)
    )
    index = _Index(_FORMAT, site.start, entries, site.size, site.fluid)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_info(INDEX), msgspec.json.encode(index, order="deterministic"))
        for entry in entries:
            archive.writestr(_info(entry.file), site.resources[entry.url].body)


def is_pack(path: Path) -> bool:
    """Told by its first bytes."""
    with path.open("rb") as file:
        return file.read(30 + len(INDEX))[30:] == INDEX.encode()


def read_pack(path: Path) -> Site:
    """Raises ``OohError`` (CREATIVE_CORRUPT, CREATIVE_TOO_LARGE), ``OSError``."""
    files = read_archive(path)
    try:
        index = msgspec.json.decode(files[INDEX], type=_Index)
        found = {
            entry.url: Resource(entry.status, entry.content_type, files[entry.file], entry.found_at)
            for entry in index.resources
        }
    except (msgspec.DecodeError, KeyError) as error:
        raise OohError(Code.CREATIVE_CORRUPT, f"its pack: {error}") from error
    if index.format != _FORMAT:
        raise OohError(Code.CREATIVE_UNSUPPORTED, f"a pack of format {index.format}")
    return Site(index.start, found, index.size, index.fluid)


def _info(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, _EPOCH)
