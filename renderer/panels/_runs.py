"""Text cut into runs: each of one font and one direction, in the order in which they are seen."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from renderer.panels._bidi import Direction, base_direction, levels, visual_runs
from renderer.panels._faces import Cut, Face, cut_of, primary

_JOINERS = frozenset("\u200c\u200d")
_MARKS = frozenset("\u200e\u200f")
"""Direction marks: they do their work on the order, and are not drawn."""
_PLAIN_END = 0x250
"""Latin, with its accents: Inter draws all of it, from left to right."""


@dataclass(frozen=True, slots=True)
class Run:
    """Characters in logical order that one font draws in one direction."""

    text: str
    cut: Cut
    direction: Direction


def clusters(text: str) -> list[str]:
    """What a reader takes for one character: a base with its marks and joiners, a flag of two letters."""
    found: list[str] = []
    for char in text:
        if found and _extends(found[-1], char):
            found[-1] += char
        else:
            found.append(char)
    return found


def cut(text: str, limit: int) -> str:
    """The first ``limit`` code points, or a few less: no letter loses its marks."""
    while 0 < limit < len(text) and _extends(text[limit - 1], text[limit]):
        limit -= 1
    return text[:limit]


def _extends(before: str, char: str) -> bool:
    if char in _JOINERS or unicodedata.category(char) in {"Mn", "Mc", "Me"} or "\U0001f3fb" <= char <= "\U0001f3ff":
        return True
    if before[-1] == "\u200d" and ord(char) > 0x2000:
        return True
    return len(before) == 1 and _regional(before) and _regional(char)


def _regional(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def drawable(text: str) -> str:
    """``text`` without the characters that no font here draws: left out, never shown as boxes."""
    if _plain(text):
        return text
    east = _east(text)
    return "".join(_kept(cluster, east) for cluster in clusters(text))


def _kept(cluster: str, east: str) -> str:
    cut = cut_of(cluster, Face.TEXT, east)
    if cut is None:
        return ""
    return cluster[0] + "".join(c for c in cluster[1:] if c in cut or c in _JOINERS or c == "\ufe0f")


@lru_cache(maxsize=1024)
def runs(text: str, face: Face, base: Direction | None = None) -> tuple[Run, ...]:
    """The runs from left to right. ``base``: the line's direction; None: by its first strong character."""
    if _plain(text):
        return (Run(text, primary(face), "ltr"),)
    found = levels(text, base or base_direction(text))
    east = _east(text)
    pieces: list[tuple[str, Cut, int]] = []
    at = 0
    for cluster in clusters(text):
        cut = None if cluster in _MARKS else _cut(cluster, face, east, pieces[-1][1] if pieces else None)
        if cut is not None:
            pieces.append((cluster, cut, found[at]))
        at += len(cluster)
    parts = []
    for start, end, level in visual_runs([level for _, _, level in pieces]):
        row = _joined(pieces[start:end])
        rtl = level % 2 == 1
        parts += [Run(words, cut, "rtl" if rtl else "ltr") for words, cut in (row[::-1] if rtl else row)]
    return tuple(parts)


def _cut(cluster: str, face: Face, east: str, before: Cut | None) -> Cut | None:
    """Spaces stay with the font before them, so that they do not part what it joins."""
    if cluster == " " and before is not None and not before.colour and " " in before:
        return before
    return cut_of(cluster, face, east)


def _joined(pieces: list[tuple[str, Cut, int]]) -> list[tuple[str, Cut]]:
    row: list[tuple[str, Cut]] = []
    for words, cut, _ in pieces:
        if row and row[-1][1] == cut:
            row[-1] = (row[-1][0] + words, cut)
        else:
            row.append((words, cut))
    return row


def _plain(text: str) -> bool:
    return text.isascii() or all(ord(char) < _PLAIN_END or char in "–—−‘’“”…↑↓" for char in text)


def _east(text: str) -> str:
    """Whose forms Han characters take in a text: kana tell Japanese, Hangul Korean."""
    if any("\u3040" <= char <= "\u30ff" for char in text):
        return "ja"
    return "ko" if any("\uac00" <= char <= "\ud7a3" for char in text) else "zh"
