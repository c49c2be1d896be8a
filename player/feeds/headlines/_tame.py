"""Making a feed's bytes safe to parse: decoded, bounded in size, depth and length of its texts, in linear time.

feedparser takes anything, and for that falls back to parsers that need time by the square of a text's length or of
the depth (measured: 400 kB of ``a.a.a.`` in an author's element: minutes). So what is long, deep or of no use for a
headline goes before.
"""

from __future__ import annotations

import codecs
import re

from config import Code, OohError

MOST_BYTES = 3_000_000
_MOST_CHARACTERS = 600_000
_MOST_TAGS = 30_000
_MOST_ITEMS = 60
_DEEPEST = 1_000
_LONGEST_TEXT = 1_000
_LONGEST_TAG = 4_000

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARED = re.compile(rb"""^\s{0,99}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._-]{1,40})""")
_DECLARATION = re.compile(r"^\s{0,99}<\?xml[^>]{0,300}\?>")
_CHARSET = re.compile(r"""charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9._-]{1,40})""", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE[^<>\[]{0,500}(?:\[[^\]]{0,100000}\])?[^<>]{0,100}>", re.IGNORECASE)
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,40}:)?(rss|rdf|feed|channel)\b", re.IGNORECASE)
_ITEM_END = re.compile(r"</(?:[A-Za-z_][\w.-]{0,40}:)?(?:item|entry)\s{0,9}>", re.IGNORECASE)
# People's names go through feedparser's slowest expressions, and no headline needs them.
_PEOPLE = re.compile(
    r"<(/?)((?:[\w.-]{1,40}:)?(?:author|creator|contributor|publisher|managingEditor|webMaster|owner))\b", re.IGNORECASE
)
_LONG = re.compile(rf"(>|<!\[CDATA\[)([^<>]{{{_LONGEST_TEXT + 1},}}+)")
_TAG = re.compile(r"<(/?)[A-Za-z_][^<>]*+>?")
_WIDE = re.compile(r"16|32|utf-?7|escape|idna|punycode", re.IGNORECASE)
"""Encodings that these bytes cannot be in (they had no mark), or that are none of a text."""
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


def tame(body: bytes, content_type: str = "") -> bytes:
    """The feed as UTF-8, without what is dangerous or of no use. Raises ``OohError`` FEED_INVALID for what is none."""
    text = _decoded(body, content_type)[:_MOST_CHARACTERS].translate(_CONTROLS)
    text = _DOCTYPE.sub("", _DECLARATION.sub("", text), count=1).lstrip()
    if _ROOT.search(text, 0, 5_000) is None:
        raise OohError(Code.FEED_INVALID, "it is neither RSS nor Atom")
    text = _first_items(text)
    text = _PEOPLE.sub(r"<\1x-\2", text).replace("x-dc:", "x-").replace("x-itunes:", "x-")
    text = _LONG.sub(_cut, text)
    _check_depth(text)
    return f'<?xml version="1.0" encoding="utf-8"?>{text}'.encode("utf-8", "replace")


def _decoded(body: bytes, content_type: str) -> str:
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    if body[:4] in {b"<\x00?\x00", b"<\x00r\x00"}:
        return body.decode("utf-16-le", "replace")
    declared = _DECLARED.search(body[:400])
    told = _CHARSET.search(content_type)
    # RFC 7303 §3.2 lets the transport's charset win; it is sent wrongly so often that the file's own is asked first.
    for name in (declared[1].decode("ascii") if declared else "", "utf-8", told[1] if told else "", "windows-1252"):
        try:
            if name and not _WIDE.search(name):
                return body.decode(name)
        except (LookupError, UnicodeError, ValueError):
            continue
    return body.decode("utf-8", "replace")


def _first_items(text: str) -> str:
    """Feeds are newest first; a podcast's thousand episodes are cut after the newest ones, and closed again."""
    for number, found in enumerate(_ITEM_END.finditer(text), 1):
        if number == _MOST_ITEMS:
            root = _ROOT.search(text, 0, 5_000)
            name = root[1].lower() if root else ""
            opened = re.compile(r"<([A-Za-z_][\w.:-]{0,60})\b").search(text, root.start() if root else 0)
            outer = opened[1] if opened else "rss"
            middle = "</channel>" if name == "rss" else ""
            return f"{text[: found.end()]}{middle}</{outer}>"
    return text


def _cut(found: re.Match[str]) -> str:
    """The beginning of a long text; not in the middle of an entity, and the end of a CDATA section stays."""
    text = found[2]
    head = text[:_LONGEST_TEXT]
    entity = head.rfind("&", _LONGEST_TEXT - 12)
    if entity >= 0 and ";" not in head[entity:]:
        head = head[:entity]
    return found[1] + head + ("]]" if text.endswith("]]") else "")


def _check_depth(text: str) -> None:
    depth = deepest = count = 0
    for found in _TAG.finditer(text):
        count += 1
        tag = found[0]
        if len(tag) > _LONGEST_TAG:
            raise OohError(Code.FEED_INVALID, "it has a tag of more than 4000 characters")
        if found[1]:
            depth = max(0, depth - 1)
        elif not tag.endswith("/>"):
            depth += 1
            deepest = max(deepest, depth)
    if count > _MOST_TAGS:
        raise OohError(Code.FEED_INVALID, f"it has more than {_MOST_TAGS} tags")
    if deepest > _DEEPEST:
        raise OohError(Code.FEED_INVALID, "it is nested too deeply")
