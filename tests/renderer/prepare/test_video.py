"""Videos: what the wild serves is shown upright, whole and in time, or refused with a code."""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import av
import pytest
from PIL import Image

from config import Code, OohError, Size
from renderer.prepare._video_kind import video_container
from tests.renderer.prepare.conftest import Made, Make
from tests.renderer.prepare.video_maker import Clip, sound_alone, with_box

SCREEN = Size(256, 192)
PLAIN = Clip()
IN_FRONT = {"movflags": "+faststart"}
RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 160, 30), (30, 30, 200), (235, 235, 235)

Film = Callable[..., Made]


@pytest.fixture
def film(make: Make) -> Film:
    """``film(clip or bytes)``: its plate on a screen of exactly twice its size, made in this process."""

    def made(source: Clip | bytes, screen: Size = SCREEN, **order: Any) -> Made:
        data = source if isinstance(source, bytes) else source.bytes()
        return make(data, screen, video=video_container(data) or "", **order)

    return made


def times_ms(made: Made) -> list[int]:
    with av.open(made.file.video(), "r", format="mp4") as opened:
        stream = opened.streams.video[0]
        assert stream.time_base is not None
        stamps = [frame.pts for frame in opened.decode(stream) if frame.pts is not None]
        return [round((pts - stamps[0]) * stream.time_base * 1000) for pts in stamps]


def played(made: Made) -> list[Image.Image]:
    """The pictures as they will be shown."""
    size = made.fields.creative_rect.size
    with av.open(made.file.video(), "r", format="mp4") as opened:
        pictures = []
        for frame in opened.decode(video=0):
            plane = frame.reformat(format="rgb24").planes[0]
            whole = Image.frombytes("RGB", (frame.width, frame.height), bytes(plane), "raw", "RGB", plane.line_size)
            pictures.append(whole.crop((0, 0, size.w, size.h)))
        return pictures


