"""prepare: the boxed child, from the parent's side, with real files."""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import struct
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from config import Code, Config, OohError, PrepareConfig, ScoresConfig, ScreenConfig, Size, WeatherConfig
from renderer.plate import PlateFile
from renderer.prepare import Geometry, plate_key, prepare, prepare_file

Encode = Callable[..., bytes]
GEOMETRY = Geometry(Size(640, 360))
LIMITS = PrepareConfig()


@pytest.fixture
def banner(tmp_path: Path, encoded: Encode) -> Path:
    path = tmp_path / "banner.html"  # names say nothing
    path.write_bytes(encoded(Image.effect_mandelbrot((300, 250), (-2, -1, 1, 1), 40).convert("RGB"), "JPEG"))
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_a_plate_and_its_facts(banner: Path, out: Path) -> None:
    prepared = prepare_file(banner, GEOMETRY, LIMITS, out)
    plate = prepared.plate
    raw = prepared.file.read_bytes()
    assert [p.name for p in out.iterdir()] == [f"{plate.key}.plate"]
    assert plate.creative_sha256 == hashlib.sha256(banner.read_bytes()).hexdigest()
    assert plate.key == plate_key(plate.creative_sha256, GEOMETRY)
    assert plate.plate_sha256 == hashlib.sha256(raw).hexdigest()
    assert plate.size_bytes == len(raw)
    assert plate.kind == "still"
    assert plate.source_size == Size(300, 250)
    assert plate.screen_size == Size(640, 360)
    assert plate.panel_area is not None
    with PlateFile.open(prepared.file) as file:
        assert file.plate_fields.creative_rect == plate.creative_rect


def test_twice_gives_the_same_bytes(banner: Path, out: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    one, two = (prepare_file(banner, GEOMETRY, LIMITS, folder) for folder in (out, other))
    assert one.plate == two.plate
    assert one.file.read_bytes() == two.file.read_bytes()


def test_a_png_bomb_is_refused_at_once(tmp_path: Path, out: Path) -> None:
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(30_000 * 3 + 1) * 100, 9)
    bomb = tmp_path / "bomb.png"
    bomb.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) * 3 + chunk(b"IEND", b""))
    began = time.monotonic()
    with pytest.raises(OohError, match="30000x30000") as caught:
        prepare_file(bomb, GEOMETRY, LIMITS, out)
    assert caught.value.code is Code.CREATIVE_TOO_LARGE
    assert time.monotonic() - began < 5, "well under a second, but tests share the machine"
    assert list(out.iterdir()) == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Code.CREATIVE_EMPTY),
        (b"<html>Please log in</html>", Code.CREATIVE_NOT_AN_IMAGE),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), Code.CREATIVE_CORRUPT),
        (bytes(range(200, 256)), Code.CREATIVE_UNSUPPORTED),
    ],
)
def test_a_refusal_has_its_code_and_leaves_nothing(tmp_path: Path, out: Path, data: bytes, code: Code) -> None:
    creative = tmp_path / "creative"
    creative.write_bytes(data)
    with pytest.raises(OohError) as caught:
        prepare_file(creative, GEOMETRY, LIMITS, out)
    assert caught.value.code is code
    assert list(out.iterdir()) == []


def test_what_a_killed_process_left_goes_and_what_another_works_on_stays(banner: Path, out: Path) -> None:
    left, held, other = (out / name for name in (f"{'a' * 16}-x.part", f"{'b' * 16}-y.part", "mine.part"))
    for path in (left, held, other):
        path.write_bytes(b"half a plate")
    with held.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        made = prepare_file(banner, GEOMETRY, LIMITS, out)
    assert sorted(out.iterdir()) == sorted((held, other, made.file))


def test_more_memory_than_allowed(tmp_path: Path, out: Path, encoded: Encode) -> None:
    creative = tmp_path / "creative"
    creative.write_bytes(encoded(Image.new("RGB", (7_000, 7_000)), "PNG"))
    with pytest.raises(OohError) as caught:
        prepare_file(creative, GEOMETRY, replace(LIMITS, max_memory_mb=128), out)
    assert caught.value.code is Code.PREPARE_MEMORY
    assert list(out.iterdir()) == []


def test_more_time_than_allowed(banner: Path, out: Path) -> None:
    with pytest.raises(OohError) as caught:
        prepare_file(banner, GEOMETRY, replace(LIMITS, max_seconds=0.01), out)
    assert caught.value.code is Code.PREPARE_TIMEOUT
    assert list(out.iterdir()) == []


