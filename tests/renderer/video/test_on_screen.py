"""Video by the real screen process: its pixels, its counts, its end, and nothing left behind."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cache import LeaseState, Plate
from config import Rect, Size
from renderer.plate import PlateFields, PlateWriter
from renderer.plate.encode import VideoEncoder
from tests.renderer.screen_process import Screen
from tests.renderer.show.warm import WarmCache, solid

SIZE = Size(320, 180)
PLACE = Rect(10, 10, 161, 99)
RED, GREEN, BLUE = (200, 30, 30), (30, 160, 30), (30, 30, 200)
AD_LOOP = [{"kind": "ad", "seconds": 0.4, "transition": "cut"}]


@pytest.fixture
def warm(tmp_path: Path) -> Iterator[WarmCache]:
    made = WarmCache.at(tmp_path, SIZE)
    yield made
    while Screen.started:  # also after a failed test
        process = Screen.started.pop()
        process.kill()
        process.wait()
    made.journal.close()
    made.cache.close()


def video(
    warm: WarmCache, colours: list[tuple[int, int, int]], each_ms: int, *, loops: int = 0, whole_share: float = 1.0
) -> Plate:
    """A plate whose video shows these colours; only the first ``whole_share`` of its bytes are what they should be."""
    film, part = warm.folders.state / "film.mp4", warm.folders.state / "video.part"
    with VideoEncoder(film, PLACE.size) as encoder:
        for index, colour in enumerate(colours):
            encoder.add(solid(colour, PLACE.size), index * each_ms)
        encoder.finish(len(colours) * each_ms)
    raw = film.read_bytes()
    whole = round(len(raw) * whole_share)
    fields = PlateFields(
        creative_sha256="c" * 64,
        kind="video",
        source_size=PLACE.size,
        screen_size=SIZE,
        creative_rect=PLACE,
        panel_rects=(),
        panel_area=None,
        scale=1.0,
        frames=len(colours),
        duration_ms=len(colours) * each_ms,
        loops=loops,
    )
    base = bytearray(solid((16, 21, 31), SIZE))
    row = solid(colours[0], Size(PLACE.w, 1))
    for y in range(PLACE.y, PLACE.bottom):
        at = (y * SIZE.w + PLACE.x) * 4
        base[at : at + len(row)] = row
    with PlateWriter(part, SIZE) as writer:
        writer.write_base([bytes(base)])
        writer.write_video([raw[:whole], bytes(len(raw) - whole)])
        writer.finish(fields)
    return warm.keep(part, fields, f"video-{each_ms}-{loops}-{whole_share}")


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(a - b) <= 12 for a, b in zip(pixel, colour, strict=True))


def test_it_is_shown_in_its_place_and_every_picture_is_counted(warm: WarmCache, tmp_path: Path) -> None:
    warm.ad("lease-1", video(warm, [RED, GREEN, BLUE, GREEN] * 5, 50), 1000)
    screen = Screen(tmp_path, size=str(SIZE), loop=AD_LOOP, plays=1, captures=True)
    assert screen.ended() == 0
    (row,) = list(warm.journal.plays())
    assert (row.play.end_reason, row.play.billable) == ("complete", True)
    assert row.play.frames_presented is not None
    assert row.play.frames_late is not None
    assert row.play.frames_presented <= 21
    assert row.play.frames_presented + row.play.frames_late >= 18, "one may be presented late: both"


def test_after_its_runs_the_last_picture_stays_and_the_play_is_complete(warm: WarmCache, tmp_path: Path) -> None:
    warm.ad("lease-1", video(warm, [RED, GREEN, BLUE], 50, loops=2), 60_000)
    screen = Screen(tmp_path, size=str(SIZE), loop=AD_LOOP)
    screen.until(lambda: screen.events("play.started"))
    time.sleep(1.0)  # both runs take 0.3 s
    picture = screen.picture(fresh(tmp_path))
    assert near(picture.getpixel((80, 50)), BLUE)
    assert near(picture.getpixel((PLACE.right - 1, PLACE.bottom - 1)), BLUE)
    assert near(picture.getpixel((PLACE.right, PLACE.bottom)), (16, 21, 31)), "not a pixel outside its place"
    assert screen.stop() == 0
    (row,) = list(warm.journal.plays())
    assert row.play.end_reason == "cut"
    assert row.play.frames_presented is not None
    assert row.play.frames_late is not None
    assert row.play.frames_presented <= 2 * 3 + 1
    assert row.play.frames_presented + row.play.frames_late >= 2 * 3, "one may be presented late: both"


def test_one_that_breaks_on_the_way_is_an_error_and_the_show_goes_on(warm: WarmCache, tmp_path: Path) -> None:
    broken = video(warm, [(n * 7 % 256, n * 31 % 256, 90) for n in range(60)], 40, whole_share=0.6)
    warm.ad("lease-1", broken, 2400)
    warm.ad("lease-2", video(warm, [RED, GREEN], 100), 400)
    screen = Screen(tmp_path, size=str(SIZE), loop=AD_LOOP, plays=2)
    assert screen.ended() == 0
    ends = {row.play.lease_id: (row.play.end_reason, row.play.billable) for row in warm.journal.plays()}
    assert ends["lease-2"] == ("complete", True)
    assert ends["lease-1"] == ("error", False)


def test_one_that_is_no_video_is_failed_and_never_on(warm: WarmCache, tmp_path: Path) -> None:
    warm.ad("lease-1", video(warm, [RED, GREEN], 100, whole_share=0.0), 400)
    warm.ad("lease-2", warm.plate("still", RED), 400)
    screen = Screen(tmp_path, size=str(SIZE), loop=AD_LOOP, plays=1)
    assert screen.ended() == 0
    assert [row.play.lease_id for row in warm.journal.plays()] == ["lease-2"]
    assert warm.journal.lease_counts()[LeaseState.FAILED] == 1


def test_many_short_ones_leave_no_thread_and_no_file_open(warm: WarmCache, tmp_path: Path) -> None:
    plate = video(warm, [RED, GREEN, BLUE, RED], 50)
    warm.house(("a.mp4", plate))
    loop = [{"kind": "house", "seconds": 1.0, "transition": "cut"}]
    screen = Screen(tmp_path, size=str(SIZE), loop=loop)
    held = []
    for plays in (2, 4, 6):
        screen.until(lambda plays=plays: len(screen.events("play.started")) >= plays)  # type: ignore[misc]
        held.append((count(screen.process.pid, "task"), count(screen.process.pid, "fd")))
    assert screen.stop() == 0
    assert max(held) <= (held[0][0] + 1, held[0][1] + 2)


def count(pid: int, what: str) -> int:
    return sum(1 for _ in Path(f"/proc/{pid}/{what}").iterdir())


def fresh(folder: Path) -> Path:
    return folder / f"shot-{len(list(folder.glob('shot-*')))}.png"
