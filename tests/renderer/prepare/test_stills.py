"""Stills: every format, depth, colour space and orientation comes out as a viewer would show it."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageOps

from config import Code, OohError, Rect, Size
from renderer.prepare import _paint
from renderer.prepare._enlarge import enlarged
from renderer.prepare._paint import screen_bands
from tests.renderer.prepare.conftest import Make

Encode = Callable[..., bytes]
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def quarters(image: Image.Image) -> list[tuple[int, ...]]:
    """The colours in the middle of the four quarters, in reading order."""
    w, h = image.size
    return [image.getpixel((w * x // 4, h * y // 4)) for y in (1, 3) for x in (1, 3)]  # type: ignore[misc]


def close(got: list[tuple[int, ...]], want: list[tuple[int, ...]], by: int) -> bool:
    return all(abs(g - w) <= by for one, other in zip(got, want, strict=True) for g, w in zip(one, other, strict=True))


@pytest.mark.parametrize(
    ("kind", "options", "by"),
    [
        ("JPEG", {"quality": 95, "subsampling": 0}, 3),
        ("JPEG", {"quality": 95, "progressive": True}, 3),
        ("PNG", {}, 0),
        ("PNG", {"interlace": 1}, 0),
        ("WEBP", {"lossless": True}, 0),
        ("WEBP", {"quality": 95}, 12),
        ("GIF", {}, 0),
    ],
)
def test_every_format_shows_its_colours(
    make: Make, encoded: Encode, corners: Image.Image, kind: str, options: dict[str, Any], by: int
) -> None:
    made = make(encoded(corners, kind, **options))
    assert made.fields.kind == "still"
    assert made.fields.source_size == Size(64, 48)
    assert made.fields.creative_rect == Rect(80, 15, 320, 240)
    assert close(quarters(made.creative()), [RED, GREEN, BLUE, WHITE], by)


ORIENTATIONS = {
    1: (RED, GREEN, BLUE, WHITE),
    2: (GREEN, RED, WHITE, BLUE),
    3: (WHITE, BLUE, GREEN, RED),
    4: (BLUE, WHITE, RED, GREEN),
    5: (RED, BLUE, GREEN, WHITE),
    6: (BLUE, RED, WHITE, GREEN),
    7: (WHITE, GREEN, BLUE, RED),
    8: (GREEN, WHITE, RED, BLUE),
}
"""What a viewer shows of a file whose stored rows are red, green / blue, white (Exif 2.32, 4.6.4)."""


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_exif_orientation(make: Make, encoded: Encode, corners: Image.Image, kind: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    lossless: dict[str, dict[str, Any]] = {"JPEG": {"quality": 95, "subsampling": 0}, "WEBP": {"lossless": True}}
    options = lossless.get(kind, {})
    made = make(encoded(corners, kind, exif=exif, **options), max_upscale=1.0)
    assert made.fields.source_size == (Size(64, 48) if orientation < 5 else Size(48, 64))
    assert close(quarters(made.creative()), list(ORIENTATIONS[orientation]), 3)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_a_picture_stored_turned_is_scaled_as_it_is_seen(make: Make, encoded: Encode, orientation: int) -> None:
    """The filter's two passes round between them, so the order of turning and scaling shows."""
    image = Image.effect_mandelbrot((64, 48), (-2, -1, 1, 1), 60).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = orientation
    made = make(encoded(image, "PNG", exif=exif), Size(192, 192))
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(encoded(image, "PNG", exif=exif)))).convert("RGB")
    place = made.fields.creative_rect
    assert made.creative().tobytes() == enlarged(upright, place.size).tobytes()