def test_a_creative_or_folder_that_is_not_there(banner: Path, out: Path, tmp_path: Path) -> None:
    for creative, folder in ((tmp_path / "none", out), (banner, tmp_path / "none")):
        with pytest.raises(OohError) as caught:
            prepare_file(creative, GEOMETRY, LIMITS, folder)
        assert caught.value.code is Code.PREPARE_STORAGE


def test_what_is_no_file_is_refused_and_never_read(tmp_path: Path, out: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for creative in (tmp_path, tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(OohError, match="not a file") as caught:
            prepare_file(creative, GEOMETRY, LIMITS, out)
        assert caught.value.code is Code.CREATIVE_UNSUPPORTED
    (tmp_path / "link").symlink_to("link")
    with pytest.raises(OohError) as caught:
        prepare_file(tmp_path / "link", GEOMETRY, LIMITS, out)
    assert caught.value.code is Code.PREPARE_STORAGE


def test_a_file_that_cannot_fit_the_memory_is_not_even_hashed(banner: Path, out: Path) -> None:
    os.truncate(banner, 500_000_000_000)  # a hole: it takes no disk
    with pytest.raises(OohError, match="500000000000 bytes") as caught:
        prepare_file(banner, GEOMETRY, LIMITS, out)
    assert caught.value.code is Code.CREATIVE_TOO_LARGE


def test_names_need_not_be_text(banner: Path, tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"\xff\n'\"%s ")
    odd.mkdir()
    creative = banner.rename(odd / os.fsdecode(b"-\xfe.png"))
    assert prepare_file(creative, GEOMETRY, LIMITS, odd).file.exists()


def test_a_large_screen_needs_little_memory(banner: Path, out: Path) -> None:
    screen = Size(4_000, 4_000)  # 64 MB a picture
    limits = replace(LIMITS, max_memory_mb=128)
    assert prepare_file(banner, replace(GEOMETRY, screen=screen), limits, out).plate.size_bytes > 64_000_000


def test_a_screen_beyond_any_plate_is_refused(banner: Path, out: Path) -> None:
    with pytest.raises(OohError, match="99999x99999") as caught:
        prepare_file(banner, replace(GEOMETRY, screen=Size(99_999, 99_999)), LIMITS, out)
    assert caught.value.code is Code.CREATIVE_TOO_LARGE


def test_the_child_opens_no_creative_by_another_hash(banner: Path, out: Path) -> None:
    """The hash is the caller's word: the plate says which creative it was made from."""
    assert prepare(banner, "cd" * 32, GEOMETRY, LIMITS, out).plate.creative_sha256 == "cd" * 32


def test_the_childs_surroundings_do_not_matter(
    banner: Path, out: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("PYTHONSTARTUP", "/nonexistent")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "never handed down")
    monkeypatch.chdir(out)
    (out / "PIL.py").write_text("raise SystemExit(9)", encoding="utf-8")
    assert prepare_file(banner, GEOMETRY, LIMITS, Path()).file.exists()


def test_the_key_changes_with_all_that_changes_the_plate() -> None:
    keys = {
        plate_key(sha, geometry)
        for sha in ("aa" * 32, "bb" * 32)
        for geometry in (
            GEOMETRY,
            replace(GEOMETRY, screen=Size(641, 360)),
            replace(GEOMETRY, max_upscale=4.0),
            replace(GEOMETRY, safe_margin=1),
            replace(GEOMETRY, panels=("clock",)),
            replace(GEOMETRY, panels=("scores", "weather", "clock")),
            replace(GEOMETRY, backdrop="brand"),
            replace(GEOMETRY, brand_colour="#000000"),
        )
    }
    assert len(keys) == 16


def test_the_geometry_counts_panels_that_are_set_up_whether_or_not_they_have_data() -> None:
    config = Config()
    assert Geometry.of(config, Size(640, 360)).panels == ("clock",)
    placed = replace(config, screen=ScreenConfig(latitude=52.5, longitude=13.4))
    assert Geometry.of(placed, Size(640, 360)).panels == ("weather", "clock")
    fed = replace(placed, panels=replace(placed.panels, scores=ScoresConfig(url="https://scores.example/board")))
    assert Geometry.of(fed, Size(640, 360)).panels == ("weather", "scores", "clock")
    off = replace(fed, panels=replace(fed.panels, weather=WeatherConfig(enabled=False)))
    assert Geometry.of(off, Size(640, 360)).panels == ("scores", "clock")
