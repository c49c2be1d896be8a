"""Where a demo lives, and what it may clear away there."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import Code, OohError
from player.demo._place import open_place


def test_a_folder_with_somebodys_files_is_refused_and_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "state" / "thesis.txt"
    mine.parent.mkdir()
    mine.write_text("years of work")
    with pytest.raises(OohError) as refused, open_place(tmp_path):
        pass
    assert refused.value.code is Code.DEMO_FOLDER_TAKEN
    assert mine.read_text() == "years of work"
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


def test_an_earlier_demos_folder_is_used_anew_and_foreign_files_in_it_stay(tmp_path: Path) -> None:
    kept = tmp_path / "new" / "kept"
    with open_place(kept) as place:
        (place.logs / "screen.log").write_text("of the first")
    (kept / "notes.txt").write_text("mine")
    with open_place(kept) as place:
        assert place.kept
        assert list(place.logs.iterdir()) == []
    assert (kept / "notes.txt").read_text() == "mine"


def test_without_a_folder_to_keep_nothing_is_left() -> None:
    with open_place(None) as place:
        root = place.root
        assert root.is_dir()
    assert not root.exists()
