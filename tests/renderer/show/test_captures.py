"""Screenshots: PNG, JPEG by their name, whole or not there, and never in the way."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PIL import Image

from config import Size
from renderer.show import Worker
from renderer.show._captures import write_picture
from renderer.window import Capture

RED = Capture(Size(64, 32), b"\x1e\x1e\xc8\x00" * (64 * 32))


@pytest.mark.parametrize(("name", "kind"), [("a.png", "PNG"), ("a.jpg", "JPEG"), ("a.JPEG", "JPEG"), ("a", "PNG")])
def test_the_name_says_what_it_is(tmp_path: Path, name: str, kind: str) -> None:
    write_picture(RED, tmp_path / name)
    with Image.open(tmp_path / name) as picture:
        assert (picture.format, picture.size) == (kind, (64, 32))
        pixel = picture.convert("RGB").getpixel((5, 5))
    assert isinstance(pixel, tuple)
    assert all(abs(a - b) <= 3 for a, b in zip(pixel, (200, 30, 30), strict=True))
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_folder_that_is_not_there_is_logged_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_picture(RED, tmp_path / "gone" / "a.png")
    assert [record.getMessage() for record in caplog.records] == ["screenshot.failed"]


def test_pictures_do_not_hold_up_what_is_staged_and_do_not_pile_up() -> None:
    release, staged = threading.Event(), threading.Event()
    worker = Worker(lambda: None)
    taken = [worker.do_aside(release.wait, 10) for _ in range(12)]
    assert worker.do(staged.set).result(5) is None
    assert staged.is_set()
    assert (taken.count(True), taken.count(False)) == (8, 4)
    release.set()
    worker.close()
