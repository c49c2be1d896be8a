"""The report of the command `prepare`, and its picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from PIL import Image

from cache import FeedSnapshot
from config import Code, Config, OohError, PrepareConfig, Size
from renderer.prepare import Geometry, Prepared, first_png, prepare_file, report, report_error
from tests.fakes import FakeClock

Encode = Callable[..., bytes]
SCORES = {
    "league": "League",
    "games": [
        {
            "state": "live",
            "starts_at": None,
            "detail": "Q3",
            "home": {"name": "Bay", "short": "BAY", "score": 7, "colour": "#0b5394", "record": None},
            "away": {"name": "Fox", "short": "FOX", "score": 9, "colour": "#cc4125", "record": None},
        }
    ],
}


def made(tmp_path: Path, encoded: Encode, size: Size) -> Prepared:
    creative = tmp_path / "creative"
    creative.write_bytes(encoded(Image.new("RGB", (300, 250), "#d02040"), "PNG"))
    return prepare_file(creative, Geometry(size), PrepareConfig(), tmp_path)


def test_the_report_has_the_designs_shape(tmp_path: Path, encoded: Encode) -> None:
    document = report(made(tmp_path, encoded, Size(1920, 1080)))
    assert list(document) == ["kind", "source_size", "layout", "scale", "duration_ms", "frames", "warnings"]
    assert document["source_size"] == [300, 250]
    assert document["layout"]["creative"] == [0, 0, 1296, 1080]
    assert [p["kind"] for p in document["layout"]["panels"]] == ["weather", "scores", "clock"]
    assert all(len(p["rect"]) == 4 for p in document["layout"]["panels"])
    assert document["scale"] == 4.32
    assert (document["kind"], document["frames"], document["duration_ms"]) == ("still", 1, 0)


def test_a_refusal_has_the_designs_shape() -> None:
    assert report_error(OohError(Code.CREATIVE_EMPTY)) == {
        "error": {"code": "creative.empty", "message": "The creative has no bytes."}
    }


def test_the_picture_holds_the_creative_and_panels_with_data(tmp_path: Path, encoded: Encode, clock: FakeClock) -> None:
    prepared = made(tmp_path, encoded, Size(1920, 1080))
    config, now = Config(), clock.now()
    scores = FeedSnapshot("scores", now, 60_000, "", SCORES)
    bare = first_png(prepared, {}, config, now)
    full = first_png(prepared, {"scores": scores}, config, now)
    stale = first_png(prepared, {"scores": replace(scores, fetched_at=now - timedelta(hours=1))}, config, now)
    assert bare.size == full.size == (1920, 1080)
    creative = (0, 0, 1296, 1080)
    assert full.crop(creative).getcolors() == [(1296 * 1080, (0xD0, 0x20, 0x40))]
    assert bare.tobytes() != full.tobytes()
    assert bare.tobytes() == stale.tobytes(), "a stale feed is no data"


def test_without_room_for_panels_it_is_the_creative_alone(tmp_path: Path, encoded: Encode, clock: FakeClock) -> None:
    picture = first_png(made(tmp_path, encoded, Size(600, 500)), {}, Config(), clock.now())
    assert picture.getcolors() == [(600 * 500, (0xD0, 0x20, 0x40))]
