"""The order in which mixed left-to-right and right-to-left text is seen (Unicode Standard Annex 9).

One line without explicit controls: ``clean`` takes those out, so rules X1 to X8 have nothing to do.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby
from typing import Literal

Direction = Literal["ltr", "rtl"]

_STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}
_NEUTRAL = frozenset({"B", "S", "WS", "ON"})
_OPENING = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "〈": "〉", "《": "》", "「": "」", "『": "』", "【": "】"}
_CLOSING = frozenset(_OPENING.values())


def base_direction(text: str, otherwise: Direction = "ltr") -> Direction:
    """That of the first strong character (rules P2 and P3); ``otherwise`` when there is none."""
    for char in text:
        strong = _STRONG.get(unicodedata.bidirectional(char))
        if strong is not None:
            return "rtl" if strong == "rtl" else "ltr"
    return otherwise


def levels(text: str, base: Direction) -> list[int]:
    """The embedding level of each character: even from left to right, odd from right to left."""
    bottom = 1 if base == "rtl" else 0
    edge = "R" if bottom else "L"
    given = [unicodedata.bidirectional(char) or "L" for char in text]
    kinds = _neutrals(_bracketed(_weak(given, edge), given, text, edge), edge)
    found = [_level(kind, bottom) for kind in kinds]
    for place in range(len(text) - 1, -1, -1):  # L1: spaces at the end lie with the line
        if given[place] not in {"WS", "BN", "S", "B"}:
            break
        found[place] = bottom
    return found


def visual_runs(found: list[int]) -> list[tuple[int, int, int]]:
    """Stretches of one level as (start, end, level), in the order in which they are seen (rule L2)."""
    runs = []
    start = 0
    for level, group in groupby(found):
        end = start + len(list(group))
        runs.append((start, end, level))
        start = end
    for lowest in range(max(found, default=0), 0, -1):
        start = 0
        while start < len(runs):
            end = start
            while end < len(runs) and runs[end][2] >= lowest:
                end += 1
            runs[start:end] = runs[start:end][::-1]
            start = max(end, start + 1)
    return runs


def _weak(given: list[str], edge: str) -> list[str]:
    """Rules W1 to W7: marks, numbers and what belongs to them."""
    kinds = _numbers(_marks(given, edge), edge)
    for place in range(1, len(kinds) - 1):  # W4
        left, right = kinds[place - 1], kinds[place + 1]
        if left == right and ((kinds[place] in {"ES", "CS"} and left == "EN") or (kinds[place], left) == ("CS", "AN")):
            kinds[place] = left
    for order in (range(len(kinds)), range(len(kinds) - 1, -1, -1)):  # W5
        near = ""
        for place in order:
            if kinds[place] == "ET" and near == "EN":
                kinds[place] = "EN"
            near = kinds[place]
    kinds = ["ON" if kind in {"ES", "ET", "CS"} else kind for kind in kinds]  # W6
    strong = edge
    for place, kind in enumerate(kinds):
        if kind in {"L", "R"}:
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[place] = "L"  # W7
    return kinds


def _marks(given: list[str], edge: str) -> list[str]:
    """W1: a mark goes with what stands before it; so does a boundary neutral (5.2)."""
    kinds: list[str] = []
    for kind in given:
        kinds.append((kinds[-1] if kinds else edge) if kind in {"NSM", "BN"} else kind)
    return kinds


def _numbers(kinds: list[str], edge: str) -> list[str]:
    """W2 and W3: after Arabic letters, European digits are Arabic numbers."""
    strong, found = edge, []
    for kind in kinds:
        if kind in {"L", "R", "AL"}:
            strong = kind
        found.append("AN" if kind == "EN" and strong == "AL" else kind)
    return ["R" if kind == "AL" else kind for kind in found]


def _bracketed(kinds: list[str], given: list[str], text: str, edge: str) -> list[str]:
    """Rule N0: brackets in pairs, and the marks on them."""
    for opened, closed in _pairs(kinds, text):
        inside = {_side(kind) for kind in kinds[opened + 1 : closed]} - {""}
        if edge in inside:
            taken = edge
        elif inside:
            before = next((_side(k) for k in reversed(kinds[:opened]) if _side(k)), edge)
            taken = before if before in inside else edge
        else:
            continue
        for bracket in (opened, closed):
            kinds[bracket] = taken
            after = bracket + 1
            while after < len(kinds) and given[after] in {"NSM", "BN"}:
                kinds[after] = taken
                after += 1
    return kinds


def _neutrals(kinds: list[str], edge: str) -> list[str]:
    """Rules N1 and N2: what is left between strong characters."""
    start = 0
    for neutral, group in groupby(list(kinds), key=lambda kind: kind in _NEUTRAL):
        end = start + len(list(group))
        if neutral:
            before = _side(kinds[start - 1]) if start else edge
            after = _side(kinds[end]) if end < len(kinds) else edge
            kinds[start:end] = [before if before == after else edge] * (end - start)
        start = end
    return kinds


def _pairs(kinds: list[str], text: str) -> list[tuple[int, int]]:
    """Bracket pairs, by where they open (BD16)."""
    waiting: list[tuple[str, int]] = []
    found = []
    for place, char in enumerate(text):
        if kinds[place] != "ON":
            continue
        if char in _OPENING:
            waiting.append((_OPENING[char], place))
            if len(waiting) > 63:
                return []
        elif char in _CLOSING:
            for depth in range(len(waiting) - 1, -1, -1):
                if waiting[depth][0] == char:
                    found.append((waiting[depth][1], place))
                    del waiting[depth:]
                    break
    return sorted(found)


def _side(kind: str) -> str:
    """Numbers count as right-to-left among neutrals (N0, N1)."""
    return "R" if kind in {"R", "EN", "AN"} else "L" if kind == "L" else ""


def _level(kind: str, bottom: int) -> int:
    """Rules I1 and I2."""
    if bottom % 2:
        return bottom + (1 if kind in {"L", "EN", "AN"} else 0)
    return bottom + {"R": 1, "EN": 2, "AN": 2}.get(kind, 0)