@pytest.mark.parametrize("raw", [b"Exif\0\0junk", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff", b"Exif\0\0"])
def test_a_broken_exif_block_is_no_reason_to_refuse(
    make: Make, encoded: Encode, corners: Image.Image, raw: bytes
) -> None:
    made = make(encoded(corners, "JPEG", exif=raw))
    assert close(quarters(made.creative()), [RED, GREEN, BLUE, WHITE], 8)


def test_pixels_at_their_own_size_are_kept_to_the_bit(make: Make, encoded: Encode) -> None:
    image = Image.effect_mandelbrot((300, 250), (-2, -1, 1, 1), 60).convert("RGB")
    made = make(encoded(image, "PNG"), Size(300, 250))
    assert made.base().tobytes() == image.tobytes()


def test_reducing_is_lanczos_over_the_whole_picture(make: Make, encoded: Encode) -> None:
    image = Image.effect_mandelbrot((300, 250), (-2, -1, 1, 1), 60).convert("RGB")
    made = make(encoded(image, "PNG"), Size(150, 125))
    assert made.base().tobytes() == image.resize((150, 125), Image.Resampling.LANCZOS).tobytes()


def test_a_large_jpeg_is_decoded_small_and_stays_sharp(make: Make, encoded: Encode) -> None:
    image = Image.effect_mandelbrot((2400, 2000), (-2, -1, 1, 1), 60).convert("RGB")
    made = make(encoded(image, "JPEG", quality=95), Size(300, 250))
    difference = ImageChops.difference(made.base(), image.resize((300, 250), Image.Resampling.LANCZOS)).convert("L")
    assert sum(v * n for v, n in enumerate(difference.histogram())) / (300 * 250) < 2.0


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "PA", "RGBA"])
def test_png_modes(make: Make, encoded: Encode, mode: str) -> None:
    grey = Image.new("L", (64, 48), 255)
    grey.paste(0, (0, 0, 32, 48))
    image = grey.convert("RGBA").convert("P").convert("RGBA") if mode == "PA" else grey.convert(mode)
    made = make(encoded(image, "PNG"), max_upscale=1.0)
    assert quarters(made.creative()) == [(0, 0, 0), WHITE, (0, 0, 0), WHITE]


def png(bit_depth: int, colour_type: int, rows: list[bytes], width: int, extra: bytes = b"") -> bytes:
    """A PNG byte by byte: Pillow writes no 16-bit colour."""
    head = struct.pack(">IIBBBBB", width, len(rows), bit_depth, colour_type, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize(
    ("colour_type", "pixel", "shown"),
    [
        (0, (0x8080,), (128, 128, 128)),
        (0, (0x1234,), (18, 18, 18)),
        (0, (0xFFFF,), WHITE),
        (2, (0xFFFF, 0x8080, 0x0000), (255, 128, 0)),
        (4, (0x8080, 0xFFFF), (128, 128, 128)),
        (6, (0xFFFF, 0x8080, 0x0000, 0xFFFF), (255, 128, 0)),
        (6, (0xFFFF, 0x0000, 0x0000, 0x8080), (255, 127, 127)),
    ],
)
def test_sixteen_bit_png(make: Make, colour_type: int, pixel: tuple[int, ...], shown: tuple[int, int, int]) -> None:
    row = struct.pack(f">{len(pixel)}H", *pixel) * 32
    made = make(png(16, colour_type, [row] * 32, 32))
    assert close([made.creative().getpixel((9, 9))], [shown], 1)  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("colour_type", "depth", "pixels", "key"),
    [
        (0, 16, (struct.pack(">H", 0x0101), struct.pack(">H", 0x0202)), struct.pack(">H", 0x0101)),
        (0, 8, (b"\x01", b"\x02"), b"\0\x01"),
        (2, 8, (b"\x09\x09\x09", b"\x01\x01\x01"), b"\0\x09\0\x09\0\x09"),
        (2, 16, (b"\x09\x08" * 3, b"\x01\x02" * 3), b"\x09\x08" * 3),
    ],
)
def test_png_colour_keys_shine_through(
    make: Make, colour_type: int, depth: int, pixels: tuple[bytes, bytes], key: bytes
) -> None:
    row = pixels[0] * 16 + pixels[1] * 16
    made = make(png(depth, colour_type, [row] * 32, 32, chunk(b"tRNS", key)), max_upscale=1.0)
    assert made.creative().getpixel((4, 4)) == WHITE
    assert max(made.creative().getpixel((28, 4))) <= 2  # type: ignore[arg-type]


def test_palette_png_with_graded_alpha(make: Make) -> None:
    palette = bytes((255, 0, 0, 0, 0, 255))
    row = b"\0" * 16 + b"\1" * 16
    data = png(8, 3, [row] * 32, 32, chunk(b"PLTE", palette) + chunk(b"tRNS", bytes((128, 255))))
    creative = make(data, max_upscale=1.0).creative()
    assert close([creative.getpixel((4, 4)), creative.getpixel((28, 4))], [(255, 127, 127), BLUE], 1)  # type: ignore[list-item]


