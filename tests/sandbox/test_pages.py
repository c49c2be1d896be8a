"""The sandbox's HTML5 creatives: three brands, three ways to send them, as advertisers do."""

from __future__ import annotations

import io
import zipfile

import pytest

from sandbox.exchange import Catalogue, Mix, make_app
from sandbox.exchange._pages import FOLDER, markup, served

CATALOGUE = Catalogue.load()
PAGES = "text/html"


def test_pages_are_for_those_who_show_them() -> None:
    pictures = [CATALOGUE.pick(turn, ("image/png", "image/jpeg"), 0.0) for turn in range(40)]
    assert all(creative is not None and not creative.form for creative in pictures)
    mixed = [CATALOGUE.pick(turn, ("image/png", "image/jpeg", PAGES), 0.0) for turn in range(40)]
    forms = [creative.form for creative in mixed if creative is not None]
    assert [turn for turn, form in enumerate(forms) if form] == list(range(1, 40, 4))
    assert {creative.file for creative in mixed if creative and creative.form} == {c.file for c in CATALOGUE.pages}


def test_between_pages_no_picture_is_left_out() -> None:
    mixed = [CATALOGUE.pick(turn, ("image/png", PAGES), 0.0) for turn in range(40)]
    pngs = [creative.file for creative in mixed if creative is not None and creative.mime == "image/png"]
    own = [creative.file for creative in CATALOGUE.creatives if creative.mime == "image/png"]
    assert pngs[: 2 * len(own)] == 2 * own


@pytest.mark.parametrize("creative", CATALOGUE.pages, ids=lambda creative: creative.file)
def test_every_page_is_there_and_says_its_size(creative: object) -> None:
    assert creative in CATALOGUE.pages
    found = next(c for c in CATALOGUE.pages if c == creative)
    said = f"width={found.width},height={found.height}".encode()
    if found.form == "markup":
        assert said in markup(found.file.removesuffix(".html")).encode()
        return
    answer = served(found.file)
    assert answer is not None
    if answer.mime == "text/html":
        assert said in answer.body
        return
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        names = archive.namelist()
        (index,) = [name for name in names if name.endswith("/index.html")]
        assert said in archive.read(index)
    assert any(name.startswith("__MACOSX/") for name in names)
    assert all("&" in name and " " in name for name in names if not name.startswith("__MACOSX/"))
    assert answer == served(found.file), "the same bytes each time"


@pytest.mark.parametrize("path", ["../manifest.json", "nope.zip", "nope/index.html", "halcyon-970x250", "../html5.zip"])
def test_nothing_else_is_served(path: str) -> None:
    assert served(path) is None


def test_over_http() -> None:
    client = make_app(Mix()).test_client()
    assert client.get("/creatives/html5/halcyon-970x250/wave.js").mimetype == "text/javascript"
    assert client.get("/creatives/html5/verdant-300x600.zip").mimetype == "application/zip"
    assert client.get("/creatives/html5/nope").status_code == 404


def test_fonts_come_with_their_licence() -> None:
    for font in FOLDER.rglob("*.otf"):
        assert "SIL OPEN FONT LICENSE" in (font.parent / "OFL.txt").read_text(encoding="utf-8").upper()
