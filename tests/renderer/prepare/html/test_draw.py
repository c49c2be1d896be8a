"""What becomes of pages: stills, animations and videos at the screen's own scale, or a refusal with a code."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import pytest
from PIL import Image

from config import Code, OohError, Size
from renderer.prepare import browser_path, report
from tests.renderer.prepare.html.pages import DOT, QUICK, SIZED, archive, draw, first, page, shown

SLIDES = page("let n = 0; setInterval(() => { h.textContent = 'Slide ' + (++n % 3) }, 1000)")


def refused(tmp_path: Path, creative: str) -> tuple[Code, str]:
    with pytest.raises(OohError) as caught:
        draw(tmp_path, creative)
    assert not list(tmp_path.glob("*.part"))
    return caught.value.code, caught.value.detail


def test_a_still_is_drawn_at_the_screens_scale(tmp_path: Path) -> None:
    """No ``max_upscale`` for what has no pixels of its own, and edges as sharp as the screen."""
    edge = '<body style="margin:0"><div style="width:150px;height:250px;background:#000">'
    prepared = draw(tmp_path, page(body=edge), screen=Size(2400, 2000))
    plate = prepared.plate
    assert (plate.kind, plate.frames, plate.duration_ms) == ("still", 1, 0)
    assert report(prepared)["kind"] == "html5"
    assert (plate.scale, plate.source_size) == (8.0, Size(300, 250))
    picture = first(prepared)
    assert [picture.getpixel((x, 1000)) for x in (1199, 1200)] == [(0, 0, 0), (255, 255, 255)]
    assert plate.warnings == ()


def test_slides_change_when_they_say(tmp_path: Path) -> None:
    prepared = draw(tmp_path, SLIDES)
    assert (prepared.plate.kind, prepared.plate.duration_ms, prepared.plate.loops) == ("animation", 3000, 0)
    assert [at_ms for at_ms, _ in shown(prepared)] == [0, 1000, 2000]


def test_the_same_page_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chance, time and ids included; also from one clock to the other."""
    moving = page(
        "let n = 0; (function f(t) { h.textContent = [t | 0, Date.now() % 1e5, Math.random().toFixed(3),"
        " crypto.randomUUID().slice(0, 4), performance.now() | 0].join(' ');"
        " if (++n < 6) requestAnimationFrame(f) })(0)",
        "@keyframes k { to { transform: translateX(99px) } } h1 { font: 15px monospace; animation: k 1s linear }",
    )
    one, two = draw(tmp_path / "1", moving), draw(tmp_path / "2", moving)
    assert one.plate.plate_sha256 == two.plate.plate_sha256
    assert one.plate.frames > 6
    assert one.plate.loops == 1
    browser = browser_path()
    assert browser is not None
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "chromium").symlink_to(browser)  # by this name it is not taken for one with stepped frames
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert draw(tmp_path / "3", moving).plate.plate_sha256 == one.plate.plate_sha256


def test_noise_becomes_a_video(tmp_path: Path) -> None:
    noise = page(
        "const c = document.createElement('canvas'), x = c.getContext('2d'); c.width = 300; c.height = 250;"
        "document.body.prepend(c); (function f() { const d = x.createImageData(300, 250);"
        "for (let i = 0; i < d.data.length; i++) d.data[i] = Math.random() * 256 | 15; x.putImageData(d, 0, 0);"
        "requestAnimationFrame(f) })()",
        "h1 { display: none }",
    )
    prepared = draw(tmp_path, noise, screen=Size(960, 800))
    assert (prepared.plate.kind, prepared.plate.frames, prepared.plate.duration_ms) == ("video", 30, 3000)


def test_archives_with_difficult_names(tmp_path: Path) -> None:
    made = archive(
        {
            "__MACOSX/My Ad & Co/._index.html": "no",
            "My Ad & Co/index.html": page(body='<body style="margin:0"><img src="my%20images/a&amp;b c.svg">'),
            "My Ad & Co/my images/a&b c.svg": DOT,
        }
    )
    assert first(draw(tmp_path, made)).getpixel((20, 20)) == (0, 255, 0)


