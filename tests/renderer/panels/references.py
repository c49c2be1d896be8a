"""Writes the pictures that ``test_references.py`` compares with: ``python -m tests.renderer.panels.references``.

Look at them before they are committed.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PIL import Image

from config import Size
from renderer.panels import BrandSaid, PanelSettings, PanelStyle, Theme, draw
from tests.renderer.panels.samples import KINDS, NOW, game, headlines, scores, team, weather

FOLDER = Path(__file__).with_name("references")
SIZE = Size(312, 260)
LOCALES = {
    "en_GB": ("Lisbon", "Metro League", ("Harbour City", "HAR"), ("Żółw 04", "ŻÓŁ"), "New tram line opens early"),
    "ar": (
        "الإسكندرية",
        "دوري المدينة",
        ("نجوم الميناء", "نجم"),
        ("الرواد 1923", "رود"),
        "افتتاح خط الترام (2) قبل موعده",
    ),
    "hi": ("मुंबई", "नगर लीग", ("बंदरगाह सिटी", "बंद"), ("झील XI", "झील"), "नई ट्राम लाइन दो महीने पहले शुरू"),
}
THEMES: tuple[Theme, ...] = ("dark", "light")


def strip(locale: str, theme: Theme) -> Image.Image:
    """Every panel in one language and theme, side by side."""
    place, league, home, away, headline = LOCALES[locale]
    brand = BrandSaid(place, headline, "https://harbour.example/menu")
    said = PanelSettings(timezone="UTC", locale=locale, brand=brand)
    row = game(home=team(*home, 78), away=team(*away, 74, "#ffb81c"))
    snapshots = {
        "weather": replace(weather(place=place), attribution="Weather data by Open-Meteo.com"),
        "scores": scores(row, game("next", None, 30), league=league),
        "headlines": headlines(headline, place, title=league),
    }
    sheet = Image.new("RGB", (SIZE.w * len(KINDS), SIZE.h))
    behind = Image.linear_gradient("L").resize((SIZE.w, SIZE.h)).convert("RGB")
    for column, kind in enumerate(KINDS):
        tile = draw(kind, SIZE, snapshots.get(kind), said, PanelStyle(theme, "#0b3d91"), NOW, behind)
        sheet.paste(tile, (column * SIZE.w, 0))
    return sheet


def main() -> None:
    """Write them all."""
    FOLDER.mkdir(exist_ok=True)
    for locale in LOCALES:
        for theme in THEMES:
            strip(locale, theme).save(FOLDER / f"{locale}-{theme}.jpg", quality=85, optimize=True)


if __name__ == "__main__":
    main()
