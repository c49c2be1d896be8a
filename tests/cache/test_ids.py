"""Ids are UUIDv7 and only grow."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from cache import new_id
from cache._ids import _bits, _IdMaker
from tests.fakes import FakeClock


def test_version_variant_and_time() -> None:
    # RFC 9562 appendix A.6: 2022-02-22 14:22:22 -05:00 with rand_a 0xCC3 and rand_b 0x18C4DC0C0C07398F.
    known = _bits(0x017F22E279B0, (0xCC3 << 62) | (0x18C4DC0C0C07398F & ((1 << 62) - 1)))
    assert str(uuid.UUID(int=known)) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


def test_an_id_holds_its_time() -> None:
    clock = FakeClock(wall=datetime(2031, 5, 6, tzinfo=UTC))
    made = uuid.UUID(new_id(clock))
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert abs((made.int >> 80) - int(clock.now().timestamp() * 1000)) < 1000


@given(st.lists(st.integers(0, 3), min_size=2, max_size=200))
def test_ids_grow_whatever_the_clock_does(times: list[int]) -> None:
    maker = _IdMaker()
    made = [maker.next(at_ms) for at_ms in times]
    assert made == sorted(set(made))


def test_the_random_part_running_over_moves_the_time_on() -> None:
    maker = _IdMaker()
    maker._at_ms, maker._random = 5, (1 << 74) - 1
    assert uuid.UUID(maker.next(5)).int >> 80 == 6
