"""Videos for plates: the same frames give the same bytes, at the times they were given, undistorted."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import pytest
from av.video.frame import VideoFrame
from PIL import Image, ImageChops, ImageDraw, ImageStat

from config import Size
from renderer.plate.encode import VideoEncoder

SIZE = Size(96, 64)


def picture(step: int, size: Size = SIZE) -> Image.Image:
    """A sharp-edged box that moves over a gradient."""
    image = Image.linear_gradient("L").resize((size.w, size.h)).convert("RGB")
    ImageDraw.Draw(image).rectangle((step * 4, 10, step * 4 + 20, 40), fill=(200, 30, 40))
    return image


def bgrx(image: Image.Image) -> bytes:
    return image.tobytes("raw", "BGRX")


def made(path: Path, times_ms: list[int], end_ms: int, size: Size = SIZE) -> Path:
    with VideoEncoder(path, size) as encoder:
        for step, at_ms in enumerate(times_ms):
            encoder.add(bgrx(picture(step, size)), at_ms)
        encoder.finish(end_ms)
    return path


def as_image(frame: VideoFrame) -> Image.Image:
    plane = frame.reformat(format="rgb24").planes[0]
    return Image.frombytes("RGB", (frame.width, frame.height), bytes(plane), "raw", "RGB", plane.line_size)


def decoded(path: Path) -> list[tuple[Fraction, Image.Image]]:
    """(seconds, picture) of each frame."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.time_base is not None
        frames = [frame for frame in container.decode(stream) if frame.pts is not None]
        return [(f.pts * stream.time_base, as_image(f)) for f in frames if f.pts is not None]


def test_frames_come_back_at_their_times_and_the_last_one_lasts(tmp_path: Path) -> None:
    path = made(tmp_path / "v.mp4", [0, 40, 1040, 1057], 3057)
    assert [at for at, _ in decoded(path)] == [0, Fraction(40, 1000), Fraction(1040, 1000), Fraction(1057, 1000)]
    with av.open(str(path)) as container:
        assert container.duration == 3_057_000
        last = [packet for packet in container.demux(video=0) if packet.size][-1]
        assert last.duration is not None
        assert last.duration * last.time_base == 2


def test_the_pictures_are_what_went_in(tmp_path: Path) -> None:
    for step, (_, image) in enumerate(decoded(made(tmp_path / "v.mp4", [0, 40, 80], 120))):
        difference = ImageChops.difference(image, picture(step))
        assert max(ImageStat.Stat(difference).mean) < 3


@pytest.mark.parametrize("size", [Size(97, 64), Size(96, 65), Size(31, 17)], ids=str)
def test_an_odd_side_is_made_even_by_its_edge_and_nothing_is_scaled(tmp_path: Path, size: Size) -> None:
    _, image = decoded(made(tmp_path / "v.mp4", [0], 100, size))[0]
    assert image.size == (size.w + size.w % 2, size.h + size.h % 2)
    shown = image.crop((0, 0, size.w, size.h))
    assert max(ImageStat.Stat(ImageChops.difference(shown, picture(0, size))).mean) < 6


def test_the_stream_says_what_it_is(tmp_path: Path) -> None:
    raw = made(tmp_path / "v.mp4", [0, 40], 80).read_bytes()
    assert raw.index(b"moov") < raw.index(b"mdat"), "its index comes first"
    assert b"Lavf" not in raw
    with av.open(str(tmp_path / "v.mp4")) as container:
        context = container.streams.video[0].codec_context
        assert (context.name, context.profile, context.pix_fmt) == ("h264", "High", "yuv420p")
        assert (context.color_range, context.colorspace, context.color_primaries, context.color_trc) == (1, 1, 1, 1)
        assert not context.has_b_frames
        assert len(container.streams) == 1


def test_the_same_frames_give_the_same_bytes(tmp_path: Path) -> None:
    times = list(range(0, 2000, 40))
    big = Size(320, 240)
    assert made(tmp_path / "a", times, 2000, big).read_bytes() == made(tmp_path / "b", times, 2000, big).read_bytes()


def test_misuse_is_a_mistake_of_ours(tmp_path: Path) -> None:
    with VideoEncoder(tmp_path / "v.mp4", SIZE) as encoder:
        with pytest.raises(ValueError, match="0 frames"):
            encoder.finish(100)
        with pytest.raises(ValueError, match="at 40 ms"):
            encoder.add(bgrx(picture(0)), 40)
        encoder.add(bgrx(picture(0)), 0)
        with pytest.raises(ValueError, match="at 0 ms"):
            encoder.add(bgrx(picture(1)), 0)
        with pytest.raises(ValueError, match="not 96x64"):
            encoder.add(b"", 40)
        with pytest.raises(ValueError, match="end at 0 ms"):
            encoder.finish(0)
