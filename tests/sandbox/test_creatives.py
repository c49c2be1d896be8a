"""The committed creatives are what their manifest says, and cover what a player meets."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops, ImageStat

from sandbox.artist._aurelle import aurelle_728x90
from sandbox.artist._gallery import GALLERY, HOUSE, Work
from sandbox.artist._type import Face
from sandbox.exchange import Catalogue, Creative

CATALOGUE = Catalogue.load()
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
SIZES = {(300, 250), (728, 90), (160, 600), (300, 600), (320, 50), (970, 250), (1080, 1920), (1920, 1080)}


def ids(creative: Creative) -> str:
    return creative.file


@pytest.mark.parametrize("creative", CATALOGUE.creatives, ids=ids)
def test_a_file_is_what_the_manifest_says(creative: Creative) -> None:
    with Image.open(CATALOGUE.folder / creative.file) as image:
        image.load()
        assert image.size == (creative.width, creative.height)
        assert image.format == FORMATS[creative.mime]
    assert f"-{creative.width}x{creative.height}." in creative.file
    assert creative.domain.endswith(".example")
    assert creative.price > 0


@pytest.mark.parametrize("creative", CATALOGUE.creatives, ids=ids)
def test_a_picture_is_rich_and_not_empty(creative: Creative) -> None:
    with Image.open(CATALOGUE.folder / creative.file) as image:
        small = image.convert("RGB").resize((64, 64))
    assert max(ImageStat.Stat(small).stddev) > 20
    assert len(small.getcolors(64 * 64) or ()) > 200


def test_every_size_and_format_is_there_and_soon() -> None:
    first = CATALOGUE.creatives[:10]
    assert {(creative.width, creative.height) for creative in first} == SIZES
    assert {creative.mime for creative in first} == set(FORMATS)
    assert len(CATALOGUE.creatives) >= 12


def test_neighbours_in_the_rotation_are_of_different_brands() -> None:
    brands = [creative.brand for creative in CATALOGUE.creatives]
    assert all(one != other for one, other in zip(brands, brands[1:] + brands[:1], strict=True))


def test_the_files_are_small() -> None:
    sizes = {creative.file: (CATALOGUE.folder / creative.file).stat().st_size for creative in CATALOGUE.creatives}
    sizes |= {path.name: path.stat().st_size for path in (CATALOGUE.folder / "house").iterdir()}
    assert sum(sizes.values()) < 3_000_000
    assert all(size < 300_000 for name, size in sizes.items() if name.endswith(".gif"))


@pytest.mark.parametrize("creative", [c for c in CATALOGUE.creatives if c.mime == "image/gif"], ids=ids)
def test_animations_move_and_loop(creative: Creative) -> None:
    with Image.open(CATALOGUE.folder / creative.file) as image:
        assert getattr(image, "n_frames", 1) >= 12
        assert image.info["loop"] == 0
        assert image.info["duration"] >= 50


def test_some_pngs_have_alpha() -> None:
    transparent = []
    for creative in CATALOGUE.creatives:
        if creative.mime == "image/png":
            with Image.open(CATALOGUE.folder / creative.file) as image:
                transparent.append(image.mode == "RGBA" and image.getchannel("A").getextrema()[0] == 0)
    assert any(transparent)


def test_the_manifest_is_the_gallery() -> None:
    assert [creative.file for creative in CATALOGUE.creatives] == [work.file for work in GALLERY]
    on_disk = {path.name for path in CATALOGUE.folder.iterdir()} - {"manifest.json", "house", "html5"}
    assert on_disk == {creative.file for creative in CATALOGUE.creatives}
    assert {path.name for path in (CATALOGUE.folder / "house").iterdir()} == {work.file for work in HOUSE}


@pytest.mark.parametrize("work", HOUSE, ids=lambda work: work.file)
def test_house_ads_are_pictures_of_their_size(work: Work) -> None:
    with Image.open(CATALOGUE.folder / "house" / work.file) as image:
        image.load()
        assert f"-{image.width}x{image.height}." in work.file


def test_the_artist_draws_the_committed_picture_again() -> None:
    """With one that needs the bundled fonts only."""
    drawn = aurelle_728x90()
    with Image.open(CATALOGUE.folder / "aurelle-728x90.webp") as image:
        difference = ImageStat.Stat(ImageChops.difference(drawn, image.convert("RGB"))).mean
    assert max(difference) < 6


def test_a_missing_font_is_named_with_its_package() -> None:
    with pytest.raises(OSError, match=r"Manrope-Nowhere\.ttf is not installed: apt-get install fonts-manrope"):
        Face("Manrope-Nowhere.ttf", 12).font()