def quarters(image: Image.Image) -> list[tuple[int, ...]]:
    """The colours in the middle of each quarter, in reading order."""
    w, h = image.size
    found = [image.getpixel((w * x // 4, h * y // 4)) for y in (1, 3) for x in (1, 3)]
    return [pixel for pixel in found if isinstance(pixel, tuple)]


def assert_quarters(image: Image.Image, *expected: tuple[int, int, int], within: int = 14) -> None:
    for pixel, colour in zip(quarters(image), expected, strict=True):
        assert all(abs(a - b) <= within for a, b in zip(pixel, colour, strict=True)), (pixel, colour)


def refusal(film: Film, source: Clip | bytes, **order: Any) -> tuple[Code, str]:
    with pytest.raises(OohError) as caught:
        film(source, **order)
    return caught.value.code, caught.value.detail


@pytest.mark.parametrize(
    ("container", "codec"),
    [
        ("mp4", "libx264"),
        ("mov", "libx264"),
        ("mp4", "libx265"),
        ("matroska", "libx264"),
        ("webm", "libvpx-vp9"),
        ("mpegts", "libx264"),
        ("mpegts", "mpeg2video"),
        ("mpeg", "mpeg2video"),
        ("avi", "mpeg4"),
        ("flv", "libx264"),
        ("flv", "flv"),
        ("3gp", "libx264"),
        ("asf", "mpeg4"),
    ],
)
def test_every_container_plays_whole(film: Film, container: str, codec: str) -> None:
    made = film(replace(PLAIN, container=container, codec=codec))
    fields = made.fields
    assert (fields.kind, fields.frames, fields.source_size) == ("video", 25, Size(128, 96))
    assert fields.duration_ms == pytest.approx(1000, abs=1)
    assert times_ms(made) == pytest.approx(list(range(0, 1000, 40)), abs=1)
    assert_quarters(played(made)[0], RED, GREEN, BLUE, WHITE, within=25)


def test_the_base_is_the_first_picture(film: Film) -> None:
    made = film(PLAIN, Size(400, 300), backdrop="brand")
    assert_quarters(made.creative(), RED, GREEN, BLUE, WHITE)
    first, base = played(made)[0].tobytes(), made.creative().tobytes()
    assert sum(abs(a - b) for a, b in zip(first, base, strict=True)) / len(base) < 1.5


class TestTurns:
    """Display matrices (ISO/IEC 14496-12 6.2.2): every way a telephone can be held."""

    @pytest.mark.parametrize(
        ("degrees", "mirrored", "expected"),
        [
            (0.0, (False, False), (RED, GREEN, BLUE, WHITE)),
            (90.0, (False, False), (GREEN, WHITE, RED, BLUE)),
            (180.0, (False, False), (WHITE, BLUE, GREEN, RED)),
            (-90.0, (False, False), (BLUE, RED, WHITE, GREEN)),
            (0.0, (True, False), (GREEN, RED, WHITE, BLUE)),
            (0.0, (False, True), (BLUE, WHITE, RED, GREEN)),
        ],
    )
    def test_it_is_upright(
        self, film: Film, degrees: float, mirrored: tuple[bool, bool], expected: tuple[Any, ...]
    ) -> None:
        made = film(replace(PLAIN, rotation=degrees, mirrored=mirrored))
        sideways = degrees in (90.0, -90.0)
        assert made.fields.source_size == (Size(96, 128) if sideways else Size(128, 96))
        assert_quarters(played(made)[0], *expected)
        assert_quarters(made.creative(), *expected)

    def test_an_odd_angle_is_said(self, film: Film) -> None:
        made = film(replace(PLAIN, rotation=20.0))
        assert made.fields.source_size == Size(128, 96)
        assert any("odd angle" in warning for warning in made.fields.warnings)


class TestSizes:
    def test_pixels_that_are_not_square(self, film: Film) -> None:
        made = film(replace(PLAIN, pixel_ratio=Fraction(3, 2)))
        rect = made.fields.creative_rect
        assert made.fields.source_size == Size(192, 96)
        assert (rect.w, rect.h) == (256, 128)

    def test_and_those_of_one_that_lies_on_its_side(self, film: Film) -> None:
        made = film(replace(PLAIN, pixel_ratio=Fraction(2), rotation=90.0))
        assert made.fields.source_size == Size(96, 256)

    def test_a_ratio_that_cannot_be_is_not_believed(self, film: Film) -> None:
        made = film(replace(PLAIN, pixel_ratio=Fraction(20)))
        assert made.fields.source_size == Size(128, 96)
        assert any("square" in warning for warning in made.fields.warnings)

    @pytest.mark.parametrize("screen", [Size(127, 95), Size(255, 191), Size(301, 100)], ids=str)
    def test_an_odd_place_is_filled_to_its_edge(self, film: Film, screen: Size) -> None:
        made = film(PLAIN, screen)
        assert_quarters(played(made)[0], RED, GREEN, BLUE, WHITE)
        assert_quarters(made.creative(), RED, GREEN, BLUE, WHITE)

    def test_an_odd_video(self, film: Film) -> None:
        made = film(Clip(container="webm", codec="libvpx-vp9", size=(127, 95)))
        assert made.fields.source_size == Size(127, 95)
        assert_quarters(played(made)[0], RED, GREEN, BLUE, WHITE, within=25)

    def test_small_and_too_large(self, film: Film) -> None:
        assert film(replace(PLAIN, size=(16, 8))).fields.source_size == Size(16, 8)
        assert refusal(film, PLAIN, max_pixels=10_000)[0] is Code.CREATIVE_TOO_LARGE


class TestAsItIs:
    """Played as it is where every screen can: the packets themselves are kept."""

    FITTING = replace(PLAIN, size=(256, 192))

    def kept(self, film: Film, clip: Clip, **order: Any) -> bool:
        data = clip.bytes()
        made = film(data, **order)
        ours = sorted(packet_bytes(made.file.video()))
        return ours == sorted(packet_bytes(io.BytesIO(data)))

    @pytest.mark.parametrize(
        "change",
        [
            {},
            {"container": "mov"},
            {"sound": True},
            {"options": {"profile": "baseline"}},
            {"options": {"bf": "3", "g": "12"}},
            {"colours": None},
            {"times_ms": tuple(range(0, 1000, 17))},
        ],
        ids=str,
    )
    def test_it_is(self, film: Film, change: dict[str, Any]) -> None:
        assert self.kept(film, replace(self.FITTING, **change))

    @pytest.mark.parametrize(
        "change",
        [
            {"size": (128, 96)},
            {"codec": "libx265"},
            {"pixel_format": "yuv444p"},
            {"pixel_format": "yuv420p10le"},
            {"rotation": 180.0},
            {"pixel_ratio": Fraction(4, 3)},
            {"container": "matroska"},
            {"container": "mpegts"},
            {"options": {"flags": "+ildct+ilme", "x264-params": "interlaced=1"}},
            {"times_ms": tuple(range(0, 500, 8))},
            {"options": {"qp": "0"}, "picture": lambda _: Image.effect_noise((256, 192), 90).convert("RGB")},
        ],
        ids=",".join,
    )
    def test_it_is_not(self, film: Film, change: dict[str, Any]) -> None:
        assert not self.kept(film, replace(self.FITTING, **change))

    def test_its_times_begin_at_nought_and_its_sound_is_gone(self, film: Film) -> None:
        made = film(replace(self.FITTING, sound=True))
        assert made.fields.warnings == ()
        assert times_ms(made)[:3] == [0, 40, 80]
        with av.open(made.file.video(), "r", format="mp4") as opened:
            assert [stream.type for stream in opened.streams] == ["video"]
        raw = made.file.video().read()
        assert raw.index(b"moov") < raw.index(b"mdat")


class TestTimes:
    def test_times_that_vary_are_kept_and_the_last_picture_lasts(self, film: Film) -> None:
        made = film(replace(PLAIN, times_ms=(0, 40, 500, 540, 2000), end_ms=3000))
        assert times_ms(made) == pytest.approx([0, 40, 500, 540, 2000], abs=1)
        assert (made.fields.frames, made.fields.duration_ms) == (5, 3000)

    @pytest.mark.parametrize(("container", "start_ms"), [("mp4", 400), ("matroska", 400), ("mpegts", 7_200_000)])
    def test_wherever_its_clock_begins(self, film: Film, container: str, start_ms: int) -> None:
        times = tuple(range(start_ms, start_ms + 400, 40))
        made = film(replace(PLAIN, container=container, times_ms=times))
        assert times_ms(made) == pytest.approx(list(range(0, 400, 40)), abs=1)
        assert made.fields.duration_ms == pytest.approx(400, abs=1)

    def test_what_comes_before_its_clock_begins_is_not_shown(self, film: Film) -> None:
        """An edit list begins at nought (ISO/IEC 14496-12 8.6.6): pictures of negative times are decoded only."""
        made = film(replace(PLAIN, times_ms=tuple(range(-200, 200, 40))))
        assert times_ms(made) == pytest.approx(list(range(0, 200, 40)), abs=1)

    def test_an_edit_list_that_cuts_the_beginning_is_kept_to(self, film: Film) -> None:
        data = replace(PLAIN, size=(256, 192), options={"bf": "0", "g": "25"}).bytes()
        made = film(with_edit(data, media_time_ms=400, duration_ms=600))
        assert made.fields.frames == 15
        assert made.fields.duration_ms == pytest.approx(600, abs=41)
        assert times_ms(made)[0] == 0

    @pytest.mark.parametrize("said_s", [5, 60])
    def test_a_duration_that_is_not_true_is_said(self, film: Film, said_s: int) -> None:
        data = Clip(container="matroska").bytes()
        (duration,) = struct.unpack_from(">d", data, at := data.index(b"\x44\x89\x88") + 3)
        assert duration == pytest.approx(1000, abs=50)
        made = film(data[:at] + struct.pack(">d", said_s * 1000.0) + data[at + 8 :])
        assert made.fields.duration_ms == 1000
        assert any(f"says that it lasts {said_s}.0 s" in warning for warning in made.fields.warnings)

    def test_more_than_60_a_second_no_screen_shows(self, film: Film) -> None:
        times = tuple(round(n * 1000 / 120) for n in range(60))
        made = film(replace(PLAIN, times_ms=times, end_ms=500))
        assert made.fields.frames == 30
        assert min(b - a for a, b in pairwise(times_ms(made))) >= 15
        assert made.fields.duration_ms == pytest.approx(500, abs=9)

    def test_too_long_is_told_by_the_pictures(self, film: Film) -> None:
        clip = replace(PLAIN, size=(32, 32), times_ms=tuple(range(0, 3200, 40)))
        assert film(clip, max_video_seconds=3.2).fields.duration_ms == 3200
        code, detail = refusal(film, clip, max_video_seconds=3.1)
        assert code is Code.CREATIVE_TOO_LARGE
        assert "3.1 s" in detail

    def test_one_picture_is_a_still(self, film: Film) -> None:
        made = film(replace(PLAIN, times_ms=(0,)))
        assert (made.fields.kind, made.fields.frames, made.fields.duration_ms) == ("still", 1, 0)
        assert_quarters(made.creative(), RED, GREEN, BLUE, WHITE)


class TestLooks:
    def test_high_dynamic_range_is_brought_down(self, film: Film) -> None:
        """PQ (SMPTE ST 2084): paper white, 203 nits (ITU-R BT.2408), is to be near white, and black black."""
        levels = [0.0, 203.0, 10.0, 1000.0]
        clip = Clip(codec="libx265", pixel_format="yuv420p10le", colours=(9, 9, 16, 1), picture=lambda _: pq(levels))
        made = film(clip)
        found = [pixel[0] for pixel in quarters(played(made)[0])]
        assert found[0] <= 8
        assert 215 <= found[1] <= 255
        assert 20 <= found[2] <= 110
        assert found[3] >= found[1]
        assert any("dynamic range" in warning for warning in made.fields.warnings)

    def test_ten_bits_are_eight(self, film: Film) -> None:
        made = film(Clip(codec="libx265", pixel_format="yuv420p10le"))
        assert_quarters(played(made)[0], RED, GREEN, BLUE, WHITE, within=20)

    @pytest.mark.parametrize("colours", [(6, 6, 6, 1), (5, 5, 6, 1), (1, 1, 1, 2), (6, 6, 6, 2)], ids=str)
    def test_its_colours_are_what_it_says(self, film: Film, colours: tuple[int, int, int, int]) -> None:
        """BT.601 and BT.709, limited and full (ITU-T H.273): the same pictures."""
        made = film(Clip(codec="libx265", colours=colours, converted=True))
        assert_quarters(played(made)[0], RED, GREEN, BLUE, WHITE, within=20)

    def test_fields_are_joined(self, film: Film) -> None:
        clip = replace(PLAIN, options={"flags": "+ildct+ilme", "x264-params": "interlaced=1"})
        made = film(clip)
        assert made.fields.frames == 25
        assert any("interlaced" in warning for warning in made.fields.warnings)
        assert_quarters(played(made)[5], RED, GREEN, BLUE, WHITE)


class TestDamage:
    def test_sound_alone(self, film: Film) -> None:
        assert refusal(film, sound_alone()) == (Code.CREATIVE_UNSUPPORTED, "sound without a picture")

    def test_an_index_that_never_came(self, film: Film) -> None:
        whole = PLAIN.bytes()
        assert whole.index(b"mdat") < whole.index(b"moov"), "the index is at the end"
        assert refusal(film, whole[: whole.index(b"moov") - 4])[0] is Code.CREATIVE_TRUNCATED
        assert refusal(film, whole[: len(whole) // 2])[0] is Code.CREATIVE_TRUNCATED

    @pytest.mark.parametrize("container", ["mp4", "matroska", "avi"])
    def test_a_file_that_ends_in_the_middle(self, film: Film, container: str) -> None:
        codec = "mpeg4" if container == "avi" else "libx264"
        options = IN_FRONT if container == "mp4" else {}
        whole = replace(PLAIN, container=container, codec=codec, container_options=options).bytes()
        assert refusal(film, whole[: len(whole) * 6 // 10])[0] is Code.CREATIVE_TRUNCATED

    def test_a_little_damage_is_left_out_and_said(self, film: Film) -> None:
        clip = replace(PLAIN, times_ms=tuple(range(0, 4000, 40)), options={"g": "1"})
        whole = bytearray(clip.bytes())
        at = len(whole) // 2
        whole[at : at + 60] = bytes(60)
        made = film(bytes(whole))
        assert made.fields.frames in (98, 99)
        assert any("damaged" in warning for warning in made.fields.warnings)

    def test_much_damage_is_refused(self, film: Film) -> None:
        whole = bytearray(replace(PLAIN, options={"g": "1"}).bytes())
        start, end = whole.index(b"mdat") + 1200, whole.index(b"moov") - 200
        for at in range(start, end, 300):
            whole[at : at + 40] = bytes(40)
        assert refusal(film, bytes(whole))[0] is Code.CREATIVE_CORRUPT

    @pytest.mark.parametrize(
        "data",
        [
            b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41\0\0\0\x10moovabcdefgh",
            b"\x1aE\xdf\xa3" + bytes(range(256)),
            b"FLV\x01\x05\0\0\0\x09" + bytes(64),
            b"OggS" + bytes(100),
            b"RIFF\xff\0\0\0AVI LIST" + bytes(248),
            (b"\x47" + bytes(187)) * 8,
            b"\0\0\1\xba" + bytes(200),
        ],
        ids=["mp4", "webm", "flv", "ogg", "avi", "ts", "mpeg"],
    )
    def test_a_beginning_without_a_video(self, film: Film, data: bytes) -> None:
        assert refusal(film, data)[0] in {
            Code.CREATIVE_CORRUPT,
            Code.CREATIVE_TRUNCATED,
            Code.CREATIVE_UNSUPPORTED,
        }

    def test_a_codec_that_nobody_knows(self, film: Film) -> None:
        def renamed(table: bytearray) -> None:
            table[:] = table.replace(b"avc1", b"qqq1")

        whole = with_box(PLAIN.bytes(), (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd"), renamed)
        assert refusal(film, whole)[0] is Code.CREATIVE_UNSUPPORTED


def test_the_same_video_gives_the_same_plate(film: Film) -> None:
    data = PLAIN.bytes()
    assert film(data).path.read_bytes() == film(data).path.read_bytes()


@pytest.mark.parametrize(
    ("head", "container"),
    [
        (b"\0\0\0\x18ftypmp42" + bytes(12), "mov"),
        (b"\0\0\0\x14ftypqt  " + bytes(12), "mov"),
        (b"\0\0\0\x08wide\0\0\0\x08mdat", "mov"),
        (b"\0\0\0\x18ftypavif" + bytes(12), None),
        (b"\0\0\0\x18ftypheic" + bytes(12), None),
        (b"Get free tickets", None),
        (b"\x1aE\xdf\xa3" + bytes(40), "matroska"),
        (b"RIFF\0\0\0\0AVI LIST", "avi"),
        (b"RIFF\0\0\0\0WAVEfmt ", None),
        ((b"\x47" + bytes(187)) * 3, "mpegts"),
        ((bytes(4) + b"\x47" + bytes(187)) * 3, "mpegts"),
        (b"Grand opening", None),
        (b"#EXTM3U\nhttps://example.com/a.ts", None),
        (b"", None),
    ],
)
def test_what_a_file_is_is_told_by_its_first_bytes(head: bytes, container: str | None) -> None:
    assert video_container(head) == container


def packet_bytes(source: Any) -> list[bytes]:
    with av.open(source, "r") as opened:
        return [bytes(packet) for packet in opened.demux(video=0) if packet.size]


def pq(levels: list[float]) -> Image.Image:
    """Quarters of these many nits, as PQ codes (SMPTE ST 2084) in 8 bits of full range."""
    image = Image.new("RGB", (128, 96))
    for at, nits in enumerate(levels):
        power = (nits / 10_000) ** (2610 / 16384)
        code = ((3424 / 4096 + 2413 / 128 * power) / (1 + 2392 / 128 * power)) ** (2523 / 32)
        x, y = at % 2 * 64, at // 2 * 48
        image.paste((math.floor(code * 255 + 0.5),) * 3, (x, y, x + 64, y + 48))
    return image


def with_edit(data: bytes, media_time_ms: int, duration_ms: int) -> bytes:
    """The same MP4 whose one edit begins later (ISO/IEC 14496-12 8.6.6, version 0)."""

    def change(edits: bytearray) -> None:
        assert edits[0] == 0
        struct.pack_into(">Ii", edits, 8, duration_ms, media_time_ms * scale_of(data) // 1000)

    return with_box(data, (b"moov", b"trak", b"edts", b"elst"), change)


def scale_of(data: bytes) -> int:
    """The track's clock, ticks a second (8.4.2, version 0)."""
    found: list[int] = []
    with_box(data, (b"moov", b"trak", b"mdia", b"mdhd"), lambda box: found.append(struct.unpack_from(">I", box, 12)[0]))
    return found[0]
