"""Zip archives of advertisers: read within limits, without ever trusting a name in them."""

from __future__ import annotations

import errno
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import quote

from config import Code, OohError, Size
from renderer.prepare.html._mime import mime_of
from renderer.prepare.html._shapes import ORIGIN, Resource, Site

_MOST_FILES = 1_000
_MOST_BYTES = 200_000_000
_MOST_RATIO = 200
"""Text compresses 3 to 10 times, a drawing's empty areas 50 times; bombs a thousand times."""
_RATIO_FROM_BYTES = 1_000_000
_LONGEST_NAME = 1_000
_UTF_8 = 0x800
_ENCRYPTED = 0x1
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_JUNK = frozenset({"__macosx", ".ds_store", "thumbs.db", "desktop.ini"})
_PAGES = (".html", ".htm", ".xhtml")
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    ValueError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """The most an archive may unpack to."""

    files: int = _MOST_FILES
    total_bytes: int = _MOST_BYTES


def read_archive(path: Path, limits: Limits | None = None) -> Mapping[str, bytes]:
    """The files of an archive by their names with ``/``; nothing is written to disk.

    Raises ``OohError``: CREATIVE_CORRUPT, CREATIVE_UNSAFE (a name that leads out, a link), CREATIVE_TOO_LARGE.
    ``OSError`` when the file cannot be read.
    """
    limits = limits or Limits()
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            return dict(_files(archive, limits))
    except _BROKEN as error:
        raise OohError(Code.CREATIVE_CORRUPT, f"its archive: {error}") from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # an offset before the file's start is the archive's fault, not the disk's
            raise
        raise OohError(Code.CREATIVE_CORRUPT, f"its archive: {error}") from error


def site_of(files: Mapping[str, bytes], size: Size | None = None) -> Site:
    """The page of an archive with its files around it. Raises ``OohError`` (CREATIVE_NO_PAGE)."""
    page = primary_page(files)
    resources = {_address(name): Resource(200, mime_of(name, body), body) for name, body in files.items()}
    return Site(_address(page), resources, size)


def primary_page(names: Mapping[str, bytes]) -> str:
    """``index.html``, or the only page, as near to the top as there is one.

    Advertisers zip the folder as often as its contents, so one folder may lie around everything.
    Raises ``OohError`` (CREATIVE_NO_PAGE) when there is none, or no telling which.
    """
    pages = [name for name in names if name.lower().endswith(_PAGES)]
    if not pages:
        raise OohError(Code.CREATIVE_NO_PAGE, "no .html file")
    depth = min(name.count("/") for name in pages)
    top = sorted(name for name in pages if name.count("/") == depth)
    indexes = [name for name in top if PurePosixPath(name.lower()).stem == "index"]
    for found in (indexes, top):
        if len(found) == 1:
            return found[0]
    raise OohError(Code.CREATIVE_NO_PAGE, f"{len(top)} pages, and none of them is the one index.html")


def _files(archive: zipfile.ZipFile, limits: Limits) -> Iterator[tuple[str, bytes]]:
    entries = archive.infolist()
    if len(entries) > limits.files:
        raise OohError(Code.CREATIVE_TOO_LARGE, f"its archive holds {len(entries)} files, over {limits.files}")
    left_bytes = limits.total_bytes
    for entry in entries:
        name = safe_name(_decoded(entry))
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise OohError(Code.CREATIVE_UNSAFE, f"{name[:80]!r} is a link")
        if entry.is_dir() or not name or name.endswith("/") or _is_junk(name):
            continue
        _check(entry)
        with archive.open(entry) as file:
            body = _bounded(file, left_bytes)
        if len(body) > _RATIO_FROM_BYTES and len(body) > _MOST_RATIO * max(1, entry.compress_size):
            raise OohError(Code.CREATIVE_TOO_LARGE, f"{name[:80]!r} unpacks to more than {_MOST_RATIO} times its size")
        left_bytes -= len(body)
        yield name, body


def safe_name(name: str) -> str:
    """The name with ``/`` between its parts, and none of them special.

    Raises ``OohError`` (CREATIVE_UNSAFE) for a name that leads out of the archive or cannot be a name.
    """
    plain = name.replace("\\", "/")
    parts = plain.split("/")
    leads_out = plain.startswith("/") or ".." in parts or (len(plain) > 1 and plain[1] == ":")
    if leads_out or "\0" in plain or len(plain) > _LONGEST_NAME:
        raise OohError(Code.CREATIVE_UNSAFE, f"the name {name[:80]!r} leads out of its archive")
    return "/".join(part for part in parts if part not in ("", ".")) + ("/" if plain.endswith("/") else "")


def _decoded(entry: zipfile.ZipInfo) -> str:
    """Names without the UTF-8 flag are mostly UTF-8 all the same (macOS); else what the format says, CP437."""
    if entry.flag_bits & _UTF_8:
        return entry.orig_filename
    try:
        return entry.orig_filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.orig_filename


def _check(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & _ENCRYPTED:
        raise OohError(Code.CREATIVE_UNSUPPORTED, "an archive with a password")
    if entry.compress_type not in _METHODS:
        raise OohError(Code.CREATIVE_UNSUPPORTED, f"an archive packed by method {entry.compress_type}")


def _bounded(file: IO[bytes], most_bytes: int) -> bytes:
    body = file.read(most_bytes + 1)
    if len(body) > most_bytes:
        raise OohError(Code.CREATIVE_TOO_LARGE, "its archive unpacks to more than the limit")
    return body


def _is_junk(name: str) -> bool:
    parts = name.lower().split("/")
    return not _JUNK.isdisjoint(parts) or parts[-1].startswith("._")


def _address(name: str) -> str:
    return f"{ORIGIN}/{quote(name, safe='/')}"
