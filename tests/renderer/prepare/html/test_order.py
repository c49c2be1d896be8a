"""What passes between the parent and the child: whole messages, and none that waits unseen."""

from __future__ import annotations

import os
import select
from collections.abc import Iterator
from contextlib import suppress

import msgspec
import pytest

from renderer.prepare.html._order import MOST_MESSAGE_BYTES, Want, read_message, write_message


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        with suppress(OSError):  # a test may have closed it
            os.close(end)


def test_what_came_at_once_is_still_seen_by_select(pipe: tuple[int, int]) -> None:
    """A page's requests come in a burst: each must end a wait of its own."""
    wants = [Want(number, f"https://cdn.test/{number}") for number in range(5)]
    for want in wants:
        write_message(pipe[1], want)
    seen = []
    while select.select([pipe[0]], [], [], 0)[0]:
        seen.append(msgspec.msgpack.decode(read_message(pipe[0]), type=Want))
    assert seen == wants


def test_the_end_and_a_half_message_are_empty(pipe: tuple[int, int]) -> None:
    os.write(pipe[1], b"\x05\x00")
    os.close(pipe[1])
    assert read_message(pipe[0]) == b""
    assert read_message(pipe[0]) == b""


def test_a_length_beyond_the_limit_is_refused(pipe: tuple[int, int]) -> None:
    os.write(pipe[1], (MOST_MESSAGE_BYTES + 1).to_bytes(4, "little"))
    with pytest.raises(ValueError, match="a message of 100000001 bytes"):
        read_message(pipe[0])
