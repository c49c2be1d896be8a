"""sniff: told by the first bytes, refused with the right word."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from config import Code, OohError, Size
from renderer.prepare._sniff import HEAD_BYTES, header_size, sniff


def encoded(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.effect_mandelbrot((321, 123), (-2, -1, 1, 1), 20).convert("RGB").save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {}),
        ("PNG", {}),
        ("GIF", {}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"}),
        ("AVIF", {"speed": 10}),
        ("BMP", {}),
    ],
)
def test_format_and_size_from_the_header(kind: str, options: dict[str, object]) -> None:
    data = encoded(kind, **options)
    found = sniff(data[:HEAD_BYTES], len(data))
    assert found == kind
    assert header_size(found, data[:HEAD_BYTES]) == (None if kind in ("JPEG", "AVIF", "BMP") else Size(321, 123))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Code.CREATIVE_EMPTY),
        (b"<!DOCTYPE html><html>", Code.CREATIVE_NOT_AN_IMAGE),
        (b"\xef\xbb\xbf  <html>", Code.CREATIVE_NOT_AN_IMAGE),
        ("\ufeff<html>".encode("utf-16"), Code.CREATIVE_NOT_AN_IMAGE),
        ("<html><title>Zugriff verweigert für Gäste".encode("latin-1"), Code.CREATIVE_NOT_AN_IMAGE),
        (b'{"error": "not found"}', Code.CREATIVE_NOT_AN_IMAGE),
        (b"<html>\0\x01</html>", Code.CREATIVE_NOT_AN_IMAGE),
        (b"\n<HTML>\xff\xfe\0", Code.CREATIVE_NOT_AN_IMAGE),
        (b"Not found", Code.CREATIVE_NOT_AN_IMAGE),
        (b"\r\n  \n", Code.CREATIVE_NOT_AN_IMAGE),
        (b'<VAST version="3.0">', Code.CREATIVE_NOT_AN_IMAGE),
        (b'<svg xmlns="http://www.w3.org/2000/svg">', Code.CREATIVE_UNSUPPORTED),
        (b'<?xml version="1.0"?>\n<!-- x -->\n<svg>', Code.CREATIVE_UNSUPPORTED),
        (b"BM\x3a\0\0\0", Code.CREATIVE_UNSUPPORTED),
        (b"II*\0\x08\0\0\0", Code.CREATIVE_UNSUPPORTED),
        (b"\0\0\0\x1cftypavif", Code.CREATIVE_TRUNCATED),
        (b"\0\0\0\x1cftypheic\0\0\0\0mif1heic", Code.CREATIVE_UNSUPPORTED),
        (b"BMW announces a new car", Code.CREATIVE_NOT_AN_IMAGE),
        (b"\0\0\0\x18ftypmp4", Code.CREATIVE_TRUNCATED),
        (b"RIFF\0\0\0\0WAVEfmt ", Code.CREATIVE_UNSUPPORTED),
        (bytes(400), Code.CREATIVE_UNSUPPORTED),
        (b"\x89PN", Code.CREATIVE_TRUNCATED),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Code.CREATIVE_TRUNCATED),
        (b"\xff", Code.CREATIVE_TRUNCATED),
        (b"\xff\xd8\xff", Code.CREATIVE_TRUNCATED),
        (b"GIF8", Code.CREATIVE_TRUNCATED),
        (b"GIF89a\x10\0", Code.CREATIVE_TRUNCATED),
        (b"RIFF\x10\0\0\0WEBPVP8 ", Code.CREATIVE_TRUNCATED),
    ],
)
def test_what_is_not_a_creative_is_refused(data: bytes, code: Code) -> None:
    with pytest.raises(OohError) as caught:
        sniff(data[:HEAD_BYTES], len(data))
    assert caught.value.code is code


def test_text_longer_than_the_head_may_end_within_a_character() -> None:
    page = "ä" * HEAD_BYTES
    for shift in (0, 1):
        data = b"x" * shift + page.encode()
        with pytest.raises(OohError, match="not_an_image"):
            sniff(data[:HEAD_BYTES], len(data))


def test_headers_that_are_not_there_are_corrupt() -> None:
    with pytest.raises(OohError, match="corrupt"):
        header_size("PNG", b"\x89PNG\r\n\x1a\n\0\0\0\rJUNK" + bytes(20))
    with pytest.raises(OohError, match="corrupt"):
        header_size("WEBP", b"RIFF\0\0\0\0WEBPJUNK" + bytes(20))
    with pytest.raises(OohError, match="Apple"):
        header_size("PNG", b"\x89PNG\r\n\x1a\n\0\0\0\x04CgBI" + bytes(20))


@given(st.binary(max_size=200))
def test_any_bytes_have_a_format_or_a_code(data: bytes) -> None:
    refused = None
    try:
        sniff(data, len(data))
    except OohError as error:
        refused = error.code.code
    assert refused is None or refused.startswith("creative.")