def test_alpha_stands_on_white_and_bright_content_on_dark(make: Make, encoded: Encode) -> None:
    for ink, ground in (((20, 30, 60), WHITE), ((250, 250, 240), (24, 27, 33))):
        image = Image.new("RGBA", (64, 48), (0, 0, 0, 0))
        ImageDraw.Draw(image).rectangle((16, 12, 47, 35), fill=(*ink, 255))
        creative = make(encoded(image, "PNG"), max_upscale=1.0).creative()
        assert creative.getpixel((2, 2)) == ground
        assert creative.getpixel((32, 24)) == ink


def test_alpha_edges_have_no_dark_fringe(make: Make, encoded: Encode) -> None:
    image = Image.new("RGBA", (64, 48), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((0, 0, 31, 47), fill=(255, 0, 0, 255))
    creative = make(encoded(image, "PNG")).creative()
    red = creative.getchannel("R")
    assert red.getextrema()[0] == 255, "red to white passes through no darker red"


def test_cmyk_jpeg(make: Make, encoded: Encode, corners: Image.Image) -> None:
    made = make(encoded(corners.convert("CMYK"), "JPEG", quality=95, subsampling=0))
    assert close(quarters(made.creative()), [RED, GREEN, BLUE, WHITE], 4)
    assert any("CMYK" in warning for warning in made.fields.warnings)


def test_an_icc_profile_is_taken_to_srgb(make: Make, encoded: Encode) -> None:
    """CIE Lab's D50 white and a linear-light profile: mid grey 128 in linear light is 188 in sRGB."""
    profile = _linear_profile()
    image = Image.new("RGB", (64, 48), (128, 128, 128))
    creative = make(encoded(image, "PNG", icc_profile=profile)).creative()
    assert close([creative.getpixel((9, 9))], [(188, 188, 188)], 2)  # type: ignore[list-item]


def _linear_profile() -> bytes:
    """sRGB's own profile with its tone curves replaced by straight lines (ICC.1:2010, 10.5: count 0)."""
    raw = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for at in range(int.from_bytes(raw[128:132])):
        tag, offset, size = struct.unpack_from(">4sII", raw, 132 + 12 * at)
        if tag in (b"rTRC", b"gTRC", b"bTRC"):
            raw[offset : offset + size] = (b"curv" + bytes(8)).ljust(size, b"\0")
        if tag == b"desc":
            raw[offset : offset + size] = raw[offset : offset + size].replace(b"s\0R\0G\0B", b"l\0i\0n\0e")
    return bytes(raw)


def test_a_broken_icc_profile_is_noted(make: Make, encoded: Encode, corners: Image.Image) -> None:
    made = make(encoded(corners, "JPEG", icc_profile=b"not a profile" * 20, quality=95, subsampling=0))
    assert close(quarters(made.creative()), [RED, GREEN, BLUE, WHITE], 4)
    assert any("profile" in warning for warning in made.fields.warnings)


@pytest.mark.parametrize(
    ("kind", "options"), [("JPEG", {}), ("JPEG", {"progressive": True}), ("PNG", {}), ("WEBP", {})]
)
def test_cut_files_are_told_to_be_cut(make: Make, encoded: Encode, kind: str, options: dict[str, Any]) -> None:
    data = encoded(Image.effect_mandelbrot((200, 150), (-2, -1, 1, 1), 40).convert("RGB"), kind, **options)
    for share in (0.02, 0.1, 0.3, 0.5, 0.8, 0.95):
        with pytest.raises(OohError) as caught:
            make(data[: int(len(data) * share)])
        assert caught.value.code is Code.CREATIVE_TRUNCATED, (kind, share)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_cut_at_any_of_the_last_bytes_is_told_or_the_picture_is_whole(make: Make, encoded: Encode, kind: str) -> None:
    data = encoded(Image.effect_mandelbrot((60, 50), (-2, -1, 1, 1), 40).convert("RGB"), kind)
    whole = make(data, Size(60, 50)).base().tobytes()
    for cut in range(1, 60):
        refused = None
        try:
            made = make(data[:-cut], Size(60, 50))
        except OohError as error:
            refused = error.code
        if refused is None:
            assert made.base().tobytes() == whole, cut
            assert any("closing" in warning for warning in made.fields.warnings)
        else:
            assert refused is Code.CREATIVE_TRUNCATED, cut


def test_a_whole_file_with_wrong_bytes_is_corrupt(make: Make, encoded: Encode, corners: Image.Image) -> None:
    data = bytearray(encoded(corners, "PNG"))
    at = data.index(b"IDAT") + 8
    data[at : at + 20] = bytes(20)
    with pytest.raises(OohError) as caught:
        make(bytes(data))
    assert caught.value.code is Code.CREATIVE_CORRUPT


@pytest.mark.parametrize("size", [(1, 1), (1, 400), (400, 1)])
@pytest.mark.parametrize("kind", ["PNG", "GIF", "JPEG", "WEBP"])
def test_tracking_pixels_are_too_small(make: Make, encoded: Encode, kind: str, size: tuple[int, int]) -> None:
    with pytest.raises(OohError) as caught:
        make(encoded(Image.new("RGB", size), kind))
    assert caught.value.code is Code.CREATIVE_TOO_SMALL


@pytest.mark.parametrize("size", [(2, 2), (3, 9), (400, 2)])
@pytest.mark.parametrize("kind", ["PNG", "GIF", "JPEG", "WEBP", "AVIF", "BMP"])
def test_the_smallest_pictures_are_shown(make: Make, encoded: Encode, kind: str, size: tuple[int, int]) -> None:
    made = make(encoded(Image.new("RGB", size, (200, 0, 0)), kind))
    assert made.fields.source_size == Size(*size)
    red, green, blue = made.creative().resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))  # type: ignore[misc]
    assert red > 180
    assert max(green, blue) < 30


