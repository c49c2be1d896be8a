"""HTML5 creatives of the sandbox: one as markup in the bid, one as a page at an address, one as a zip archive."""

from __future__ import annotations

import io
import mimetypes
import zipfile
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "creatives" / "html5"
HTML = "text/html"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_TYPES = {".otf": "font/otf", ".svg": "image/svg+xml", ".js": "text/javascript"}
# What macOS adds to every archive that is made by its right mouse button.
_MAC_JUNK = ("__MACOSX/{folder}/._index.html", "{folder}/.DS_Store")


@dataclass(frozen=True, slots=True)
class Served:
    """What is served, and as what."""

    mime: str
    body: bytes


def markup(name: str) -> str:
    """The snippet that goes into a bid."""
    return (FOLDER / f"{name}.html").read_text(encoding="utf-8")


def served(path: str) -> Served | None:
    """The file at a path below ``/creatives/html5/``, or None. ``NAME.zip`` is made as it is asked for."""
    folder = FOLDER / path.removesuffix(".zip")
    if path.endswith(".zip") and folder.is_dir() and folder.parent == FOLDER:
        return Served("application/zip", archive(folder))
    file = (FOLDER / path).resolve()
    if FOLDER not in file.parents or not file.is_file():
        return None
    return Served(_TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "text/plain", file.read_bytes())


def archive(folder: Path) -> bytes:
    """The folder as an advertiser's zip: around it one more folder with blanks and an ``&`` in its name, and junk."""
    around = "Ad & Co final (2)"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for junk in _MAC_JUNK:
            made.writestr(zipfile.ZipInfo(junk.format(folder=around), _EPOCH), b"Mac OS X")
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = f"{around}/{file.relative_to(folder).as_posix()}"
            made.writestr(zipfile.ZipInfo(name, _EPOCH), file.read_bytes(), zipfile.ZIP_DEFLATED)
    return out.getvalue()
