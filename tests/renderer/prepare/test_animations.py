"""Animations: replaying the changes on the base gives every frame, and the way back to the first."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageStat

from config import Code, OohError, Size
from tests.renderer.prepare.animation_fuzz import mutated, outcome, seeds
from tests.renderer.prepare.conftest import Make
from tests.renderer.prepare.gif_maker import BLACK, BLUE, GREEN, RED, Patch, make_gif

Encode = Callable[..., bytes]


def drawn(count: int, size: tuple[int, int] = (120, 90)) -> list[Image.Image]:
    """A detailed picture with a ball that moves across it."""
    ground = Image.effect_mandelbrot(size, (-2, -1, 1, 1), 40).convert("RGB")
    frames = []
    for i in range(count):
        frame = ground.copy()
        ImageDraw.Draw(frame).ellipse((i * 13 % 100, 20, i * 13 % 100 + 18, 60), fill=(255, 40 * i % 255, 0))
        frames.append(frame)
    return frames


def most_difference(one: Image.Image, other: Image.Image) -> int:
    return max(high for _, high in ImageChops.difference(one, other).getextrema())  # type: ignore[misc]


@pytest.mark.parametrize("screen", [Size(480, 360), Size(120, 90), Size(50, 300), Size(331, 97)])
def test_each_frame_is_the_picture_scaled(make: Make, encoded: Encode, screen: Size) -> None:
    frames = drawn(6)
    data = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=70, lossless=True)
    made = make(data, screen)
    rect = made.fields.creative_rect
    shown = list(made.shown())
    assert len(shown) == 7
    for got, source in zip(shown, [*frames, frames[0]], strict=True):
        want = source.resize((rect.w, rect.h), Image.Resampling.LANCZOS)
        assert most_difference(got.crop((rect.x, rect.y, rect.right, rect.bottom)), want) <= 1
    assert shown[0].tobytes() == shown[-1].tobytes(), "after the last frame comes exactly the first"


@pytest.mark.parametrize("screen", [Size(240, 180), Size(331, 97), Size(70, 300)])
def test_a_small_change_is_scaled_as_the_whole_picture_is(make: Make, encoded: Encode, screen: Size) -> None:
    """Noise: where Lanczos overshoots, the order of its two passes shows by 25 levels and more."""
    ground = Image.merge("RGB", [Image.effect_noise((60, 45), 250) for _ in "RGB"])
    frames = [ground.copy() for _ in range(4)]
    for i, box in enumerate([(0, 30, 60, 45), (50, 5, 55, 40), (3, 3, 6, 6)], start=1):
        frames[i].paste(Image.effect_noise((box[2] - box[0], box[3] - box[1]), 250), box)
    data = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=70, lossless=True)
    made = make(data, screen)
    rect = made.fields.creative_rect
    for got, source in zip(made.shown(), [*frames, frames[0]], strict=True):
        want = source.resize((rect.w, rect.h), Image.Resampling.LANCZOS)
        assert most_difference(got.crop((rect.x, rect.y, rect.right, rect.bottom)), want) <= 1


def test_only_what_changed_is_kept(make: Make, encoded: Encode) -> None:
    frames = drawn(4)
    made = make(encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=70, lossless=True))
    creative = made.fields.creative_rect
    for index in range(4):
        rect, pixels = made.file.frame(index)
        assert rect.inside(creative)
        assert 0 < len(pixels) < creative.w * creative.h * 4 / 2


def test_fields_and_delays(make: Make) -> None:
    patches = [
        Patch(0, 0, 32, 32, RED, delay_cs=0),
        Patch(0, 0, 8, 8, GREEN, delay_cs=1),
        Patch(8, 8, 8, 8, BLUE, delay_cs=2),
        Patch(8, 8, 8, 8, BLUE, delay_cs=50),
    ]
    made = make(make_gif(Size(32, 32), patches))
    assert made.fields.kind == "animation"
    assert made.fields.frames == 3, "the fourth is like the third"
    assert made.file.delays_ms == (100, 100, 520)
    assert made.fields.duration_ms == 720
    assert "2 frames with a delay of 0 or 10 ms are shown for 100 ms" in made.fields.warnings


def test_disposal_reaches_the_screen(make: Make) -> None:
    """Green is cleared after its frame: what was transparent stands on the flat ground again."""
    patches = [
        Patch(0, 0, 32, 32, BLACK, transparent=BLACK),
        Patch(8, 8, 16, 16, GREEN, disposal=2),
        Patch(0, 0, 4, 4, BLUE),
    ]
    made = make(make_gif(Size(32, 32), patches), max_upscale=1.0)
    rect = made.fields.creative_rect
    middle = [frame.getpixel((rect.x + 16, rect.y + 16)) for frame in made.shown()]
    assert middle == [(255, 255, 255), (0, 255, 0), (255, 255, 255), (255, 255, 255)]


def test_what_is_cleared_under_an_opaque_first_frame_is_no_black_hole(make: Make) -> None:
    patches = [
        Patch(0, 0, 32, 32, RED, disposal=2),
        Patch(0, 0, 8, 8, BLUE, second=BLACK, transparent=BLACK),
    ]
    made = make(make_gif(Size(32, 32), patches), max_upscale=1.0)
    rect = made.fields.creative_rect
    assert [frame.getpixel((rect.x + 16, rect.y + 16)) for frame in made.shown()][1] == (255, 255, 255)


def test_frames_that_are_all_the_same_are_a_still(make: Make) -> None:
    made = make(make_gif(Size(32, 32), [Patch(0, 0, 32, 32, RED)] * 3))
    assert (made.fields.kind, made.fields.frames, made.fields.duration_ms) == ("still", 1, 0)
    assert made.file.delays_ms == ()
    assert any("the same" in warning for warning in made.fields.warnings)


def test_more_frames_than_allowed_are_refused_before_they_are_decoded(make: Make, encoded: Encode) -> None:
    frames = drawn(5)
    for kind in ("GIF", "WEBP"):
        data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=70)
        assert make(data, max_frames=5).fields.frames == 5
        with pytest.raises(OohError) as caught:
            make(data, max_frames=4)
        assert caught.value.code is Code.CREATIVE_TOO_LARGE


def test_a_hidden_giant_frame_is_too_large(make: Make) -> None:
    giant = make_gif(Size(32, 32), [Patch(0, 0, 32, 32, RED), Patch(0, 0, 300, 300, GREEN)])
    with pytest.raises(OohError) as caught:
        make(giant, max_pixels=80_000)
    assert caught.value.code is Code.CREATIVE_TOO_LARGE


def test_of_a_cut_animation_the_whole_frames_are_shown(make: Make, encoded: Encode) -> None:
    frames = drawn(5)
    for kind in ("GIF", "WEBP", "PNG"):
        data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=70)
        made = make(data[: len(data) * 3 // 4])
        assert 1 < made.fields.frames < 5
        assert any("cut" in warning for warning in made.fields.warnings)
        with pytest.raises(OohError) as caught:
            make(data[: len(data) // 10])
        assert caught.value.code is Code.CREATIVE_TRUNCATED


def test_the_same_animation_gives_the_same_bytes(make: Make, encoded: Encode) -> None:
    frames = drawn(5)
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=70)
    assert make(data).path.read_bytes() == make(data).path.read_bytes()


@pytest.mark.parametrize("seed", range(3))
def test_mutants_are_shown_or_refused(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample of what ``python -m tests.renderer.prepare.animation_fuzz`` does at length."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)
    chance, files = random.Random(seed), seeds(30)
    outcomes = {outcome(mutated(chance.choice(files), chance, files), tmp_path) for _ in range(80)}
    assert {"animation", "creative.corrupt", "creative.truncated"} <= outcomes


def test_an_animated_avif_is_shown(make: Make, encoded: Encode) -> None:
    frames = drawn(4)
    data = encoded(frames[0], "AVIF", save_all=True, append_images=frames[1:], duration=[0, 70, 10, 500], quality=95)
    made = make(data, Size(120, 90))
    assert (made.fields.kind, made.fields.frames, made.fields.loops) == ("animation", 4, 0)
    assert made.file.delays_ms == (100, 70, 100, 500)
    for got, want in zip(made.shown(), [*frames, frames[0]], strict=True):
        assert max(ImageStat.Stat(ImageChops.difference(got, want)).mean) < 4
    with pytest.raises(OohError) as caught:
        make(data, max_frames=3)
    assert caught.value.code is Code.CREATIVE_TOO_LARGE