def test_what_is_transparent_throughout_is_told(make: Make, encoded: Encode) -> None:
    told = make(encoded(Image.new("RGBA", (400, 200)), "PNG")).fields.warnings
    assert "nothing of it can be seen: it is transparent throughout" in told
    assert not make(encoded(Image.new("RGBA", (400, 200), (0, 0, 0, 1)), "PNG")).fields.warnings


@pytest.mark.parametrize("kind", ["PNG", "GIF", "JPEG", "WEBP"])
def test_more_pixels_than_allowed_are_too_large(make: Make, encoded: Encode, kind: str) -> None:
    data = encoded(Image.new("RGB", (200, 101)), kind)
    assert make(data, max_pixels=20_200).fields.source_size == Size(200, 101)
    with pytest.raises(OohError) as caught:
        make(data, max_pixels=20_199)
    assert caught.value.code is Code.CREATIVE_TOO_LARGE


def test_the_backdrop_is_the_brand_colour_or_the_creative_blurred(make: Make, encoded: Encode) -> None:
    data = encoded(Image.new("RGB", (64, 48), RED), "PNG")
    brand = make(data, max_upscale=1.0, brand_colour="#203040")
    assert brand.base().getpixel((3, 3)) == (0x20, 0x30, 0x40)
    blurred = make(data, max_upscale=1.0, backdrop="blur", brand_colour="#000000")
    assert close([blurred.base().getpixel((3, 3))], [(128, 0, 0)], 1)  # type: ignore[list-item]


@pytest.mark.parametrize("backdrop", ["blur", "brand"])
def test_a_screen_painted_in_bands_has_no_seams(monkeypatch: pytest.MonkeyPatch, backdrop: str) -> None:
    picture = Image.effect_mandelbrot((90, 70), (-2, -1, 1, 1), 60).convert("RGB")
    screen, place = Size(333, 217), Rect(111, 73, 90, 70)

    def painted(band_pixels: int) -> list[Image.Image]:
        monkeypatch.setattr(_paint, "_BAND_PIXELS", band_pixels)
        return list(screen_bands(picture, place, screen, backdrop, "#10a51f"))

    (whole,) = painted(screen.pixels)
    assert whole.crop((place.x, place.y, place.right, place.bottom)).tobytes() == picture.tobytes()
    for rows in (1, 16, 50, 216):
        joined, top = Image.new("RGB", whole.size), 0
        for band in painted(rows * screen.w):
            joined.paste(band, (0, top))
            top += band.height
        assert top == screen.h
        assert sum(ImageChops.difference(whole, joined).convert("L").histogram()[2:]) == 0, "rounding alone may differ"


def test_the_same_creative_gives_the_same_bytes(make: Make, encoded: Encode) -> None:
    data = encoded(Image.effect_mandelbrot((300, 250), (-2, -1, 1, 1), 40).convert("RGB"), "JPEG")
    one, other = make(data, backdrop="blur"), make(data, backdrop="blur")
    assert one.path.read_bytes() == other.path.read_bytes()


def test_names_and_memory_are_not_trusted(make: Make) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (32, 32)).save(buffer, "TIFF")
    with pytest.raises(OohError, match="TIFF"):
        make(buffer.getvalue())
