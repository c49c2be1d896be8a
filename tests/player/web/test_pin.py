"""The PIN: weighed, hashed, kept in a file of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import Code, OohError
from player.web._pin import hash_pin, read_pin, weakness, write_pin

WEAK = [
    ("", "fewer than 6 characters"),
    ("12345", "fewer than 6 characters"),
    ("  4711  ", "fewer than 6 characters"),
    ("x" * 65, "more than 64"),
    ("111111", "different"),
    ("114114", "different"),
    ("123456", "in a row"),
    ("987654", "in a row"),
    ("abcdef", "in a row"),
    ("135791", None),
    ("246802", None),
    ("123123", "repeats"),
    ("471471", "repeats"),
    ("199604", "date"),
    ("04111996", "date"),
    ("password", "common"),
    ("Password1", "common"),
    ("ooh-player", "common"),
    ("147258", "common"),
    ("４７１１", "fewer than 6 characters"),
    ("471193", None),
    ("anker-4711", None),
]


@pytest.mark.parametrize(("pin", "why"), WEAK, ids=[repr(pin[:12]) for pin, _ in WEAK])
def test_what_is_soon_guessed_is_refused(pin: str, why: str | None) -> None:
    told = weakness(pin)
    assert told is None if why is None else told is not None and why in told


def test_a_pin_is_kept_as_a_hash_that_only_its_owner_reads(tmp_path: Path) -> None:
    file = tmp_path / "pin"
    write_pin(file, "anker-4711")
    assert file.stat().st_mode & 0o777 == 0o600
    assert "4711" not in file.read_text()
    assert file.read_text().startswith("scrypt$16384$8$1$")
    pin = read_pin(str(file))
    assert pin is not None
    assert pin.fits("anker-4711")
    assert pin.fits("ａnker-4711")  # the same, by another keyboard (NFKC)
    assert not pin.fits("anker-4712")
    assert not pin.fits("")


def test_the_same_pin_set_again_is_another_mark(tmp_path: Path) -> None:
    file = tmp_path / "pin"
    marks = set()
    for _ in range(2):
        write_pin(file, "anker-4711")
        pin = read_pin(str(file))
        assert pin is not None
        marks.add(pin.mark)
    assert len(marks) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pin"]


def test_a_weak_pin_leaves_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "pin"
    write_pin(file, "anker-4711")
    before = file.read_text()
    with pytest.raises(OohError) as refused:
        write_pin(file, "123456")
    assert refused.value.code is Code.WEB_PIN_WEAK
    assert "123456" not in str(refused.value)
    assert file.read_text() == before


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(OohError) as refused:
        write_pin(tmp_path / "none" / "pin", "anker-4711")
    assert refused.value.code is Code.FILE_UNUSABLE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4711",
        "scrypt$16384$8$1$c2FsdA==",
        "scrypt$0$8$1$c2FsdHNhbHQ=$" + "A" * 43 + "=",
        "scrypt$1000$8$1$c2FsdHNhbHQ=$" + "A" * 43 + "=",
        "scrypt$1073741824$8$1$c2FsdHNhbHQ=$" + "A" * 43 + "=",
        "scrypt$-2$8$1$c2FsdHNhbHQ=$" + "A" * 43 + "=",
        "md5$16384$8$1$c2FsdHNhbHQ=$" + "A" * 43 + "=",
        "scrypt$16384$8$1$!!$??",
    ],
)
def test_a_file_that_holds_no_hash_is_no_pin(tmp_path: Path, text: str) -> None:
    file = tmp_path / "pin"
    file.write_text(text)
    assert read_pin(str(file)) is None


def test_no_file_is_no_pin(tmp_path: Path) -> None:
    assert read_pin("") is None
    assert read_pin(str(tmp_path / "none")) is None


def test_two_hashes_of_one_pin_differ() -> None:
    assert hash_pin("anker-4711") != hash_pin("anker-4711")


@given(st.text(max_size=80))
def test_weighing_is_total(pin: str) -> None:
    weakness(pin)
