"""A heartbeat's bytes: bounded, whatever it has to tell."""

from __future__ import annotations

import gzip
import json

from player.heartbeat import MOST_PACKED_BYTES, beat_of, document, pack
from tests.fakes import FakeClock
from tests.player.heartbeat.facts import facts, faults, worst


def test_a_usual_one_is_small(clock: FakeClock) -> None:
    beat = beat_of(document(facts(clock)))
    assert (beat.seq, beat.at) == (412, "2026-11-22T12:00:00.000Z")
    assert len(beat.body) < 7_000
    assert len(pack([beat])) < 2_500


def test_the_worst_is_under_sixteen_kilobytes(clock: FakeClock) -> None:
    packed = pack([beat_of(document(worst(clock)))])
    assert len(packed) <= MOST_PACKED_BYTES
    assert faults(json.loads(gzip.decompress(packed))) == []


def test_what_is_too_large_is_trimmed_and_said(clock: FakeClock) -> None:
    noise = {f"{number * 7919 % 100_003:x}-{number * 104_729:x}": 1 for number in range(20_000)}
    told = document(facts(clock, exchanges={name: {"asked": 1} for name in noise}))
    heartbeat = json.loads(beat_of(told).body)
    assert heartbeat["trimmed"] == ["jobs", "exchanges"]
    assert heartbeat["exchanges"] == {}
    assert heartbeat["plays"]["closed"] > 0
    assert faults(heartbeat) == []


def test_long_names_are_cut(clock: FakeClock) -> None:
    heartbeat = json.loads(beat_of(document(facts(clock, venue_id="v" * 5_000))).body)
    assert len(heartbeat["venue_id"]) == 300
    assert heartbeat["trimmed"] == []


def test_a_picture_is_not_counted_and_not_cut(clock: FakeClock) -> None:
    picture = {"type": "image/jpeg", "taken_at": "2026-11-22T12:00:00.000Z", "data": "A" * 42_000}
    heartbeat = json.loads(beat_of(document(facts(clock, thumbnail=picture))).body)
    assert heartbeat["thumbnail"] == picture
    assert heartbeat["trimmed"] == []
    assert faults(heartbeat) == []


def test_one_is_an_object_and_several_are_an_array_in_order(clock: FakeClock) -> None:
    beats = [beat_of(document(facts(clock, seq=number))) for number in (1, 2, 3)]
    assert json.loads(gzip.decompress(pack(beats[:1])))["seq"] == 1
    assert [one["seq"] for one in json.loads(gzip.decompress(pack(beats)))] == [1, 2, 3]
    assert pack(beats) == pack(beats), "the same bytes"