@pytest.mark.parametrize(
    ("body", "size"),
    [
        ('<div style="width:728px;height:90px;background:navy">x</div>', Size(728, 90)),
        ('<body style="margin:0;width:160px;height:200px;background:navy">x', Size(160, 200)),
        ('<!doctype html><body style="margin:0;height:100vh;background:linear-gradient(red,blue)">x', Size(960, 540)),
    ],
    ids=["markup", "body", "fluid"],
)
def test_the_size_of_a_page_that_does_not_say(tmp_path: Path, body: str, size: Size) -> None:
    assert draw(tmp_path, body, screen=Size(960, 540)).plate.source_size == size


def test_what_ad_servers_bring_along_is_there(tmp_path: Path) -> None:
    """Studio's Enabler, MRAID, clickTag and exits: a creative that misses one of them throws, and stays blank."""
    script = (
        "Enabler.addEventListener(studio.events.StudioEvent.INIT, () => mraid.addEventListener('ready', () => {"
        "if (typeof clickTag === 'string' && Enabler.getUrl('a') === 'a' && mraid.isViewable()) {"
        "Enabler.exit('x'); Enabler.counter('y'); mraid.open('z'); ExitApi.exit(); window.open(clickTag);"
        "document.body.style.background = '#fff'; h.textContent = 'good'; h.style.color = '#000' } }))"
    )
    picture = first(draw(tmp_path, page(script, body='<body><h1 id=h style="margin:0"></h1>')))
    assert picture.convert("L").getextrema() == (0, 255)


def test_a_dynamic_creative_begins_when_it_is_ready(tmp_path: Path) -> None:
    script = (
        "setTimeout(() => { document.body.style.background = '#0f0'; h.remove(); const d = document.createElement('i');"
        "d.id = 'dynamic-creative-ready'; document.body.append(d); document.body.append('x') }, 700)"
    )
    assert first(draw(tmp_path, page(script))).getpixel((100, 200)) == (0, 255, 0)


def _adds(name: str, after_ms: int) -> str:
    return (
        f"setTimeout(() => {{ const d = document.createElement('i'); d.id = 'dynamic-creative-{name}';"
        f"document.body.append(d) }}, {after_ms})"
    )


@pytest.mark.parametrize(
    ("creative", "code"),
    [
        (page(_adds("ready", 2500)), Code.CREATIVE_NOT_READY),
        (page(_adds("skip", 300) + "//dynamic-creative-ready"), Code.CREATIVE_SKIPPED),
        (page("location.href = '/?' + Math.random()"), Code.CREATIVE_REDIRECTS),
        (page(body="<body>"), Code.CREATIVE_BLANK),
        (f"{SIZED.replace('300', '9')}<p>x", Code.CREATIVE_TOO_SMALL),
    ],
    ids=["not-ready", "skip", "redirects", "blank", "small"],
)
def test_refusals(tmp_path: Path, creative: str, code: Code) -> None:
    assert refused(tmp_path, creative)[0] is code


def test_a_script_that_fails_is_named(tmp_path: Path) -> None:
    code, detail = refused(tmp_path, page("nothing.there()", body="<body>"))
    assert code is Code.CREATIVE_BLANK
    assert "nothing is not defined" in detail


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("setTimeout(() => { for (;;); }, 200)", Code.PREPARE_TIMEOUT),
        (
            "setTimeout(() => { const a = []; for (;;) a.push(new Uint8Array(3e7).fill(7)) }, 200)",
            Code.PREPARE_MEMORY,
        ),
    ],
    ids=["time", "memory"],
)
def test_limits_hold(tmp_path: Path, script: str, code: Code) -> None:
    limits = dataclasses.replace(QUICK, html_max_seconds=5.0, html_max_memory_mb=400)
    with pytest.raises(OohError) as caught:
        draw(tmp_path, page(script), limits)
    assert caught.value.code is code


def test_text_is_sharper_than_a_picture_of_it(tmp_path: Path) -> None:
    """The reason for all this: the same words drawn at 4.32, and drawn at 1 and enlarged by Lanczos."""
    words = page(body='<body style="margin:0;font:11px sans-serif">Sharp text, drawn where it is shown')
    sharp = first(draw(tmp_path / "a", words, screen=Size(1296, 1080))).convert("L")
    small = first(draw(tmp_path / "b", words, screen=Size(300, 250))).convert("L")
    soft = small.resize(sharp.size, Image.Resampling.LANCZOS)

    def steepest(image: Image.Image) -> int:
        row = [image.getpixel((x, 28)) for x in range(20, 400)]
        return max(abs(int(b) - int(a)) for a, b in itertools.pairwise(row))  # type: ignore[arg-type]

    assert steepest(sharp) > 1.5 * steepest(soft)
