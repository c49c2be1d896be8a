"""The life of a lease: each step once, in order, with its time; and what the exchange is told."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cache import Beacon, Journal, LeaseState
from config import Code, OohError
from tests.cache.shapes import make_end, make_lease, make_plate, make_start, opened, play_once, settle
from tests.fakes import FakeClock


def transitions(folder: Path, lease_id: str = "lease-1") -> list[tuple[str, str | None]]:
    with closing(sqlite3.connect(folder / "journal.db")) as db:
        (history,) = db.execute("SELECT history FROM leases WHERE lease_id = ?", (lease_id,)).fetchone()
        return [(state, reason) for state, _, reason in json.loads(history)]


def beacon_kinds(journal: Journal, clock: FakeClock) -> list[str]:
    settle(journal)
    return [beacon.kind for beacon in journal.due_beacons(clock.now(), 100)]


def test_from_offer_to_played(journal: Journal, clock: FakeClock, tmp_path: Path) -> None:
    lease = make_lease(clock)
    journal.offer(lease)
    assert journal.cached("lease-1", "c" * 64)
    held = journal.held()[0]
    assert (held.lease, held.state, held.creative_sha256, held.plate_key) == (lease, "CACHED", "c" * 64, None)
    assert journal.ready(clock.now()) == ()
    assert journal.prepared("lease-1", make_plate())
    ready = journal.ready(clock.now())
    assert [(ad.lease, ad.plate) for ad in ready] == [(lease, make_plate())]
    assert journal.held()[0].plate_sha256 == "f" * 64
    play_once(journal, clock, lease)
    assert journal.held() == ()
    assert journal.lease_counts()[LeaseState.PLAYED] == 1
    states = [state for state, _ in transitions(tmp_path)]
    assert states == ["OFFERED", "CACHED", "PREPARED", "PLAYING", "PLAYED"]


def test_a_plate_that_is_there_already_needs_one_transaction(
    journal: Journal, clock: FakeClock, tmp_path: Path
) -> None:
    journal.offer(make_lease(clock))
    assert journal.prepared("lease-1", make_plate())
    assert [state for state, _ in transitions(tmp_path)] == ["OFFERED", "CACHED", "PREPARED"]
    assert journal.prepared("lease-1", make_plate(key="another geometry"))
    assert [state for state, _ in transitions(tmp_path)] == ["OFFERED", "CACHED", "PREPARED", "PREPARED"]


def test_a_second_offer_of_the_same_lease_changes_nothing(journal: Journal, clock: FakeClock) -> None:
    journal.offer(make_lease(clock))
    journal.cached("lease-1", "c" * 64)
    journal.offer(make_lease(clock))
    assert [held.state for held in journal.held()] == [LeaseState.CACHED]


def test_it_can_be_prepared_again_for_another_screen(journal: Journal, clock: FakeClock) -> None:
    journal.offer(make_lease(clock))
    assert journal.prepared("lease-1", make_plate())
    assert journal.prepared("lease-1", make_plate(key="other"))
    assert journal.ready(clock.now())[0].plate.key == "other"


def test_fail_tells_the_exchange_once(journal: Journal, clock: FakeClock, tmp_path: Path) -> None:
    journal.offer(make_lease(clock))
    assert journal.fail("lease-1", "creative.truncated")
    assert not journal.fail("lease-1", "creative.truncated")
    assert not journal.release("lease-1", "expired")
    assert beacon_kinds(journal, clock) == ["expiration"]
    assert transitions(tmp_path)[-1] == ("FAILED", "creative.truncated")


def test_release_only_before_the_screen(journal: Journal, clock: FakeClock) -> None:
    lease = make_lease(clock)
    journal.offer(lease)
    start = make_start(clock, lease)
    journal.open_play(start)
    assert not journal.release("lease-1", "expired")
    assert not journal.fail("lease-1", "plate.corrupt")
    assert beacon_kinds(journal, clock) == []
    assert not journal.release("unknown", "expired")


def test_ready_is_inside_the_window_to_the_end_of_the_play(journal: Journal, clock: FakeClock) -> None:
    start, end = clock.now() + timedelta(seconds=60), clock.now() + timedelta(seconds=100)
    journal.offer(make_lease(clock, not_before=start, expires_at=end))
    journal.prepared("lease-1", make_plate())
    seen = {second: len(journal.ready(clock.now() + timedelta(seconds=second))) for second in (59, 60, 89, 90, 100)}
    assert seen == {59: 0, 60: 1, 89: 1, 90: 0, 100: 0}


def test_ready_in_order_of_offer(journal: Journal, clock: FakeClock) -> None:
    for name in ("b", "a", "c"):
        journal.offer(make_lease(clock, name))
    for name in ("c", "a", "b"):
        journal.prepared(name, make_plate())
    assert [ad.lease.lease_id for ad in journal.ready(clock.now())] == ["b", "a", "c"]


def test_expired(journal: Journal, clock: FakeClock) -> None:
    journal.offer(make_lease(clock, "soon", expires_at=clock.now() + timedelta(seconds=30)))
    journal.offer(make_lease(clock, "later"))
    journal.offer(make_lease(clock, "failed", expires_at=clock.now() + timedelta(seconds=30)))
    journal.fail("failed", "creative.empty")
    assert journal.expired(clock.now() + timedelta(seconds=29)) == ()
    assert [lease.lease_id for lease in journal.expired(clock.now() + timedelta(seconds=30))] == ["soon"]


def test_text_that_is_not_unicode_is_the_exchange_s_fault(journal: Journal, clock: FakeClock) -> None:
    with pytest.raises(OohError) as raised:
        journal.offer(make_lease(clock, creative_id="\ud800"))
    assert raised.value.code is Code.EXCHANGE_INVALID
    assert journal.held() == ()


ACTIONS = st.lists(st.sampled_from(["cached", "prepared", "fail", "release", "play"]), max_size=8)


@settings(max_examples=40, deadline=None)
@given(ACTIONS)
def test_whatever_happens_the_exchange_hears_exactly_once(
    tmp_path_factory: pytest.TempPathFactory, actions: list[str]
) -> None:
    """Shown or not shown, never both, never twice."""
    clock = FakeClock()
    lease = make_lease(clock, on_shown=(Beacon("shown", "u"),), on_released=(Beacon("released", "u"),))
    with opened(tmp_path_factory.mktemp("journal"), clock) as journal:
        journal.offer(lease)
        for action in actions:
            match action:
                case "cached":
                    journal.cached("lease-1", "c" * 64)
                case "prepared":
                    journal.prepared("lease-1", make_plate())
                case "fail":
                    journal.fail("lease-1", "creative.empty")
                case "release":
                    journal.release("lease-1", "expired")
                case _:
                    start = make_start(clock, lease)
                    journal.open_play(start)
                    journal.close_play(start.id, make_end(clock), ["kinesis"])
        ended = {"fail", "release", "play"} & set(actions)
        first = next((action for action in actions if action in ended), None)
        told = {"play": ["shown"], "fail": ["released"], "release": ["released"], None: []}[first]
        assert beacon_kinds(journal, clock) == told
        bills = [row.play.billable for row in journal.plays()]
        assert sum(bills) == (first == "play")
