"""The tags in a bid's HTML: one pass, in time that grows with the text's length alone, whatever the text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_LONGEST_VALUE = 8_192
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9:-]{0,30}")
# Possessive (``*+``, ``++``): what was read is never tried again in another way, or hostile text takes hours.
_SPACE = re.compile(r"[\s/]*+")
_ATTRIBUTE = re.compile(r"([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>]*+)))?")
# A reference without its semicolon stays as it is: ``&copy=1`` in a query is no © (HTML, attribute value state).
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_RAW = frozenset({"script", "style", "textarea", "title", "xmp"})
"""Elements whose content is text, not markup."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag. Names are in lower case; of attributes that are named twice the first counts."""

    name: str
    attributes: Mapping[str, str]


def tags(text: str) -> Iterator[Tag]:
    """The start tags of ``text`` in their order; comments, scripts and what is cut off are passed over. Total.

    Not ``html.parser``: its time grows with the square of the length (15 s for 190 kB of ``<!--``), and it decodes
    references without a semicolon in attributes, which breaks URLs.
    """
    lower = text.lower() if len(text.lower()) == len(text) else text
    at = text.find("<")
    while at >= 0:
        at += 1
        if text.startswith("!--", at):
            at = text.find("-->", at + 3)
            if at < 0:
                return
        elif (name := _NAME.match(text, at)) is not None:
            found, at = _attributes(text, name.end())
            if at < 0:
                return
            yield Tag(name[0].lower(), found)
            if name[0].lower() in _RAW:
                at = lower.find(f"</{name[0].lower()}", at)
                if at < 0:
                    return
        at = text.find("<", at)


def _attributes(text: str, at: int) -> tuple[dict[str, str], int]:
    """The attributes from ``at`` on, and where the tag ends: -1 when it never does."""
    found: dict[str, str] = {}
    while True:
        space = _SPACE.match(text, at)
        at = space.end() if space else at
        if at >= len(text):
            return found, -1
        if text[at] == ">":
            return found, at
        attribute = _ATTRIBUTE.match(text, at)
        if attribute is None:
            return found, -1
        value = attribute[2] or attribute[3] or attribute[4] or ""
        if len(value) <= _LONGEST_VALUE:
            found.setdefault(attribute[1].lower(), _REFERENCE.sub(_referred, value))
        at = attribute.end()


def _referred(reference: re.Match[str]) -> str:
    return html.unescape(reference[0])
