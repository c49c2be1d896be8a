"""Reading JSON that others wrote: what is missing, null or of the wrong type is None, and nothing is guessed."""

from __future__ import annotations

import codecs
from decimal import Decimal, InvalidOperation

import msgspec

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_LONGEST_TEXT = 2_000
_BLANKS = dict.fromkeys(range(32), " ")
"""Control characters: between values they are blanks; within texts some servers leave them raw, which JSON forbids."""
# Past these a number is a mistake or an attack: nothing here is priced, timed or measured in them.
_MOST_DIGITS = 15
_DECIMALS = 12
_SMALLEST = Decimal(1).scaleb(-_DECIMALS)

Node = dict[str, object]


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:  # an exponent past all limits
        message = f"the number {text[:20]} cannot be held"
        raise ValueError(message) from error


_DECODER = msgspec.json.Decoder(float_hook=_decimal)


def decode(body: bytes) -> object:
    """Any JSON; fractions become ``Decimal``, a byte order mark names the encoding (UTF-8 without one), and bytes
    that are not of it become U+FFFD.

    Raises ``ValueError``, with the reason, and nothing else: not on depth, not on size of numbers.
    """
    encoding = next((name for mark, name in _MARKS.items() if body.startswith(mark)), _unmarked(body))
    text = body.decode(encoding, "replace").translate(_BLANKS)
    try:
        return _DECODER.decode(text)
    except RecursionError as error:
        message = "it is nested too deeply"
        raise ValueError(message) from error
    except msgspec.DecodeError as error:
        message = str(error)
        raise ValueError(message) from error


def _unmarked(body: bytes) -> str:
    """JSON begins with two ASCII characters: where the zeros are tells UTF-16 without a mark (RFC 4627 §3)."""
    if len(body) >= 4 and len(body) % 2 == 0 and body[0] and not body[1] and body[2] and not body[3]:
        return "utf-16-le"
    if len(body) >= 4 and len(body) % 2 == 0 and not body[0] and body[1] and not body[2] and body[3]:
        return "utf-16-be"
    return "utf-8"


def node(value: object, key: str) -> Node:
    """The object under ``key``, or an empty one."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def nodes(value: object, key: str) -> list[Node]:
    """The objects in the list under ``key``; whatever else is in it is left out."""
    return [item for item in items(value, key) if isinstance(item, dict)]


def items(value: object, key: str) -> list[object]:
    """The list under ``key``; an object that stands alone is a list of one, anything else an empty one."""
    found = value.get(key) if isinstance(value, dict) else None
    if isinstance(found, dict):
        return [found]
    return found if isinstance(found, list) else []


def text(value: object, key: str, longest: int = _LONGEST_TEXT) -> str | None:
    """The text under ``key``, stripped; None when blank or longer than ``longest``. Whole numbers are taken as ids."""
    found = value.get(key) if isinstance(value, dict) else None
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    if not isinstance(found, str):
        return None
    found = found.strip()
    return found if 0 < len(found) <= longest else None


def label(value: object, key: str, longest: int = 80) -> str | None:
    """Text to be shown to people: one line, no control characters, cut at ``longest``."""
    found = text(value, key)
    if found is None:
        return None
    printable = "".join(mark if mark.isprintable() else " " for mark in found)
    return " ".join(printable.split())[:longest].strip() or None


def number(value: object, key: str) -> Decimal | None:
    """The number under ``key``, also when it is written as text."""
    return to_number(value.get(key) if isinstance(value, dict) else None)


def to_number(found: object) -> Decimal | None:
    """A finite number of sane size and length, or None."""
    if isinstance(found, bool) or not isinstance(found, (int, str, Decimal)):
        return None
    if isinstance(found, str) and len(found) > 40:
        return None
    try:
        exact = Decimal(found)
    except (InvalidOperation, ValueError):
        return None
    if not exact.is_finite() or exact.adjusted() >= _MOST_DIGITS:
        return None
    finest = exact.as_tuple().exponent
    return exact if isinstance(finest, int) and finest >= -_DECIMALS else exact.quantize(_SMALLEST)


def real(value: object, key: str, least: float, most: float) -> float | None:
    """A measured number between ``least`` and ``most``, or None. Never for money."""
    return to_real(value.get(key) if isinstance(value, dict) else None, least, most)


def to_real(found: object, least: float, most: float) -> float | None:
    """As ``real``, of a value at hand."""
    exact = to_number(found)
    if exact is None or not Decimal(least) <= exact <= Decimal(most):
        return None
    return float(exact)


def whole(value: object, key: str, least: int, most: int) -> int | None:
    """A whole number between ``least`` and ``most`` (``2.0`` is one), or None."""
    exact = number(value, key)
    if exact is None or exact != int(exact) or not least <= exact <= most:
        return None
    return int(exact)
