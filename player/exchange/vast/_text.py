"""A VAST body's bytes as text, whatever its declaration says of them."""

from __future__ import annotations

import codecs
import html
import re

MOST_BYTES = 2_000_000
"""Larger than any VAST: the largest seen in the wild are some 200 kB."""
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""\A\s*+<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
# Python knows more "encodings" (idna, zip, unicode_escape): these are the ones that text on the web comes in.
_LEGACY = frozenset(
    {
        *("iso8859-1", "iso8859-2", "iso8859-5", "iso8859-7", "iso8859-9", "iso8859-15", "koi8-r"),
        *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254"),
        *("shift_jis", "euc_jp", "euc_kr", "gb2312", "gbk", "gb18030", "big5"),
    }
)
_DECLARATION = re.compile(r"\A\s*+<\?xml\b[^>]{0,500}?\?>")
_BLANKS = " \t\r\n\0\ufeff\u200b\xa0\ufffe"
# What XML 1.0 allows as characters (§2.2, production 2); lone surrogates cannot be encoded at all.
_NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_text(body: bytes | str) -> str:
    """The document's text from its first ``<`` on, without byte order mark and declaration. Total.

    The order is that of certainty: a byte order mark; the zeros of UTF-16 without one; UTF-8, which other text hardly
    ever is by chance (declarations lie: templates are copied); what is declared; what browsers call Latin-1.
    """
    text = body if isinstance(body, str) else _decoded(body)
    text = text.strip(_BLANKS)
    if "<" not in text and "&lt;" in text:
        text = html.unescape(text)  # some servers escape the whole document once more
    return _NO_CHARACTER.sub("", _DECLARATION.sub("", text, count=1)).strip(_BLANKS)


def _decoded(body: bytes) -> str:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    head = body[:64].lstrip(b" \t\r\n\0")
    if head.startswith(b"<\0"):
        # Where the zeros stand says which half comes first; a leading zero was stripped with the blanks.
        little = body.find(b"<") % 2 == 0
        return body.decode("utf-16-le" if little else "utf-16-be", "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode(_declared(body) or "cp1252", "replace")


def _declared(body: bytes) -> str | None:
    found = _DECLARED.match(body[:400])
    if found is None:
        return None
    try:
        name = codecs.lookup(found[1].decode("ascii")).name
    except LookupError:
        return None
    # The web reads Latin-1 as its superset (WHATWG Encoding §4.2).
    return {"iso8859-1": "cp1252"}.get(name, name) if name in _LEGACY else None
