"""How an animation is kept: as changes, at its own size, or as a video; and that each way shows the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import pytest
from av.container import InputContainer
from PIL import Image, ImageChops, ImageStat

from config import PrepareConfig, Size
from renderer.prepare import Geometry, _moving, prepare_file, report
from tests.renderer.prepare.apng_maker import Part, make_apng
from tests.renderer.prepare.conftest import Made, Make
from tests.renderer.prepare.gif_maker import BLACK, BLUE, GREEN, RED, Patch, loops, make_gif
from tests.renderer.prepare.test_animations import drawn

Encode = Callable[..., bytes]


def is_native(made: Made) -> bool:
    return list(made.file.needed((1, 2))) == [2]


@pytest.fixture
def moving(encoded: Encode) -> bytes:
    frames = drawn(6)
    return encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=70, lossless=True, loop=3)


def test_small_changes_are_kept_as_changes(make: Make, moving: bytes) -> None:
    made = make(moving)
    assert not is_native(made)
    assert (made.fields.kind, made.fields.frames, made.fields.duration_ms, made.fields.loops) == (
        "animation",
        6,
        420,
        3,
    )


@pytest.mark.parametrize("screen", [Size(480, 360), Size(331, 297)], ids=str)
def test_large_changes_of_an_enlarged_animation_are_kept_at_its_own_size(
    make: Make, moving: bytes, monkeypatch: pytest.MonkeyPatch, screen: Size
) -> None:
    plain = make(moving, screen)
    monkeypatch.setattr(_moving, "_MOST_CHANGES_BYTES", 10_000)
    made = make(moving, screen)
    assert is_native(made)
    assert made.path.stat().st_size < plain.path.stat().st_size
    assert made.fields == plain.fields
    assert made.file.delays_ms == plain.file.delays_ms
    for got, want in zip(made.shown(), plain.shown(), strict=True):
        assert max(ImageStat.Stat(ImageChops.difference(got, want)).mean) < 0.5
    shown = list(made.shown())
    assert shown[0].tobytes() == shown[-1].tobytes(), "the base frame is frame 0, to the bit"


def test_large_changes_that_are_not_enlarged_are_kept_as_a_video(
    make: Make, moving: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_moving, "_MOST_CHANGES_AS_LARGE_BYTES", 1_000)
    made = make(moving, Size(120, 90))
    assert (made.fields.kind, made.fields.frames, made.fields.duration_ms, made.fields.loops) == ("video", 6, 420, 3)
    assert not list(made.path.parent.glob("*.mp4")), "nothing is left lying"
    with made.file.video() as file, av.open(file) as container:
        assert isinstance(container, InputContainer)
        frames = list(container.decode(video=0))
        times = [f.pts * f.time_base * 1000 for f in frames if f.pts is not None and f.time_base is not None]
        assert times == [Fraction(70 * i) for i in range(6)]
        for frame, want in zip(frames, drawn(6), strict=True):
            got = frame.to_image().crop((0, 0, 120, 90))  # type: ignore[no-untyped-call]
            assert max(ImageStat.Stat(ImageChops.difference(got, want)).mean) < 3


def test_frames_that_change_nothing_lengthen_the_one_before(make: Make) -> None:
    red, green = Patch(0, 0, 32, 32, RED, delay_cs=7), Patch(4, 4, 8, 8, GREEN, delay_cs=11)
    nothing = Patch(0, 0, 32, 32, BLACK, transparent=BLACK, delay_cs=5)
    made = make(make_gif(Size(32, 32), [red, nothing, green, green, nothing, red], loop=loops(1)))
    assert made.file.delays_ms == (120, 270, 70)
    assert (made.fields.frames, made.fields.duration_ms, made.fields.loops) == (3, 460, 2)
    assert made.file.frame(0)[1] == b"", "the last frame is like the first, and nothing leads back"


def test_an_animation_of_equal_frames_is_a_still(make: Make) -> None:
    made = make(make_gif(Size(32, 32), [Patch(0, 0, 32, 32, BLUE)] * 4, loop=loops(0)))
    assert (made.fields.kind, made.fields.frames, made.fields.duration_ms, made.fields.loops) == ("still", 1, 0, 0)
    assert "all its frames are the same: it is shown as a still" in made.fields.warnings


def test_a_gif_of_one_picture_is_a_still_and_says_nothing_of_delays(make: Make) -> None:
    made = make(make_gif(Size(32, 32), [Patch(0, 0, 32, 32, BLUE, delay_cs=0)], loop=loops(0)))
    assert (made.fields.kind, made.fields.warnings) == (
        "still",
        ("it is enlarged 5.0 times: fine detail will look soft",),
    )


def test_a_run_lasts_to_the_millisecond_what_the_file_says(make: Make) -> None:
    parts = [Part(0, 0, 16, 16, (8 * i, 255 - 8 * i, 0, 255), numerator=1, denominator=30) for i in range(30)]
    made = make(make_apng(parts, size=(16, 16)))
    assert (made.fields.frames, made.fields.duration_ms) == (30, 1000)


def test_an_empty_first_frame_does_not_choose_the_ground(make: Make) -> None:
    """White letters on nothing: a white ground, as the empty first frame alone would give, hides them."""
    white = Part(4, 4, 8, 8, (255, 255, 255, 255))
    made = make(make_apng([Part(0, 0, 16, 16, (0, 0, 0, 0)), white], size=(16, 16)), max_upscale=1.0)
    rect = made.fields.creative_rect
    _, second, _ = made.shown()
    inside, outside = (second.getpixel((rect.x + x, rect.y + x)) for x in (8, 1))
    assert inside == (255, 255, 255)
    assert max(outside) < 60  # type: ignore[arg-type]


def test_damage_that_leaves_one_frame_leaves_a_still(make: Make) -> None:
    data = make_gif(Size(32, 32), [Patch(0, 0, 32, 32, RED), Patch(0, 0, 4, 4, GREEN, indices=(2,) * 3)])
    made = make(data)
    assert made.fields.kind == "still"
    assert "from frame 2 on it is damaged: 1 of its 2 frames are shown" in made.fields.warnings
    assert isinstance(made.base(), Image.Image)


def test_a_report_says_what_the_creative_is_however_it_is_kept(tmp_path: Path) -> None:
    source = tmp_path / "a.gif"
    source.write_bytes(make_gif(Size(32, 32), [Patch(0, 0, 32, 32, RED), Patch(4, 4, 8, 8, GREEN)]))
    prepared = prepare_file(source, Geometry(Size(160, 120)), PrepareConfig(), tmp_path)
    filmed = replace(prepared, plate=replace(prepared.plate, kind="video"))
    assert [p.kind for p in (prepared, filmed, replace(filmed, film=True), replace(filmed, html=True))] == [
        "animation",
        "animation",
        "video",
        "html5",
    ]
    assert report(filmed)["kind"] == "animation"
    assert prepared.plate.loops == 1
