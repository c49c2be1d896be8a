"""Reads the boxes of an AVIF that its decoder does not tell of: brands and code points of colour."""

from __future__ import annotations

from collections.abc import Iterator

from renderer.prepare._cicp import profile_for

_BRANDS = (b"avif", b"avis")
_MOST_BOXES = 1_000
_FULL_BOX_BYTES = 4


def is_avif(head: bytes) -> bool:
    """Whether a file type box names an AVIF brand, as its major brand or a compatible one (ISO/IEC 14496-12 4.3)."""
    if head[4:8] != b"ftyp":
        return False
    brands = head[8 : min(len(head), int.from_bytes(head[:4]))]
    return any(brands[at : at + 4] in _BRANDS for at in range(0, len(brands), 4) if at != 4)


def avif_profile(data: bytes, *, grey: bool) -> bytes | None:
    """The ICC profile of its ``nclx`` colour box (ISO/IEC 14496-12 12.1.5); None: sRGB or not told."""
    for name, body in _boxes(data, (b"meta", b"iprp", b"ipco")):
        if name == b"colr" and body[:4] == b"nclx" and len(body) >= 10:
            return profile_for(int.from_bytes(body[4:6]), int.from_bytes(body[6:8]), grey=grey)
    return None


def avif_ends_early(data: bytes) -> bool:
    """True when an outer box is longer than the file."""
    at = 0
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4])
        if length == 0:
            return False
        at += int.from_bytes(data[at + 8 : at + 16]) if length == 1 else max(length, 8)
    return at != len(data)


def _boxes(data: bytes, way: tuple[bytes, ...]) -> Iterator[tuple[bytes, bytes]]:
    """The boxes inside the first ones named in ``way``, from the outside in."""
    for name, body in _children(data):
        if not way:
            yield name, body
        elif name == way[0]:
            yield from _boxes(body[_FULL_BOX_BYTES:] if name == b"meta" else body, way[1:])
            return


def _children(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    for _ in range(_MOST_BOXES):
        if at + 8 > len(data):
            return
        length, head = int.from_bytes(data[at : at + 4]), 8
        if length == 1:
            length, head = int.from_bytes(data[at + 8 : at + 16]), 16
        end = len(data) if length == 0 else at + length
        if end < at + head:
            return
        yield data[at + 4 : at + 8], data[at + head : end]
        at = end
