"""Colours told by code points (ITU-T H.273): what cICP in PNG and nclx in AVIF say, as an ICC profile."""

from __future__ import annotations

import math
from collections.abc import Callable

from renderer.prepare._icc import BT_709, Primaries, profile_of, srgb_to_linear

_D65 = (0.3127, 0.3290)
_C = (0.310, 0.316)
_PRIMARIES: dict[int, Primaries] = {
    1: BT_709,
    4: Primaries(_C, (0.67, 0.33), (0.21, 0.71), (0.14, 0.08)),
    5: Primaries(_D65, (0.64, 0.33), (0.29, 0.60), (0.15, 0.06)),
    6: Primaries(_D65, (0.630, 0.340), (0.310, 0.595), (0.155, 0.070)),
    7: Primaries(_D65, (0.630, 0.340), (0.310, 0.595), (0.155, 0.070)),
    9: Primaries(_D65, (0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    11: Primaries((0.314, 0.351), (0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
    12: Primaries(_D65, (0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
}
"""H.273 table 2."""
_SRGB_TRANSFER = 13
_WHITE_NITS = 203.0
"""What an HDR picture's white means on a screen without HDR (ITU-R BT.2408, 2.1)."""


def profile_for(primaries: int, transfer: int, *, grey: bool = False) -> bytes | None:
    """The profile of these code points; None where they say sRGB or nothing known."""
    where, curve = _PRIMARIES.get(primaries), _curve_for(transfer)
    if where is None or curve is None or (where is BT_709 and transfer == _SRGB_TRANSFER):
        return None
    return profile_of(where, curve, grey=grey)


def _curve_for(transfer: int) -> Callable[[float], float] | None:
    """H.273 table 3, from stored 0 … 1 to light 0 … 1. Camera curves as screens show them (ITU-R BT.1886): 2.4."""
    curves: dict[int, Callable[[float], float]] = {
        **dict.fromkeys((1, 6, 14, 15), lambda v: float(v**2.4)),
        4: lambda v: float(v**2.2),
        5: lambda v: float(v**2.8),
        8: lambda v: v,
        13: srgb_to_linear,
        16: _pq,
        17: lambda v: float(52.37 / 48 * v**2.6),
        18: _hlg,
    }
    return curves.get(transfer)


def _pq(v: float) -> float:
    """SMPTE ST 2084; what is brighter than white is clipped."""
    m1, m2, c1, c2, c3 = 1305 / 8192, 2523 / 32, 107 / 128, 2413 / 128, 2392 / 128
    e = v ** (1 / m2)
    return float(min(1.0, 10_000 / _WHITE_NITS * (max(0.0, e - c1) / (c2 - c3 * e)) ** (1 / m1)))


def _hlg(v: float) -> float:
    """ARIB STD-B67, on a screen whose white is the signal 0.75 (ITU-R BT.2408, 2.1)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = v * v / 3 if v <= 0.5 else (math.exp((v - c) / a) + b) / 12
    white = (math.exp((0.75 - c) / a) + b) / 12
    return min(1.0, float((scene / white) ** 1.2))
