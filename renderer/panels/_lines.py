"""Lines: a text broken where its script may be broken, all lines about equally long."""

from __future__ import annotations

import unicodedata

from renderer.panels._runs import clusters
from renderer.panels._type import Face, shortened, width

_NOT_FIRST = frozenset("。、，．！？：；）」』】》〉〕”’ぁぃぅぇぉっゃゅょァィゥェォッャュョー々%,.!?:;)]}،؛؟")
"""May not begin a line (JIS X 4051, line-start prohibition, the common part)."""
_NOT_LAST = frozenset("（「『【《〈〔“‘([{")
_LEAST_REST = 3
"""A word that must be cut leaves no less than this for the next line."""
_THAI_LEADING = frozenset("เแโใไ")
_THAI_FOLLOWING = frozenset("ะาำๅๆฯ")


def broken(text: str, face: Face, size_px: float, room: float, most: int) -> tuple[str, ...]:
    """At most ``most`` lines no wider than ``room``; the last ends in an ellipsis when not all fits."""
    units = _units(text)
    lines = _filled(units, face, size_px, room)
    if not lines or most < 1:
        return ()
    if len(lines) > most:
        rest = "".join(lines[most - 1 :]).strip()
        last = shortened(rest, face, size_px, room)
        return tuple(line.strip() for line in (*lines[: most - 1], last) if line.strip())
    longest = max(width(unit.rstrip(), face, size_px) for unit in units)
    low, high = min(room, max(room * 0.5, longest)), room
    for _ in range(7):  # the narrowest measure that needs no more lines: no last line of one word
        middle = (low + high) / 2
        if len(_filled(units, face, size_px, middle)) <= len(lines):
            high = middle
        else:
            low = middle
    return tuple(line.strip() for line in _filled(units, face, size_px, high))


def _filled(units: list[str], face: Face, size_px: float, room: float) -> list[str]:
    """As much as fits on each line; a unit that is too long alone is cut between characters."""
    lines: list[str] = []
    line = ""
    for unit in units:
        if width((line + unit).rstrip(), face, size_px) <= room:
            line += unit
            continue
        if line.strip():
            lines.append(line)
        line = unit
        while width(line.rstrip(), face, size_px) > room:
            head = _head(line, face, size_px, room)
            if len(head) == len(line):
                break
            lines.append(head)
            line = line[len(head) :]
    return [*lines, line] if line.strip() else lines


def _head(text: str, face: Face, size_px: float, room: float) -> str:
    """As many characters as fit, at least one."""
    parts = _cuttable(clusters(text))
    count = 1
    while count < len(parts) and width("".join(parts[: count + 1]), face, size_px) <= room:
        count += 1
    left = len(parts) - count
    if 0 < left < _LEAST_REST and count > 2 * _LEAST_REST:
        count -= _LEAST_REST - left
    return "".join(parts[:count])


def _units(text: str) -> list[str]:
    """What a line may be broken between: words with the space after them, and ideographs."""
    units: list[str] = []
    for cluster in clusters(text):
        if units and not _may_break(units[-1], cluster):
            units[-1] += cluster
        else:
            units.append(cluster)
    return units


def _may_break(before: str, cluster: str) -> bool:
    if cluster == " " or cluster[0] in _NOT_FIRST or before[-1] in _NOT_LAST:
        return False
    if before.endswith(" "):
        return True
    if cluster[0] in _THAI_LEADING and "\u0e00" <= before[-1] <= "\u0e7f":
        return True  # a syllable begins here, whatever the word: Thai has no spaces, and no dictionary is at hand
    if before[-1].isdigit() or (_katakana(before[-1]) and _katakana(cluster[0])):
        return False  # 4,000戸 and マリナーズ stay whole while they fit
    return _wide(before[-1]) or _wide(cluster[0])


def _katakana(char: str) -> bool:
    return "\u30a0" <= char <= "\u30ff"


def _wide(char: str) -> bool:
    """Chinese and Japanese are set without spaces; Korean has them."""
    return unicodedata.east_asian_width(char) in {"W", "F"} and not "\uac00" <= char <= "\ud7a3"


def _cuttable(parts: list[str]) -> list[str]:
    """Thai vowels stay with their consonant: there is no dictionary here to find its words."""
    found: list[str] = []
    for part in parts:
        if found and (part[0] in _THAI_FOLLOWING or found[-1][-1] in _THAI_LEADING):
            found[-1] += part
        else:
            found.append(part)
    return found
