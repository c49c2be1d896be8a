"""pygame (pygame-ce) and its SDL, imported once and without its greeting: no other room imports it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

_NOT_USED = ("pygame.mixer_music", "pygame.mixer", "pygame.font", "pygame.ftfont", "pygame.sysfont", "pygame.scrap")
"""Sound, type and the clipboard: 25 libraries and 4 MB that pygame loads when it can, and does without when not."""


@contextmanager
def _without(names: tuple[str, ...]) -> Iterator[None]:
    """Importing these fails meanwhile (None in ``sys.modules``: the import system's own way to say so)."""
    modules = cast("dict[str, object]", sys.modules)
    kept_out = [name for name in names if name not in modules]
    modules.update(dict.fromkeys(kept_out))
    try:
        yield
    finally:
        for name in kept_out:
            modules.pop(name, None)


os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
with _without(_NOT_USED):
    import pygame

__all__ = ["library_versions", "pygame"]


def library_versions() -> dict[str, str]:
    """Of SDL as it is loaded, and of pygame-ce."""
    return {"sdl": ".".join(map(str, pygame.get_sdl_version())), "pygame": pygame.version.ver}
