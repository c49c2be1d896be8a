"""Hostile bytes: whatever is in a creative, it is painted or refused with a creative's code."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from config import Code, OohError, Size
from renderer.prepare.html._archive import read_archive
from tests.renderer.prepare.conftest import Make

KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "jpeg": ("JPEG", {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"}),
    "progressive": ("JPEG", {"progressive": True}),
    "png": ("PNG", {}),
    "gif": ("GIF", {}),
    "animated gif": ("GIF", {"save_all": True, "duration": 50}),
    "webp": ("WEBP", {}),
    "animated webp": ("WEBP", {"save_all": True, "duration": 50}),
    "avif": ("AVIF", {"speed": 10}),
    "bmp": ("BMP", {}),
}


@cache
def seed(kind: str) -> bytes:
    name, options = KINDS[kind]
    image = Image.effect_mandelbrot((60, 50), (-2, -1, 1, 1), 40).convert("RGB")
    out = io.BytesIO()
    more = [image.rotate(90 * i) for i in (1, 2)] if "save_all" in options else []
    image.save(out, name, **options, **({"append_images": more} if more else {}))
    return out.getvalue()


def refusal(attempt: Callable[[], object]) -> str | None:
    try:
        attempt()
    except OohError as error:
        return error.code.code
    return None


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    damage=st.lists(st.tuples(st.integers(0, 200) | st.integers(0, 5000), st.integers(0, 255)), max_size=6),
    cut=st.integers(0, 3000) | st.just(0),
)
@example(damage=[], cut=0)
def test_damaged_creatives(make: Make, kind: str, damage: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(seed(kind))
    for at, value in damage:
        data[at % len(data)] = value
    del data[max(0, len(data) - cut) :]
    code = refusal(lambda: make(bytes(data), Size(64, 48), max_pixels=100_000))
    assert code is None or code.startswith("creative.")
    if not damage and not cut:
        assert code is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_any_bytes(make: Make, data: bytes) -> None:
    code = refusal(lambda: make(data, Size(64, 48)))
    assert code is None or code.startswith("creative.")


def test_an_archive_whose_directory_lies_before_its_start_is_corrupt(tmp_path: Path) -> None:
    """Found by ``tests.faults.fuzz``: ``zipfile`` seeks there, and the system's EINVAL is no fault of the disk."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("index.html", "<p>")
    raw = bytearray(data.getvalue())
    end = raw.rindex(b"PK\x05\x06")
    raw[end + 16 : end + 20] = (2**31).to_bytes(4, "little")
    path = tmp_path / "lies.zip"
    path.write_bytes(raw)
    for cut in (0, 4, 30):
        path.write_bytes(raw[cut:])
        with pytest.raises(OohError) as caught:
            read_archive(path)
        assert caught.value.code is Code.CREATIVE_CORRUPT
