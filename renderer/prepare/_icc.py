"""Writes small ICC profiles, so that colours told by numbers go the way of colours told by a profile."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

_STEPS = 4096
_D50 = (0.9642, 1.0, 0.8249)
"""The white of the profile connection space (ICC.1:2022, 7.2.16)."""
_BRADFORD = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
"""ICC.1:2022, annex E.3."""

Row = tuple[float, float, float]
Matrix = tuple[Row, Row, Row]


@dataclass(frozen=True, slots=True)
class Primaries:
    """CIE 1931 x and y of white, red, green and blue."""

    white: tuple[float, float]
    red: tuple[float, float]
    green: tuple[float, float]
    blue: tuple[float, float]


BT_709 = Primaries((0.3127, 0.3290), (0.64, 0.33), (0.30, 0.60), (0.15, 0.06))


def srgb_to_linear(value: float) -> float:
    """IEC 61966-2-1, 5.2: 0 … 1 as stored to 0 … 1 of light."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def profile_of(primaries: Primaries, curve: Callable[[float], float], *, grey: bool) -> bytes:
    """A display profile of three primaries (or of grey) and one tone curve, from stored 0 … 1 to light 0 … 1.

    Raises ``ValueError`` or ``ZeroDivisionError`` for primaries that span no colours.
    """
    tone = _curve(curve)
    tags = [(b"wtpt", _xyz(_D50))]
    if grey:
        tags.append((b"kTRC", tone))
    else:
        columns = zip(*_to_d50(primaries), strict=True)
        tags += [(name, _xyz(column)) for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True)]
        tags += [(name, tone) for name in (b"rTRC", b"gTRC", b"bTRC")]
    return _file(tags, b"GRAY" if grey else b"RGB ")


def _to_d50(primaries: Primaries) -> Matrix:
    """RGB to XYZ under D50: scaled to the white (SMPTE RP 177), then adapted by Bradford's cones."""
    columns = [_upright(*xy) for xy in (primaries.red, primaries.green, primaries.blue)]
    raw = _turned((columns[0], columns[1], columns[2]))
    white = _upright(*primaries.white)
    r, g, b = _through(_inverse(raw), white)
    scaled = _product(raw, ((r, 0, 0), (0, g, 0), (0, 0, b)))
    have, want = _through(_BRADFORD, white), _through(_BRADFORD, _D50)
    gains = ((want[0] / have[0], 0, 0), (0, want[1] / have[1], 0), (0, 0, want[2] / have[2]))
    return _product(_product(_inverse(_BRADFORD), _product(gains, _BRADFORD)), scaled)


def _upright(x: float, y: float) -> Row:
    return x / y, 1.0, (1 - x - y) / y


def _turned(m: Matrix) -> Matrix:
    return (m[0][0], m[1][0], m[2][0]), (m[0][1], m[1][1], m[2][1]), (m[0][2], m[1][2], m[2][2])


def _through(m: Matrix, v: Row) -> Row:
    x, y, z = (sum(a * b for a, b in zip(row, v, strict=True)) for row in m)
    return x, y, z


def _product(a: Matrix, b: Matrix) -> Matrix:
    columns = _turned(b)
    return _turned((_through(a, columns[0]), _through(a, columns[1]), _through(a, columns[2])))


def _inverse(m: Matrix) -> Matrix:
    (a, b, c), (d, e, f), (g, h, i) = m
    whole = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    if abs(whole) < 1e-9:
        message = "primaries on one line"
        raise ValueError(message)
    return (
        ((e * i - f * h) / whole, (c * h - b * i) / whole, (b * f - c * e) / whole),
        ((f * g - d * i) / whole, (a * i - c * g) / whole, (c * d - a * f) / whole),
        ((d * h - e * g) / whole, (b * g - a * h) / whole, (a * e - b * d) / whole),
    )


def _xyz(v: Row) -> bytes:
    """XYZType (10.31): s15Fixed16."""
    try:
        return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(part * 65536) for part in v))
    except struct.error as error:
        message = "primaries out of range"
        raise ValueError(message) from error


def _curve(curve: Callable[[float], float]) -> bytes:
    """curveType (10.6): samples of 16 bit."""
    samples = (min(65535, max(0, round(65535 * curve(i / (_STEPS - 1))))) for i in range(_STEPS))
    return b"curv\0\0\0\0" + struct.pack(f">I{_STEPS}H", _STEPS, *samples)


def _file(tags: list[tuple[bytes, bytes]], space: bytes) -> bytes:
    """Header (7.2), tag table (7.3), tags. Equal data is stored once."""
    table, body = struct.pack(">I", len(tags)), b""
    start, placed = 128 + 4 + 12 * len(tags), dict[bytes, int]()
    for name, data in tags:
        if data not in placed:
            placed[data] = start + len(body)
            body += data + bytes(-len(data) % 4)
        table += name + struct.pack(">II", placed[data], len(data))
    size = 128 + len(table) + len(body)
    head = struct.pack(">I4xI4s4s4s12x4s", size, 0x04400000, b"mntr", space, b"XYZ ", b"acsp")
    return head.ljust(68, b"\0") + _xyz(_D50)[8:] + bytes(48) + table + body
