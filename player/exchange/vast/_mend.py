"""Mending XML that servers break: one pass, in time that grows with the text's length alone."""

from __future__ import annotations

import html
import re

_NAME = r"[A-Za-z_][A-Za-z0-9_.:-]{0,80}"
# Possessive throughout: what was read is never tried again in another way, or hostile text takes hours.
_TAG = re.compile(rf"<(/?)({_NAME})((?:\s++[^<>]{{0,20000}}+|/?+))>")
_ATTRIBUTE = re.compile(rf"({_NAME})\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>/]++))")
_REFERENCE = re.compile(r"&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}));|&")
_OPENS_CDATA = re.compile(r"<\s?!\s?\[\s?CDATA\s?\[", re.IGNORECASE)
_OPENING_LENGTH = 16
_HALF_CLOSED = re.compile(r"\]{1,3}>?\Z")
_CLOSES = re.compile(r"</(?:[A-Za-z0-9_.-]{1,40}:)?VAST\s{0,20}>", re.IGNORECASE)
_LONGEST = 500_000
_MOST_PIECES = 80_000


def mended(text: str) -> str:
    """``text`` with what breaks it put right as far as its meaning is plain. Total; the result may still be broken.

    Put right are: text before and after the document; ``&`` that begins no reference, and references that only HTML
    knows; CDATA sections that are misspelt, nested or never closed; a ``<`` that begins no tag; attributes without
    quotes, or named twice; prefixes that no namespace is declared for. A document that was cut off stays broken: what
    it lost may be what must be called. Text that is longer than any VAST is not looked into.
    """
    if len(text) > _LONGEST:
        return text
    ends = [closing.end() for closing in _CLOSES.finditer(text)]
    text = text[: ends[-1]] if ends else text
    out: list[str] = []
    ahead = _Ahead(text)
    at = max(0, text.find("<"))
    while at < len(text) and len(out) < _MOST_PIECES:
        mark = text.find("<", at)
        if mark < 0:
            break  # what follows the last tag belongs to nothing
        out.append(_escaped(text[at:mark]))
        piece, at = _piece(text, mark, ahead)
        out.append(piece)
    return "".join(out)


def _piece(text: str, at: int, ahead: _Ahead) -> tuple[str, int]:
    """What begins with the ``<`` at ``at``, mended, and where it ends."""
    opens = _OPENS_CDATA.match(text, at, at + _OPENING_LENGTH)
    if opens is not None:
        return _section(text, opens.end(), ahead)
    if text.startswith("<!--", at):
        end = text.find("-->", at + 4)
        return "", len(text) if end < 0 else end + 3
    if text.startswith("<?", at):
        end = text.find("?>", at + 2)
        return "", len(text) if end < 0 else end + 2
    if text.startswith("<!DOCTYPE", at):
        return "<!DOCTYPE", at + 9  # stays, to be refused
    tag = _TAG.match(text, at)
    return ("&lt;", at + 1) if tag is None else (_tag(tag), tag.end())


def _section(text: str, at: int, ahead: _Ahead) -> tuple[str, int]:
    """A CDATA section's content as escaped text. One that is never closed ends where the next closing tag begins."""
    closed, tag, opens = ahead.find("]]>", at), ahead.find("</", at), ahead.find("<![", at)
    if closed == len(text) or tag < opens < closed:
        content, after = _HALF_CLOSED.sub("", text[at:tag].rstrip()), tag
    else:
        content, after = text[at:closed], closed + 3
        while text.startswith("]]>", after + _blanks(text, after)):  # nested ones close twice
            after += _blanks(text, after) + 3
    nested = _OPENS_CDATA.match(content := content.lstrip())
    return html.escape(content[nested.end() :] if nested else content, quote=False), after


class _Ahead:
    """``str.find`` that looks at each character once a mark, however often it is asked; the text's end when none."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found = dict.fromkeys(("]]>", "</", "<!["), -1)

    def find(self, mark: str, at: int) -> int:
        if self._found[mark] < at:
            found = self._text.find(mark, at)
            self._found[mark] = len(self._text) if found < 0 else found
        return self._found[mark]


def _blanks(text: str, at: int) -> int:
    head = text[at : at + 20]
    return len(head) - len(head.lstrip())


def _tag(tag: re.Match[str]) -> str:
    name = tag[2].rpartition(":")[2]
    if tag[1]:
        return f"</{name}>"
    seen: dict[str, str] = {}
    for one in _ATTRIBUTE.finditer(tag[3]):
        if not one[1].startswith("xmlns"):
            seen.setdefault(one[1].rpartition(":")[2], _escaped(one[2] or one[3] or one[4] or ""))
    written = "".join(f' {key}="{value.replace(chr(34), "&quot;")}"' for key, value in seen.items() if key)
    return f"<{name}{written}{'/' if tag[3].rstrip().endswith('/') else ''}>"


def _escaped(text: str) -> str:
    return _REFERENCE.sub(_referred, text).replace("]]>", "]]&gt;")


def _referred(reference: re.Match[str]) -> str:
    if reference[1]:
        return reference[0]
    if reference[2]:
        meant = html.unescape(reference[0])
        return f"&amp;{reference[2]};" if meant == reference[0] else html.escape(meant, quote=False)
    return "&amp;"
