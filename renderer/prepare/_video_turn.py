"""How a video is to be turned: its display matrix, as one of the eight ways a picture can lie."""

from __future__ import annotations

import struct
from collections.abc import Mapping

_MATRIX = struct.Struct("=9i")
_UPRIGHT = (1, 0, 0, 1)
_STEPS: Mapping[tuple[int, int, int, int], tuple[tuple[str, str], ...]] = {
    _UPRIGHT: (),
    (0, 1, -1, 0): (("transpose", "clock"),),
    (-1, 0, 0, -1): (("hflip", ""), ("vflip", "")),
    (0, -1, 1, 0): (("transpose", "cclock"),),
    (-1, 0, 0, 1): (("hflip", ""),),
    (1, 0, 0, -1): (("vflip", ""),),
    (0, 1, 1, 0): (("transpose", "cclock_flip"),),
    (0, -1, -1, 0): (("transpose", "clock_flip"),),
}
"""The filters that do what a matrix says: x' = ax + cy, y' = bx + dy (ISO/IEC 14496-12 6.2.2), y downwards."""


class Turn:
    """What brings stored pictures upright."""

    def __init__(self, matrix: bytes | None) -> None:
        """``matrix``: FFmpeg's DISPLAYMATRIX side data, nine 32-bit numbers; None: upright."""
        self.odd = False
        """True when the matrix asks for an angle that is no quarter turn: the nearest is taken."""
        entry = _UPRIGHT
        if matrix is not None and len(matrix) >= _MATRIX.size:
            a, b, _, c, d, *_ = _MATRIX.unpack_from(matrix)
            straight = max(abs(a), abs(d)) >= max(abs(b), abs(c))
            self.odd = min(max(abs(a), abs(d)), max(abs(b), abs(c))) > 0x10000 // 50
            entry = (_sign(a), 0, 0, _sign(d)) if straight else (0, _sign(b), _sign(c), 0)
        self.filters = _STEPS.get(entry, ())
        """(name, its argument) of each filter, in order; empty: it is upright."""
        self.sideways = entry[0] == 0
        """True when width and height change places."""


def _sign(value: int) -> int:
    return -1 if value < 0 else 1
