"""What passes between the parent and the child that draws HTML5: the order, questions to the network, the answer."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass

import msgspec

from config import Size
from renderer.prepare._order import Order
from renderer.prepare.html._shapes import Form

_LENGTH = struct.Struct("<I")
MOST_MESSAGE_BYTES = 100_000_000
_PIECE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class HtmlOrder:
    """One HTML5 creative: to be gathered into a pack, or drawn into a plate."""

    plate: Order
    """As for every creative. For gathering: ``part`` is where the pack goes."""
    form: Form
    gather: bool
    home: bytes
    """An empty folder for the browser's profiles."""
    seconds: float
    fps: int
    max_seconds: float
    max_memory_mb: int
    address: str = ""
    """Where the page came from; empty: it came by itself."""
    size: Size | None = None
    """CSS pixels, as a bid named them."""
    silent: tuple[str, ...] = ()
    """Addresses not to be asked: they count impressions."""


class Want(msgspec.Struct, tag=True, frozen=True):
    """The child asks for an address."""

    number: int
    url: str


class Got(msgspec.Struct, tag=True, frozen=True):
    """The network's answer to a `Want`; ``status`` 0: there is none."""

    number: int
    status: int
    content_type: str = ""
    body: bytes = b""
    url: str = ""


class Done(msgspec.Struct, tag=True, frozen=True):
    """The child has finished: ``code`` empty, or why not."""

    code: str = ""
    detail: str = ""
    isolation: str = ""
    """What keeps the browser in, for the log."""
    peak_mb: float = 0.0
    frames: int = 0
    drawn_ms: int = 0
    missing: tuple[str, ...] = ()


FromChild = Want | Done


def write_message(descriptor: int, message: object) -> None:
    """A message with its length before it. Raises ``BrokenPipeError`` when nobody reads."""
    body = msgspec.msgpack.encode(message)
    view = memoryview(_LENGTH.pack(len(body)) + body)
    while view:
        view = view[os.write(descriptor, view) :]


def read_message(descriptor: int) -> bytes:
    """The next message, still encoded; empty at the end. Raises ``ValueError`` for one that is too long.

    Not a byte more is read: what is held back in a buffer would never end a wait in ``select``.
    """
    head = _read(descriptor, _LENGTH.size)
    if len(head) < _LENGTH.size:
        return b""
    (length,) = _LENGTH.unpack(head)
    if length > MOST_MESSAGE_BYTES:
        message = f"a message of {length} bytes"
        raise ValueError(message)
    return _read(descriptor, length)


def _read(descriptor: int, length: int) -> bytes:
    pieces = bytearray()
    while len(pieces) < length:
        piece = os.read(descriptor, min(length - len(pieces), _PIECE_BYTES))
        if not piece:
            break
        pieces += piece
    return bytes(pieces)
