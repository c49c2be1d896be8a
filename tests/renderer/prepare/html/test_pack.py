"""Packs: a page with all that it asked for, the same bytes for the same content."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import Code, OohError, Size
from renderer.prepare.html import Resource, html_form
from renderer.prepare.html._markup import site_of_markup
from renderer.prepare.html._pack import is_pack, read_pack, write_pack
from renderer.prepare.html._shapes import Site
from tests.renderer.prepare.html.pages import archive

PAGE = Resource(200, "text/html", b"<p>page")
PICTURE = Resource(200, "image/png", bytes(range(200)))


def test_a_pack_gives_back_what_was_put_in(tmp_path: Path) -> None:
    site = Site("https://a.test/", {"https://b.test/x?y=1": PICTURE, "https://a.test/": PAGE}, Size(300, 250))
    write_pack(site, tmp_path / "a")
    assert is_pack(tmp_path / "a")
    assert html_form(tmp_path / "a") == "pack"
    assert read_pack(tmp_path / "a") == site


def test_the_order_of_asking_does_not_count(tmp_path: Path) -> None:
    one = {"https://a.test/": PAGE, "https://b.test/": PICTURE}
    two = dict(reversed(one.items()))
    write_pack(Site("https://a.test/", one), tmp_path / "one")
    write_pack(Site("https://a.test/", two), tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("index", ["", "{}", '{"format":9,"start":"x","resources":[]}', '{"format":1,"start":"x"}'])
def test_what_is_no_pack_of_ours_is_refused(tmp_path: Path, index: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(archive({"ooh-creative.json": index}))
    with pytest.raises(OohError) as caught:
        read_pack(path)
    assert caught.value.code in (Code.CREATIVE_CORRUPT, Code.CREATIVE_UNSUPPORTED)


@pytest.mark.parametrize(
    ("name", "data", "form"),
    [
        ("a.zip", b"PK\x03\x04rest", "archive"),
        ("a.png", b"PK\x05\x06", "archive"),
        ("a.html", b"<p>", "markup"),
        ("A.HTM", b"", "markup"),
        ("login.jpg", b"<html>", None),
        ("a", b"<html>", None),
    ],
)
def test_how_a_file_is_read(tmp_path: Path, name: str, data: bytes, form: str | None) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert html_form(path) == form


@pytest.mark.parametrize(
    ("markup", "mime"),
    [
        (b"<p>x", "text/html"),  # framed, and the frame says UTF-8
        ("<html>é".encode(), "text/html; charset=utf-8"),
        ("<html>é".encode("latin-1"), "text/html"),
        ("\ufeff<html>é".encode("utf-16-le"), "text/html"),
        (b'<html><meta charset="windows-1251">', "text/html"),
    ],
)
def test_pages_say_their_encoding(markup: bytes, mime: str) -> None:
    site = site_of_markup(markup)
    assert site.resources[site.start].content_type == mime


def test_a_snippet_is_framed_and_a_page_is_left_alone() -> None:
    framed = site_of_markup(b"<img src=x>")
    assert framed.resources[framed.start].body.startswith(b"<!doctype html>")
    page = b"  <!DOCTYPE html><p>"
    alone = site_of_markup(page)
    assert alone.resources[alone.start].body == page
