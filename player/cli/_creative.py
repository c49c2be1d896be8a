"""The creative that a person names on the command line: a file, an archive, a page, or an address of one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config import Code, Config, OohError
from player._version import player_version
from player.fetch import GuardedResources, fetch, open_http
from renderer.prepare import Geometry, HtmlSource, gather, html_form

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_SCHEMES = ("https://", "http://")
PACK = "creative.zip"
"""What an HTML5 creative is kept as: the page with all that it asked for."""


@dataclass(frozen=True, slots=True)
class Named:
    """A creative by its name on the command line."""

    text: str
    """A path, or an address that begins with ``https://`` or ``http://``."""

    @property
    def name(self) -> str:
        """For the report."""
        return self.text if self.is_address else Path(self.text).name

    @property
    def is_address(self) -> bool:
        """True for what is fetched."""
        return self.text.lower().startswith(_SCHEMES)


@contextmanager
def at_hand(named: Named, geometry: Geometry, config: Config, out: Path) -> Iterator[Path]:
    """The file to prepare: the named one, its download, or the pack of a page, which stays in ``out``.

    Everything from the network comes through the guard. The pack of a page that is refused then goes. Raises
    ``OohError``: FETCH_*, CREATIVE_*, PREPARE_*.
    """
    with _fetched(named, geometry, config, out) as file:
        try:
            yield file
        except BaseException:
            if file == out / PACK:
                file.unlink(missing_ok=True)
            raise


@contextmanager
def _fetched(named: Named, geometry: Geometry, config: Config, out: Path) -> Iterator[Path]:
    if not named.is_address:
        yield _packed(_source(Path(named.text)), Path(named.text), geometry, config, out)
        return
    http = open_http(config.fetch, player_version())
    limits = config.fetch
    fetched = fetch(http, named.text, max_bytes=limits.max_bytes, timeout_s=limits.timeout_seconds, into=out)
    try:
        form = html_form(fetched.path) or ("markup" if fetched.mime in _PAGES else None)
        address = named.text if form == "markup" else ""
        source = None if form is None else HtmlSource(fetched.path, form, address)
        yield _packed(source, fetched.path, geometry, config, out)
    finally:
        fetched.path.unlink(missing_ok=True)


def _source(path: Path) -> HtmlSource | None:
    """How to take a file in as HTML5; None when it is something else, or no file that can be read (told later)."""
    try:
        form = html_form(path) if path.is_file() else None
    except OSError:
        return None
    return None if form is None or form == "pack" else HtmlSource(path, form)


def _packed(source: HtmlSource | None, path: Path, geometry: Geometry, config: Config, out: Path) -> Path:
    if source is None:
        return path
    if source.file.stat().st_size > config.fetch.max_bytes:
        raise OohError(Code.CREATIVE_TOO_LARGE, f"{source.file.stat().st_size} bytes are over {config.fetch.max_bytes}")
    resources = GuardedResources(open_http(config.fetch, player_version()), config.fetch)
    pack = gather(source, geometry, config.prepare, resources, out)
    return pack.replace(out / PACK)
