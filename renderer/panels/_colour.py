"""Colour arithmetic: mixing, contrast (WCAG 2.2), and inks that can be read on a surface."""

from __future__ import annotations

import re

Rgb = tuple[int, int, int]

WHITE: Rgb = (255, 255, 255)
BLACK: Rgb = (0, 0, 0)
_NEAR_BLACK: Rgb = (16, 20, 28)
_HEX = re.compile(r"#?([0-9a-fA-F]{6})")


def parse(text: object) -> Rgb | None:
    """Read ``#rrggbb`` (the ``#`` may be missing, as in scoreboards). None for anything else."""
    match = _HEX.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        return None
    value = int(match[1], 16)
    return value >> 16, value >> 8 & 255, value & 255


def mix(a: Rgb, b: Rgb, share_of_b: float) -> Rgb:
    """``a`` with ``share_of_b`` (0 to 1) of ``b`` in it."""
    keep = 1.0 - share_of_b
    return (
        round(a[0] * keep + b[0] * share_of_b),
        round(a[1] * keep + b[1] * share_of_b),
        round(a[2] * keep + b[2] * share_of_b),
    )


def luminance(colour: Rgb) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2, "relative luminance")."""
    linear = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: Rgb, b: Rgb) -> float:
    """Contrast ratio, 1 to 21 (WCAG 2.2, 1.4.3)."""
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def ink_on(ground: Rgb) -> Rgb:
    """White where it reads (4.5:1, WCAG 2.2, 1.4.3), as people expect on saturated colours; else near-black, or black.

    On any colour one of white and black has at least 4.58:1.
    """
    return next((ink for ink in (WHITE, _NEAR_BLACK) if contrast(ink, ground) >= 4.5), BLACK)


def apart_from(colour: Rgb, ground: Rgb, ratio: float) -> Rgb:
    """``colour``, moved towards white or black just so far that it stands out from ``ground``."""
    goal = WHITE if luminance(ground) < 0.4 else BLACK
    for step in range(21):
        moved = mix(colour, goal, step / 20)
        if contrast(moved, ground) >= ratio:
            return moved
    return goal
