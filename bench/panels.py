"""Draws docs/panels.png: every panel in six shapes, dark and light. ``python bench/panels.py [--out FILE]``."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cache import FeedSnapshot  # noqa: E402
from config import PanelKind, Size  # noqa: E402
from renderer.panels import PanelSettings, PanelStyle, draw, slate  # noqa: E402

NOW = datetime(2026, 11, 22, 12, 47, tzinfo=UTC)
SHAPES = (
    (0, 0, 1400, 200),
    (0, 224, 400, 1000),
    (424, 224, 624, 520),
    (1072, 224, 624, 300),
    (1072, 544, 300, 200),
    (424, 768, 900, 420),
)
CLUSTER = (1720, 1248)
KINDS: tuple[PanelKind, ...] = ("weather", "scores", "clock")


def weather() -> FeedSnapshot:
    hours = [
        {
            "time": (NOW + timedelta(hours=i)).replace(minute=0).isoformat(),
            "temperature": t,
            "code": c,
            "is_day": d,
            "rain_percent": r,
        }
        for i, (t, c, d, r) in enumerate(
            [
                (21, 2, True, 5),
                (22, 1, True, 0),
                (22, 80, True, 35),
                (20, 61, True, 60),
                (19, 63, True, 70),
                (17, 3, True, 20),
                (16, 2, False, 5),
                (15, 0, False, 0),
            ]
        )
    ]
    days = [
        {"date": (NOW + timedelta(days=i)).date().isoformat(), "low": lo, "high": hi, "code": c, "rain_percent": r}
        for i, (lo, hi, c, r) in enumerate(
            [(14, 23, 2, 20), (12, 19, 61, 65), (11, 17, 95, 80), (13, 21, 1, 5), (15, 26, 0, 0), (16, 28, 0, 0)]
        )
    ]
    now = {"temperature": 21.4, "feels_like": 20.0, "code": 2, "is_day": True, "wind_kmh": 12.0, "humidity": 54.0}
    data: dict[str, Any] = {
        "place": "Lisbon",
        "units": "celsius",
        "now": now,
        "hours": hours,
        "days": days,
        "utc_offset_seconds": 0,
    }
    return FeedSnapshot("weather", NOW, 3_600_000, "Weather data by Open-Meteo.com", data)


def scores() -> FeedSnapshot:
    def side(name: str, short: str, score: int | None, colour: str, record: str) -> dict[str, Any]:
        return {"name": name, "short": short, "score": score, "colour": colour, "record": record}

    def game(
        state: str, detail: str | None, hours: float, home: dict[str, Any], away: dict[str, Any]
    ) -> dict[str, Any]:
        at = (NOW + timedelta(hours=hours)).replace(minute=30).isoformat()
        return {"state": state, "detail": detail, "starts_at": at, "home": home, "away": away}

    rows = [
        game(
            "live",
            "Q3 4:12",
            -1,
            side("Harbour City", "HAR", 78, "#0b5fff", "9–3"),
            side("Redwood", "RED", 74, "#c8102e", "7–5"),
        ),
        game(
            "live",
            "Q1 9:40",
            0,
            side("Northgate", "NOR", 12, "#111111", "6–6"),
            side("Sunset Bay", "SUN", 15, "#ffb81c", "8–4"),
        ),
        game(
            "next",
            None,
            6,
            side("Ironworks", "IRN", None, "#5b6670", "5–7"),
            side("Lakeside Mariners", "LAK", None, "#00a3ad", "10–2"),
        ),
        game(
            "next",
            None,
            30,
            side("Old Town", "OLD", None, "#6f263d", "4–8"),
            side("Evergreen", "EVG", None, "#046a38", "6–6"),
        ),
        game(
            "final",
            "Final",
            -20,
            side("Summit", "SUM", 101, "#7a3ff2", "8–4"),
            side("Pioneers", "PIO", 96, "#ff6a13", "3–9"),
        ),
        game(
            "final",
            "Final/OT",
            -22,
            side("Capital", "CAP", 88, "#ffffff", "7–5"),
            side("Foundry", "FND", 91, "#222c3a", "5–7"),
        ),
    ]
    return FeedSnapshot("scores", NOW, 600_000, "", {"league": "Metro League", "games": rows})


def backdrop(theme: str) -> Image.Image:
    """A creative's colours, as a plate has them behind its panels; rows of one colour keep the PNG small."""
    stops = {
        "dark": ((232, 122, 66), (120, 74, 92), (34, 110, 138), (16, 34, 62)),
        "light": ((250, 196, 150), (252, 232, 200), (150, 200, 232), (196, 178, 226)),
    }[theme]
    strip = Image.new("RGB", (1, len(stops)))
    for y, colour in enumerate(stops):
        strip.putpixel((0, y), colour)
    return strip.resize((1, CLUSTER[1]), Image.Resampling.BICUBIC).resize(CLUSTER)


def cluster(kind: PanelKind, theme: str, unit: float | None) -> Image.Image:
    sheet = backdrop(theme)
    snapshot = {"weather": weather(), "scores": scores(), "clock": None}[kind]
    style = PanelStyle(theme=theme, unit=unit)  # type: ignore[arg-type]
    for x, y, w, h in SHAPES:
        crop = sheet.crop((x + 10, y + 12, x + 10 + w, y + 12 + h))
        began = time.perf_counter()
        tile = draw(kind, Size(w, h), snapshot, PanelSettings(timezone="UTC"), style, NOW, crop)
        print(f"{kind:8} {theme:5} {w}x{h}: {(time.perf_counter() - began) * 1000:.1f} ms")
        sheet.paste(tile, (x + 10, y + 12))
    return sheet


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "panels.png")
    parser.add_argument("--parts", type=Path, help="Also write each part in full size into this folder.")
    parser.add_argument("--unit", type=float, default=None)
    options = parser.parse_args()
    sheet = Image.new("RGB", (CLUSTER[0] * len(KINDS), CLUSTER[1] * 2))
    for column, kind in enumerate(KINDS):
        for row, theme in enumerate(("dark", "light")):
            part = cluster(kind, theme, options.unit)
            sheet.paste(part, (CLUSTER[0] * column, CLUSTER[1] * row))
            if options.parts:
                part.save(options.parts / f"{kind}-{theme}.png")
    if options.parts:
        slate(Size(1920, 1080), "#10151f", "Lobby screen 3").save(options.parts / "slate.png")
    small = sheet.resize((sheet.width * 40 // 100, sheet.height * 40 // 100), Image.Resampling.LANCZOS)
    palette = small.quantize(256, method=Image.Quantize.MAXCOVERAGE, kmeans=4)
    small.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG).save(options.out, optimize=True)
    print(f"{options.out}: {options.out.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
