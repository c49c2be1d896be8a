"""The file under the journal: its pragmas, its schema's steps, its locks."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from cache import DeliveryState, Journal, LeaseState, new_id, verify_export
from cache._database import Database
from cache._database_file import FileLock
from cache.journal import JOURNAL_MIGRATIONS, JOURNAL_PLAN
from config import Code, OohError
from tests.cache.shapes import IDENTITY, make_end, make_lease, make_start, opened, play_once
from tests.fakes import FakeClock

FIXTURES = Path(__file__).parent / "fixtures"


def pragma(journal: Journal, name: str) -> object:
    with journal._database.reading() as view:
        return view.execute(f"PRAGMA {name}").fetchone()[0]


def test_the_journal_is_durable(journal: Journal) -> None:
    assert (pragma(journal, "journal_mode"), pragma(journal, "synchronous")) == ("wal", 2)  # 2: FULL
    assert pragma(journal, "busy_timeout") == 5_000
    assert 1_000 < int(str(pragma(journal, "max_page_count"))) < 2**31
    assert pragma(journal, "user_version") == len(JOURNAL_MIGRATIONS)


@pytest.mark.parametrize("version", range(1, len(JOURNAL_MIGRATIONS) + 1))
def test_a_journal_of_every_version_ever_released_opens_whole(tmp_path: Path, clock: FakeClock, version: int) -> None:
    with closing(sqlite3.connect(tmp_path / "journal.db")) as old:
        old.executescript((FIXTURES / f"journal-{version}.sql").read_text(encoding="utf-8"))
    clock.advance(20)
    with opened(tmp_path, clock) as journal:
        assert journal.counts().opened == 3
        assert [held.state for held in journal.held()] == [LeaseState.PREPARED]
        assert len(journal.ready(clock.now())) == 1
        assert len(journal.due_beacons(clock.now(), 10)) == 2
        rows = list(journal.plays())
        assert rows[0].deliveries["kinesis"].state is DeliveryState.DELIVERED
        assert [queued.seq for queued in journal.pending("kinesis", 10)] == [2]
        assert journal.recover(None, ["kinesis"])[0].planned_ms == 5_000
        assert play_once(journal, clock).seq == 4
        assert verify_export(row.record for row in journal.plays()).fault is None


def test_a_later_step_is_taken_once_and_keeps_the_rows(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as journal:
        play_once(journal, clock)
    later = replace(JOURNAL_PLAN, migrations=(*JOURNAL_MIGRATIONS, ("ALTER TABLE plays ADD COLUMN note TEXT",)))
    for _ in range(2):
        database = Database(tmp_path / "journal.db", later, clock)
        with database.reading() as view:
            assert view.execute("SELECT seq, note FROM plays").fetchall() == [(1, None)]
        database.close()


def test_a_step_that_fails_leaves_the_version_before_it(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as journal:
        play_once(journal, clock)
    broken = (*JOURNAL_MIGRATIONS, ("CREATE TABLE half (x)", "CREATE TABLE plays (x)"))
    with pytest.raises(OohError):
        Database(tmp_path / "journal.db", replace(JOURNAL_PLAN, migrations=broken), clock)
    with opened(tmp_path, clock) as journal:
        assert pragma(journal, "user_version") == len(JOURNAL_MIGRATIONS)
        assert journal.counts().closed == 1


def test_a_journal_of_a_newer_player_is_left_alone(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as journal:
        play_once(journal, clock)
    with closing(sqlite3.connect(tmp_path / "journal.db", isolation_level=None)) as newer:
        newer.execute("PRAGMA user_version=99")
    with pytest.raises(OohError) as raised:
        Journal.open(tmp_path, clock, IDENTITY)
    assert raised.value.code is Code.JOURNAL_UNAVAILABLE
    assert "newer player" in raised.value.detail
    assert not list(tmp_path.glob("*.corrupt-*"))


def test_a_failed_transaction_changes_nothing_and_the_next_works(journal: Journal, clock: FakeClock) -> None:
    start = make_start(clock, make_lease(clock))
    journal.open_play(start)
    with pytest.raises(OohError, match="Error binding"):  # the record is written by then, the lease not yet ended
        journal.close_play(start.id, make_end(clock), [object()])  # type: ignore[list-item]
    assert journal.counts().closed == 0
    assert journal.due_beacons(clock.now(), 9) == ()
    assert journal.close_play(start.id, make_end(clock), ["kinesis"]).prev_hash is None


def fill(journal: Journal, clock: FakeClock) -> None:
    for _ in range(1_000):
        journal.open_play(make_start(clock))


def test_a_full_disk_is_named_and_passes(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as journal:
        play_once(journal, clock)
        with journal._database.reading() as view:
            pages = view.execute("PRAGMA page_count").fetchone()[0]
            view.execute(f"PRAGMA max_page_count={pages}")
        with pytest.raises(OohError) as raised:
            fill(journal, clock)
        assert raised.value.code is Code.JOURNAL_UNAVAILABLE
        assert "full" in raised.value.detail
        with journal._database.reading() as view:
            view.execute(f"PRAGMA max_page_count={pages + 1000}")
        opened_plays = journal.counts().opened
        assert journal.open_play(make_start(clock)) == opened_plays + 1  # the refused one took no seq


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path, clock: FakeClock) -> None:
    with pytest.raises(OohError) as raised:
        Journal.open(tmp_path / "missing", clock, IDENTITY)
    assert raised.value.code is Code.JOURNAL_UNAVAILABLE


def test_a_closed_journal_says_so(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as journal:
        pass
    with pytest.raises(OohError, match="closed"):
        journal.counts()


def test_threads_share_one_journal(journal: Journal, clock: FakeClock) -> None:
    def play(count: int) -> None:
        for _ in range(count):
            start = make_start(clock, id=new_id(clock))
            journal.open_play(start)
            journal.close_play(start.id, make_end(clock), ["kinesis"])

    threads = [threading.Thread(target=play, args=(25,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row.play.seq for row in journal.plays()] == list(range(1, 101))
    assert journal.queue("kinesis").pending == 100


def test_the_file_lock_is_shared_by_writers_and_had_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cache._database_file.BUSY_SECONDS", 0.05)
    one, two = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    with one.shared(), two.shared():
        pass
    with one.shared(), pytest.raises(BlockingIOError), two.alone():
        pass
    with one.alone(), pytest.raises(BlockingIOError), two.shared():
        pass
    one.close()
    two.close()


def test_nobody_opens_or_writes_while_the_file_is_put_away(
    journal: Journal, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cache._database_file.BUSY_SECONDS", 0.05)
    another = FileLock(tmp_path / "journal.lock")
    with another.alone():
        with pytest.raises(OohError):
            journal.open_play(make_start(clock))
        with pytest.raises(OohError):
            Journal.open(tmp_path, clock, IDENTITY)
        assert journal.counts().opened == 0  # reading goes on
    another.close()
    assert journal.open_play(make_start(clock)) == 1
