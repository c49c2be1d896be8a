"""A version that failed its trial is rolled back: the one before goes on with the journal that was migrated."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from cache import Journal, verify_export
from cache._cache_schema import CACHE_PLAN
from cache._database import Database
from cache._database_file import Plan
from cache.journal import JOURNAL_PLAN
from config import Code, OohError
from tests.cache.shapes import IDENTITY, make_end, make_lease, make_start, opened, play_once
from tests.fakes import FakeClock

STEPS = len(JOURNAL_PLAN.migrations)
ADDED = (
    "ALTER TABLE plays ADD COLUMN mood TEXT NOT NULL DEFAULT 'fair'",
    "CREATE TABLE moods (seq INTEGER PRIMARY KEY, mood TEXT NOT NULL) WITHOUT ROWID",
    "CREATE INDEX plays_mood ON plays (mood) WHERE mood <> 'fair'",
)
NEWER = replace(JOURNAL_PLAN, migrations=(*JOURNAL_PLAN.migrations, ADDED), oldest_reader=STEPS)


def upgraded(folder: Path, clock: FakeClock, plan: Plan = NEWER) -> None:
    """What a newer player does when it opens the journal."""
    Database(folder / plan.name, plan, clock).close()


def test_the_older_player_goes_on_in_the_journal_of_the_newer(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as journal:
        play_once(journal, clock)
    upgraded(tmp_path, clock)
    with opened(tmp_path, clock) as journal:
        play_once(journal, clock)
        start = make_start(clock, make_lease(clock))
        journal.open_play(start)
        journal.close_play(start.id, make_end(clock), ["kinesis"])
        rows = tuple(journal.plays())
    assert [row.play.seq for row in rows] == [1, 2, 3]
    assert verify_export(row.record for row in rows).fault is None
    upgraded(tmp_path, clock)  # and the upgrade that is made again finds its schema
    with closing(sqlite3.connect(tmp_path / "journal.db")) as connection:
        assert connection.execute("SELECT mood FROM plays").fetchall() == [("fair",)] * 3
        assert connection.execute("PRAGMA user_version").fetchone() == (STEPS + 1,)


def test_a_journal_that_does_not_say_so_is_left_alone(tmp_path: Path, clock: FakeClock) -> None:
    upgraded(tmp_path, clock, replace(NEWER, oldest_reader=STEPS + 1))
    with pytest.raises(OohError) as raised:
        Journal.open(tmp_path, clock, IDENTITY)
    assert raised.value.code is Code.JOURNAL_UNAVAILABLE


def test_the_cache_of_a_newer_player_is_made_anew(tmp_path: Path, clock: FakeClock) -> None:
    newer = replace(CACHE_PLAN, migrations=(*CACHE_PLAN.migrations, ("CREATE TABLE more (x)",)))
    upgraded(tmp_path, clock, newer)
    with closing(Database(tmp_path / CACHE_PLAN.name, CACHE_PLAN, clock)) as older, older.reading() as view:
        assert view.execute("PRAGMA user_version").fetchone() == (len(CACHE_PLAN.migrations),)


@pytest.mark.parametrize("plan", [JOURNAL_PLAN, CACHE_PLAN, NEWER], ids=["journal", "cache", "an example"])
def test_steps_that_older_players_are_to_live_with_only_add(plan: Plan) -> None:
    for statements in plan.migrations[plan.oldest_reader or len(plan.migrations) :]:
        for statement in statements:
            assert re.match(r"CREATE (TABLE|INDEX) |ALTER TABLE \w+ ADD COLUMN ", statement), statement
            assert "NOT NULL" not in statement or not statement.startswith("ALTER") or "DEFAULT" in statement, statement
