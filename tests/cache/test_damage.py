"""A damaged file costs as little as can be: it is set aside, and what can be read of it goes on."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cache import Cache, Folders, Journal, LeaseState, Receipt, new_id
from config import Code, OohError
from tests.cache.shapes import SINK, make_end, make_lease, make_plate, make_start, opened, play_once
from tests.fakes import FakeClock

PAGE_BYTES = 4096


def set_aside(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("journal.db.corrupt-*") if not path.name.endswith(("-wal", "-shm")))


def filled(folder: Path, clock: FakeClock, plays: int = 60) -> list[str]:
    """A journal with delivered plays, then undelivered ones; returns the ids of those that wait."""
    with opened(folder, clock) as journal:
        for number in range(plays):
            play = play_once(journal, clock, make_lease(clock, f"played-{number}"))
            if number < plays // 2:
                journal.delivered(SINK, [Receipt(play.id, "s", str(number))])
        journal.offer(make_lease(clock, "held"))
        journal.prepared("held", make_plate())
        return [queued.play_id for queued in journal.pending(SINK, 1_000)]


def spoil(file: Path, offset: int, data: bytes) -> None:
    with file.open("r+b") as opened_file:
        opened_file.seek(offset)
        opened_file.write(data)


def test_what_is_no_database_is_set_aside(tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "journal.db").write_bytes(b"not a database at all" * 1000)
    with caplog.at_level(logging.WARNING), opened(tmp_path, clock) as journal:
        assert play_once(journal, clock).seq == 1
    assert [path.name for path in set_aside(tmp_path)] == ["journal.db.corrupt-20261122T120000.000000Z"]
    facts = [record.facts for record in caplog.records if record.message == "database.set_aside"]  # type: ignore[attr-defined]
    assert facts[0]["code"] == Code.JOURNAL_CORRUPT.code
    with opened(tmp_path, clock) as journal:
        assert journal.counts().closed == 1


def test_damage_is_looked_for_once_a_boot(tmp_path: Path, clock: FakeClock) -> None:
    waiting = filled(tmp_path, clock)
    file = tmp_path / "journal.db"
    spoil(file, file.stat().st_size - 3 * PAGE_BYTES, os.urandom(2 * PAGE_BYTES))
    with opened(tmp_path, clock):
        assert set_aside(tmp_path) == []
    clock.boot = "the next boot"
    with opened(tmp_path, clock) as journal:
        assert len(set_aside(tmp_path)) == 1
        assert {queued.play_id for queued in journal.pending(SINK, 1_000)} <= set(waiting)


def test_the_waiting_plays_the_leases_and_the_chain_go_on(tmp_path: Path, clock: FakeClock) -> None:
    waiting = filled(tmp_path, clock)
    with opened(tmp_path, clock) as journal:
        last = list(journal.plays())[-1].play
        journal.open_play(make_start(clock))
        beacons = journal.beacon_counts()
    file = tmp_path / "journal.db"
    # An index of the leases: its loss makes the file damaged and every row readable.
    with opened(tmp_path, clock) as journal, journal._database.reading() as view:
        (page,) = view.execute("SELECT rootpage FROM sqlite_master WHERE name = 'leases_live'").fetchone()
    spoil(file, (page - 1) * PAGE_BYTES, os.urandom(PAGE_BYTES))
    clock.boot = "the next boot"
    with opened(tmp_path, clock) as journal:
        assert len(set_aside(tmp_path)) == 1
        assert [queued.play_id for queued in journal.pending(SINK, 1_000)] == waiting
        assert [(held.lease.lease_id, held.state) for held in journal.held()] == [("held", LeaseState.PREPARED)]
        assert journal.beacon_counts() == beacons
        (recovered,) = journal.recover(None, [SINK])
        assert (recovered.seq, recovered.prev_hash) == (61, last.hash)
        assert play_once(journal, clock).seq == 62


def test_a_record_that_does_not_fit_its_hash_is_not_taken_over(tmp_path: Path, clock: FakeClock) -> None:
    waiting = filled(tmp_path, clock)
    with opened(tmp_path, clock) as journal, journal._database.writing() as tx:
        tx.execute("UPDATE plays SET record = CAST(replace(record, '10000', '99999') AS BLOB) WHERE seq = 40")
        (page,) = tx.execute("SELECT rootpage FROM sqlite_master WHERE name = 'leases_live'").fetchone()
    spoil(tmp_path / "journal.db", (page - 1) * PAGE_BYTES, os.urandom(PAGE_BYTES))
    clock.boot = "the next boot"
    with opened(tmp_path, clock) as journal:
        seqs = [queued.seq for queued in journal.pending(SINK, 1_000)]
        assert seqs == [seq for seq in range(31, 61) if seq != 40]
        assert len(seqs) == len(waiting) - 1


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_any_page_may_go_and_the_journal_still_opens(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder, clock = tmp_path_factory.mktemp("journal"), FakeClock()
    waiting = filled(folder, clock, plays=12)
    file = folder / "journal.db"
    pages = file.stat().st_size // PAGE_BYTES
    page = data.draw(st.integers(0, pages - 1))
    rubbish = data.draw(st.sampled_from([b"\0" * PAGE_BYTES, b"\xff" * PAGE_BYTES, bytes(range(256)) * 16]))
    spoil(file, page * PAGE_BYTES, rubbish)
    clock.boot = "the next boot"
    with opened(folder, clock) as journal:
        before = {queued.play_id for queued in journal.pending(SINK, 1_000)}
        assert before <= set(waiting) or set_aside(folder)  # never one that was made up
        lease = make_lease(clock, new_id(clock))
        journal.offer(lease)
        play = play_once(journal, clock, lease)
        assert play.billable
        assert play.id in {queued.play_id for queued in journal.pending(SINK, 1_000)}


def test_damage_met_while_running_costs_one_call(tmp_path: Path, clock: FakeClock) -> None:
    """Agent and screen have it open; one meets the damage, both go on with the new file."""
    filled(tmp_path, clock)
    with opened(tmp_path, clock) as screen, opened(tmp_path, clock) as agent:
        start = make_start(clock)
        seq = screen.open_play(start)
        with screen._database.reading() as view:
            (page,) = view.execute("SELECT rootpage FROM sqlite_master WHERE name = 'leases_live'").fetchone()
        for journal in (screen, agent):
            assert journal._database._connection is not None
            journal._database._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            journal._database._connection.execute("PRAGMA shrink_memory")
        spoil(tmp_path / "journal.db", (page - 1) * PAGE_BYTES, b"\xff" * PAGE_BYTES)
        with pytest.raises(OohError) as raised:
            screen.held()
        assert raised.value.code is Code.JOURNAL_UNAVAILABLE
        assert len(set_aside(tmp_path)) == 1
        assert screen.close_play(start.id, make_end(clock), [SINK]).seq == seq
        agent.offer(make_lease(clock, "after"))
        assert "after" in [held.lease.lease_id for held in screen.held()]
        assert len(set_aside(tmp_path)) == 1


def test_a_journal_somebody_removed_is_begun_anew(journal: Journal, clock: FakeClock, tmp_path: Path) -> None:
    play_once(journal, clock)
    for file in tmp_path.glob("journal.db*"):
        file.unlink()
    assert play_once(journal, clock).seq == 1_001  # which of the first thousand were given, nobody knows any more
    assert (tmp_path / "journal.db").exists()


@pytest.mark.parametrize("spoilt", [b"rubbish" * 1000, b""])
def test_a_damaged_cache_is_begun_anew(tmp_path: Path, clock: FakeClock, spoilt: bytes) -> None:
    folders = Folders(tmp_path, tmp_path)
    cache = Cache.open(folders, clock, 10**9)
    sha256 = cache.store.put_bytes(b"plate", "plate")
    cache.save_plate(make_plate("key", sha256))
    cache.close()
    (tmp_path / "cache.db").write_bytes(spoilt)
    cache = Cache.open(folders, clock, 10**9)
    assert cache.plate("key") is None
    assert cache.store.path(sha256) is not None
    cache.close()
    assert not list(tmp_path.glob("*.corrupt-*"))
