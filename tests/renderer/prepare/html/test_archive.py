"""Archives of advertisers: every name and every size is hostile until shown otherwise."""

from __future__ import annotations

import io
import random
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import Code, OohError
from renderer.prepare.html._archive import Limits, primary_page, read_archive, safe_name, site_of
from tests.renderer.prepare.html.pages import archive


def read(tmp_path: Path, data: bytes, limits: Limits | None = None) -> dict[str, bytes]:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    return dict(read_archive(path, limits))


def refusal(tmp_path: Path, data: bytes, limits: Limits | None = None) -> Code:
    with pytest.raises(OohError) as caught:
        read(tmp_path, data, limits)
    return caught.value.code


def test_what_macs_add_is_left_out(tmp_path: Path) -> None:
    junk = {"__MACOSX/._index.html": "x", "My Ad & Co/.DS_Store": "x", "My Ad & Co/._a": "x"}
    made = archive({**junk, "a b&c.html": "y"})
    assert read(tmp_path, made) == {"a b&c.html": b"y"}


@pytest.mark.parametrize(
    "name",
    ["../x.html", "a/../../x", "/etc/passwd", "\\\\host\\x", "C:\\x.html", "a\\..\\..\\x", "..", "x" * 2_000],
    ids=lambda name: name[:12],
)
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    assert refusal(tmp_path, archive({"index.html": "x", name: "y"})) is Code.CREATIVE_UNSAFE


def test_links_are_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("index.html", "x")
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
    assert refusal(tmp_path, out.getvalue()) is Code.CREATIVE_UNSAFE


def test_backslashes_lead_into_folders(tmp_path: Path) -> None:
    assert set(read(tmp_path, archive({"img\\a.png": "x", "./b.png": "y", "c//d.png": "z"}))) == {
        "img/a.png",
        "b.png",
        "c/d.png",
    }


def test_names_without_the_utf_8_flag_are_read_as_what_they_are(tmp_path: Path) -> None:
    """macOS writes UTF-8 without saying so; older tools write CP437 (APPNOTE 6.3.9, appendix D)."""
    said = archive({"Käse & Brot.png": "x"})
    unsaid = said.replace("Käse".encode(), "Käse".encode())
    flagless = bytearray(unsaid)
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = flagless.find(signature)
        flagless[start + at + 1] &= ~0x08
    assert set(read(tmp_path, bytes(flagless))) == {"Käse & Brot.png"}
    in_437 = bytes(flagless).replace("Käse".encode(), "Käse".encode("cp437") + b"_")
    assert set(read(tmp_path, in_437)) == {"Käse_ & Brot.png"}


def test_bombs_are_refused_before_they_go_off(tmp_path: Path) -> None:
    bomb = archive({"index.html": "x", "x.bin": b"\0" * 3_000_000}, zipfile.ZIP_DEFLATED)
    assert refusal(tmp_path, bomb) is Code.CREATIVE_TOO_LARGE
    many = archive({f"{i}.txt": "" for i in range(30)})
    assert refusal(tmp_path, many, Limits(files=20)) is Code.CREATIVE_TOO_LARGE
    large = archive({f"{i}.txt": bytes(1_000) for i in range(30)})
    assert refusal(tmp_path, large, Limits(total_bytes=20_000)) is Code.CREATIVE_TOO_LARGE


def test_passwords_and_odd_methods_are_refused(tmp_path: Path) -> None:
    locked = bytearray(archive({"index.html": "x"}))
    locked[6] |= 1
    locked[locked.find(b"PK\x01\x02") + 8] |= 1
    assert refusal(tmp_path, bytes(locked)) is Code.CREATIVE_UNSUPPORTED
    assert refusal(tmp_path, archive({"index.html": "x" * 99}, zipfile.ZIP_BZIP2)) is Code.CREATIVE_UNSUPPORTED


@pytest.mark.parametrize(
    ("names", "page"),
    [
        (["index.html", "other.html"], "index.html"),
        (["INDEX.HTM", "a.html"], "INDEX.HTM"),
        (["banner.html", "img/a.png"], "banner.html"),
        (["ad/index.html", "ad/b.html"], "ad/index.html"),
        (["ad/banner.html"], "ad/banner.html"),
        (["x.html", "ad/index.html"], "x.html"),
        (["a/b/c.xhtml"], "a/b/c.xhtml"),
        (["a.html", "b.html"], None),
        (["a/index.html", "b/index.html"], None),
        (["a.png"], None),
        ([], None),
    ],
)
def test_the_page_to_begin_with(names: list[str], page: str | None) -> None:
    files = dict.fromkeys(names, b"")
    if page is not None:
        assert primary_page(files) == page
        return
    with pytest.raises(OohError) as caught:
        primary_page(files)
    assert caught.value.code is Code.CREATIVE_NO_PAGE


def test_addresses_are_escaped() -> None:
    site = site_of({"My Ad & Co/index.html": b"<p>", "My Ad & Co/50% #1.png": b""})
    assert site.start == "https://creative.invalid/My%20Ad%20%26%20Co/index.html"
    assert "https://creative.invalid/My%20Ad%20%26%20Co/50%25%20%231.png" in site.resources


@given(st.text(max_size=60))
def test_any_name_is_safe_or_refused(name: str) -> None:
    try:
        safe = safe_name(name)
    except OohError as error:
        safe = error.code.code
    assert safe == "creative.unsafe" or not (safe.startswith("/") or ".." in safe.split("/"))


def test_mutated_archives_are_read_or_refused(tmp_path: Path) -> None:
    whole = archive({"index.html": "<p>x</p>" * 50, "a/b.png": bytes(range(256))}, zipfile.ZIP_DEFLATED)
    dice = random.Random(7)
    codes = set()
    for _ in range(400):
        data = bytearray(whole[: dice.randrange(len(whole))] if dice.random() < 0.2 else whole)
        for _ in range(dice.randrange(1, 6)):
            if data:
                data[dice.randrange(len(data))] = dice.randrange(256)
        try:
            read(tmp_path, bytes(data))
        except OohError as error:
            codes.add(error.code.code)
    assert "creative.corrupt" in codes
    assert all(code.startswith("creative.") for code in codes)
