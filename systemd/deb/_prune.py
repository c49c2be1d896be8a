"""What is in the locked wheels and is never imported on a screen, each with its reason.

``tests/systemd/test_bundle.py`` holds that nothing of it is imported by any module of the player, nor by a demo.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

SERVICES = frozenset({"kinesis", "signin", "sso", "sso-oidc", "sts"})
"""What botocore may call: the stream, and those that give it credentials."""

NEVER = (
    # for installing and building; a screen does neither
    "_distutils_hack*",
    "distutils-precedence.pth",
    "pip*",
    "setuptools*",
    "wheel*",
    "bin",
    "share",
    "*.dist-info/RECORD",
    "*.dist-info/REQUESTED",
    "*.dist-info/direct_url.json",
    # cffi's own half, which reads C headers; cryptography needs the other half, _cffi_backend
    "cffi",
    "cffi-*.dist-info",
    "pycparser*",
    # rich's for source code and tracebacks, which the player never prints
    "pygments*",
    "markdown_it*",
    "mdurl*",
    # the same again: time zones are tzdata's, authorities are certifi's
    "dateutil/zoneinfo/*.tar.gz",
    "botocore/cacert.pem",
    # pygame's sound, fonts, picture files, MIDI and cameras: panels are drawn by Pillow, and an ad is silent
    "pygame/docs",
    "pygame/examples",
    "pygame/tests",
    "pygame/__briefcase",
    "pygame/__pyinstaller",
    "pygame/_camera*",
    "pygame/camera*",
    "pygame/_freetype*",
    "pygame/freetype*",
    "pygame/ftfont*",
    "pygame/font*",
    "pygame/sysfont*",
    "pygame/freesansbold.ttf",
    "pygame/imageext*",
    "pygame/mixer*",
    "pygame/sndarray*",
    "pygame/_sdl2/controller*",
    "pygame/_sdl2/mixer*",
    "pygame/_sdl2/touch*",
    "pygame/gfxdraw*",
    "pygame/newbuffer*",
    "pygame/midi*",
    "pygame/pypm*",
)


NOT_PYTHON = frozenset({".c", ".h", ".pxd", ".pyi", ".pyx"})
"""For compilers and type checkers."""


def prune(site: Path) -> None:
    """Takes away from ``site`` (a site-packages folder) what is never imported."""
    for path in never_imported(site):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for path in site.rglob("*"):
        if path.suffix in NOT_PYTHON or path.name == "py.typed":
            path.unlink()


def never_imported(site: Path) -> Iterator[Path]:
    """The folders and files that go, but for what is not Python's."""
    for pattern in NEVER:
        yield from sorted(site.glob(pattern))
    for path in sorted((site / "botocore" / "data").iterdir()):
        if path.is_dir() and path.name not in SERVICES:
            yield path
