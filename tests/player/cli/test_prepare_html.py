"""``prepare`` with pages, archives and addresses: what comes from the network comes through the guard."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.e2e.harness import last_json, ooh_player
from tests.renderer.prepare.html.pages import DOT, archive, page

PICTURE = '<body style="margin:0;background:#246"><img src="{}dot.svg" style="position:absolute;left:50px;top:50px">'


@dataclass
class Site:
    """A folder on the loopback, and what was asked of it."""

    folder: Path
    port: int = 0
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path / "site")
    made.folder.mkdir()

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            made.asked.append(self.path)

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(made.folder)))
    made.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


def prepare(folder: Path, creative: str | Path, *settings: str) -> tuple[int, dict[str, Any]]:
    toml = folder / "player.toml"
    toml.write_text("\n".join(["[prepare]", "html_seconds = 1", "html_fps = 5", *settings]))
    words: list[str | Path] = ["--size", "300x250", "--out", folder / "out", "--json", "--config", toml]
    done = ooh_player("prepare", creative, *words, home=folder)
    return done.returncode, last_json(done.stdout)


def pixel(folder: Path) -> tuple[int, ...] | int | float | None:
    with Image.open(folder / "out" / "first.png") as first:
        return first.convert("RGB").getpixel((75, 75))


def test_an_archive_is_drawn_and_kept_as_a_pack(tmp_path: Path) -> None:
    body = PICTURE.format("")
    (tmp_path / "ad.zip").write_bytes(archive({"Ad & Co/index.html": page(body=body), "Ad & Co/dot.svg": DOT}))
    status, report = prepare(tmp_path, tmp_path / "ad.zip")
    assert (status, report["kind"], report["source_size"]) == (0, "html5", [300, 250])
    assert pixel(tmp_path) == (0, 255, 0)
    assert {path.suffix for path in (tmp_path / "out").iterdir()} == {".plate", ".png", ".zip"}
    assert prepare(tmp_path, tmp_path / "out" / "creative.zip") == (0, report)


def test_a_page_at_an_address_with_its_files(tmp_path: Path, site: Site) -> None:
    (site.folder / "ad.html").write_text(page(body=PICTURE.format("")))
    (site.folder / "dot.svg").write_bytes(DOT)
    allowed = ("[fetch]", f'allow_hosts = ["127.0.0.1:{site.port}"]')
    status, report = prepare(tmp_path, f"{site.url}ad.html", *allowed)
    assert (status, report["kind"], pixel(tmp_path)) == (0, "html5", (0, 255, 0))
    assert sorted(set(site.asked)) == ["/ad.html", "/dot.svg"]


def test_private_addresses_are_for_those_who_name_them(tmp_path: Path, site: Site) -> None:
    (site.folder / "dot.svg").write_bytes(DOT)
    (tmp_path / "page.html").write_text(page(body=PICTURE.format(site.url)))
    status, report = prepare(tmp_path, tmp_path / "page.html")
    assert (status, pixel(tmp_path)) == (0, (34, 68, 102))
    assert report["warnings"] == [f"1 of the files that its page asks for are not there: {site.url}dot.svg"]
    status, report = prepare(tmp_path, f"{site.url}dot.svg")
    assert (status, report["error"]["code"]) == (1, "fetch.refused")
    assert site.asked == []


def test_nothing_is_left_of_a_page_that_is_refused(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(page(body="<body>"))
    status, report = prepare(tmp_path, tmp_path / "page.html")
    assert (status, report["error"]["code"]) == (1, "creative.blank")
    assert list((tmp_path / "out").iterdir()) == []
